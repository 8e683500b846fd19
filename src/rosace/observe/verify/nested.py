"""What a list, map or row means as a value of a nested column.

Comes in: a nested type, and a value as JSON, Arrow or a query's answer has it. Goes out: lists, dicts and pairs of the
values that `values` makes of each part. Must not: take anything for a part that its type does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import with_article
from rosace.observe.verify.values import Meaning, Unfit, meaning


def nested(column: ColumnType) -> Meaning:
    """See `values.meaning`."""
    read = _reader(column)

    def means(value: Any) -> Any:
        if value is None:
            if column.required:
                raise Unfit(f"no value, but the column is `{column}`: never null")
            return None
        try:
            return read(value)
        except TypeError:
            raise Unfit(f"`{str(value)[:80]}` is not {with_article(column)}") from None

    return means


def _reader(column: ColumnType) -> Callable[[Any], Any]:
    inner = [(field.name, meaning(field.type)) for field in column.fields]
    match column.kind:
        case Kind.ARRAY:
            return lambda value: [inner[0][1](one) for one in _list(value)]
        case Kind.MAP:
            return lambda value: sorted(
                ((inner[0][1](key), inner[1][1](one)) for key, one in _pairs(value)), key=lambda pair: pair[0]
            )
        case _:
            return lambda value: {name: means(_members(value).get(name)) for name, means in inner}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value  # pyright: ignore[reportUnknownVariableType]


def _members(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value  # pyright: ignore[reportUnknownVariableType]


def _pairs(value: Any) -> list[tuple[str, Any]]:
    """The entries of a map: an object's members. Arrow gives pairs where a key is there twice: that is no map."""
    return list(_members(value).items())
