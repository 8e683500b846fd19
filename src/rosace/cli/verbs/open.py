"""`rosace open`: the engines' own pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.cli.options import Output, Where
from rosace.engines.certificate import STORE
from rosace.local.home import Home


def open(name: str | None = None, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Open an engine's web page in the browser; without a name, list the pages there are.

    Examples:
      rosace open
      rosace open flink
    """
    import webbrowser

    from rosace.cli.failures import say
    from rosace.cli.tables import emit
    from rosace.local.control import ask

    home = (where or Where()).home()
    status = ask(home, {"do": "status"})
    rows: list[dict[str, Any]] = [
        {"process": process, "state": item["state"], "page": item["interface"]}
        for process, item in status["processes"].items()
        if item["interface"]
    ]
    if name is not None:
        rows = [row for row in rows if row["process"] == name or row["process"].startswith(f"{name}-")]
        if not rows:
            say(f"error: `{name}` has no page; `rosace open` lists those there are")
            return 2
        opened = output == "table" and webbrowser.open(rows[0]["page"])
        if opened:
            say(f"opened {rows[0]['page']}")
            rows = rows[:1]
        if rows[0]["page"].startswith("https:"):
            say(f"it asks for a certificate: import {_store(home, status, rows[0]['process'])} into the browser")
            say("hint: how, and with which password, is in docs/guides/operations.md under Ports")
        if output == "table" and opened:
            return 0
    emit(rows, (("process", "PROCESS"), ("state", "STATE"), ("page", "PAGE")), output)
    return 0


def _store(home: Home, status: dict[str, Any], process: str) -> Path:
    return home.path / "engines" / status["processes"][process]["engine"] / "conf" / STORE
