"""How tables are partitioned, and whether a slice of time is made of whole partitions.

Comes in: a draft, a statement, a slice of its query. Goes out: yes or no. Must not: complain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.kit.lake import Partition, iceberg_partition
from rosace.model.checked import Ref

if TYPE_CHECKING:
    from sqlglot import exp

    from rosace.check.sql.reading import ReadStatement
    from rosace.check.sql.slices import Slice


def partitions(draft: Draft, target: Ref) -> list[Partition]:
    """How a table is partitioned, as far as that can be read."""
    found: list[Partition] = []
    for text in draft.platform.tables[target.name].partition if target.kind == "table" else ():
        try:
            found.append(iceberg_partition(text))
        except ValueError:
            continue
    return found


def kept(draft: Draft, target: Ref, read: ReadStatement, one: Slice) -> bool:
    """Whether a slice is made of whole partitions of the target: overwriting replaces it and nothing else.

    It is where the partition is the value that has to be equal, or a day, and the slice begins and ends with days.
    """
    columns = draft.columns(target)
    named = dict(read.statement.partition)
    listed = list(read.statement.columns) or [column for column in columns if column not in named]
    for part in partitions(draft, target):
        if part.column in listed and part.function in ("identity", "day"):
            name, item = _given(read, listed.index(part.column))
            same = (item is not None and item.sql() == one.side) or (name == one.column == one.side)
            if one.equal and same and (part.function == "identity" or one.daily):
                return True
            if (one.daily and same) or (one.daily and item is not None and _day_of(item, one.column)):
                return True
    return False


def _given(read: ReadStatement, at: int) -> tuple[str, exp.Expr | None]:
    """The name and the expression of the query's column at a position, as far as they are known."""
    from sqlglot import exp

    given = read.output.columns
    name = (given[at].name or "") if given is not None and at < len(given) else ""
    if not isinstance(read.tree, exp.Select) or any(item.is_star for item in read.tree.expressions):
        return name, None
    if at >= len(read.tree.expressions):
        return name, None
    item = read.tree.expressions[at]
    return name, item.this if isinstance(item, exp.Alias) else item


def _day_of(item: exp.Expr, column: str) -> bool:
    """Whether an expression is the day of a column."""
    from sqlglot import exp

    if {one.name for one in item.find_all(exp.Column)} != {column}:
        return False
    if isinstance(item, exp.Cast):
        return item.to.this == exp.DType.DATE
    if isinstance(item, exp.TsOrDsToDate | exp.Date):
        return True
    return isinstance(item, exp.DateTrunc | exp.TimestampTrunc) and str(item.args.get("unit")).upper() == "DAY"
