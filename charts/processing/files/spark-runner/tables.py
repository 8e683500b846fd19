# Derived from src/rosace/engines/spark/runner/tables.py by tools/charts.py: edit that, then run it.
"""How rows get into a table: added, or in place of others: all, those of the same key, those of their partitions.

Of a table with a key no two rows have the same: rows that would make it so are refused before anything is written.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from .faults import Refused
from .rows import literal, quote


class Write(Enum):
    """`ADD` keeps what is there. `MERGE` replaces the rows of the same key. `ALL` replaces the whole table, also by
    nothing. `PARTITIONS` replaces those that the rows are in and leaves the others; `PARTITION` the named one, also by
    nothing."""

    ADD = auto()
    MERGE = auto()
    ALL = auto()
    PARTITIONS = auto()
    PARTITION = auto()


def positioned(rows: Any, table: dict[str, Any], statement: dict[str, Any]) -> tuple[Any, list[str]]:
    """The rows of an INSERT's query, and which column each of theirs is. Those of a named partition are not in the
    query: here they come behind its own."""
    named = statement["partition"]
    if named:
        rows = rows.selectExpr("*", *(f"{value} AS {quote(column)}" for column, value in named.items()))
    listed = statement["columns"] or [column["name"] for column in table["columns"] if column["name"] not in named]
    return rows, [*listed, *named]


def write(session: Any, rows: Any, table: dict[str, Any], how: Write, named: dict[str, str]) -> None:
    """One commit. `named` are the columns of `PARTITION` with their values in SQL."""
    from pyspark.sql import functions  # pyright: ignore[reportMissingImports]

    if table["key"]:
        rows = unique(rows, table)
    writer = rows.writeTo(table["name"])
    if how is Write.ADD:
        writer.append()
    elif how is Write.MERGE:
        # Not as SQL over a view of the rows: where they come from a table, Spark 4.1.1 then has "No plan for
        # TableReference" (measured).
        same = (f"{table['name']}.{quote(column)} = r.{quote(column)}" for column in table["key"])
        merging = rows.alias("r").mergeInto(table["name"], functions.expr(" AND ".join(same)))
        merging.whenMatched().updateAll().whenNotMatched().insertAll().merge()
    elif how is Write.ALL:
        writer.overwrite(functions.lit(True))
    else:
        same_partitions(session, table)
        if how is Write.PARTITIONS:
            writer.overwritePartitions()
            return
        types = {column["name"]: column["type"] for column in table["columns"]}
        equal = (f"{quote(name)} = CAST({value} AS {types[name]})" for name, value in named.items())
        writer.overwrite(functions.expr(" AND ".join(equal)))


def unique(rows: Any, table: dict[str, Any]) -> Any:
    """The rows, raising where two of them have the same key: MERGE would insert both (Spark 4.1 looks only at those
    that are there already, MERGE_CARDINALITY_VIOLATION)."""
    columns = [column["name"] for column in table["columns"]]
    keys = ", ".join(map(quote, table["key"]))
    shown = ", ', ', ".join(f"'{column}=', CAST({quote(column)} AS STRING)" for column in table["key"])
    said = f"concat({literal(table['name'])}, ': two rows have the key ', {shown})"
    first = next(column for column in table["columns"] if column["name"] == table["key"][0])
    counted = rows.selectExpr("*", f"count(*) OVER (PARTITION BY {keys}) AS rosace_count")
    checked = (
        f"CASE WHEN rosace_count > 1 THEN CAST(raise_error({said}) AS {first['type']}) ELSE {quote(first['name'])} END"
    )
    return counted.selectExpr(
        *(f"{checked} AS {quote(name)}" if name == first["name"] else quote(name) for name in columns)
    )


def same_partitions(session: Any, table: dict[str, Any]) -> None:
    """Refuses where the table is partitioned otherwise than declared: one that was made before would lose more."""
    found = partitions_of(session, table["name"])
    wanted = [[function, column, argument] for function, column, argument in table["fields"]]
    if found != wanted:
        raise Refused(
            f"{table['name']} was made with other partitions ({_told(found)}) than are declared now ({_told(wanted)}): "
            "INSERT OVERWRITE would replace others than it says. Write to a new table, or change this one's partitions "
            "by hand (ALTER TABLE ... REPLACE PARTITION FIELD)"
        )


def partitions_of(session: Any, name: str) -> list[list[Any]]:
    """The partition fields of a table as it is: function, column, argument."""
    util = session.sparkContext._jvm.org.apache.iceberg.spark.Spark3Util
    table = util.loadIcebergTable(session._jsparkSession, name)
    found: list[list[Any]] = []
    for field in table.spec().fields():
        function, _, rest = str(field.transform()).partition("[")
        column = str(table.schema().findColumnName(field.sourceId()))
        found.append([function, column, int(rest.rstrip("]")) if rest else None])
    return found


def _told(fields: list[list[Any]]) -> str:
    told = (column if function == "identity" else f"{function}({column})" for function, column, _ in fields)
    return ", ".join(told) or "none"
