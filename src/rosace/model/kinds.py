"""What a column can hold: each kind of value, and all that is known of it whatever engine holds it.

The one place of a kind. What an engine, a file or the proof makes of one is a function in its own room that takes every
kind and ends in `assert_never`: of a kind that is added here the type checker names each of these functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, assert_never


class Kind(StrEnum):
    """What a column holds.

    `SMALLINT` is 16 bits, `INT` 32, `BIGINT` 64; `FLOAT` is IEEE 754 binary32, `DOUBLE` binary64. A `TIMESTAMP` has no
    zone and means UTC, a `TIMESTAMPTZ` is an instant. `UUID` and `TIME` are texts of one form, to every engine's SQL
    too. `ARRAY`, `MAP` and `ROW` hold other types, any depth.
    """

    STRING = "string"
    SMALLINT = "smallint"
    INT = "int"
    BIGINT = "bigint"
    FLOAT = "float"
    DOUBLE = "double"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    BINARY = "binary"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    UUID = "uuid"
    ARRAY = "array"
    MAP = "map"
    ROW = "row"


Family = Literal["text", "number", "truth", "time", "bytes", "nested"]
"""Kinds that engines compare with each other, and cast into each other by themselves."""

Arguments = Literal["none", "digits", "fraction", "element", "entry", "fields"]
"""What a type says besides its word: nothing; digits in all and behind the point; digits behind the second (3 or 6);
`<type>`; `<key, type>`; `<name type, ...>`."""


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
    transforms: frozenset[str] = frozenset({"identity"})
    identifies: bool = True


_SIZED = frozenset({"identity", "bucket", "truncate"})
_BY_DAY = frozenset({"identity", "year", "month", "day", "bucket"})
_BY_HOUR = _BY_DAY | {"hour"}
_NONE: frozenset[str] = frozenset()


def _facts(kind: Kind) -> Facts:
    match kind:
        case Kind.STRING:
            words = ("text", "varchar", "char", "character", "nvarchar", "nchar", "clob", "str", "bpchar", "varchar2")
            return Facts("text", (*words, "enum", "character varying"), transforms=_SIZED)
        case Kind.SMALLINT:
            return Facts("number", ("int2", "int16", "short", "tinyint", "byte"), bits=15, transforms=_SIZED)
        case Kind.INT:
            return Facts("number", ("integer", "int4", "int32", "mediumint"), bits=31, transforms=_SIZED)
        case Kind.BIGINT:
            words = ("long", "int64", "int8", "bigserial", "biginteger")
            return Facts("number", words, bits=63, transforms=_SIZED)
        case Kind.FLOAT:
            return Facts("number", ("real", "float4", "float32"), transforms=_NONE, identifies=False)
        case Kind.DOUBLE:
            return Facts("number", ("float8", "float64", "double precision"), identifies=False)
        case Kind.DECIMAL:
            unsaid = "write `decimal(18,2)`, with as many digits in all and after the point as it has"
            return Facts("number", ("numeric", "dec", "bigdecimal", "money"), "digits", unsaid, transforms=_SIZED)
        case Kind.BOOLEAN:
            return Facts("truth", ("bool",))
        case _:
            return _others(kind)


def _others(
    kind: Literal[
        Kind.BINARY, Kind.DATE, Kind.TIME, Kind.TIMESTAMP, Kind.TIMESTAMPTZ, Kind.UUID, Kind.ARRAY, Kind.MAP, Kind.ROW
    ],
) -> Facts:
    match kind:
        case Kind.BINARY:
            words = ("varbinary", "bytes", "bytea", "blob", "fixed")
            return Facts("bytes", words, transforms=_NONE, identifies=False)
        case Kind.DATE:
            return Facts("time", ("date32", "localdate"), transforms=_BY_DAY)
        case Kind.TIME:
            return Facts("text", ("localtime", "time without time zone"), "fraction", _fractions("time"))
        case Kind.TIMESTAMP:
            words = ("datetime", "timestamp_ntz", "datetime2", "localdatetime", "timestamp without time zone")
            return Facts("time", words, "fraction", _fractions("timestamp"), transforms=_BY_HOUR)
        case Kind.TIMESTAMPTZ:
            words = ("timestamp_tz", "timestamp_ltz", "timestamp with time zone", "instant", "offsetdatetime")
            return Facts("time", words, "fraction", _fractions("timestamptz"), transforms=_BY_HOUR)
        case Kind.UUID:
            return Facts("text", ("guid", "uniqueidentifier"))
        case Kind.ARRAY:
            return _nested(("list", "repeated"), "element", "write `array<string>`, with the type of its elements")
        case Kind.MAP:
            return _nested(("dict", "hstore"), "entry", "write `map<string, int>`, with the type of its values")
        case Kind.ROW:
            words = ("struct", "record", "object")
            return _nested(words, "fields", "write `row<name string, age int>`, with the type of each field")
        case _:
            assert_never(kind)


def _fractions(word: str) -> str:
    return f"write `{word}(3)` for milliseconds, `{word}(6)` for microseconds"


def _nested(elsewhere: tuple[str, ...], arguments: Arguments, unsaid: str) -> Facts:
    return Facts("nested", elsewhere, arguments, unsaid, transforms=_NONE, identifies=False)


_FACTS = {kind: _facts(kind) for kind in Kind}


def facts(kind: Kind) -> Facts:
    """What is true of a kind everywhere."""
    return _FACTS[kind]


def with_article(type: object) -> str:
    """A type as a sentence names it: `an int`, `a decimal(10,2)`. A uuid is spoken with a y."""
    text = str(type)
    return f"{'an' if text[0] in 'aeio' else 'a'} {text}"
