"""Which queries change rows that they gave before: what only takes new rows cannot take those.

Comes in: the statements of a job, parsed by `dialect`, in order. Goes out: for each query the parts by which it
updates; none where it only adds. Must not: complain, or call updating what Flink's planner does not.

Rules: Flink 2.1, FlinkChangelogModeInferenceProgram; each was held against the planner (tests/test_flink_planner.py).
On one the planner is wrong: it calls the first row by any order (`ROW_NUMBER() ... = 1`) insert-only, and the operator
then sends +U (measured, 2.1.3: rows (1, 'a', 5), (2, 'a', 3) ordered by the number give +I 1, +U 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from rosace.contract.changelog import Update
from rosace.engines.flink.changelog_groups import Grouping, aggregate, grouping
from rosace.engines.flink.changelog_joins import emptied, refused_nulls, waits
from rosace.engines.flink.changelog_marks import (
    PLAIN,
    WINDOWS,
    Cause,
    Mark,
    Scope,
    Stream,
    both_ends,
)
from rosace.engines.flink.changelog_places import Places
from rosace.engines.flink.changelog_values import Conditions, output
from rosace.kit.set_operations import added_to, first_of
from rosace.model.platform import Topic

_WINDOW = "group by a window too, whose rows are given once: `window_start, window_end` of TABLE(TUMBLE(...))"
_INSTEAD = {
    "GROUP BY": _WINDOW,
    "DISTINCT": "keep the first row of each instead: ROW_NUMBER() ordered by event time, `= 1`",
    "JOIN": "bound the time of both sides in its condition, so that a row's partner is waited for and no longer",
    "ROW_NUMBER": "rank within a window (PARTITION BY window_start, window_end), or keep the first by event time",
    "OVER": "order by the event time alone",
    "without GROUP BY": _WINDOW,
}
"""How to say nearly the same so that every row is given once."""


def _instead(word: str) -> str:
    return next((said for part, said in _INSTEAD.items() if part in word), "")


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a query: common table expressions, and the SELECT it stands in."""

    ctes: Mapping[str, Stream]
    scope: Scope | None = None


class Changelog:
    """Reads the statements of one job's text; views are known to those after them."""

    def __init__(self, text: str, topics: Mapping[str, Topic]) -> None:
        self._places = Places(text)
        self._topics = topics
        self._views: dict[str, Stream] = {}

    def view(self, name: str, tree: exp.Expr) -> None:
        """Learns what a view gives, for the statements after it."""
        self._views[name] = self._query(tree, _Around({}))

    def updates(self, tree: exp.Expr) -> tuple[Update, ...]:
        """What makes a whole query update, each once, in the order of the text."""
        stream = self._query(tree, _Around({}))
        used = {mark.over for mark in (stream.columns or {}).values() if mark.over}
        found = {Update(cause.word, cause.start, cause.end, _instead(cause.word)) for cause in (*stream.causes, *used)}
        return tuple(sorted(found, key=lambda update: (update.start, update.end)))

    def _query(self, node: exp.Expr, around: _Around) -> Stream:
        around = self._with(node, around)
        match node:
            case exp.Select():
                found = self._select(node, around)
            case exp.SetOperation():
                found = self._set_operation(node, around)
            case exp.Subquery():
                found = self._query(node.this, around)
            case exp.Table():
                found = self._table(node, around)
            case exp.Values():
                found = renamed(Stream(None, constant=True), node.args.get("alias"))
            case _:
                return Stream(None)
        if node.args.get("order") and node.args.get("limit"):
            found = replace(
                found, causes=(*found.causes, self._places.keyword("ORDER BY", node.args["order"], "LIMIT"))
            )
        return found

    def _with(self, node: exp.Expr, around: _Around) -> _Around:
        listed = node.args.get("with_")
        ctes = dict(around.ctes)
        for cte in listed.expressions if isinstance(listed, exp.With) else ():
            ctes[cte.alias] = renamed(self._query(cte.this, _Around(ctes, around.scope)), cte.args.get("alias"))
        return _Around(ctes, around.scope)

    def _set_operation(self, node: exp.SetOperation, around: _Around) -> Stream:
        given = self._query(first_of(node), around)
        for one, query in added_to(node):
            given = self._united(one, given, self._query(query, around))
        return given

    def _united(self, node: exp.SetOperation, left: Stream, right: Stream) -> Stream:
        causes, columns = (*left.causes, *right.causes), None
        if left.columns is not None and right.columns is not None:
            both = zip(left.columns.items(), right.columns.values(), strict=False)
            columns = {name: mark if mark == other else _either(mark, other) for (name, mark), other in both}
        if not (isinstance(node, exp.Union) and not node.args.get("distinct")):
            causes = (*causes, self._places.between(node))
        return Stream(columns, causes)

    def _select(self, node: exp.Select, around: _Around) -> Stream:
        scope = Scope(around.scope)
        from_ = node.args.get("from_")
        causes = self._source(from_.this, scope, around) if isinstance(from_, exp.From) else ()
        causes += self._joined(node, scope, around)
        if node.args.get("match"):
            return Stream(None, causes)
        asks = Conditions(self._places, scope, lambda query: self._query(query, _Around(around.ctes, scope)))
        causes = self._kept(causes, node.args.get("where"), scope) + asks.where(node.args.get("where"))
        groups = grouping(node, scope)
        if groups is not None:
            causes = () if groups.windowed else (*causes, *self._grouped(node, groups, scope))
        causes += asks.values(node, grouped=groups is not None)
        given = output(node, scope, self._places, groups)
        causes += asks.qualify(node.args.get("qualify"), given)
        if node.args.get("distinct") and not (groups or _distinct_already(given or {}, scope)):
            causes = (*causes, self._places.keyword("DISTINCT", node))
        constant = all(stream.constant for stream in scope.sources.values())
        unique = groups.unique if groups else frozenset[str]()
        return Stream(given, tuple(dict.fromkeys(causes)), unique, constant)

    def _grouped(self, node: exp.Select, groups: Grouping, scope: Scope) -> tuple[Cause, ...]:
        """GROUP BY without windows; nothing where each group is one row that is never given twice."""
        if any(one.unique and one.unique <= groups.keys for one in scope.sources.values()) and len(scope.sources) == 1:
            return ()
        group, call = node.args.get("group"), aggregate(node)
        if group is None and call is not None:
            return (self._places.of(f"{_sql_name(call)} without GROUP BY", call),)
        return (self._places.keyword("GROUP BY", group or node),)

    def _kept(self, causes: tuple[Cause, ...], where: exp.Expr | None, scope: Scope) -> tuple[Cause, ...]:
        """Without the outer joins whose empty rows the condition leaves out."""
        refused = refused_nulls(where, scope)
        return tuple(cause for cause in causes if cause not in refused)

    def _joined(self, node: exp.Expr, scope: Scope, around: _Around) -> tuple[Cause, ...]:
        causes: tuple[Cause, ...] = ()
        for join in node.args.get("joins") or ():
            causes += self._join(join, scope, around)
        return causes

    def _join(self, join: exp.Join, scope: Scope, around: _Around) -> tuple[Cause, ...]:
        right = Scope(scope)
        causes = self._source(join.this, right, around)
        timed = isinstance(join.this, exp.Table) and join.this.args.get("version") is not None
        side = str(join.args.get("side") or "").upper()
        sources = right.sources
        if timed or isinstance(join.this, exp.Unnest) or _calls(join.this):
            # A row is joined to what is valid at its time, or to what is made of it: it is not joined again.
            causes, side = (), ""
        if side and not waits(join, scope, Scope(sources=dict(sources))):
            cause = self._places.keyword(f"{side} JOIN", join.this)
            if side in ("LEFT", "FULL"):
                cause = cause._replace(side="right")
                causes = (*causes, cause)
                sources = {alias: emptied(stream, cause) for alias, stream in sources.items()}
            if side in ("RIGHT", "FULL"):
                cause = cause._replace(side="left")
                causes = (*causes, cause)
                scope.sources = {alias: emptied(stream, cause) for alias, stream in scope.sources.items()}
        scope.sources |= {alias if alias not in scope.sources else f"{alias} {len(scope.sources)}": stream
                          for alias, stream in sources.items()}  # fmt: skip
        asks = Conditions(self._places, scope, lambda query: self._query(query, _Around(around.ctes, scope)))
        return causes + asks.where(join.args.get("on"))

    def _source(self, node: exp.Expr, scope: Scope, around: _Around) -> tuple[Cause, ...]:
        """Takes a source of FROM into `scope`; gives what makes it update."""
        alias = node.args.get("alias")
        name = node.alias_or_name if isinstance(node, exp.Table) else node.alias
        match node:
            case exp.Table() if isinstance(node.this, exp.Func | exp.Anonymous):
                stream, name = self._function(node.this, around), node.alias
            case exp.Table():
                stream = self._table(node, around)
            case exp.TableFromRows():
                stream = self._function(node.this, around)
            case exp.Subquery() if isinstance(node.this, exp.Table | exp.Subquery) and not node.alias:
                return self._source(node.this, scope, around) + self._joined(node, scope, around)
            case exp.Lateral() if isinstance(node.this, exp.Query):
                stream = self._query(node.this, _Around(around.ctes, scope))
            case exp.Query() | exp.Values():
                stream = self._query(node, _Around(around.ctes, around.scope))
            case _:
                stream = Stream(None)
        stream = renamed(stream, alias)
        scope.sources[name or f" {len(scope.sources)}"] = stream
        return stream.causes + self._joined(node, scope, around)

    def _function(self, call: exp.Expr, around: _Around) -> Stream:
        """A windowing table function: its table's columns, and those of the window. Of others nothing is known."""
        table = call.find(exp.Table)
        if call.name.upper() not in WINDOWS or table is None:
            return Stream(None)
        stream = self._table(table, around)
        argument = table.parent
        keys = argument.args.get("partition_by") if argument is not None else ()
        spec = " ".join([call.name.upper(), *(one.sql() for one in call.find_all(exp.Interval)),
                         *sorted(f"by {key.name}" for key in keys or ())])  # fmt: skip
        if stream.columns is None:
            return stream
        added = {
            "window_start": Mark(window=("start", spec)),
            "window_end": Mark(window=("end", spec)),
            "window_time": Mark(time=True),
        }
        return Stream({**stream.columns, **added}, stream.causes, constant=stream.constant)

    def _table(self, node: exp.Table, around: _Around) -> Stream:
        parts = [part.name for part in node.parts]
        if len(parts) == 1:
            for known in (around.ctes, self._views):
                if (stream := known.get(parts[0])) is not None:
                    return stream
        topic = self._topics.get(parts[0]) if len(parts) == 1 else None
        if topic is None:
            # A table of the lake is read as it stands, once.
            return Stream(None)
        time = topic.event_time.column if topic.event_time else None
        marks = {name: Mark(time=True) if name == time else PLAIN for name in topic.columns}
        read = self._places.of(f"reading `{parts[0]}`, which is compacted", node)
        return Stream(marks, (read,) if topic.compact else ())


def _distinct_already(given: Mapping[str, Mark], scope: Scope) -> bool:
    """Whether DISTINCT changes nothing later: rows of closed windows, rows that are unique, rows that all are there."""
    streams = scope.sources.values()
    if all(stream.constant for stream in streams) or both_ends(iter(given.values())):
        return True
    return any(stream.unique and stream.unique <= set(given) for stream in streams)


def _calls(node: exp.Expr) -> bool:
    return isinstance(node, exp.Lateral) and not isinstance(node.this, exp.Query)


def _sql_name(call: exp.Expr) -> str:
    return call.sql_name() if isinstance(call, exp.AggFunc) else call.name


def _either(one: Mark, other: Mark) -> Mark:
    """What two inputs of a UNION have in common; what updates one of them updates the result."""
    return Mark(one.time and other.time, over=one.over or other.over)


def renamed(stream: Stream, alias: exp.Expr | None) -> Stream:
    """A stream under an alias that may name its columns: `AS t (a, b)`."""
    listed = [column.name for column in alias.args.get("columns") or ()] if isinstance(alias, exp.TableAlias) else []
    if not listed:
        return stream
    marks = list((stream.columns or {}).values())
    if len(marks) != len(listed):
        return Stream(dict.fromkeys(listed, PLAIN), stream.causes, constant=stream.constant)
    return Stream(dict(zip(listed, marks, strict=True)), stream.causes, constant=stream.constant)
