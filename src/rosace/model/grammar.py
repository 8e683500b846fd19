"""How a column type is written: `decimal(10,2)!`, `timestamp(6) with time zone`, `array<row<sku string!, n int>>`.

Comes in: a text. Goes out: a `ColumnType`, or a ValueError in words a user can act on. Must not: know an engine.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from rosace.model.columns import ColumnType, Field
from rosace.model.kinds import Kind, facts

if TYPE_CHECKING:
    from rosace.model.foreign_types import UnknownType

_KINDS = tuple(kind.value for kind in Kind)
_LONGEST = 4096
"""Characters of any type with all that it holds and then some."""
DEEPEST = 16
"""Types within each other at most; engines' planners walk them by recursion."""

_WORD = re.compile(r"[a-z]+", re.ASCII)
_DIGITS = re.compile(r"\((\d+(?:\s*,\s*\d+)?)\)", re.ASCII)
_ZONE = re.compile(r"\s+with\s+time\s+zone\b", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_WRITTEN = re.compile(r"[^\s,<>]*")
"""What stands where a name is due, up to the blank behind it."""
_SPACE = re.compile(r"\s*", re.ASCII)
_RENAMED = re.compile(
    r"(?P<type>(?:(?!renamed-from).)*\S)\s+renamed-from\s+(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*", re.ASCII
)


def read(text: str) -> ColumnType:
    """The type that a text says. Raises ValueError, with `hints` where a type of ours is near."""
    if len(text) > _LONGEST:
        raise _unknown(text)
    if renamed := _RENAMED.fullmatch(text):
        return replace(read(renamed["type"]), renamed_from=renamed["name"])
    reader = _Reader(text)
    found = reader.type(0)
    if reader.rest():
        raise reader.unknown(0)
    return found


def _unknown(text: str) -> UnknownType:
    from rosace.model.foreign_types import UnknownType

    return UnknownType(text, _KINDS)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._said, self._text = text, text.strip()
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :]

    def unknown(self, start: int) -> ValueError:
        """What stands at `start` is no type; of one within another only that part is told."""
        if not start:
            return _unknown(self._said)
        part = self._text[start:]
        if told := re.split(r"[,>]", part, maxsplit=1)[0].strip():
            return _unknown(told)
        return ValueError(f"`{self._text}` lacks a type {f'before `{part.strip()[0]}`' if part else 'at its end'}")

    def type(self, depth: int) -> ColumnType:
        start = self._at
        word = self._take(_WORD)
        if word not in _KINDS:
            raise self.unknown(start)
        if depth > DEEPEST:
            raise ValueError(f"`{self._text}`: more than {DEEPEST} types within each other")
        kind = Kind(word)
        args = self._take(_DIGITS)
        if kind is Kind.TIMESTAMP and self._take(_ZONE):
            kind = Kind.TIMESTAMPTZ
        fields = self._fields(kind, start, depth)
        required = bool(self._take(re.compile("!")))
        told = self._text[start : self._at]
        digits = [int(part) for part in args.strip("()").split(",")] if args else []
        precision, scale = _digits(kind, digits, told)
        return ColumnType(kind, required, precision, scale, fields)

    def _fields(self, kind: Kind, start: int, depth: int) -> tuple[Field, ...]:
        arguments = facts(kind).arguments
        match arguments:
            case "none" | "digits" | "fraction":
                return ()
            case "element":
                self._expect("<", start, kind)
                found = (Field("element", self.type(depth + 1)),)
            case "entry":
                self._expect("<", start, kind)
                key = self.type(depth + 1)
                if key.kind is not Kind.STRING:
                    raise ValueError(f"`{self._text}`: the keys of a map are strings, as JSON knows no other: `{key}`")
                self._expect(",", start, kind)
                found = (Field("key", ColumnType(Kind.STRING, required=True)), Field("value", self.type(depth + 1)))
            case "fields":
                self._expect("<", start, kind)
                found = self._members(start, depth)
            case _:
                assert_never(arguments)
        self._expect(">", start, kind)
        return found

    def _members(self, start: int, depth: int) -> tuple[Field, ...]:
        found: list[Field] = []
        while True:
            self._take(_SPACE)
            name = self._name(start)
            if any(name.lower() == field.name.lower() for field in found):
                raise ValueError(f"`{self._text[start:]}`: two fields are called `{name}` (engines ignore case)")
            self._take(_SPACE)
            found.append(Field(name, self.type(depth + 1)))
            self._take(_SPACE)
            if not self._take(re.compile(",")):
                return tuple(found)

    def _name(self, start: int) -> str:
        """The name of a field of the row at `start`."""
        written = self._take(_WRITTEN)
        if _NAME.fullmatch(written):
            return written
        told = "a row has fields with a name and a type: `row<sku string>`"
        if bare := written.strip("`\"'"):
            told = f"`{bare}` is no name of a field: letters A to Z, digits and `_`, as the file has it"
            if _NAME.fullmatch(bare.removesuffix(":")):
                # As Spark writes the fields of a struct.
                told = f"a field's name and its type stand without a colon: `{bare.removesuffix(':')} string`"
            if _NAME.fullmatch(bare):
                told = f"names of fields stand without quotes: `{bare}`"
        raise ValueError(f"`{self._text[start:]}`: {told}")

    def _expect(self, mark: str, start: int, kind: Kind) -> None:
        self._take(_SPACE)
        if not self._take(re.compile(mark)):
            what = facts(kind).unsaid.format(kind.value)
            raise ValueError(f"`{self._text[start:]}` lacks a `{mark}`: {what}")
        self._take(_SPACE)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]


def _digits(kind: Kind, args: list[int], text: str) -> tuple[int, int]:
    """Precision and scale that the arguments of a type say. Raises ValueError."""
    arguments = facts(kind).arguments
    match arguments:
        case "none" | "element" | "entry" | "fields":
            if args:
                raise ValueError(f"`{text}`: {kind.value} takes no argument")
            return 0, 0
        case "digits":
            precision, scale = [*args, 0][:2] if args else (38, 0)
            if not 1 <= precision <= 38 or scale > precision:
                raise ValueError(f"`{text}`: a {kind.value} has 1 to 38 digits and no more decimals than digits")
            return precision, scale
        case "fraction":
            precision = args[0] if args else 3
            if len(args) > 1 or precision not in (3, 6):
                what = f"a {kind.value} has 3 (milliseconds) or 6 (microseconds) fractional digits"
                raise ValueError(f"`{text}`: {what}")
            return precision, 0
        case _:
            assert_never(arguments)
