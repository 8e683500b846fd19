"""How a source's file is written, as its section says it: encoding, signs between and around fields, names, times.

Comes in: a source's words, or their plain JSON. Goes out: a `Layout`, and SQL that turns what a field says in the
file's own way into the usual spelling, which `files_sql` takes. Must not: know what type a column has, or guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from rosace.kit.files_sql import FIRST, LAST, literal
from rosace.model.sources import EPOCHS

if TYPE_CHECKING:
    from rosace.model.sources import Source

_DIRECTIVES = {
    "Y": "[0-9]{4}",
    "m": "[0-9]{1,2}",
    "d": "[0-9]{1,2}",
    "j": "[0-9]{1,3}",
    "b": "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "B": "(?i:january|february|march|april|may|june|july|august|september|october|november|december)",
    "H": "[0-9]{1,2}",
    "I": "[0-9]{1,2}",
    "M": "[0-9]{1,2}",
    "S": "[0-9]{1,2}",
    "f": "[0-9]{1,6}",
    "p": "(?i:am|pm)",
    "z": "[+-](?:0[0-9]|1[0-8]):?[0-5][0-9]",
    "%": "%",
}
"""What each directive of a format takes. DuckDB 2.0's strptime alone takes two digits for a year, and a tab or several
spaces where the format has one; java.time's offsets end at 18 hours."""

_MOST_EPOCH = {"epoch-s": 12, "epoch-ms": 15, "epoch-us": 18}
"""Digits before the point: more than any time of the years 1 to 9999 has."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written. Defaults are those of the words (`model/sources.py`).

    `names` maps a declared column to what the file calls it, with `header` false to the number of its field;
    `formats` maps one to how its times are written.
    """

    encoding: str = "utf-8"
    separator: str | None = None
    quote: str = '"'
    header: bool = True
    decimal: str = "."
    names: Mapping[str, str] | None = None
    formats: Mapping[str, str] | None = None

    @classmethod
    def of(cls, source: Source, columns: Mapping[str, Any]) -> Layout:
        """The layout that a source's words say, for the declared `columns`."""
        told = source.columns
        names = {name: str(one.from_) for name, one in told.items() if one.from_ is not None}
        if not source.header:
            names = {name: names.get(name, str(place)) for place, name in enumerate(columns, 1)}
        formats = {name: one.format for name, one in told.items() if one.format}
        return cls(source.encoding, source.separator, source.quote, source.header, source.decimal, names, formats)

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> Layout:
        """The inverse of `told`, from a description that has its keys among others."""
        return cls(**{one.name: described[one.name] for one in fields(cls) if one.name in described})

    def told(self) -> dict[str, Any]:
        """What differs from the defaults, as plain JSON: a file that needs none of this is described as ever."""
        values = {one.name: (getattr(self, one.name), one.default) for one in fields(self)}
        return {name: value for name, (value, usual) in values.items() if value not in (usual, None, {})}

    def named(self, column: str) -> str:
        """What the file calls a column."""
        return (self.names or {}).get(column, column)

    def format(self, column: str) -> str | None:
        """How a column's times are written; None for ISO 8601."""
        return (self.formats or {}).get(column)


PLAIN = Layout()
"""A file that needs no words."""


def usual_time(text: str, format: str) -> str:
    """SQL for a time in ISO 8601 where `text` (SQL) is written as `format` says; else for what nobody takes for one."""
    bare = f"trim({text})"
    if format in EPOCHS:
        digits = EPOCHS[format]
        fraction = rf"(\.[0-9]{{1,{digits}}})?" if digits else ""
        taken = f"regexp_full_match({bare}, '-?[0-9]{{1,{_MOST_EPOCH[format]}}}{fraction}')"
        value = f"make_timestamp(try_cast(try_cast({bare} AS DECIMAL(38,6)) * {10**digits} AS BIGINT))"
        zone = "Z"
    else:
        taken = f"regexp_full_match({bare}, {literal(_pattern(format))})"
        value = f"make_timestamp(epoch_us(try_strptime({bare}, {literal(format)})))"
        zone = "Z" if "%z" in format.replace("%%", "") else ""
    held = f"CASE WHEN {taken} AND {value} BETWEEN {FIRST} AND {LAST} THEN {value} END"
    iso = f"strftime({held}, '%Y-%m-%dT%H:%M:%S.%f{zone}')"
    other = f"{text} || {literal(f', not written as {format}')}"
    return f"CASE WHEN {text} IS NOT NULL THEN coalesce({iso}, {other}) END"


def usual_number(text: str) -> str:
    """SQL for a number with a point where `text` (SQL) has a comma, and the other way round."""
    return f"translate({text}, ',.', '.,')"


def _pattern(format: str) -> str:
    """A regular expression for a format's texts. Where numbers touch (`%Y%m%d`), each has all its digits."""
    from re import escape, search

    touch = search("%[YmdjHIMSf]%[YmdjHIMSf]", format.replace("%%", "-"))
    parts: list[str] = []
    signs = iter(format)
    for sign in signs:
        part = _DIRECTIVES[next(signs)] if sign == "%" else escape(sign)
        parts.append(part.replace("{1,", "{") if touch and sign == "%" else part)
    return "".join(parts)
