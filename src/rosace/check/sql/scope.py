"""The sources that a SELECT can see, and how a column's name finds its way to one of them.

Comes in: relations by alias. Goes out: the column meant, or `Lost` with the reason. Must not: walk trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


UNSURE = Column(None)
"""The name may well lead somewhere; nothing is known about it."""


@dataclass(slots=True)
class Scope:
    """What one SELECT sees: its sources in order, the aliases it gives, and the query around it."""

    habits: Habits
    parent: Scope | None = None
    sources: dict[str, Relation] = field(default_factory=dict[str, Relation])
    merged: dict[str, Column] = field(default_factory=dict[str, Column])
    natural: bool = False
    aliases: dict[str, Column] = field(default_factory=dict[str, Column])
    nameless: int = 0

    def add(self, alias: str, relation: Relation) -> None:
        """Takes a source in; one without a name can still be looked into."""
        if not alias or self.fold(alias) in self.sources:
            self.nameless += 1
            alias = f"{alias} {self.nameless}"
        self.sources[self.fold(alias)] = relation

    def fold(self, name: str) -> str:
        return name if self.habits.case_sensitive else name.casefold()

    def column(self, relation: Relation, name: str) -> Column | None:
        """The column so named in one relation; `UNSURE` where its columns are not known."""
        if relation.columns is None:
            return UNSURE
        wanted = self.fold(name)
        found = (column for column in relation.columns if column.name is not None and self.fold(column.name) == wanted)
        return next(found, None)

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
        known = (self.column(relation, name) is not None for relation in self.sources.values())
        return self.fold(name) in self.aliases or any(known)

    def bare(self, name: str, clause: Clause) -> Column | Lost:
        """What `name` means in `clause` here, or in a query around."""
        folded = self.fold(name)
        if clause is Clause.ORDER and (column := self.aliases.get(folded)):
            return column
        if found := self._own(name):
            return found
        if column := self._alias(folded, clause):
            return column
        around = self.parent.bare(name, Clause.OTHER) if self.parent else None
        if around is None or isinstance(around, Lost):
            return Lost(alias=folded in self.aliases)
        return around

    def _own(self, name: str) -> Column | Lost | None:
        """What the sources of this SELECT alone say."""
        if column := self.merged.get(self.fold(name)):
            return column
        seen = {alias: self.column(relation, name) for alias, relation in self.sources.items()}
        sure = [alias for alias, column in seen.items() if column is not None and column is not UNSURE]
        unsure = any(column is UNSURE for column in seen.values())
        if len(sure) > 1 and not self.natural:
            return Lost(ambiguous=tuple(sure))
        if sure:
            # An unknown source could hold the name too: then the engine says that it is ambiguous.
            return seen[sure[0]]
        return UNSURE if unsure else None

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
        return tuple(columns)
