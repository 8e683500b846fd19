"""Columns of an answer as Arrow has them. Pure.

Comes in: a type as Trino's protocol tells it (ClientTypeSignature), values as `live` makes them. Goes out: Arrow's
types, and values that Arrow takes. What Arrow or Python has no word for (intervals, times, picoseconds) stays text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

Turn = Callable[[Any], Any]
_SIMPLE: Mapping[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "varbinary": pa.binary(),
    "varchar": pa.string(),
    "char": pa.string(),
}


def arrow(signature: Mapping[str, Any]) -> tuple[Any, Turn | None]:
    """The type, and what makes a value of it; None where the value is one already."""
    base, held = signature["rawType"], [one["value"] for one in signature["arguments"]]
    if base in _SIMPLE:
        return _SIMPLE[base], _day if base == "date" else None
    match base:
        case "decimal":
            return pa.decimal128(held[0], held[1]), None
        case "timestamp" | "timestamp with time zone" if not held or held[0] <= 6:
            return pa.timestamp("us", "UTC" if base.endswith("zone") else None), _moment
        case "array":
            inner, turn = arrow(held[0])
            return pa.list_(inner), turn and (lambda value: [_turned(one, turn) for one in value])
        case "map":
            (key, _), (inner, turn) = arrow(held[0]), arrow(held[1])
            # The protocol's JSON has texts for keys of every kind.
            keyed = pa.string() if key != pa.string() else key
            return pa.map_(keyed, inner), lambda value: [(k, _turned(one, turn)) for k, one in value.items()]
        case "row":
            return _row(held)
        case _:
            return pa.string(), lambda value: value if isinstance(value, str) else str(value)


def _row(held: list[Any]) -> tuple[Any, Turn | None]:
    names = [(one.get("fieldName") or {}).get("name", str(at)) for at, one in enumerate(held)]
    inner = {name: arrow(one["typeSignature"]) for name, one in zip(names, held, strict=True)}
    kind = pa.struct([pa.field(name, one) for name, (one, _) in inner.items()])

    def turned(value: Any) -> dict[str, Any]:
        return {name: _turned(value.get(name), turn) for name, (_, turn) in inner.items()}

    return kind, turned


def _turned(value: Any, turn: Turn | None) -> Any:
    return value if value is None or turn is None else turn(value)


def _moment(value: Any) -> Any:
    """A year that Python does not know is none that Arrow takes from it."""
    if isinstance(value, datetime):
        return value
    raise ValueError(f"the moment `{value}` has no place in a column of Parquet as it is written here")


def _day(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError(f"the day `{value}` has no place in a column of Parquet as it is written here")
    return value
