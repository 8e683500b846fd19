"""`rosace version`: Rosace and the engines it brings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from rosace.cli.options import Output

if TYPE_CHECKING:
    from rosace.contract.versions import Versions
    from rosace.observe.shapes import VersionRow


def version(*, output: Output = "table") -> int:
    """Print the version of Rosace and of every engine it knows, and which of them nobody mends any more.

    Examples:
      rosace version
      rosace version --output json
    """
    from rosace import __version__
    from rosace.cli.tables import emit
    from rosace.contract.registry import engines
    from rosace.contract.versions import Versions, versions

    today = datetime.now(UTC).date()
    rows = [_row("rosace", Versions(__version__), today)]
    rows += [_row(engine.name, versions(engine.folder), today) for engine in engines().values()]
    if output == "json":
        print(json.dumps(rows, indent=2))
    else:
        columns = (("what", "WHAT"), ("version", "VERSION"), ("end_of_life", "END OF LIFE"), ("support", "SUPPORT"))
        emit([dict(row) for row in rows], columns, output)
    return 0


def _row(what: str, found: Versions, today: date) -> VersionRow:
    ended = found.ended(today)
    return {
        "what": what,
        "version": found.version or None,
        "end_of_life": found.end_of_life and found.end_of_life.isoformat(),
        "support": "ended" if ended else "until then" if found.end_of_life else None,
        "source": found.source or None,
    }
