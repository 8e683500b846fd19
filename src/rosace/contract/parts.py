"""What the files of a room have to hold that are modules and not one value: the shapes by which others use them.

Each room with such files has `parts.py`, which says of each file what it is: `RULES: Rules = rules`. Nobody imports it;
the type checker reads it, and names whatever a file lacks. `Engine` hands the files out under these types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rosace.contract.changelog import ChangelogReader
from rosace.contract.connect import Connecting, Door
from rosace.contract.exports import ExportStore
from rosace.contract.needs import Frozen
from rosace.contract.planner import Planner
from rosace.contract.sql import Look, Spoken
from rosace.model.checked import Checked, Fragment, Ref
from rosace.model.columns import ColumnType
from rosace.model.platform import Topic
from rosace.model.rendered import Rendered
from rosace.source.diagnostic import Diagnostic

Record = tuple[int, int, bytes | None, bytes | None]
"""Partition, offset, key and value."""


class Rules(Protocol):
    """`rules.py`: what the engine cannot do of what was proven otherwise."""

    def check(self, checked: Checked) -> Iterable[Diagnostic]: ...


class Upgrade(Protocol):
    """`upgrade.py`: what cannot be changed once it runs, and the kinds of objects whose removal removes data."""

    @property
    def FROZEN(self) -> tuple[Frozen, ...]: ...
    @property
    def HOLDS_DATA(self) -> frozenset[str]: ...


class Changelog(Protocol):
    """`changelog.py`: who reads the statements of one job's text."""

    def Changelog(self, text: str, topics: Mapping[str, Topic]) -> ChangelogReader: ...


class Planning(Protocol):
    """`planner.py`: the engine's own planner as a judge."""

    @property
    def PLANNER(self) -> Planner: ...


class Exports(Protocol):
    """`exports.py`: the engine as a store that topics are exported to."""

    @property
    def STORE(self) -> ExportStore: ...


class Sql(Protocol):
    """`sql.py`: the engine's SQL."""

    @property
    def SPOKEN(self) -> Spoken: ...


class Questions(Sql, Protocol):
    """`sql.py` of who offers `SqlEndpoint`: what a topic or table is called, a query in its names, and whether a text
    is a statement that only shows something."""

    def name(self, checked: Checked, ref: Ref) -> str: ...
    def look(self, checked: Checked, text: str) -> Look | None: ...
    def question(self, checked: Checked, fragment: Fragment) -> Rendered: ...


class Typed(Protocol):
    """A column of an answer; `type` in the engine's words. `arrow` is its type in Arrow, and what makes an Arrow value
    of a row's, None where that is one."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    def arrow(self) -> tuple[Any, Callable[[Any], Any] | None]: ...


class Asked(Protocol):
    """One statement being answered: pages of rows, read once. `columns` are there from the first page on, at the
    latest at the end; iterating raises `QueryFailed` and `Unreachable`, and ended early it ends the query."""

    @property
    def columns(self) -> Sequence[Typed]: ...
    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]: ...


class Answers(Protocol):
    """`live.py` of who offers `SqlEndpoint`. `stream` raises `QueryFailed` and `Unreachable` (`contract/sql.py`)."""

    def Answer(self, url: str, user: str, sql: str) -> Asked: ...
    def stream(self, url: str, user: str, sql: str) -> Iterator[list[tuple[Any, ...]]]: ...


class Records(Protocol):
    """`live.py` of who offers `KafkaBootstrap`: all committed records of a topic, and whether committed ones remain to
    be read behind positions (topic to partition to the next offset)."""

    def read_all(self, servers: str, topic: str) -> Iterator[Record]: ...
    def caught_up(self, servers: str, positions: Mapping[str, Mapping[str, int]]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A committed record with its place. `time` is in seconds since the epoch, None where it has none."""

    partition: int
    offset: int
    time: float | None
    key: bytes | None
    value: bytes | None


class Topics(Protocol):
    """`topics.py` of who offers `KafkaBootstrap`: topics as a person looks at them. All raise ConnectionError where
    nobody answers, and LookupError where a topic is not there.

    `names` are those of all topics but the engine's own, `extents` the first and the next offset of each partition (as
    text), `groups` what every consumer group has read. `read` gives the committed records from offsets on, up to where
    the topic ends when it is called, or for ever. `produce` sends the lines of a file of JSON lines to a topic, all or
    none, each checked against the declared columns; it raises ValueError with file, row, column and reason, and
    returns how many there were. What is `beside` (topic, key and value, None to delete the key) goes with them.
    """

    def names(self, servers: str) -> list[str]: ...
    def extents(self, servers: str, topics: Iterable[str]) -> dict[str, dict[str, tuple[int, int]]]: ...
    def groups(self, servers: str) -> dict[str, dict[str, dict[str, int]]]: ...
    def read(self, servers: str, topic: str, start: Mapping[str, int], *, follow: bool) -> Iterator[Place]: ...
    def produce(
        self,
        servers: str,
        topic: str,
        key: Sequence[str],
        columns: Mapping[str, ColumnType],
        lines: Path,
        beside: Sequence[tuple[str, str, bytes | None]] = (),
    ) -> int: ...


class Connect(Protocol):
    """`connect.py`: how other programs reach the engine on this machine, and the words by which people mean it."""

    @property
    def WORDS(self) -> tuple[str, ...]: ...
    def door(self, site: Connecting) -> Door: ...
