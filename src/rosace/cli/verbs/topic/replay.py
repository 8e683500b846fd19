"""`rosace topic replay`: puts back what was set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.options import Output, Where


def replay(
    name: Annotated[str, Parameter(help="The topic.")],
    mended: Annotated[
        Path | None, Parameter(help="Mended records, JSON lines; where unsaid, what fits by now.")
    ] = None,
    /,
    *,
    where: Where | None = None,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Send without asking.")] = False,
    output: Output = "table",
) -> int:
    """Put back records that were set aside: mended ones from a file of JSON lines, or all that fit by now.

    A line of the file names the place, as `rosace topic unfit NAME -o jsonl` writes it, with `value` mended; or the
    lines are the records alone, one for each that is set aside, in that order. All are checked against the columns,
    then sent in one transaction, which also takes away what was set aside of them. Where one does not fit nothing is
    sent. Exit code 0: sent. 1: nothing to send, or you said no.

    Examples:
      rosace topic replay orders mended.jsonl
      rosace topic replay orders --yes
    """
    from rosace.cli.confirm import confirmed
    from rosace.cli.failures import say
    from rosace.cli.reading import bare, running
    from rosace.cli.tables import emit
    from rosace.observe.replaying import planned, replayed
    from rosace.source.diagnostic import refuse
    from rosace.source.quoted import counted

    name = bare(name, "topic", "topics")
    known, _ = running(where or Where())
    try:
        lines = mended.read_text(encoding="utf-8").splitlines() if mended else None
    except (OSError, UnicodeError) as error:
        raise refuse("file-unreadable", f"{mended}: {error}") from None
    replay = planned(known, name, lines)
    stays = f"; {replay.left:,} stay aside" if replay.left else ""
    if not replay.records:
        say(f"nothing that is set aside of {name} can be sent{stays}")
        return 1
    if not yes and not confirmed(f"send {counted(len(replay.records), 'record')} to {name}{stays}?"):
        say("nothing was sent")
        return 1
    done = replayed(known, replay)
    if output == "table":
        say(f"{counted(done['records'], 'record')} sent to {name}{stays}")
    else:
        emit([done], [], output)
    return 0
