"""The sources that a SELECT can see, and how a column's name finds its way to one of them.

Comes in: relations by alias. Goes out: the column meant, or `Lost` with the reason. Must not: walk trees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from rosace.check.sql.dialects import Habits
from rosace.check.sql.relation import Column, Relation


class Clause(Enum):
    """Where in a SELECT an expression stands: it decides which aliases may be named."""

    SELECT = auto()
    WHERE = auto()
    GROUP = auto()
    ORDER = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Lost:
    """A name that leads nowhere: `source` (its qualifier) is not known, or `relation` has no such column."""

    source: str = ""
    relation: Relation | None = None
    ambiguous: tuple[str, ...] = ()
    alias: bool = False


MOST_COLUMNS = 10_000
"""Of more columns nothing is known: common table expressions with `*` double them each time."""

MOST_GIVEN = 30_000
"""Columns of all queries of one text together, of which anything is known: thousands of them may hand on thousands."""

UNSURE = Column(None)
"""The name may well lead somewhere; nothing is known about it."""


@dataclass(slots=True)
class Scope:
    """What one SELECT sees: its sources in order, the aliases it gives, and the query around it.

    `given` are all columns that it gives, which ORDER BY names first; `hidden` are columns that a clause adds (`window`
    of Spark's GROUP BY window(...)). `grouped` says whether there is a GROUP BY; `settled` are names in conditions:
    rows where such a column is null may have been dropped.
    """

    habits: Habits
    parent: Scope | None = None
    sources: dict[str, Relation] = field(default_factory=dict[str, Relation])
    merged: dict[str, Column] = field(default_factory=dict[str, Column])
    natural: bool = False
    aliases: dict[str, Column] = field(default_factory=dict[str, Column])
    given: dict[str, Column] = field(default_factory=dict[str, Column])
    hidden: dict[str, Column] = field(default_factory=dict[str, Column])
    nameless: int = 0
    grouped: bool = False
    settled: frozenset[str] = frozenset()
    _values: dict[int, Column] = field(default_factory=dict[int, Column], init=False)
    _index: dict[str, list[str]] = field(default_factory=dict[str, list[str]], init=False)
    _unsure: bool = field(default=False, init=False)
    _indexed: int = field(default=0, init=False)

    def answer(self, query: object, given: Relation) -> Relation:
        """Takes note of what a query gives that may stand for a value, and returns it."""
        if given.columns and len(given.columns) == 1:
            self._values[id(query)] = given.columns[0]
        return given

    def value(self, query: object) -> Column | None:
        """The column of a query that stands for a value, where it was read."""
        return self._values.get(id(query))

    def add(self, alias: str, relation: Relation) -> None:
        """Takes a source in; one without a name can still be looked into."""
        if not alias or self.fold(alias) in self.sources:
            self.nameless += 1
            alias = f"{alias} {self.nameless}"
        self.sources[self.fold(alias)] = relation

    def outer(self, side: str, left: Iterable[str]) -> None:
        """An outer join of `left` with the others gives nulls for the side (LEFT, RIGHT, FULL) that has no partner."""
        before = set(left)
        for alias, relation in self.sources.items():
            if relation.columns is not None and side in ("FULL", "RIGHT" if alias in before else "LEFT"):
                columns = tuple(replace(column, nullable=True) for column in relation.columns)
                self.sources[alias] = replace(relation, columns=columns)
        if side:
            # Of columns that both sides have it depends on the engine whose is shown.
            self.merged = {name: replace(column, nullable=None) for name, column in self.merged.items()}

    def only(self, sources: dict[str, Relation]) -> None:
        """From here on it sees these sources and no others."""
        self.sources = sources
        self._index, self._unsure, self._indexed = {}, False, 0

    def fold(self, name: str) -> str:
        """A name as the engine compares it."""
        return name if self.habits.case_sensitive else name.casefold()

    def column(self, relation: Relation, name: str) -> Column | None:
        """The column so named in one relation; `UNSURE` where its columns are not known."""
        if relation.columns is None:
            return UNSURE
        return relation.find(name, exact=self.habits.case_sensitive)

    def qualified(self, source: str, name: str) -> Column | Lost:
        """What `source.name` means here or in a query around."""
        scope: Scope | None = self
        while scope is not None:
            if (relation := scope.sources.get(self.fold(source))) is not None:
                return self.column(relation, name) or Lost(relation=relation)
            if scope.sees_field(source):
                return UNSURE
            scope = scope.parent
        return Lost(source=source)

    def sees_field(self, name: str) -> bool:
        """Whether `name` may be a column that holds fields, so that `name.x` is one of them."""
        self._look_through()
        folded = self.fold(name)
        return folded in self.aliases or folded in self.hidden or folded in self._index or self._unsure

    def bare(self, name: str, clause: Clause) -> Column | Lost:
        """What `name` means in `clause` here, or in a query around."""
        folded = self.fold(name)
        if clause is Clause.ORDER and (column := self.aliases.get(folded) or self.given.get(folded)):
            return column
        if column := self.hidden.get(folded):
            return column
        if found := self.own(name):
            return found
        if column := self._alias(folded, clause):
            return column
        around = self.parent.bare(name, Clause.OTHER) if self.parent else None
        if around is None or isinstance(around, Lost):
            return Lost(alias=folded in self.aliases)
        return around

    def own(self, name: str) -> Column | Lost | None:
        """What the sources of this SELECT alone say."""
        if column := self.merged.get(self.fold(name)):
            return column
        self._look_through()
        sure = self._index.get(self.fold(name), [])
        if len(sure) > 1 and not self.natural:
            return Lost(ambiguous=tuple(sure))
        if sure:
            # An unknown source could hold the name too: then the engine says that it is ambiguous.
            return self.column(self.sources[sure[0]], name)
        return UNSURE if self._unsure else None

    def _look_through(self) -> None:
        """Brings the index of columns up to date with the sources."""
        if self._indexed == len(self.sources):
            return
        for alias, relation in list(self.sources.items())[self._indexed :]:
            self._unsure = self._unsure or relation.columns is None
            for name in dict.fromkeys(map(self.fold, relation.names)):
                self._index.setdefault(name, []).append(alias)
        self._indexed = len(self.sources)

    def _alias(self, folded: str, clause: Clause) -> Column | None:
        allowed = {
            Clause.SELECT: self.habits.select_alias,
            Clause.GROUP: self.habits.group_alias,
            Clause.WHERE: self.habits.where_alias,
        }.get(clause, True)
        return self.aliases.get(folded) if allowed else None

    def everything(self) -> tuple[Column, ...] | None:
        """What `*` stands for; None where a source is not known."""
        columns: list[Column] = []
        taken: set[str] = set()
        for relation in self.sources.values():
            if relation.columns is None or self.natural:
                return None
            for column in relation.columns:
                folded = self.fold(column.name) if column.name else ""
                if folded in self.merged:
                    if folded in taken:
                        continue
                    taken.add(folded)
                columns.append(column)
            if len(columns) > MOST_COLUMNS:
                return None
        return tuple(columns)
