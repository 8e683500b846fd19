"""One source line made fit for a terminal: cells, trimming, underline.

In: a line of a user's file and columns in it. Out: printable pieces whose
width is known. Must not: let a control character through.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_TAB = "    "
_LOOKED_AT = 10
"""Characters for each cell of room: those that take no cell are not counted one by one without end."""
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line as shown, and how to find its columns in what is shown."""

    text: str
    _edges: tuple[int, ...]
    _before: int = 0
    """Characters of the line before the first that has an edge."""

    def cells(self, column: int, end_column: int) -> tuple[int, int]:
        """Return (first cell, number of cells ≥ 1) which the columns cover as shown."""
        last = len(self._edges) - 1
        begin = self._edges[min(max(column - 1 - self._before, 0), last)]
        end = self._edges[min(max(end_column - 1 - self._before, 0), last)]
        return begin, max(end - begin, 1)


def show(line: str, columns: Sequence[tuple[int, int]], room: int, *, ascii: bool) -> Excerpt:
    """Fit `line` into `room` cells, keeping the first of `columns` (start, end) in view."""
    before, part = _around(line, columns, room)
    shown = [_character(character, ascii=ascii) for character in part]
    edges = [0]
    for piece in shown:
        edges.append(edges[-1] + width_of(piece))
    if len(part) == len(line) and (edges[-1] <= room or not columns):
        return Excerpt("".join(shown), tuple(edges))
    first, last = _window(edges, [(start - before, end - before) for start, end in columns], room)
    dots = "..." if ascii else "…"
    left = dots if before + first else ""
    right = dots if before + last < len(line) else ""
    text = left + "".join(shown[first:last]) + right
    shift = edges[first] - width_of(left)
    limit = edges[last] - shift
    moved = tuple(min(max(edge - shift, width_of(left)), limit) for edge in edges)
    return Excerpt(text, moved, before)


def _around(line: str, columns: Sequence[tuple[int, int]], room: int) -> tuple[int, str]:
    """The part of a long line that could be shown, and how many characters are before it: a line may have a million."""
    most = _LOOKED_AT * room
    if len(line) <= most or not columns:
        return 0, line
    before = min(max(min(start for start, _ in columns) - 1 - most // 2, 0), len(line) - most)
    return before, line[before : before + most]


def visible(text: str, *, ascii: bool = False) -> str:
    """Return `text` with control characters made visible, and only ASCII if so asked."""
    return "".join(_character(character, ascii=ascii) for character in text)


def width_of(text: str) -> int:
    """Return the number of terminal cells `text` takes."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _window(edges: list[int], columns: Sequence[tuple[int, int]], room: int) -> tuple[int, int]:
    """Choose which characters to keep: a third of the room before the first column."""
    last_index = len(edges) - 1
    start = min(min(begin for begin, _ in columns) - 1, last_index)
    space = max(room - 6, 8)
    from_cell = max(min(edges[start] - space // 3, edges[-1] - space), 0)
    first = next(i for i, edge in enumerate(edges) if edge >= from_cell)
    first = min(first, start)
    last = first
    while last < last_index and edges[last + 1] - edges[first] <= space:
        last += 1
    return first, last


def _character(character: str, *, ascii: bool) -> str:
    if " " <= character <= "~":
        return character
    if character == "\t":
        return _TAB
    code = ord(character)
    if ascii:
        return character.encode("ascii", "backslashreplace").decode() if code > 0x7F else "?"
    if code < 0x20:
        return chr(0x2400 + code)
    hidden = 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0x2028, 0x2029)
    return "\ufffd" if hidden or character in _BIDIRECTIONAL else character


def _cell(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200b\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
