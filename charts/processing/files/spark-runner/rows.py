"""Rows into the shape that a target declares: columns by position as SQL's INSERT has it, types cast, nulls refused."""

from __future__ import annotations

from typing import Any

from .faults import Refused


def quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def fitted(frame: Any, declared: list[dict[str, Any]], listed: list[str], target: str) -> Any:
    """`frame` as rows of a target with the `declared` columns.

    `listed` are the columns that the statement names; others become null. A cast that loses raises (ANSI mode), as
    does a null in a column that is never null.
    """
    names = listed or [column["name"] for column in declared]
    if len(frame.columns) != len(names):
        raise Refused(
            f"the query for `{target}` gives {len(frame.columns)} columns ({', '.join(frame.columns)}), "
            f"the target takes {len(names)} ({', '.join(names)})"
        )
    lower = {name.lower(): position for position, name in enumerate(names)}
    # Columns are addressed by position: a query may give two of the same name.
    numbered = frame.toDF(*(f"c{position}" for position in range(len(names))))
    return numbered.selectExpr(
        *(
            f"{_value(column, lower.get(column['name'].lower()), target)} AS {quote(column['name'])}"
            for column in declared
        )
    )


def _value(column: dict[str, Any], position: int | None, target: str) -> str:
    value = "NULL" if position is None else f"c{position}"
    cast = f"CAST({value} AS {column['type']})"
    if not column["required"]:
        return cast
    words = f"`{target}`: column `{column['name']}` is never null, but a row has no value for it"
    return f"CASE WHEN {value} IS NULL THEN CAST(raise_error({literal(words)}) AS {column['type']}) ELSE {cast} END"


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def from_record(columns: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """How a record's JSON is read: the schema for `from_json`, and the expressions over its result `j`."""
    schema = ", ".join(f"{quote(column['name'])} {column['json']}" for column in columns)
    return schema, [
        f"CAST(j.{quote(column['name'])} AS {column['type']}) AS {quote(column['name'])}"
        if column["json"] != column["type"]
        else f"j.{quote(column['name'])}"
        for column in columns
    ]


def to_record(columns: list[dict[str, Any]], names: list[str]) -> str:
    """SQL for the JSON object of the named columns: times as ISO 8601 with the declared digits, nulls written."""
    by_name = {column["name"]: column for column in columns}
    fields = ", ".join(f"{literal(name)}, {_as_json(by_name[name])}" for name in names)
    return f"to_json(named_struct({fields}), map('ignoreNullFields', 'false'))"


def _as_json(column: dict[str, Any]) -> str:
    name = quote(column["name"])
    if column["digits"]:
        return f"date_format({name}, {literal(_PATTERN + 'S' * column['digits'])})"
    return f"date_format({name}, 'yyyy-MM-dd')" if column["type"] == "DATE" else name


_PATTERN = "yyyy-MM-dd''T''HH:mm:ss.".replace("''", "'")
