"""Rows of sources, topics and tables, brought into one DuckDB with the declared types.

Topics are read as a read_committed consumer sees them, tables through SQL as a user does, files by a reader of the
proof's own. None of them goes through DuckDB's readers, nor through its casts of text: DuckDB only holds the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosace.contract.registry import offering
from rosace.model.capabilities import Capability, KafkaBootstrap, SqlEndpoint
from rosace.model.checked import Checked, CheckedSource, Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.platform import UNFIT
from rosace.model.sources import PackageFile
from rosace.observe.aside import Kept, kept
from rosace.observe.verify.batches import Columns, Loader, MisreadError, Where, chunks, transposed
from rosace.observe.verify.files import object_of, read
from rosace.observe.verify.fits import judge
from rosace.observe.verify.report import Flow

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]

PLACE = {"__partition": ColumnType(Kind.INT, required=True), "__offset": ColumnType(Kind.BIGINT, required=True)}
"""Columns that a topic's rows have besides their own: where a record stands."""


@dataclass
class Aside:
    """Records of a topic that do not fit, by place (partition, offset) with why, and where the topic beside is wrong:
    those that nobody set aside, and places that it has whose records do fit."""

    unfit: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    missing: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    fitting: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def wrong(self) -> str:
        """What is wrong with what was set aside; empty where nothing is."""
        for places, said in ((self.missing, "do not fit and were not set aside"), (self.fitting, "fit and are aside")):
            if places:
                partition, offset = places[0]
                return f"{len(places):,} records {said}, the first in partition {partition} at offset {offset}"
        return ""


class Reader:
    """Loads each thing once; names of relations are `source_x`, `topic_x`, `table_x`."""

    def __init__(
        self,
        db: DuckDBPyConnection,
        checked: Checked,
        offered: Mapping[type[Capability], Capability],
        packages: Mapping[str, Path],
        tell: Tell,
    ) -> None:
        self.db, self.checked, self.offered = db, checked, offered
        self.packages, self.tell = packages, tell
        self._loaded: set[str] = set()
        self.aside: dict[str, Aside] = {}
        """What was left out of the topics that were read back."""

    def source(self, source: CheckedSource) -> str:
        """A table of the file's rows, named as the source (which oracles use) and returned quoted."""
        name = f'"{source.name}"'
        if name not in self._loaded:
            self.tell(f"reading the file of {source.name}")
            paths = self._paths(source)
            files = (read(path, source.format, source.columns, source.spec) for path in paths)
            skip = source.spec.on_bad_record == "skip"
            self._load(name, source.columns, chain.from_iterable(files), skip=skip)
            if source.target.kind == "topic":
                self._mended(name, source)
            self._loaded.add(name)
        return name

    def _mended(self, name: str, source: CheckedSource) -> None:
        """Adds what a person sent in place of records that were set aside, once where several sources fill a topic."""
        topic = source.target.name
        first = next(one.name for one in self.checked.sources.values() if one.target == source.target)
        if first != source.name or self.checked.topics[topic].on_bad_record != "topic":
            return
        loader = Loader(self.db, f'{name[:-1]}+mended"', source.columns)
        for chunk in chunks(self.kept(topic).mended.items()):
            rows = [[object_of(value).get(column) for column in source.columns] for _, value in chunk]
            places = [str(place) for place, _ in chunk]
            loader.add(transposed(rows, len(source.columns)), places.__getitem__)
        self.db.execute(f'INSERT INTO {name} SELECT * FROM {name[:-1]}+mended"')

    def kept(self, topic: str) -> Kept:
        """What the topic beside holds: places that were set aside, and what was sent in place of some."""
        bootstrap = self.offered[KafkaBootstrap]
        assert isinstance(bootstrap, KafkaBootstrap)
        live = offering(KafkaBootstrap)[0].records
        return kept(live.read_all(bootstrap.servers, topic + UNFIT))

    def _paths(self, source: CheckedSource) -> tuple[Path, ...]:
        file = source.spec.file
        return (self.packages[source.name] / file.path,) if isinstance(file, PackageFile) else source.paths

    def actual(self, ref: Ref) -> str:
        """A table of what the topic or table really holds now."""
        name = f'"{ref.kind}_{ref.name}"'
        if name not in self._loaded:
            self.tell(f"reading {ref.kind} {ref.name} back")
            columns = self.checked.columns(ref)
            if ref.kind == "topic":
                self._load(name, {**columns, **PLACE}, self._topic(ref))
            else:
                self._load(name, columns, self._table(ref))
            self._loaded.add(name)
        return name

    def has_rows(self, ref: Ref) -> bool:
        """Whether a table has a row now. Raises where there is no such table yet."""
        return any(page for page in self._pages(ref, " LIMIT 1"))

    def _topic(self, ref: Ref) -> Iterator[tuple[Columns, Where]]:
        bootstrap = self.offered[KafkaBootstrap]
        assert isinstance(bootstrap, KafkaBootstrap)
        live = offering(KafkaBootstrap)[0].records
        names = list(self.checked.columns(ref))
        records = ((*one[:2], one[3]) for one in live.read_all(bootstrap.servers, ref.name) if one[3] is not None)
        if self.checked.topics[ref.name].on_bad_record != "stop":
            records = self._fitting(ref, records)
        for chunk in chunks(records):
            rows = [
                (*map(_parsed(ref, partition, offset, value).get, names), partition, offset)
                for partition, offset, value in chunk
            ]
            places = [f"topic {ref.name}, partition {partition}, offset {offset}" for partition, offset, _ in chunk]
            yield transposed(rows, len(names) + len(PLACE)), places.__getitem__

    def _fitting(self, ref: Ref, records: Iterator[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, bytes]]:
        """The records that fit, by the proof's own judgement; the others are counted."""
        topic = self.checked.topics[ref.name]
        judged, found = judge(topic.columns), Aside()
        beside = self.kept(ref.name) if topic.on_bad_record == "topic" else None
        for partition, offset, value in records:
            why, place = judged(value), (partition, offset)
            if why and beside and place in beside.mended:
                # Seen to: what was sent in its stead is there too.
                continue
            if why:
                found.unfit[place] = why
            else:
                if beside and place in beside.places:
                    found.fitting.append(place)
                yield partition, offset, value
        if beside and any(ref in job.reads for job in self.checked.jobs.values()):
            found.missing += [place for place in found.unfit if place not in beside.places]
        self.aside[ref.name] = found

    def _table(self, ref: Ref) -> Iterator[tuple[Columns, Where]]:
        width = len(self.checked.columns(ref))
        for page in self._pages(ref):
            yield transposed(page, width), lambda _: f"table {ref.name}, one of its rows"

    def _pages(self, ref: Ref, limit: str = "") -> Iterable[list[tuple[Any, ...]]]:
        endpoint = self.offered[SqlEndpoint]
        assert isinstance(endpoint, SqlEndpoint)
        engine = offering(SqlEndpoint)[0]
        names = ", ".join(f'"{column}"' for column in self.checked.columns(ref))
        name = engine.questions.name(self.checked, ref)
        return engine.answers.stream(str(endpoint.address), endpoint.user, f"SELECT {names} FROM {name}{limit}")

    def _load(
        self,
        name: str,
        columns: Mapping[str, ColumnType],
        batches: Iterable[tuple[Columns, Where]],
        *,
        skip: bool = False,
    ) -> None:
        loader = Loader(self.db, name, columns, skip=skip)
        for values, where in batches:
            loader.add(values, where)


def _parsed(ref: Ref, partition: int, offset: int, value: bytes) -> dict[str, Any]:
    try:
        return object_of(value)
    except ValueError as error:
        raise MisreadError(f"topic {ref.name}, partition {partition}, offset {offset}: not JSON: {error}") from None


def without(flow: Flow, ref: Ref, reader: Reader) -> Flow:
    """A flow into `ref` with what its topics hold that does not fit, and whether just that was set aside."""
    checked = reader.checked
    jobs = (job for job in checked.jobs.values() if flow.name == f"{job.spec.engine} {job.name}")
    topics = {one.name for one in (ref, *(read for job in jobs for read in job.reads)) if one.kind == "topic"}
    for name in sorted(topics):
        if checked.topics[name].on_bad_record != "stop":
            reader.actual(Ref("topic", name))
            flow = flow.without(len(reader.aside[name].unfit), name, reader.aside[name].wrong())
    return flow
