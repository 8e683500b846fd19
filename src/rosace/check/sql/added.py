"""Columns that functions and clauses add to those that a table has.

Comes in: nodes of sqlglot's tree. Goes out: columns. Must not: look anything up.
"""

from __future__ import annotations

from sqlglot import exp

from rosace.check.sql.relation import Column, Relation
from rosace.check.sql.shapes import Shape
from rosace.model.columns import ColumnType, Kind

WINDOWS = frozenset({"TUMBLE", "HOP", "CUMULATE", "SESSION"})
_MILLISECONDS = ColumnType(Kind.TIMESTAMP, precision=3)
WINDOW_COLUMNS = (
    Column("window_start", Shape.TIMESTAMP, event_time=False, type=_MILLISECONDS, nullable=False),
    Column("window_end", Shape.TIMESTAMP, event_time=False, type=_MILLISECONDS, nullable=False),
    Column("window_time", Shape.TIMESTAMP, event_time=True, type=_MILLISECONDS, nullable=False),
)


_ADDED = frozenset({"WINDOW", "SESSION_WINDOW"})
"""Functions that, in GROUP BY, add a column of their own name (Spark 4.1, TimeWindowing and SessionWindowing)."""


def calls(node: exp.Expr) -> bool:
    """Whether what stands in FROM is a function with a long name, and no table with one."""
    return isinstance(node, exp.Dot) and node.find(exp.Func) is not None


def added(group: exp.Expr | None) -> dict[str, Column]:
    """The columns that a group window gives, by case-folded name, where a GROUP BY calls one."""
    named = (call.name.upper() for call in group.find_all(exp.Anonymous)) if group else ()
    return {name.casefold(): Column(name.casefold()) for name in named if name in _ADDED}


def counted(node: exp.Expr, relation: Relation) -> Relation:
    """A source with the column that WITH ORDINALITY adds to it."""
    offset = node.args.get("offset") if isinstance(node, exp.Unnest) else None
    if not isinstance(offset, exp.Identifier) or relation.columns is None:
        return relation
    return Relation((*relation.columns, Column(offset.name)))
