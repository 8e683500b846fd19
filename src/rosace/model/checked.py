"""The proof that a platform was checked: what every later room accepts, and nothing less.

`Checked` can be built only by `rosace.check`, which holds the token. The types live here so that engine rooms,
which sit below `check`, can take them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator

from rosace.model.columns import ColumnType
from rosace.model.graph import Graph
from rosace.model.placement import Placement
from rosace.model.platform import Job, Platform, Topic
from rosace.model.rendered import Rendered, render
from rosace.model.sources import Source

_TOKEN = object()


LAKE = "lake."
"""What the name of a table begins with in `platform.yaml` and in SQL; no name of a topic has a dot."""


class Ref(NamedTuple):
    """A topic (`departures`) or a table of the lake (`lake.departures`). A named tuple: it is a key everywhere."""

    kind: Literal["topic", "table"]
    name: str

    def __str__(self) -> str:
        return f"{LAKE}{self.name}" if self.kind == "table" else self.name

    @classmethod
    def read(cls, text: str) -> Ref:
        """The inverse of `str`, where a text comes from a person, a file or another process."""
        return cls("table", text.removeprefix(LAKE)) if text.startswith(LAKE) else cls("topic", text)


def _of_text(value: object) -> object:
    return Ref.read(value) if isinstance(value, str) else value


KeptRef = Annotated[Ref, BeforeValidator(_of_text)]
"""One that is kept in a file: as a text where it is the key of a mapping."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where SQL text names a topic or table: character offsets `[start, end)` into the fragment's text.

    A table about a table counts as one of its own: `lake."t$snapshots"`.
    """

    ref: Ref
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL as the user wrote it, with every name of a topic or table located in it.

    `start` is its offset in its file.
    """

    text: str
    mentions: tuple[Mention, ...] = ()
    start: int = 0

    def render(self, name: Callable[[Ref], str]) -> str:
        """The text with each topic and table replaced by what `name` calls it in one engine."""
        return self.rendered(name).text

    def rendered(self, name: Callable[[Ref], str]) -> Rendered:
        """The same, with the places where each of its characters came from."""
        return render(self.text, [(found.start, found.end, name(found.ref)) for found in self.mentions])


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a job: `view` names a temporary view, `insert` writes `target` (its `columns` if listed).

    `body` is the query alone. `overwrite` replaces what the target holds instead of adding to it. `hint` stands behind
    the target, as written. `partition` names the one partition that is written: columns and their values, which the
    query does not give. `parameters` are those of the run that it names
    (`rosace.model.moments`). `place` is where the name of the view or target stands in the file, as offsets.
    """

    kind: Literal["view", "insert"]
    body: Fragment
    view: str = ""
    target: Ref | None = None
    columns: tuple[str, ...] = ()
    overwrite: bool = False
    hint: str = ""
    place: tuple[int, int] = (0, 0)
    partition: tuple[tuple[str, Fragment], ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A table of the lake with its columns resolved."""

    name: str
    columns: Mapping[str, ColumnType]
    partition: tuple[str, ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedJob:
    """A job whose text was parsed and whose names all resolve.

    `statements` is empty for a Python job, whose text `python` is. `finite_inputs` are the sources whose end is the end
    of its input: all of its input topics are fed by sources only (through other jobs or not), so it can be drained.
    Where one of these is followed there is no end: they are `follows` then.
    """

    name: str
    spec: Job
    path: Path
    statements: tuple[Statement, ...]
    reads: tuple[Ref, ...]
    writes: tuple[Ref, ...]
    finite_inputs: tuple[str, ...]
    follows: tuple[str, ...] = ()
    python: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A source whose file exists (or is a package's) and whose columns fit its target."""

    name: str
    spec: Source
    target: Ref
    columns: Mapping[str, ColumnType]
    format: Literal["csv", "parquet", "jsonl"]
    paths: tuple[Path, ...]
    """The local files in the order in which they are read; none where a package brings the one there is."""


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query, parsed."""

    name: str
    path: Path
    body: Fragment
    reads: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class CheckedVerify:
    """An oracle in DuckDB's SQL for one topic or table."""

    target: Ref
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A platform that was checked across every layer.

    `root` is the folder of `platform.yaml`, absolute. `engines` maps the name of each engine that the platform
    needs to its section, typed by its room (defaults where the user wrote none).
    """

    platform: Platform
    root: Path
    topics: Mapping[str, Topic]
    tables: Mapping[str, CheckedTable]
    jobs: Mapping[str, CheckedJob]
    sources: Mapping[str, CheckedSource]
    queries: Mapping[str, CheckedQuery]
    verify: tuple[CheckedVerify, ...]
    engines: Mapping[str, BaseModel]
    graph: Graph
    placement: Placement
    token: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.token is not _TOKEN:
            raise TypeError("only rosace.check makes a Checked platform")

    @property
    def in_sql(self) -> bool:
        """Whether anything is said in SQL: a job, a query or an oracle."""
        return bool(self.queries or self.verify) or any(job.statements for job in self.jobs.values())

    def columns(self, ref: Ref) -> Mapping[str, ColumnType]:
        """The columns of a topic or table that is known to exist."""
        return self.tables[ref.name].columns if ref.kind == "table" else self.topics[ref.name].columns
