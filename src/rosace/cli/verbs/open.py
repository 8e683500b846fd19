"""`rosace open`: the engines' own pages."""

from __future__ import annotations

from typing import Any

from rosace.cli.options import Output, Where


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

    status = ask((where or Where()).home(), {"do": "status"})
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
        if output == "table" and webbrowser.open(rows[0]["page"]):
            say(f"opened {rows[0]['page']}")
            return 0
    emit(rows, (("process", "PROCESS"), ("state", "STATE"), ("page", "PAGE")), output)
    return 0
