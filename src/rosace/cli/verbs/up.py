"""`rosace up`: makes the platform real on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from rosace.cli.asking import Consent
from rosace.cli.options import Output, Place, Where

if TYPE_CHECKING:
    from rosace.local.up import Then
    from rosace.observe.proving import Proved


def up(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    verify: Annotated[
        bool, Parameter(help="Wait until all sources have ended, then prove that the results are exact.")
    ] = False,
    timeout: Annotated[float, Parameter(help="Seconds to wait for engines to be ready before giving up.")] = 600.0,
    detach: Annotated[bool, Parameter(help="Hand over to the supervisor and return at once.")] = False,
    consent: Consent | None = None,
    output: Output = "table",
) -> int:
    """Start the platform, or change what runs into what the file says.

    Fetches what is missing, decides memory and ports, starts every engine as early as its needs allow, submits the
    jobs and replays the sources. Running it again changes nothing; after an edit, only what the edit touches: `rosace
    plan` says what becomes of rows that are there, and what they forbid is refused (exit code 2).

    Examples:
      rosace up examples/flights --verify
      rosace up --set memory=5Gi
      rosace up --from-here             # jobs whose SQL changed go on from where they are
      rosace up --output jsonl          # the events, for programs
    """
    from rosace.cli.board import Board
    from rosace.local.up import up as brought_up

    place = (where or Where()).at(path)
    asked = (consent or Consent()).asked()
    stream = brought_up(place.declared, timeout=timeout, detach=detach, then=_proof() if verify else None, asked=asked)
    return Board(output, place.file).follow(stream)


def _proof() -> Then[Proved]:
    from rosace.observe.proving import proven

    return proven
