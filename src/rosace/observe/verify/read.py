"""Rows of sources, topics and tables, brought into one DuckDB with the declared types.

Topics are read as a read_committed consumer sees them, tables through SQL as a user does, files by a reader of the
proof's own. None of them goes through DuckDB's readers, nor through its casts of text: DuckDB only holds the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosace.contract.registry import offering
from rosace.model.capabilities import Capability, KafkaBootstrap, SqlEndpoint
from rosace.model.checked import Checked, CheckedSource, Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.sources import PackageFile
from rosace.observe.verify.batches import Columns, Loader, MisreadError, Where, chunks, transposed
from rosace.observe.verify.files import object_of, read

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]

PLACE = {"__partition": ColumnType(Kind.INT, required=True), "__offset": ColumnType(Kind.BIGINT, required=True)}
"""Columns that a topic's rows have besides their own: where a record stands."""


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

    def source(self, source: CheckedSource) -> str:
        """A table of the file's rows, named as the source (which oracles use) and returned quoted."""
        name = f'"{source.name}"'
        if name not in self._loaded:
            self.tell(f"reading the file of {source.name}")
            paths = self._paths(source)
            files = (read(path, source.format, source.columns, source.spec) for path in paths)
            skip = source.spec.on_bad_record == "skip"
            self._load(name, source.columns, chain.from_iterable(files), skip=skip)
            self._loaded.add(name)
        return name

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
        for chunk in chunks(records):
            rows = [
                (*map(_parsed(ref, partition, offset, value).get, names), partition, offset)
                for partition, offset, value in chunk
            ]
            places = [f"topic {ref.name}, partition {partition}, offset {offset}" for partition, offset, _ in chunk]
            yield transposed(rows, len(names) + len(PLACE)), places.__getitem__

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
