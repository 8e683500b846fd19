"""Fields of rows that columns hold: `buyer.home.city`, `b.buyer.name`, `lines[1].sku`.

Comes in: an expression and its scope. Goes out: what the field is, or that there is none so named. Must not: guess.
Only a row's fields are looked for: Spark takes `lines.sku` of an array of rows, and `tags.a` of a map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from rosace.check.sql.extent import identifiers
from rosace.check.sql.relation import Column, Problem
from rosace.check.sql.scope import Clause, Lost, Scope
from rosace.check.sql.shapes import shape_of_kind
from rosace.model.columns import ColumnType, Kind
from rosace.source.suggest import closest

Typed = Callable[[exp.Expr], ColumnType | None]


def field(node: exp.Column, scope: Scope) -> Column | None:
    """The field that a name with dots means; None where it is no field of a known row."""
    found = _walk(node, scope)
    return None if found is None or found[1] < len(node.parts) else found[0]


def missing(node: exp.Column, scope: Scope) -> list[Problem]:
    """A row has no field of that name."""
    found = _walk(node, scope)
    if found is None or found[1] == len(node.parts):
        return []
    column, at = found
    if column.type is None or column.type.kind is not Kind.ROW:
        return []
    name, row = node.parts[at].name, ".".join(part.name for part in node.parts[:at])
    names = [one.name for one in column.type.fields]
    near = closest(name, names)
    hints = (f"did you mean `{near}`?",) if near else (f"it has {', '.join(f'`{one}`' for one in names)}",)
    place = identifiers(node.parts[at : at + 1])
    return [Problem("unknown-column", f"`{name}` is no field of `{row}`", *place, "no such field", hints)]


def of_dot(node: exp.Dot, typed: Typed) -> ColumnType | None:
    """The type of `(...).name`."""
    of = typed(node.this)
    if of is None or of.kind is not Kind.ROW or not isinstance(node.expression, exp.Identifier):
        return None
    wanted = node.expression.name.casefold()
    return next((one.type for one in of.fields if one.name.casefold() == wanted), None)


def of_bracket(node: exp.Bracket, typed: Typed) -> ColumnType | None:
    """The type of an element: `lines[1]`, `tags['a']`."""
    of = typed(node.this)
    if of is None or of.kind not in (Kind.ARRAY, Kind.MAP) or len(node.expressions) != 1:
        return None
    # There may be no such element.
    return None if isinstance(node.expressions[0], exp.Slice) else replace(of.element, required=False)


def _walk(node: exp.Column, scope: Scope) -> tuple[Column, int] | None:
    """What the first parts of a name mean, and how many these are."""
    names = [part.name for part in node.parts]
    if len(names) < 2:
        return None
    qualified = scope.fold(names[0]) in scope.sources
    found = scope.qualified(names[0], names[1]) if qualified else scope.bare(names[0], Clause.OTHER)
    if isinstance(found, Lost) or found.type is None:
        return None
    at = 2 if qualified else 1
    while at < len(names) and found.type is not None and found.type.kind is Kind.ROW:
        inner = next((one for one in found.type.fields if scope.fold(one.name) == scope.fold(names[at])), None)
        if inner is None:
            break
        asked = any(part.casefold() in scope.settled for part in names[: at + 1])
        nullable = None if inner.type.required or asked else True
        found = Column(inner.name, shape_of_kind(inner.type.kind), event_time=False, type=inner.type, nullable=nullable)
        at += 1
    return found, at
