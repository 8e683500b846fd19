"""A query walked once: every name resolved, every column looked up, the columns that it gives.

Comes in: sqlglot's tree, `Names`, the views said before. Goes out: a `Relation`; uses, windows and problems go to
`Findings`. Must not: change the tree, or report what a construct unknown here may make legal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from rosace.check.sql import complaints, fields, meetings, widths
from rosace.check.sql.added import WINDOW_COLUMNS, WINDOWS, added, calls, counted
from rosace.check.sql.aggregates import misplaced
from rosace.check.sql.dialects import Language
from rosace.check.sql.exact import asked, common
from rosace.check.sql.extent import extent, identifiers
from rosace.check.sql.functions import wrong_call
from rosace.check.sql.outputs import outputs, renamed
from rosace.check.sql.relation import OPAQUE, Column, Findings, Names, Problem, Relation, Use, Windowing
from rosace.check.sql.scope import MOST_GIVEN, Clause, Lost, Scope
from rosace.check.sql.shapes import Shape
from rosace.check.sql.words import is_word_of_engines, unit_of
from rosace.kit.set_operations import added_to, first_of

MOST_PROBLEMS = 100
"""Told of one text; behind them nobody reads."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a query: common table expressions by folded name, and the SELECT it stands in."""

    ctes: Mapping[str, Relation]
    scope: Scope | None = None


class Reader:
    """Reads the queries of one text, in order; `views` grows as statements define them."""

    def __init__(self, language: Language, names: Names) -> None:
        self.language = language
        self.names = names
        self.views: dict[str, Relation] = {}
        self.found, self.columns = Findings(), 0

    def fold(self, name: str) -> str:
        """A name as the engine compares it."""
        return name if self.language.habits.case_sensitive else name.casefold()

    def read(self, tree: exp.Expr) -> Relation:
        """The relation that a whole query gives."""
        return self._query(tree, _Around({}))

    def name(self, tables: Iterable[tuple[tuple[str, ...], int, int]]) -> None:
        """Takes note of the names, each at its place, that lead to a topic, a table or a view."""
        for parts, start, end in tables:
            folded = self.fold(parts[0])
            if len(parts) == 1 and folded in self.views:
                self.found.views_used.add(folded)
                continue
            found = self.names.find(parts, exact=self.language.habits.case_sensitive)
            if found and found.ref:
                self.found.uses.append(Use(found.ref, start, end))

    def _query(self, node: exp.Expr, around: _Around) -> Relation:
        around = self._with(node, around)
        match node:
            case exp.Select():
                return self._select(node, around)
            case exp.SetOperation():
                return self._set_operation(node, around)
            case exp.Subquery():
                inner = self._query(node.this, around)
                scope = Scope(self.language.habits, around.scope)
                scope.add(node.alias, inner)
                self._clauses(node, scope, around)
                return inner
            case exp.Table():
                return self._table(node, around)
            case exp.Values():
                scope = Scope(self.language.habits, around.scope)
                self._told(widths.rows(node))
                self._expressions(node.expressions, scope, around, Clause.OTHER)
                return renamed(OPAQUE, node.args.get("alias"))
            case _:
                scope = Scope(self.language.habits, around.scope)
                scope.add("", OPAQUE)
                for child in node.iter_expressions():
                    self._walk(child, scope, around, Clause.OTHER)
                return OPAQUE

    def _with(self, node: exp.Expr, around: _Around) -> _Around:
        listed = node.args.get("with_")
        if not isinstance(listed, exp.With):
            return around
        ctes = dict(around.ctes)
        for cte in listed.expressions:
            if not isinstance(cte, exp.CTE):
                continue
            if listed.args.get("recursive"):
                ctes[self.fold(cte.alias)] = OPAQUE
            relation = self._query(cte.this, _Around(ctes, around.scope))
            self._told(widths.named(relation, cte.args.get("alias"), Scope(self.language.habits)))
            ctes[self.fold(cte.alias)] = replace(renamed(relation, cte.args.get("alias")), ref=None)
        return _Around(ctes, around.scope)

    def _set_operation(self, node: exp.SetOperation, around: _Around) -> Relation:
        given = self._query(first_of(node), around)
        for one, query in added_to(node):
            given = self._united(one, given, self._query(query, around))
        self._order_of_set(node, given, around)
        return given

    def _united(self, node: exp.SetOperation, left: Relation, right: Relation) -> Relation:
        if node.args.get("by_name") or left.columns is None or right.columns is None:
            return OPAQUE
        self._told(meetings.united(node, left, right, self.language.habits))
        sides = zip(left.columns, right.columns, strict=False)
        columns = tuple(
            replace(
                one,
                shape=one.shape if one.shape == other.shape else Shape.UNKNOWN,
                event_time=None,
                type=common((one.type, other.type)),
                nullable=True if one.nullable or other.nullable else None,
            )
            for one, other in sides
        )
        return Relation(columns) if len(left.columns) == len(right.columns) else OPAQUE

    def _order_of_set(self, node: exp.SetOperation, given: Relation, around: _Around) -> None:
        """What the rows of a set operation are ordered by: its columns."""
        if isinstance(order := node.args.get("order"), exp.Expr):
            scope = Scope(self.language.habits, around.scope)
            scope.add("", given)
            self._walk(order, scope, around, Clause.ORDER)

    def _select(self, node: exp.Select, around: _Around) -> Relation:
        scope = Scope(self.language.habits, around.scope)
        from_ = node.args.get("from_")
        if isinstance(from_, exp.From):
            self._source(from_.this, scope, around)
        self._joins(node, scope, around)
        for lateral in node.args.get("laterals") or ():
            self._source(lateral, scope, around)
        match = node.args.get("match")
        if isinstance(match, exp.MatchRecognize):
            # Only what it measures is seen outside of it, under its own name.
            scope.only({})
            scope.add(match.alias, OPAQUE)
        scope.hidden.update(added(node.args.get("group")))
        scope.grouped = isinstance(node.args.get("group"), exp.Group)
        scope.settled = asked(node)
        for item in node.expressions:
            self._walk(item, scope, around, Clause.SELECT)
            # An alias is seen by what follows it, not by its own expression.
            if isinstance(item, exp.Alias) and (given := outputs([item], scope)):
                scope.aliases[scope.fold(item.alias)] = given[0]
        given = outputs(node.expressions, scope)
        scope.given.update({scope.fold(one.name): one for one in reversed(given or ()) if one.name})
        self._clauses(node, scope, around)
        self._told(misplaced(node, scope, self.language))
        self._told(meetings.conditions(node, scope))
        self._told(meetings.positions(node, given))
        self.columns += len(given or ())
        unsure = self.columns > MOST_GIVEN or any(node.args.get(word) for word in ("pivots", "kind", "match"))
        return OPAQUE if unsure else Relation(given)

    def _clauses(self, node: exp.Expr, scope: Scope, around: _Around) -> None:
        places = {
            "where": Clause.WHERE,
            "prewhere": Clause.WHERE,
            "group": Clause.GROUP,
            "having": Clause.GROUP,
            "order": Clause.ORDER,
            "sort": Clause.ORDER,
            "distribute": Clause.ORDER,
            "cluster": Clause.ORDER,
            "qualify": Clause.OTHER,
            "windows": Clause.OTHER,
            "limit": Clause.OTHER,
            "distinct": Clause.OTHER,
        }
        for key, clause in places.items():
            value = node.args.get(key)
            self._expressions(value if isinstance(value, list) else [value], scope, around, clause)

    def _joins(self, node: exp.Expr, scope: Scope, around: _Around) -> None:
        for join in node.args.get("joins") or ():
            semi = str(join.args.get("kind") or "").upper() in ("SEMI", "ANTI")
            # A copy for each of a thousand joins would be a million entries: it is made where it is looked at.
            left = dict(scope.sources) if semi or join.args.get("using") or join.args.get("side") else {}
            self._source(join.this, scope, around)
            scope.natural = scope.natural or str(join.args.get("method") or "").upper() == "NATURAL"
            for shared in join.args.get("using") or ():
                self._merge(shared.name, left, scope)
            scope.outer(str(join.args.get("side") or "").upper(), left)
            self._expressions([join.args.get("on")], scope, around, Clause.OTHER)
            if semi:
                # What stands right of a semi join is seen by its condition only.
                scope.only(left)

    def _merge(self, name: str, left: Mapping[str, Relation], scope: Scope) -> None:
        seen = (scope.column(relation, name) for relation in left.values())
        scope.merged[scope.fold(name)] = next((column for column in seen if column is not None), Column(name))

    def _source(self, node: exp.Expr, scope: Scope, around: _Around) -> None:
        alias = node.args.get("alias")
        name = node.alias_or_name if isinstance(node, exp.Table) else node.alias
        here = _Around(around.ctes, scope)
        match node:
            case exp.Table() if isinstance(node.this, exp.Func | exp.Anonymous) or calls(node.this):
                relation, name = self._function(node.this, scope, around), node.alias
            case exp.Table():
                relation = self._table(node, around)
                version = node.args.get("version")
                self._expressions([version.args.get("expression") if version else None], scope, around, Clause.OTHER)
            case exp.TableFromRows():
                relation = self._function(node.this, scope, around)
            case exp.Subquery() if isinstance(node.this, exp.Table | exp.Subquery) and not node.alias:
                # Parentheses around a join: what is inside is seen outside.
                self._source(node.this, scope, around)
                self._joins(node, scope, around)
                return
            case exp.Subquery():
                relation = self._query(node, around)
            case exp.Lateral():
                relation = self._lateral(node, scope, here)
            case _:
                self._walk(node, scope, around, Clause.OTHER)
                relation = OPAQUE
        if node.args.get("pivots"):
            relation = OPAQUE
        self._told(widths.named(widths.laid_out(node) or counted(node, relation), alias, scope))
        scope.add(name, counted(node, renamed(relation, alias)))
        self._joins(node, scope, around)

    def _lateral(self, node: exp.Lateral, scope: Scope, here: _Around) -> Relation:
        if isinstance(node.this, exp.Query):
            return self._query(node.this, here)
        self._walk(node.this, scope, here, Clause.OTHER)
        return OPAQUE

    def _function(self, call: exp.Expr, scope: Scope, around: _Around) -> Relation:
        """A table function: windows add their columns to those of their table, of others nothing is known."""
        if not (isinstance(call, exp.Anonymous) and call.name.upper() in WINDOWS):
            self._walk(call, scope, around, Clause.OTHER)
            return OPAQUE
        table = call.find(exp.Table)
        if table is None and (wrong := complaints.bare_table(call, self.names)):
            self.found.problems.append(wrong)
        described = next((one for one in call.find_all(exp.Anonymous) if one.name.upper() == "DESCRIPTOR"), None)
        if table is None:
            return OPAQUE
        relation = self._table(table, around)
        if described is not None and described.expressions:
            self._describe(call.name.upper(), table, relation, described.expressions[0])
        if relation.columns is None:
            return OPAQUE
        return Relation((*relation.columns, *WINDOW_COLUMNS), relation.ref)

    def _describe(self, function: str, table: exp.Table, relation: Relation, time: exp.Expr) -> None:
        start, end = extent(time) or (0, 0)
        scope = Scope(self.language.habits)
        scope.add(table.name, relation)
        found = scope.qualified(table.name, time.name)
        if isinstance(found, Lost):
            self.found.problems.append(complaints.lost(time.name, start, end, found, scope, self.names))
        else:
            over = ".".join(part.name for part in table.parts)
            self.found.windows.append(Windowing(function, over, relation, time.name, start, end))

    def _table(self, node: exp.Table, around: _Around) -> Relation:
        parts = tuple(part.name for part in node.parts)
        if not parts or not all(isinstance(part, exp.Identifier) for part in node.parts):
            return OPAQUE
        if len(parts) == 1:
            folded = self.fold(parts[0])
            if (relation := around.ctes.get(folded)) is not None:
                return relation
            if (relation := self.views.get(folded)) is not None:
                self.found.views_used.add(folded)
                return relation
            # Quoted as a whole, `lake.departures` means the same.
            parts = tuple(parts[0].split(".", 1)) if parts[0].startswith("lake.") else parts
        start, end = identifiers(node.parts)
        found = self._relation(parts, node, start, end)
        if found is None:
            self._unknown_name(parts, start, end, around)
            return OPAQUE
        relation, use = found
        if use is not None:
            self.found.uses.append(use)
        return relation

    def _relation(
        self, parts: tuple[str, ...], node: exp.Table, start: int, end: int
    ) -> tuple[Relation, Use | None] | None:
        """What a name means, and the use that it makes of a topic or table."""
        exact = self.language.habits.case_sensitive
        if relation := self.names.find(parts, exact=exact):
            return relation, Use(relation.ref, start, end) if relation.ref else None
        mark, part = self.language.metadata_mark, ""
        if mark == ".":
            parts, part = parts[:-1], parts[-1]
            end = identifiers(node.parts[:-1])[1] if parts else end
        elif mark:
            name, mark, part = parts[-1].partition(mark)
            parts = (*parts[:-1], name)
        table = self.names.find(parts, exact=exact) if part.casefold() in self.language.metadata else None
        if table is None or table.ref is None or table.ref.kind != "table":
            return None
        return OPAQUE, Use(table.ref, start, end, "" if mark == "." else mark + part)

    def _unknown_name(self, parts: tuple[str, ...], start: int, end: int, around: _Around) -> None:
        if len(self.found.problems) >= MOST_PROBLEMS or self._elsewhere(parts):
            return
        others = [*self.views, *around.ctes]
        self.found.problems.append(complaints.unknown_name(parts, start, end, self.names, self.language, others))

    def _elsewhere(self, parts: tuple[str, ...]) -> bool:
        """Whether a name may lead to something of the engine's own, which it knows best."""
        if not self.names.foreign:
            return False
        catalogs, folded = self.language.catalogs, tuple(part.casefold() for part in parts)
        if folded[0] == "information_schema" or not catalogs:
            return len(parts) == (2 if catalogs or folded[0] == "information_schema" else 3)
        schemas = catalogs.get(folded[0], frozenset())
        tables = ("lake", folded[-1].partition("$")[0])
        return len(parts) == 3 and (
            folded[1] in schemas or (folded[:2] == ("lake", self.names.schema) and tables in self.names.relations)
        )

    def _expressions(self, nodes: Iterable[exp.Expr | None], scope: Scope, around: _Around, clause: Clause) -> None:
        for node in nodes:
            if isinstance(node, exp.Expr):
                self._walk(node, scope, around, clause)

    def _walk(self, node: exp.Expr, scope: Scope, around: _Around, clause: Clause) -> None:
        # A thousand ORs lean to the left: what is still to be seen is kept in a list, not in calls.
        waiting = [node]
        while waiting:
            one = waiting.pop()
            match one:
                case exp.Query():
                    given = scope.answer(one, self._query(one, _Around(around.ctes, scope)))
                    self._told(widths.subquery(one, given, scope))
                case exp.Table():
                    self._table(one, around)
                case exp.Column():
                    self._column(one, scope, clause)
                case exp.DataType() | exp.Hint() | exp.MatchRecognize() | exp.Var():
                    continue
                case exp.Anonymous() if one.name.upper() == "DESCRIPTOR":
                    continue
                case exp.Kwarg() | exp.PropertyEQ() | exp.Comprehension():  # `[x for x in a]`: `x` is its own name.
                    waiting.append(one.args.get("iterator") or one.expression)
                case _:
                    self._call(one)
                    self._told(meetings.compared(one, scope))
                    self._told(meetings.computed(one, scope))
                    self._told(widths.rows(one))
                    skipped = unit_of(one)
                    children = [child for child in one.iter_expressions() if child is not skipped]
                    waiting.extend(reversed(children))

    def _told(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.found.problems) < MOST_PROBLEMS:
                self.found.problems.append(problem)

    def _call(self, node: exp.Expr) -> None:
        if len(self.found.problems) < MOST_PROBLEMS and (wrong := wrong_call(node, self.language)):
            self.found.problems.append(wrong)

    def _column(self, node: exp.Column, scope: Scope, clause: Clause) -> None:
        if isinstance(node.this, exp.Star) or not node.name:
            if node.table and isinstance(lost := scope.qualified(node.table, ""), Lost) and lost.source:
                told = complaints.lost(node.table, *(extent(node) or (0, 0)), lost, scope, self.names)
                self.found.problems.append(told)
            return
        self.found.problems += fields.missing(node, scope)
        start, end = identifiers(node.parts)
        if node.args.get("db"):
            # In the engine the table has another full name; only its last part stays.
            if node.parts[0].name.casefold() == "lake" and scope.fold(node.table) in scope.sources:
                self.found.problems.append(complaints.long_column(node.table, node.name, start, end))
            return
        found = scope.qualified(node.table, node.name) if node.table else scope.bare(node.name, clause)
        if not isinstance(found, Lost) or node.name.startswith(("_", "$")):
            return
        if not node.table and is_word_of_engines(node.name):
            return
        if not found.source:
            start, end = identifiers(node.parts[-1:])
        if len(self.found.problems) < MOST_PROBLEMS:
            self.found.problems.append(complaints.lost(node.name, start, end, found, scope, self.names))
