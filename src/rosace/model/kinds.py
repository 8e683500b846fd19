"""What a column can hold: each kind of value, and all that is known of it whatever engine holds it.

The one place of a kind. What an engine, a file or the proof makes of one is a function in its own room that takes every
kind and ends in `assert_never`: of a kind that is added here the type checker names each of these functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, assert_never


class Kind(StrEnum):
    """What a column holds. `INT` is 32 bits, `BIGINT` 64, `DOUBLE` IEEE 754 binary64."""

    STRING = "string"
    INT = "int"
    BIGINT = "bigint"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DECIMAL = "decimal"


Family = Literal["text", "number", "truth", "time"]
"""Kinds that engines compare with each other, and cast into each other by themselves."""

Arguments = Literal["none", "digits", "fraction"]
"""What may stand in parentheses: nothing, digits in all and behind the point, or digits behind the second (3 or 6)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a kind everywhere.

    `elsewhere` is what other systems call it. `unsaid` is what a hint proposes where the arguments are not known; `{0}`
    is the type. `bits` are those of a whole number without its sign. `transforms` are those that the lake can partition
    it by (Iceberg's table specification, "Partition Transforms": source types). `identifies` says whether two values
    that look alike are the same, so that they may identify a row (Schema.validateIdentifierField of Iceberg 1.11).
    """

    family: Family
    elsewhere: tuple[str, ...]
    arguments: Arguments = "none"
    unsaid: str = "write `{0}`"
    bits: int = 0
    transforms: frozenset[str] = frozenset()
    identifies: bool = True


_SIZED = frozenset({"bucket", "truncate"})
_BY_DAY = frozenset({"year", "month", "day", "bucket"})


def _facts(kind: Kind) -> Facts:
    match kind:
        case Kind.STRING:
            words = [
                "text",
                "varchar",
                "char",
                "character",
                "nvarchar",
                "nchar",
                "clob",
                "str",
                "bpchar",
                "varchar2",
                "enum",
            ]
            return Facts("text", (*words, "enum", "character varying"), transforms=_SIZED)
        case Kind.INT:
            words = ["integer", "int4", "int32", "smallint", "tinyint", "mediumint", "int2", "int16", "short", "byte"]
            return Facts("number", tuple(words), bits=31, transforms=_SIZED)
        case Kind.BIGINT:
            words = ["long", "int64", "int8", "bigserial", "biginteger"]
            return Facts("number", tuple(words), bits=63, transforms=_SIZED)
        case Kind.DOUBLE:
            words = ["float", "real", "float8", "float4", "float32", "float64"]
            return Facts("number", (*words, "double precision"), identifies=False)
        case Kind.BOOLEAN:
            return Facts("truth", ("bool",))
        case Kind.DATE:
            return Facts("time", ("date32", "localdate"), transforms=_BY_DAY)
        case Kind.TIMESTAMP:
            words = ["datetime", "timestamp_ntz", "datetime2", "localdatetime"]
            unsaid = "write `timestamp(3)` for milliseconds, `timestamp(6)` for microseconds"
            hours = _BY_DAY | {"hour"}
            return Facts("time", (*words, "timestamp without time zone"), "fraction", unsaid, transforms=hours)
        case Kind.DECIMAL:
            unsaid = "write `decimal(18,2)`, with as many digits in all and after the point as it has"
            words = ["numeric", "dec", "bigdecimal", "money"]
            return Facts("number", tuple(words), "digits", unsaid, transforms=_SIZED)
        case _:
            assert_never(kind)


_FACTS = {kind: _facts(kind) for kind in Kind}


def facts(kind: Kind) -> Facts:
    """What is true of a kind everywhere."""
    return _FACTS[kind]
