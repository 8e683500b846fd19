"""A platform on its way to being checked: everything that rules look at, read and resolved as far as it goes.

Comes in: the typed platform, its tree, the rooms it uses. Goes out: `Draft`. Must not: complain; rules do that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rosace.check.flow import Flow
from rosace.check.texts import Text, Texts
from rosace.model.checked import CheckedTable, Ref
from rosace.model.columns import ColumnType
from rosace.model.placement import Placement
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Span

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rosace.check.sql.reading import JobReading, QueryReading
    from rosace.check.sql.relation import Names, Problem
    from rosace.contract.engine import Engine
    from rosace.model.platform import Platform
    from rosace.source.tree import Path as TreePath
    from rosace.source.tree import Tree


@dataclass(frozen=True)
class Draft:
    """What rules see. `rooms` are the engines in use; readings are there for texts that exist and are not empty."""

    tree: Tree
    root: Path
    platform: Platform
    rooms: Mapping[str, Engine]
    sections: Mapping[str, BaseModel]
    tables: Mapping[str, CheckedTable]
    texts: Texts
    jobs: dict[str, JobReading] = field(default_factory=dict)
    queries: dict[str, QueryReading] = field(default_factory=dict)
    verify: dict[str, QueryReading] = field(default_factory=dict)

    def key(self, *path: str | int) -> Span:
        """Where a key is written."""
        return self.tree.key_span(path)

    def value(self, *path: str | int) -> Span:
        """Where a value is written."""
        return self.tree.value_span(path)

    def listed(self, *path: str | int) -> Iterator[tuple[str, Span]]:
        """The words of a list that may also be a single word, each with its place."""
        return ((str(word.value), word.span) for word in self.tree.listed(path))

    def verify_path(self, target: str) -> TreePath:
        """Where an oracle's file is named: it may be written short."""
        full = ("verify", target, "sql")
        return full if self.tree.has(full) else ("verify", target)

    def ref(self, written: str) -> Ref | None:
        """The topic or table that a word of `platform.yaml` names."""
        ref = Ref.read(written)
        return ref if ref.name in (self.platform.tables if ref.kind == "table" else self.platform.topics) else None

    def columns(self, ref: Ref) -> Mapping[str, ColumnType]:
        """The columns of a topic or table; none where a table takes those of a topic that is not there."""
        if ref.kind == "topic":
            return self.platform.topics[ref.name].columns
        return self.tables[ref.name].columns if ref.name in self.tables else {}

    def declared(self, ref: Ref) -> Span:
        """Where a topic or table is declared: its key."""
        return self.key("topics" if ref.kind == "topic" else "tables", ref.name)

    def columns_place(self, ref: Ref, column: str = "") -> Span:
        """Where the columns of a topic or table are declared, or one of them."""
        path = ("topics" if ref.kind == "topic" else "tables", ref.name)
        if ref.kind == "table" and (like := self.platform.tables[ref.name].like):
            path = ("topics", like)
        return self.key(*path, "columns", column) if column else self.key(*path, "columns")

    def names(self) -> list[str]:
        """Everything that SQL may name, as it is spelled there."""
        return [*self.platform.topics, *(str(Ref("table", name)) for name in self.platform.tables)]

    def text(self, written: str, *path: str | int) -> Text | None:
        """A file that was named at `path`, if it can be read."""
        found = self.texts.read(written, self.value(*path))
        return found if isinstance(found, Text) else None

    def told(self, problem: Problem, text: Text) -> Diagnostic:
        """A problem in a text as a diagnostic, with the other side of the matter."""
        labels = [Label(text.span(problem.start, problem.end), problem.note)]
        if problem.about and problem.about.name in _declared(self, problem.about):
            whole = problem.code == "unknown-column"
            place = self.columns_place(problem.about) if whole else self.declared(problem.about)
            labels.append(Label(place, f"columns of `{problem.about}`" if whole else "declared here", primary=False))
        return Diagnostic(problem.code, problem.message, problem.severity, tuple(labels), problem.hints)

    @cached_property
    def flow(self) -> Flow:
        """Who writes what and who reads it."""
        reads: dict[str, tuple[Ref, ...]] = {}
        writes: dict[str, tuple[Ref, ...]] = {}
        for name, job in self.platform.jobs.items():
            reading = self.jobs.get(name)
            reads[name] = reading.reads if reading else self._refs(job.reads)
            writes[name] = reading.writes if reading else self._refs(job.writes)
        targets = ((name, self.ref(source.to)) for name, source in self.platform.sources.items())
        return Flow(
            {name: target for name, target in targets if target},
            reads,
            writes,
            {name: job.after for name, job in self.platform.jobs.items()},
            frozenset(ref for one in self.platform.producers.values() for ref in self._refs(one.writes)),
        )

    @cached_property
    def placement(self) -> Placement:
        """Which cluster runs which job and holds which topic."""
        from rosace.check.placement import placement_of

        queries = (reading.reads for reading in self.queries.values())
        return placement_of(self.platform, self.rooms, self.flow, queries)

    def _refs(self, words: tuple[str, ...]) -> tuple[Ref, ...]:
        return tuple(ref for word in words if (ref := self.ref(word)))


def _declared(draft: Draft, ref: Ref) -> Mapping[str, object]:
    return draft.platform.topics if ref.kind == "topic" else draft.platform.tables


def at(tree: Tree, path: TreePath) -> object:
    """The value at a path of a tree, or None."""
    value: object = tree.value
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def names_of(draft: Draft, *, foreign: bool = False) -> Names:
    """Topics and tables as SQL may name them, with what is known of their columns."""
    from rosace.check.sql.relation import Column, Names, Relation
    from rosace.check.sql.shapes import shape_of_kind
    from rosace.kit.lake import stored

    relations: dict[tuple[str, ...], Relation] = {}
    for name, topic in draft.platform.topics.items():
        time = topic.event_time.column if topic.event_time else None
        columns = tuple(
            Column(c, shape_of_kind(t.kind), c == time, type=t, nullable=not t.required)
            for c, t in topic.columns.items()
        )
        relations[(name,)] = Relation(columns, Ref("topic", name))
    for name in draft.platform.tables:
        table = draft.tables.get(name)
        columns = None
        if table is not None:
            columns = tuple(
                Column(c, shape_of_kind(t.kind), event_time=False, type=t, nullable=not t.required)
                for c, t in ((column, stored(kind)) for column, kind in table.columns.items())
            )
        relations[("lake", name)] = Relation(columns, Ref("table", name))
    schema = draft.platform.platform.replace("-", "_")
    return Names(relations, "neither a topic nor a table of the lake", foreign, schema)
