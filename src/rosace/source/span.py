"""Where something is written.

In: a text and offsets into it. Out: `Span`, lines and columns counted from 1.
Must not: read files, or know any syntax.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


Path: TypeAlias = tuple[str | int, ...]
"""A way down a tree of values: keys, and indices of lists."""


class Span(NamedTuple):
    """A stretch of one file; lines and columns start at 1, `end_column` is exclusive.

    Columns count code points. `file` is the path as the user gave it. Like the nodes that have one a named tuple, which
    is made three times as quickly as a frozen dataclass: a large file has a hundred thousand of them.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def location(self) -> str:
        """Return `file:line:column`, the form editors and terminals make clickable."""
        return f"{self.file}:{self.line}:{self.column}"


def file_start(file: str) -> Span:
    """Return the empty span at the start of `file`."""
    return Span(file, 1, 1, 1, 1)


def split_lines(text: str) -> list[str]:
    """Split at YAML 1.2 line breaks only (`\\n`, `\\r\\n`, `\\r`), without them.

    `str.splitlines` also breaks at form feeds and Unicode separators, which
    would shift every line number after one of them.
    """
    return _LINE_BREAK.split(text)


@dataclass(frozen=True, slots=True)
class Lines:
    """Turns offsets into one text into spans."""

    file: str
    text: str
    _starts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Behind the last line begins one that no offset is in: every line has a next one.
        starts = [0, *(found.end() for found in _LINE_BREAK.finditer(self.text)), len(self.text) + 1]
        object.__setattr__(self, "_starts", starts)

    def span(self, start: int, end: int) -> Span:
        """Return the span of `text[start:end]`; offsets outside the text are clamped."""
        starts = self._starts
        if 0 <= start <= end < starts[-1]:
            line = bisect.bisect_right(starts, start)
            if end < starts[line]:
                # Nearly everything ends on the line where it begins. Made of a tuple, which takes a third of the time.
                before = starts[line - 1] - 1
                return tuple.__new__(Span, (self.file, line, start - before, line, end - before))
        return Span(self.file, *self._position(start), *self._position(max(start, end)))

    def excerpt(self, span: Span) -> str:
        """Return the characters that `span` covers; none where the text has fewer lines."""
        if span.end_line >= len(self._starts):
            return ""
        begin = self._starts[span.line - 1] + span.column - 1
        return self.text[begin : self._starts[span.end_line - 1] + span.end_column - 1]

    def _position(self, offset: int) -> tuple[int, int]:
        if not 0 <= offset < self._starts[-1]:
            offset = min(max(offset, 0), len(self.text))
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
