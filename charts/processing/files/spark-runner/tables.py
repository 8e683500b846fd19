"""How rows get into a table: added, or in place of all, of the partitions that they are in, or of one partition."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from .faults import Refused
from .rows import quote


class Write(Enum):
    """`ADD` keeps what is there. `ALL` replaces the whole table, also by nothing. `PARTITIONS` replaces those that the
    rows are in and leaves the others; `PARTITION` the named one, also by nothing."""

    ADD = auto()
    ALL = auto()
    PARTITIONS = auto()
    PARTITION = auto()


def write(session: Any, rows: Any, table: dict[str, Any], how: Write, named: dict[str, str]) -> None:
    """One commit. `named` are the columns of `PARTITION` with their values in SQL."""
    from pyspark.sql import functions  # pyright: ignore[reportMissingImports]

    writer = rows.writeTo(table["name"])
    if how is Write.ADD:
        writer.append()
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
