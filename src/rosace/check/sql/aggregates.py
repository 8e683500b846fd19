"""Aggregates where they may stand, and beside them only what is grouped.

Comes in: a SELECT and its scope. Goes out: problems by offset. Must not: doubt a function that is not surely an
aggregate, or a column that is not surely one of this SELECT's own.

Judged by: Flink 2.1.3, Spark 4.1.1 and Trino 476, which refuse each of these alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from rosace.check.sql.dialects import Language
from rosace.check.sql.extent import extent
from rosace.check.sql.functions import NAME
from rosace.check.sql.relation import Problem
from rosace.check.sql.scope import Lost, Scope
from rosace.contract.decimals import whole

_RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead)
"""Functions that mean nothing without OVER."""
_GROUP_WINDOWS = ("TUMBLE_", "HOP_", "SESSION_")
"""Functions of Flink that tell of the window that GROUP BY names, whose argument is no column of the group."""


def misplaced(node: exp.Select, scope: Scope, language: Language) -> list[Problem]:
    """What is wrong with the aggregates of one SELECT, without those of the queries in it."""
    return list(_Aggregates(language, scope).problems(node))


@dataclass(slots=True)
class _Aggregates:
    language: Language
    scope: Scope
    grouped: set[object] = field(default_factory=set[object])
    said: set[str] = field(default_factory=set[str])

    def problems(self, node: exp.Select) -> Iterator[Problem]:
        group = node.args.get("group")
        placed = (("where", "WHERE"), ("group", "GROUP BY"))
        for key, clause in placed:
            if isinstance(part := node.args.get(key), exp.Expr):
                yield from self._none_in(part, clause)
        for join in node.args.get("joins") or ():
            if isinstance(part := join.args.get("on"), exp.Expr):
                yield from self._none_in(part, "ON")
        parts = [*node.expressions, *(node.args[key] for key in ("having", "order") if node.args.get(key))]
        inside = [self._nested(part) for part in parts]
        for found in inside:
            yield from found
        if any(inside) or any(node.args.get(key) for key in ("match", "pivots", "kind", "laterals", "qualify")):
            return
        if isinstance(group, exp.Group) or any(map(self._aggregates, parts)):
            yield from self._ungrouped(node, group, parts)

    def _none_in(self, part: exp.Expr, clause: str) -> Iterator[Problem]:
        for one, over in _calls(part):
            if over and clause != "GROUP BY":
                yield _told(
                    one,
                    f"a window function stands in {clause}",
                    "put it into a query around: WITH, or FROM (SELECT ...)",
                )
            elif not over and self._is_aggregate(one):
                hint = (
                    "conditions on aggregates stand in HAVING" if clause == "WHERE" else "compute it in a query before"
                )
                yield _told(one, f"an aggregate stands in {clause}", hint)

    def _nested(self, part: exp.Expr) -> list[Problem]:
        """Aggregates in aggregates, and functions that lack their window."""
        out: list[Problem] = []
        for one, over in _calls(part):
            if over:
                continue
            if isinstance(one, _RANKS):
                out.append(_told(one, f"`{_name(one)}` needs its window", "write OVER (ORDER BY ...) behind it"))
            elif self._is_aggregate(one):
                inner = (two for child in one.iter_expressions() for two, _ in _calls(child))
                if any(self._is_aggregate(two) for two in inner):
                    out.append(
                        _told(one, "an aggregate stands in an aggregate", "compute the inner one in a query before")
                    )
        return out

    def _aggregates(self, part: exp.Expr) -> bool:
        return any(not over and self._is_aggregate(one) for one, over in _calls(part))

    def _is_aggregate(self, node: exp.Expr) -> bool:
        listed = self.language.functions.listed
        name = _name(node).upper()
        if name in listed and listed[name].kind:
            return listed[name].kind == "aggregate" and not isinstance(node, _RANKS)
        return isinstance(node, exp.AggFunc) and not isinstance(node, _RANKS)

    def _maybe_aggregate(self, node: exp.Expr) -> bool:
        """Whether it is called like a function that nothing is known of."""
        listed, name = self.language.functions.listed, _name(node).upper()
        return isinstance(node, exp.Anonymous) and (name not in listed or not listed[name].kind)

    def _ungrouped(self, node: exp.Select, group: object, parts: list[exp.Expr]) -> Iterator[Problem]:
        if isinstance(group, exp.Group):
            if group.args.get("all") or group.args.get("totals"):
                return
            given = {self.scope.fold(one.alias): one.this for one in node.expressions if isinstance(one, exp.Alias)}
            for one in _group_parts(group):
                meant = _by_position(one, node)
                if isinstance(meant, exp.Column) and not meant.table and self.scope.fold(meant.name) in given:
                    self.grouped.add(self._key(given[self.scope.fold(meant.name)]))
                self.grouped.add(self._key(meant.this if isinstance(meant, exp.Alias) else meant))
        for part in parts:
            yield from self._columns(part, ordered=isinstance(part, exp.Order))

    def _columns(self, part: exp.Expr, *, ordered: bool) -> Iterator[Problem]:
        waiting = [part]
        while waiting:
            one = waiting.pop()
            if isinstance(one, exp.Query | exp.DataType | exp.Var) or self._key(one) in self.grouped:
                continue
            if self._is_aggregate(one) and not isinstance(one.parent, exp.Window):
                continue
            if isinstance(one, exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls):
                inner = one.this
                while isinstance(inner, exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls):
                    inner = inner.this
                if self._is_aggregate(inner) or self._maybe_aggregate(inner):
                    continue
            if self._maybe_aggregate(one) or _name(one).upper().startswith(_GROUP_WINDOWS):
                continue
            if isinstance(one, exp.Column):
                if self._is_own(one, ordered=ordered) and (problem := self._lonely(one)):
                    yield problem
                continue
            waiting.extend(reversed(list(one.iter_expressions())))

    def _is_own(self, column: exp.Column, *, ordered: bool) -> bool:
        """Whether a column is surely one of this SELECT's own sources."""
        scope, name = self.scope, self.scope.fold(column.name)
        if isinstance(column.this, exp.Star) or column.args.get("db") or name in scope.hidden:
            return False
        if column.table:
            relation = scope.sources.get(scope.fold(column.table))
            return relation is not None and relation.find(column.name, exact=scope.habits.case_sensitive) is not None
        if name in scope.aliases or (ordered and name in scope.given):
            return False
        found = scope.own(column.name)
        return found is not None and not isinstance(found, Lost) and found.name is not None

    def _lonely(self, column: exp.Column) -> Problem | None:
        place = extent(column)
        name = column.name
        if place is None or name in self.said:
            return None
        self.said.add(name)
        hints = (f"add `{name}` to GROUP BY, or take one value of it: MIN({name})",)
        message = f"`{name}` is neither grouped nor aggregated"
        return Problem("not-grouped", message, *place, hints=hints)

    def _key(self, node: exp.Expr) -> object:
        """What two expressions have in common that say the same: a column counts by its name alone."""
        if isinstance(node, exp.Paren):
            return self._key(node.this)
        if isinstance(node, exp.Column):
            return self.scope.fold(node.name)
        if isinstance(node, exp.Func | exp.Binary | exp.Unary | exp.Bracket | exp.Dot | exp.Case | exp.Cast):
            return tuple(
                (
                    type(one),
                    self.scope.fold(one.name) if isinstance(one, exp.Identifier | exp.Literal | exp.Var) else "",
                )
                for one in node.walk(bfs=False)
                if not (isinstance(one, exp.Identifier) and one.arg_key == "table")
            )
        return id(node)


def _calls(part: exp.Expr) -> Iterator[tuple[exp.Expr, bool]]:
    """The functions in an expression, each with whether it stands before OVER; not those of queries in it."""
    for one in part.walk(prune=lambda node: isinstance(node, exp.Query)):
        if isinstance(one, exp.Func) and not isinstance(one, exp.Connector):
            yield one, _is_windowed(one)


def _is_windowed(node: exp.Expr) -> bool:
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls) and parent.this is node:
        node, parent = parent, parent.parent
    return isinstance(parent, exp.Window) and parent.this is node


def _group_parts(group: exp.Group) -> Iterator[exp.Expr]:
    """What is grouped by, sets of columns taken apart."""
    waiting: list[exp.Expr] = list(group.iter_expressions())
    while waiting:
        one = waiting.pop()
        if isinstance(one, exp.Tuple | exp.Cube | exp.Rollup | exp.GroupingSets):
            waiting.extend(one.iter_expressions())
        elif isinstance(one, exp.Paren):
            waiting.append(one.this)
        else:
            yield one


def _by_position(part: exp.Expr, node: exp.Select) -> exp.Expr:
    """What GROUP BY 2 means: the second column; anything else means itself."""
    number = whole(part.name) if isinstance(part, exp.Literal) and not part.is_string and part.name.isdigit() else 0
    return node.expressions[number - 1] if 0 < number <= len(node.expressions) else part


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name
    return str(node.meta.get(NAME) or (node.sql_name() if isinstance(node, exp.Func) else ""))


def _told(node: exp.Expr, message: str, hint: str) -> Problem:
    start, end = node.meta.get("start"), node.meta.get("end")
    place = (start, end + 1) if start is not None and end is not None else extent(node) or (0, 0)
    return Problem("aggregate-place", message, *place, hints=(hint,))
