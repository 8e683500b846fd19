"""Printing what verbs list: one shape of rows, three renderings."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rosace.source.render.excerpt import visible


def emit(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]], output: str, *, title: str = ""
) -> None:
    """Prints `rows`: as a table of `columns` (key, heading), as one JSON array, or as JSON lines, on stdout."""
    if output == "json":
        print(json.dumps(list(rows), indent=2, default=str))
        return
    if output == "jsonl":
        for row in rows:
            print(json.dumps(row, default=str))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD if _unicode() else box.ASCII2, title=title or None, title_justify="left", pad_edge=False
    )
    for key, heading in columns:
        numeric = any(isinstance(row.get(key), int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(key)), style=_style(key, row)) for key, _ in columns))
    console().print(table)


def console() -> Any:
    """A rich console on stdout: plain where it is no terminal, as wide as its longest line there."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 200
    return Console(file=sys.stdout, width=wide, highlight=False, soft_wrap=False)


def _cell(value: Any) -> str:
    if value is None:
        return "-" if not _unicode() else "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return seen(str(value))


def seen(text: str) -> str:
    """Text of the data's or an engine's, fit for a terminal: control characters are shown, not obeyed."""
    return "\n".join(visible(line) for line in text.split("\n"))


_COLORS = {
    "ready": "green", "running": "green", "done": "green", "finished": "green", "exact": "green", "yes": "green",
    "failed": "bold red", "exited": "bold red", "unreachable": "bold red", "LOST": "bold red", "wrong": "bold red",
    "starting": "yellow", "setup": "yellow", "draining": "yellow", "submitting": "yellow", "retrying": "yellow",
    "waiting": "dim", "stopped": "dim",
}  # fmt: skip


def _style(key: str, row: Mapping[str, Any]) -> str:
    return _COLORS.get(str(row.get(key)), "") if key in ("state", "result") else ""


def _unicode() -> bool:
    return "utf" in (sys.stdout.encoding or "").lower()
