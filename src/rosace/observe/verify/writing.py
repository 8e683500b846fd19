"""How a source's file is written, as its section says it, for the proof's own reader of files.

Comes in: a source's words. Goes out: `Writing`, which brings a row's values into the spelling that `values` takes.
Must not: share code with `kit.files_layout`, which the replay reads with: this is the other opinion.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rosace.model.columns import ColumnType
from rosace.model.kinds import facts

if TYPE_CHECKING:
    from rosace.model.sources import Source

Usual = Callable[[Any], Any]

_MICROSECONDS = {"epoch-s": 1_000_000, "epoch-ms": 1_000, "epoch-us": 1}
_EPOCH = datetime(1970, 1, 1)
_WIDTHS = {"Y": 4, "j": 3, "f": 6}
_SWAPPED = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Writing:
    """`names` are what the file calls the declared columns, in order; `spelling` what makes a value of each usual,
    empty where all are."""

    names: tuple[str, ...]
    spelling: tuple[Usual | None, ...] = ()
    encoding: str = "utf-8"
    separator: str | None = None
    quote: str = '"'
    header: bool = True
    nulls: str = ""

    @classmethod
    def of(cls, words: Source | None, columns: Mapping[str, ColumnType]) -> Writing:
        """What the words of a source say for the declared columns."""
        if words is None:
            return cls(tuple(columns))
        named = {name: one.from_ for name, one in words.columns.items() if one.from_ is not None}
        names = (str(named.get(name, name if words.header else place)) for place, name in enumerate(columns, 1))
        comma = words.decimal == ","
        formats = {name: one.format for name, one in words.columns.items()}
        spelling = tuple(
            _time(format) if (format := formats.get(name)) else _swapped if comma and _number(kind) else None
            for name, kind in columns.items()
        )
        spelling = spelling if any(spelling) else ()
        return cls(tuple(names), spelling, words.encoding, words.separator, words.quote, words.header, words.nulls)

    def csv(self, separator: str) -> dict[str, Any]:
        """The arguments of Python's csv."""
        quoting = csv.QUOTE_NONE if self.quote == "none" else csv.QUOTE_MINIMAL
        mark = None if self.quote == "none" else self.quote
        return {"delimiter": separator, "quotechar": mark, "quoting": quoting, "strict": True}

    def usual(self, row: list[Any]) -> list[Any]:
        """A row's values as they are usually written."""
        if not self.spelling:
            return row
        return [
            spell(value) if spell and value is not None else value
            for spell, value in zip(self.spelling, row, strict=True)
        ]

    def times(self, place: int, values: Any) -> Any:
        """The values of a Parquet column: numbers and texts become times where the column has a format."""
        spell = self.spelling[place] if self.spelling else None
        if spell is None:
            return values
        held: Sequence[Any] = values if isinstance(values, list) else values.to_pylist()
        return [spell(str(one)) if isinstance(one, int | Decimal | str) else one for one in held]


def _number(column: ColumnType) -> bool:
    return facts(column.kind).family == "number"


def _swapped(value: Any) -> Any:
    return value.translate(_SWAPPED) if isinstance(value, str) else value


def _time(format: str) -> Usual:
    read = _epoch(format) if format in _MICROSECONDS else _dated(format)

    def spell(value: Any) -> Any:
        try:
            return read(str(value).strip(" ")) if isinstance(value, str) else value
        except (ValueError, OverflowError, ArithmeticError):
            return f"{value}, not written as {format}"

    return spell


def _epoch(format: str) -> Callable[[str], str]:
    unit = _MICROSECONDS[format]
    # No more digits than a time of the years 1 to 9999 has, nor any beyond a microsecond.
    finer = len(str(unit)) - 1
    shape = re.compile(rf"-?[0-9]{{1,{18 - finer}}}" + (rf"(\.[0-9]{{1,{finer}}})?" if finer else ""))

    def read(text: str) -> str:
        if not shape.fullmatch(text):
            raise ValueError
        return (_EPOCH + timedelta(microseconds=int(Decimal(text) * unit))).isoformat(timespec="microseconds") + "Z"

    return read


def _dated(format: str) -> Callable[[str], str]:
    zoned = "%z" in format.replace("%%", "")
    # strptime takes any white space for a space, digits of any script, and for an offset more than hours and minutes.
    spaces = format.count(" ")
    shape = re.compile(_shape(format), re.IGNORECASE)

    def read(text: str) -> str:
        if not shape.fullmatch(text):
            raise ValueError
        if not text.isascii() or text.count(" ") != spaces or any(sign in text for sign in "\t\n\v\f\r"):
            raise ValueError
        found = datetime.strptime(text, format)
        if zoned:
            if not re.search(r"[+-](0[0-9]|1[0-8]):?[0-5][0-9](?!:?[0-9])", text):
                raise ValueError
            found = found.astimezone(UTC).replace(tzinfo=None)
        return found.isoformat(timespec="microseconds") + ("Z" if zoned else "")

    return read


def _shape(format: str) -> str:
    """Where two numbers stand side by side, what belongs to which is only sure if each has its full width."""
    letters = re.findall("%(.)|([^%]+)", format)
    numbers = [bool(letter) and letter in "YmdjHIMSf" for letter, _ in letters]
    if not any(map(all, pairwise(numbers))):
        return "(?s:.*)"
    parts: list[str] = []
    for (letter, plain), number in zip(letters, numbers, strict=True):
        if number:
            parts.append(f"[0-9]{{{_WIDTHS.get(letter, 2)}}}")
        else:
            parts.append(re.escape(plain or "%") if plain or letter == "%" else ".+")
    return "".join(parts)
