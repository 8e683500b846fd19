# Derived from src/rosace/engines/spark/runner/rows.py by tools/charts.py: edit that, then run it.
"""Rows into the shape that a target declares: columns by position as SQL's INSERT has it, types cast, nulls refused."""

from __future__ import annotations

from typing import Any

from .faults import Refused


def quote(name: str) -> str:
    """An identifier for Spark's SQL."""
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
    values = {column["name"]: _value(lower.get(column["name"].lower())) for column in declared}
    required = [column["name"] for column in declared if column["required"]]
    expressions = {column["name"]: f"CAST({values[column['name']]} AS {column['type']})" for column in declared}
    if required:
        first = next(column for column in declared if column["required"])
        expressions[first["name"]] = _checked(first, expressions[first["name"]], required, values, target)
    return numbered.selectExpr(*(f"{expressions[name]} AS {quote(name)}" for name in expressions))


def _value(position: int | None) -> str:
    return "NULL" if position is None else f"c{position}"


def _checked(column: dict[str, Any], plain: str, required: list[str], values: dict[str, str], target: str) -> str:
    """A column that is never null, raising where any such column of the row is.

    One check for the row and not one for each column: Java compiles no method of more than 8,000 bytes, and that is
    what Spark would make of a wide table.
    """
    words = {name: f"`{target}`: column `{name}` is never null, but a row has no value for it" for name in required}
    which = " ".join(f"WHEN {values[name]} IS NULL THEN {literal(words[name])}" for name in required)
    missing = " OR ".join(f"{values[name]} IS NULL" for name in required)
    return f"CASE WHEN {missing} THEN CAST(raise_error(CASE {which} END) AS {column['type']}) ELSE {plain} END"


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
    """SQL for the JSON object of the named columns: as each is `written`, nulls too."""
    by_name = {column["name"]: column for column in columns}
    fields = ", ".join(f"{literal(name)}, {_as_json(by_name[name])}" for name in names)
    return f"to_json(named_struct({fields}), map('ignoreNullFields', 'false'))"


def _as_json(column: dict[str, Any]) -> str:
    return column["written"].replace("{0}", quote(column["name"]))
