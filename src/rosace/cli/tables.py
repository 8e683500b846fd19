"""Printing what verbs list: one shape of rows, three renderings."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rosace.source.render.excerpt import visible


def emit(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, str]],
    output: str,
    *,
    title: str = "",
    spare: Sequence[str] = (),
) -> None:
    """Prints `rows`: as a table of `columns` (key, heading), as one JSON array, or as JSON lines, on stdout.

    On a terminal no word is broken: the columns named `spare` are left out, in this order, where they do not fit, which
    is told; what still does not is printed as a paragraph for each row.
    """
    if output == "json":
        print(json.dumps(list(rows), indent=2, default=told))
        return
    if output == "jsonl":
        for row in rows:
            print(json.dumps(row, default=told))
        return
    width = console().width if sys.stdout.isatty() else None
    cells = {key: [_cell(row.get(key)) for row in rows] for key, _ in columns}
    shown, widths = _fitted(cells, columns, spare, width)
    if widths is None:
        _paragraphs(cells, columns, title)
    else:
        _table(rows, shown, cells, widths, title)
    if hidden := [heading for key, heading in columns if (key, heading) not in shown]:
        from rosace.cli.failures import say

        say(f"not shown, for lack of room: {', '.join(hidden)}")


GAP = 3
"""Columns of a terminal between those of a table, and one in front."""

WHOLE = 12
"""A column as narrow as this is never broken, not between words either: `320 MiB` is one thing."""

Columns = Sequence[tuple[str, str]]


def _fitted(
    cells: Mapping[str, Sequence[str]], columns: Columns, spare: Sequence[str], width: int | None
) -> tuple[Columns, dict[str, int] | None]:
    """The columns that are shown and how wide each is; no widths where not even the words fit."""
    left = list(spare)
    shown = list(columns)
    while True:
        natural = {key: max(map(_widest, (heading, *cells[key]))) for key, heading in shown}
        words = {key: max(map(_longest_word, (heading, *cells[key]))) for key, heading in shown}
        least = {key: max(words[key], min(natural[key], WHOLE)) for key in words}
        room = None if width is None else width - GAP * (len(shown) - 1) - 2
        if room is None or sum(least.values()) <= room:
            return shown, _shrunk(natural, least, room)
        if not left:
            return columns, None
        gone = left.pop(0)
        shown = [column for column in shown if column[0] != gone]


def _shrunk(natural: dict[str, int], least: Mapping[str, int], room: int | None) -> dict[str, int]:
    """What the widest columns have more than their words need is taken from them until all fit."""
    widths = dict(natural)
    while room is not None and sum(widths.values()) > room:
        widest = max((key for key in widths if widths[key] > least[key]), key=lambda key: widths[key])
        widths[widest] -= 1
    return widths


def _widest(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split("\n")))


def _longest_word(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, text.split()), default=0)


def _table(
    rows: Sequence[Mapping[str, Any]],
    columns: Columns,
    cells: Mapping[str, Sequence[str]],
    widths: Mapping[str, int],
    title: str,
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD if _unicode() else box.ASCII2, title=title or None, title_justify="left", pad_edge=False
    )
    for key, heading in columns:
        numeric = any(isinstance(row.get(key), int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold", width=widths[key])
    for at, row in enumerate(rows):
        table.add_row(*(Text(cells[key][at], style=_style(key, row)) for key, _ in columns))
    wide = sum(widths.values()) + GAP * len(widths) + 2
    drawn = console(wide)
    with drawn.capture() as shown:
        drawn.print(table)
    # In a file or a pipe the blanks that fill up a line are nobody's.
    lines = shown.get().split("\n")
    print("\n".join(lines if sys.stdout.isatty() else map(str.rstrip, lines)), end="")


def _paragraphs(cells: Mapping[str, Sequence[str]], columns: Columns, title: str) -> None:
    from rosace.cli.width import wrapped

    if title:
        print(f"{title}\n")
    (first, _), *others = columns
    headings = max((len(heading) for _, heading in others), default=0)
    for at, name in enumerate(cells[first]):
        print(name)
        for key, heading in others:
            lines = cells[key][at].split("\n")
            for number, line in enumerate(lines):
                before = f"  {heading if not number else '':{headings}}  "
                print(wrapped(before + line, len(before), sys.stdout))


def console(wide: int | None = None) -> Any:
    """A rich console on stdout: plain where it is no terminal, and there `wide` columns wide."""
    from rich.console import Console

    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else wide or 200, highlight=False, soft_wrap=False
    )


def told(value: object) -> str:
    """What JSON has no word for: bytes in Base64 and instants with their Z, as in topics."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() if value.tzinfo is not None:
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)


def _cell(value: Any) -> str:
    if value is None:
        return nothing()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, list | dict):
        return seen(json.dumps(value, default=told, ensure_ascii=False))
    return seen(told(value))


def nothing() -> str:
    """What stands where there is no value."""
    return "–" if _unicode() else "-"


def seen(text: str) -> str:
    """Text of the data's or an engine's, fit for a terminal: control characters are shown, not obeyed."""
    return "\n".join(visible(line) for line in text.split("\n"))


_COLORS = {
    "ready": "green", "running": "green", "done": "green", "finished": "green", "exact": "green", "yes": "green",
    "failed": "bold red", "exited": "bold red", "unreachable": "bold red", "LOST": "bold red", "wrong": "bold red",
    "starting": "yellow", "setup": "yellow", "draining": "yellow", "submitting": "yellow", "failing": "bold red",
    "waiting": "dim", "stopped": "dim",
}  # fmt: skip


def _style(key: str, row: Mapping[str, Any]) -> str:
    return _COLORS.get(str(row.get(key)), "") if key in ("state", "result") else ""


def _unicode() -> bool:
    return "utf" in (sys.stdout.encoding or "").lower()
