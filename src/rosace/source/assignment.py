"""The grammar of `--set`: `a.b=1,c[0].d=x,e={y,z}`.

In: one assignment text and where it stands. Out: typed `Assignment`s.
Must not: know the tree they will be written into.
"""

from __future__ import annotations

from dataclasses import dataclass

from rosace.source.diagnostic import Label, Refused, refuse
from rosace.source.scalar import SURROGATE, NumberTooLarge, resolve
from rosace.source.span import Lines, Span
from rosace.source.tree import MAX_DEPTH, Items, Leaf, Node

SET_LAYER = "--set"

_SPECIAL = frozenset(".,[]{}=\\\"'")
_EXAMPLE = "write `key.inner=value`, `list[0]=value` or `key={a,b}`"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path (a key or a list index), and where it is written."""

    name: str | int
    span: Span


@dataclass(frozen=True, slots=True)
class Assignment:
    """Put `value` at `steps`; a null leaf deletes the key."""

    steps: tuple[Step, ...]
    value: Node


def read_assignments(lines: Lines, start: int, end: int) -> list[Assignment]:
    """Read the comma-separated assignments in `lines.text[start:end]`.

    Raises `Refused` (code `bad-assignment`) at the first character that does
    not fit.
    """
    if broken := SURROGATE.search(lines.text, start, end):
        label = Label(lines.span(*broken.span()))
        raise refuse("bad-assignment", "this is not UTF-8 text", label)
    reader = _Reader(lines, start, end)
    found = [reader.assignment()]
    while reader.at < end:
        reader.expect(",")
        found.append(reader.assignment())
    return found


class _Reader:
    """Reads left to right; `at` is the offset of the next character."""

    def __init__(self, lines: Lines, start: int, end: int) -> None:
        self._lines = lines
        self._end = end
        self.at = start

    def assignment(self) -> Assignment:
        """Read one `path=value`."""
        steps = [self._key()]
        while self._next() in (".", "["):
            steps.append(self._key(self._take()) if self._next() == "." else self._index())
            if len(steps) > MAX_DEPTH:
                raise self._wrong(f"more than {MAX_DEPTH} levels", steps[0].span)
        if self._next() != "=":
            missing = Span(*_ends(steps[0].span, steps[-1].span))
            hint = "a comma separates assignments: write `\\,` for one inside a value"
            raise self._wrong("`=` is missing", missing, hint)
        self._take()
        return Assignment(tuple(steps), self._value())

    def expect(self, character: str) -> None:
        """Step over `character`, or refuse."""
        if self._next() != character:
            raise self._wrong(f"`{character}` is expected here", self._here())
        self._take()

    def _next(self) -> str:
        return self._lines.text[self.at] if self.at < self._end else ""

    def _take(self) -> str:
        self.at += 1
        return self._lines.text[self.at - 1]

    def _here(self) -> Span:
        return self._lines.span(self.at, min(self.at + 1, self._end))

    def _key(self, _dot: str = "") -> Step:
        start = self.at
        name = self._until(".[=,]{}").strip()
        if not name:
            raise self._wrong("a key is missing", self._here(), _EXAMPLE)
        return Step(name, self._lines.span(start, self.at))

    def _index(self) -> Step:
        start = self.at
        self._take()
        digits = self._until("]")
        span = self._lines.span(start, self.at + 1)
        self.expect("]")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise self._wrong("a list index is a number from 0", span, "`list[0]` is the first item")
        return Step(int(digits), span)

    def _value(self) -> Node:
        if self._next() != "{":
            return self._item(",")
        start = self.at
        self._take()
        items: list[Node] = []
        if self._next() == "}":
            self._take()
        else:
            items.append(self._item(",}"))
            while self._next() == ",":
                self._take()
                items.append(self._item(",}"))
            if self._next() != "}":
                raise self._wrong("this `{` is never closed", self._lines.span(start, start + 1))
            self._take()
        return Items(tuple(items), self._lines.span(start, self.at), SET_LAYER)

    def _item(self, stops: str) -> Leaf:
        while self._next() == " ":
            self._take()
        start = self.at
        if self._next() in ("'", '"'):
            text = self._quoted(start)
            return Leaf(text, self._lines.span(start, self.at), SET_LAYER)
        text = self._until(stops).strip()
        span = self._lines.span(start, self.at)
        if not text:
            # As Helm: `key=` is the empty text; only the word null deletes.
            return Leaf("", span, SET_LAYER)
        try:
            return Leaf(resolve(text), span, SET_LAYER)
        except NumberTooLarge:
            raise self._wrong("this number is too large", span, "quote it") from None

    def _quoted(self, start: int) -> str:
        quote = self._take()
        text = self._until(quote)
        if not self._next():
            hint = f"write `\\{quote}` for a quote that begins a text"
            raise self._wrong("this quote is never closed", self._lines.span(start, start + 1), hint)
        self._take()
        return text

    def _until(self, stops: str) -> str:
        """Read up to one of `stops`; a backslash makes the special character after it plain."""
        read: list[str] = []
        while (character := self._next()) and character not in stops:
            self._take()
            if character == "\\" and self._next() in _SPECIAL:
                character = self._take()
            read.append(character)
        return "".join(read)

    def _wrong(self, message: str, span: Span, *hints: str) -> Refused:
        return refuse("bad-assignment", message, Label(span), hints=hints)


def _ends(first: Span, last: Span) -> tuple[str, int, int, int, int]:
    return first.file, first.line, first.column, last.end_line, last.end_column
