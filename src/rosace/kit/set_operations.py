"""A row of UNIONs and the like, which leans to the left in sqlglot's tree: it is walked, not descended into.

Comes in: a set operation. Goes out: its queries in the order of the text. Must not: be imported before there is SQL to
read (sqlglot is heavy).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp


def first_of(node: exp.SetOperation) -> exp.Expr:
    """The query that the row begins with."""
    return _row(node)[-1].this


def added_to(node: exp.SetOperation) -> Iterator[tuple[exp.SetOperation, exp.Expr]]:
    """Each further query of the row with the operation that adds it to what stands before."""
    for one in reversed(_row(node)):
        yield one, one.expression


def _row(node: exp.SetOperation) -> list[exp.SetOperation]:
    row = [node]
    while isinstance(left := row[-1].this, exp.SetOperation) and not left.args.get("with_"):
        row.append(left)
    return row
