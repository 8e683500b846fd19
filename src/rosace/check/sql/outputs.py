"""The columns that a SELECT gives.

Comes in: the items of a SELECT and its scope. Goes out: columns in order, or None where they cannot be known.
Must not: report anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from sqlglot import exp

from rosace.check.sql.amounts import is_amount
from rosace.check.sql.exact import Around, exact, nullable
from rosace.check.sql.extent import extent
from rosace.check.sql.fields import field
from rosace.check.sql.relation import Column, Relation
from rosace.check.sql.scope import Clause, Lost, Scope
from rosace.check.sql.shapes import Shape, shape

_MANY = frozenset({"EXPLODE", "EXPLODE_OUTER", "POSEXPLODE", "POSEXPLODE_OUTER", "INLINE", "INLINE_OUTER", "STACK"})
"""Functions that give several columns or rows from one item of SELECT (Spark's generators)."""


def outputs(items: Iterable[exp.Expr], scope: Scope) -> tuple[Column, ...] | None:
    """The columns of the items of a SELECT, each with the place that says it."""
    columns: list[Column] = []
    for item in items:
        given = _star(item, scope) if item.is_star else _one(item, scope)
        if given is None:
            return None
        place = extent(item)
        columns.extend(replace(column, place=place) for column in given)
    return tuple(columns)


def renamed(relation: Relation, alias: exp.Expr | None) -> Relation:
    """A relation under an alias that may name its columns: `AS t (a, b)`."""
    listed = [column.name for column in alias.args.get("columns") or ()] if isinstance(alias, exp.TableAlias) else []
    if not listed:
        return relation
    if relation.columns is None:
        return Relation(tuple(Column(name) for name in listed))
    if len(listed) > len(relation.columns):
        return Relation(None)
    kept = relation.columns[len(listed) :]
    first = (replace(column, name=name) for column, name in zip(relation.columns, listed, strict=False))
    return Relation((*first, *kept))


def _star(item: exp.Expr, scope: Scope) -> tuple[Column, ...] | None:
    star = item if isinstance(item, exp.Star) else item.this
    if isinstance(item, exp.Column):
        relation = scope.sources.get(scope.fold(item.table))
        columns = relation.columns if relation and not item.args.get("db") else None
    elif isinstance(item, exp.Star):
        columns = scope.everything()
    else:
        return None
    if columns is None or not isinstance(star, exp.Star) or star.args.get("rename") or star.args.get("ilike"):
        return None
    columns = [_settled(column, scope) for column in columns]
    left_out = {scope.fold(name.name) for name in star.args.get("except_") or ()}
    replaced = {scope.fold(given.alias): given for given in star.args.get("replace") or ()}
    kept = [column for column in columns if not column.name or scope.fold(column.name) not in left_out]
    return tuple(
        Column(column.name) if column.name and scope.fold(column.name) in replaced else column for column in kept
    )


def _one(item: exp.Expr, scope: Scope) -> tuple[Column, ...] | None:
    value = item.this if isinstance(item, exp.Alias) else item
    if isinstance(item, exp.Aliases) or _gives_many(value):
        return None
    name = item.alias_or_name if isinstance(item, exp.Alias | exp.Column) else None
    if isinstance(item, exp.Dot):
        name = item.expression.name
    if isinstance(value, exp.Column):
        found = _look_up(value, scope)
        return (replace(_settled(found, scope), name=name) if found else Column(name),)
    while isinstance(value, exp.Paren):
        value = value.this
    if answer := scope.value(value):
        # Of no row it is null.
        return (replace(answer, name=name, event_time=None, nullable=answer.nullable or None),)
    columns = partial(_look_up, scope=scope)
    around = Around(columns, scope.grouped, scope.settled, scope.habits.decimals, value=scope.value)
    return (
        Column(
            name,
            shape_in(value, scope),
            event_time=None if _may_carry_time(value) else False,
            type=exact(value, around),
            nullable=nullable(value, around),
            computed=_computed(value, scope),
        ),
    )


def _computed(value: exp.Expr, scope: Scope) -> bool:
    """Whether an expression is arithmetic, a sum, a count, or made of such columns; a CAST says what it is to be."""
    if isinstance(value, exp.Cast):
        return False
    columns = (_look_up(column, scope) for column in value.find_all(exp.Column))
    counted = any(is_amount(one) or isinstance(one, exp.Count) for one in value.walk())
    return counted or any(found.computed for found in columns if found)


def _settled(column: Column, scope: Scope) -> Column:
    """A column of which a condition may have dropped the nulls."""
    asked = column.nullable and column.name is not None and column.name.casefold() in scope.settled
    return replace(column, nullable=None) if asked else column


def _gives_many(value: exp.Expr) -> bool:
    if isinstance(value, exp.UDTF | exp.Explode | exp.Posexplode | exp.Inline | exp.Unnest):
        return True
    return isinstance(value, exp.Anonymous) and value.name.upper() in _MANY | {"JSON_TUPLE"}


def _may_carry_time(value: exp.Expr) -> bool:
    """Flink's own functions hand a time attribute on (`TUMBLE_ROWTIME`, `PROCTIME`); its casts do not."""
    return isinstance(value, exp.Anonymous | exp.Window | exp.Paren)


def shape_in(value: exp.Expr, scope: Scope) -> Shape:
    """The shape of an expression in a scope."""

    def of(column: exp.Column) -> Shape:
        found = _look_up(column, scope)
        return found.shape if found else Shape.UNKNOWN

    return shape(value, of)


def _look_up(node: exp.Column, scope: Scope) -> Column | None:
    if node.table and (inner := field(node, scope)):
        return inner
    if node.args.get("db"):
        return None
    found = scope.qualified(node.table, node.name) if node.table else scope.bare(node.name, Clause.OTHER)
    return None if isinstance(found, Lost) else found
