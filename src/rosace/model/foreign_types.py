"""What other systems call their types, and what a platform has for each.

Comes in: the text of a type that is none of ours. Goes out: the error, with the one to write instead, or that there is
none yet. Must not: be imported before there is such a text.

The names (`model.kinds` has those that one of ours holds) are those of PostgreSQL 18 (table 8.1), Spark 4.1
(sql-ref-datatypes), Flink 2.1 (types), Trino 476 and JSON Schema. A word that means something else leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rosace.model.kinds import Kind, facts
from rosace.source.quoted import quoted
from rosace.source.suggest import closest

_NAMES = {other: kind.value for kind in Kind for other in facts(kind).elsewhere}

_TEXT = "there is no such type: keep its text in a `string`"
_TOLD = {
    **dict.fromkeys(("json", "jsonb", "xml", "variant", "inet"), _TEXT),
    **dict.fromkeys(("timetz", "interval", "duration"), _TEXT),
    "multiset": "there is no such type: an `array<string>` keeps doubles too",
    "number": "write `int`, `bigint` or `double`, or `decimal(10,2)` for exact digits after the point",
    "serial": "write `int` or `bigint`: nothing counts up by itself here",
}

_WORDS = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*(?:\s+[A-Za-z]+){0,3})\s*(.*?)\s*(!?)\s*", re.DOTALL)
_DIGITS = re.compile(r"\(\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*)?\)", re.ASCII)
_BRACKETS = re.compile(r"\s*(.*?)\s*\[\d*\]\s*(!?)\s*", re.DOTALL | re.ASCII)
"""PostgreSQL's arrays and DuckDB's: `int[]`, `int[3]`."""
_LONGEST = 160


class UnknownType(ValueError):
    """A type that is none of ours; `hints` say what to write instead."""

    def __init__(self, text: str, known: Sequence[str]) -> None:
        names = ", ".join(known)
        super().__init__(f"`{quoted(text)}` is not a column type: use one of {names}, with `!` for never null")
        self._text, self._known = text[:_LONGEST], known

    @property
    def hints(self) -> tuple[str, ...]:
        """Found when they are asked for: of ten thousand wrong types the first thousand are told."""
        return _hints(self._text, self._known)


def _hints(text: str, known: Sequence[str]) -> tuple[str, ...]:
    if found := _BRACKETS.fullmatch(text):
        array = f"array<{found[1]}>"
        return (f"write `{array}{found[2]}`" if _holds(array) else facts(Kind.ARRAY).unsaid.format("array"),)
    found = _WORDS.fullmatch(text)
    if found is None:
        return ()
    word, arguments, required = " ".join(found[1].lower().split()), found[2], found[3]
    if word in _TOLD:
        return (_TOLD[word],)
    ours = _NAMES.get(word) or (word if word in known else None)
    if ours is None:
        near = closest(word, known)
        return (f"did you mean `{near}{required}`?",) if near else ()
    digits = "".join(arguments.split())
    known_of = facts(Kind(ours))
    if _DIGITS.fullmatch(digits) and known_of.arguments != "none" and _holds(f"{ours}{digits}"):
        return (f"write `{ours}{digits}{required}`",)
    return (known_of.unsaid.format(f"{ours}{required}"),)


def _holds(text: str) -> bool:
    from rosace.model.columns import ColumnType

    try:
        ColumnType.parse(text)
    except ValueError:
        return False
    return True
