"""Groups of a SELECT: over windows, which close once, or over all that ever comes.

Comes in: a SELECT and its sources. Goes out: `Grouping`. Must not: look outside of the SELECT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp

from rosace.engines.flink.changelog_marks import WINDOWS, Scope, both_ends, called

_AGGREGATES = frozenset(
    {"COLLECT", "LISTAGG", "STRING_AGG", "JSON_ARRAYAGG", "JSON_OBJECTAGG", "GROUP_ID", "GROUPING", "PERCENTILE"}
)
"""Flink's aggregate functions that sqlglot does not know as such (Flink 2.1, "System (Built-in) Functions")."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """`windowed`: each group is given once, when its window closes. `keys` are the columns that it groups by; `unique`
    the output columns that no two groups have alike, where that is known."""

    windowed: bool
    keys: frozenset[str]
    unique: frozenset[str] = frozenset()


def grouping(node: exp.Select, scope: Scope) -> Grouping | None:
    """How a SELECT groups; None where it gives its rows one by one."""
    group = node.args.get("group")
    if group is None:
        return Grouping(False, frozenset()) if node.args.get("having") or aggregate(node) is not None else None
    plain, sets = _parts(group)
    keys = frozenset(one.name for one in plain if isinstance(one, exp.Column))
    called_windows = [one for one in plain if called(one) in WINDOWS]
    if called_windows:
        return Grouping(True, keys, _unique(node, plain))
    every = [[*plain, *one] for one in sets] or [plain]
    windowed = all(_closes(columns, scope) for columns in every)
    return Grouping(windowed, keys, _unique(node, plain) if windowed and not sets else frozenset())


def _parts(group: exp.Expr) -> tuple[list[exp.Expr], list[list[exp.Expr]]]:
    """The expressions that every group has, and those of each grouping set besides."""
    plain: list[exp.Expr] = []
    sets: list[list[exp.Expr]] = []
    for part in group.iter_expressions():
        if isinstance(part, exp.GroupingSets):
            sets += [_listed(one) for one in part.expressions]
        elif isinstance(part, exp.Cube | exp.Rollup):
            sets.append([])
        else:
            plain.append(part.this if isinstance(part, exp.Paren) else part)
    return plain, sets


def _listed(part: exp.Expr) -> list[exp.Expr]:
    if isinstance(part, exp.Tuple):
        return list(part.expressions)
    return [part.this if isinstance(part, exp.Paren) else part]


def _closes(columns: list[exp.Expr], scope: Scope) -> bool:
    """Whether both ends of a window are among the columns, and what sessions are kept apart by."""
    spec = both_ends(scope.mark(one) for one in columns if isinstance(one, exp.Column))
    if spec is None:
        return False
    names = {one.name for one in columns if isinstance(one, exp.Column)}
    return {word for before, word in pairwise(spec.split()) if before == "by"} <= names


def _unique(node: exp.Select, keys: list[exp.Expr]) -> frozenset[str]:
    """The output columns that stand for all keys; none where one of them is not given."""
    found: set[str] = set()
    for key in keys:
        names = [item.alias_or_name for item in node.expressions if _stands_for(item, key)]
        if not names:
            return frozenset()
        found.add(names[0])
    return frozenset(found)


def _stands_for(item: exp.Expr, key: exp.Expr) -> bool:
    value = item.this if isinstance(item, exp.Alias) else item
    if isinstance(key, exp.Column):
        return isinstance(value, exp.Column) and value.name == key.name
    return called(value) in {f"{called(key)}_{end}" for end in ("START", "END", "ROWTIME")}


def aggregate(node: exp.Select) -> exp.Expr | None:
    """The first aggregate function of a SELECT itself; None where there is none."""
    items = (*node.expressions, node.args.get("having"), node.args.get("order"))
    return next((found for item in items for found in _functions(item)), None)


def _functions(item: exp.Expr | None) -> Iterator[exp.Expr]:
    waiting = [item]
    while waiting:
        one = waiting.pop(0)
        if one is None or isinstance(one, exp.Query | exp.Window):
            continue
        if isinstance(one, exp.AggFunc) or called(one) in _AGGREGATES:
            yield one
        waiting += list(one.iter_expressions())
