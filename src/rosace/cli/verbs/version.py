"""`rosace version`: Rosace and the engines it brings."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from rosace.cli.options import Output


def version(*, output: Output = "table") -> int:
    """Print the version of Rosace and of every engine it knows.

    Examples:
      rosace version --output json
    """
    from rosace import __version__
    from rosace.cli.tables import emit
    from rosace.contract.registry import engines

    rows: list[dict[str, Any]] = [{"what": "rosace", "version": __version__, "end_of_life": None}]
    for engine in engines().values():
        path = engine.folder / "versions.toml"
        table = tomllib.loads(path.read_text(encoding="utf-8"))["engine"] if path.exists() else {}
        rows.append(
            {"what": engine.name, "version": table.get("version"), "end_of_life": table.get("end-of-life") or None}
        )
    if output == "json":
        print(json.dumps(rows, indent=2, default=str))
    else:
        emit(rows, (("what", "WHAT"), ("version", "VERSION"), ("end_of_life", "END OF LIFE")), output)
    return 0
