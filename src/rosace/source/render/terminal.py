"""Diagnostics for people: the source, underlined, and what to do.

In: diagnostics and the texts they point into. Out: one text. Must not: print,
or ask the terminal anything: colour, width and character set are the caller's.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterable, Mapping

from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.quoted import TAB
from rosace.source.reach import NotRegular, regular
from rosace.source.render.excerpt import show, visible
from rosace.source.span import split_lines

DEFAULT_WIDTH = 120
_NARROWEST = 40
_MOST_SAID = 2_000
"""Characters of a message or hint that anybody reads."""
_MOST_BYTES = 8 * 2**20

_BOLD = "1"
_FRAME = "1;34"
_HINT = "1;36"
_FAINT = "2"
_BY_SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;32"}

_Section = tuple[Label, ...]


def read_file(file: str) -> str | None:
    """Return the text of `file`, its first MiBs where it is large; None when it cannot be read or has no end."""
    try:
        with regular(pathlib.Path(file)) as stream:
            return stream.read(_MOST_BYTES).decode("utf-8-sig", errors="replace")
    except (NotRegular, OSError, ValueError):
        return None


def to_terminal(
    diagnostics: Iterable[Diagnostic],
    *,
    color: bool,
    read: Callable[[str], str | None] = read_file,
    sources: Mapping[str, str] | None = None,
    width: int | None = None,
    ascii: bool = False,
    explained: Callable[[str], bool] = lambda _: True,
) -> str:
    """Render each diagnostic with source excerpts, separated by blank lines.

    `sources` (display path to text) is consulted before `read`. `width` is in
    cells (120 if None); only excerpts are trimmed to it. `ascii` escapes every
    other character. `explained` says of a code whether there is a page to point
    to. Ends with a line break unless there is nothing to say.
    """
    known: dict[str, list[str] | None] = {}

    def lines_of(file: str) -> list[str] | None:
        if file not in known:
            text = sources[file] if sources and file in sources else read(file)
            known[file] = None if text is None else split_lines(text.removeprefix("\ufeff"))
        return known[file]

    room = max(width or DEFAULT_WIDTH, _NARROWEST)
    sheets = [
        "\n".join(_Sheet(diagnostic, lines_of, room, color=color, ascii=ascii, page=explained(diagnostic.code)).lines())
        for diagnostic in diagnostics
    ]
    return "\n\n".join(sheets) + "\n" if sheets else ""


class _Sheet:
    """One diagnostic being laid out."""

    def __init__(
        self,
        diagnostic: Diagnostic,
        lines_of: Callable[[str], list[str] | None],
        room: int,
        *,
        color: bool,
        ascii: bool,
        page: bool,
    ) -> None:
        self._diagnostic = diagnostic
        self._page = page
        self._lines_of = lines_of
        self._color = color
        self._ascii = ascii
        self._margin = max((len(str(x.span.line)) for x in diagnostic.labels), default=1)
        self._room = room - self._margin - 3

    def lines(self) -> list[str]:
        """Return headline, excerpts, hints and where to read more."""
        diagnostic = self._diagnostic
        kind = self._paint(f"{diagnostic.severity}[{diagnostic.code}]", self._severity)
        out = [kind + self._paint(f": {self._said(diagnostic.message, 0)}", _BOLD)]
        for number, section in enumerate(_sections(diagnostic.labels)):
            out.extend(self._section(section, "-->" if number == 0 else ":::"))
        for hint in diagnostic.hints:
            out.append(f"{self._paint('hint:', _HINT)} {self._said(hint, 6)}")
        if self._page:
            out.append(self._paint(f"docs: rosace explain {diagnostic.code}", _FAINT))
        return out

    def _section(self, section: _Section, arrow: str) -> list[str]:
        span = section[0].span
        place = visible(span.location(), ascii=self._ascii)
        out = [f"{' ' * self._margin}{self._paint(arrow, _FRAME)} {place}"]
        lines = self._lines_of(span.file)
        if lines is None or span.line > len(lines):
            for label in section:
                if label.message:
                    out.append(self._frame("=") + " " + self._said(label.message, 0))
            return out
        if arrow == "-->":
            out.append(self._frame("|"))
        out.extend(self._excerpt(lines[span.line - 1], section))
        out.append(self._frame("|"))
        return out

    def _excerpt(self, line: str, section: _Section) -> list[str]:
        content = line.rstrip()
        end_of_line = len(content) + 1
        columns: list[tuple[int, int]] = []
        for label in section:
            span = label.span
            end = span.end_column if span.end_line == span.line else end_of_line
            columns.append((span.column, min(end, max(end_of_line, span.column + 1))))
        shown = show(content, columns, self._room, ascii=self._ascii)
        number = str(section[0].span.line).rjust(self._margin)
        source = f"{self._paint(f'{number} |', _FRAME)} {shown.text}".rstrip()
        out = [source]
        for label, (start, end) in zip(section, columns, strict=True):
            begin, count = shown.cells(start, end)
            mark = ("^" if label.primary else "-") * count
            message = self._said(label.message, 0)
            style = self._severity if label.primary else _FRAME
            marked = self._paint(f"{mark} {message}".rstrip(), style)
            out.append(f"{self._frame('|')} {' ' * begin}{marked}")
        return out

    @property
    def _severity(self) -> str:
        return _BY_SEVERITY[self._diagnostic.severity]

    def _frame(self, sign: str) -> str:
        return " " * (self._margin + 1) + self._paint(sign, _FRAME)

    def _said(self, text: str, indent: int) -> str:
        if len(text) > _MOST_SAID:
            # A name of a user's may have a million characters; what is said of it stands around it.
            text = f"{text[: _MOST_SAID // 2]} ... {text[-_MOST_SAID // 4 :]}"
        # Lines of ours end in a line feed; a carriage return or a tab is of a user's text, and shown.
        parts = (visible(part.replace("\t", TAB), ascii=self._ascii) for part in text.split("\n"))
        return ("\n" + " " * indent).join(parts) if indent else " ".join(parts)

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._color and text else text


def _sections(labels: tuple[Label, ...]) -> list[_Section]:
    """Group labels by line, in order of appearance, the first primary's line first."""
    groups: dict[tuple[str, int], list[Label]] = {}
    for label in sorted(labels, key=lambda label: not label.primary):
        groups.setdefault((label.span.file, label.span.line), []).append(label)
    return [tuple(group) for group in groups.values()]
