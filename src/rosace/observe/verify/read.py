"""Rows of sources, topics and tables, brought into one DuckDB with the declared types.

Topics are read as a read_committed consumer sees them, tables through SQL as a user does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosace.engines.registry import offering
from rosace.model.capabilities import Capability, KafkaBootstrap, SqlEndpoint
from rosace.model.checked import Checked, CheckedSource, Ref
from rosace.model.columns import ColumnType
from rosace.model.platform import PackageFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]


class Reader:
    """Loads each thing once; names of relations are `source_x`, `topic_x`, `table_x`."""

    def __init__(
        self,
        db: DuckDBPyConnection,
        checked: Checked,
        offered: Mapping[type[Capability], Capability],
        packages: Mapping[str, Path],
        scratch: Path,
        tell: Tell,
    ) -> None:
        self.db, self.checked, self.offered = db, checked, offered
        self.packages, self.scratch, self.tell = packages, scratch, tell
        self._loaded: set[str] = set()

    def source(self, source: CheckedSource) -> str:
        """A table of the file's rows, named as the source (which oracles use) and returned quoted."""
        name = f'"{source.name}"'
        if name not in self._loaded:
            from rosace.engines.files import describe, open_source

            self.tell(f"reading the file of {source.name}")
            view = f"file_{source.name.replace('-', '_')}"
            open_source(self.db, describe(source, self._path(source)), view, scratch=self.scratch)
            self.db.execute(f'CREATE TABLE {name} AS SELECT * FROM "{view}"')
            self._loaded.add(name)
        return name

    def _path(self, source: CheckedSource) -> Path:
        file = source.spec.file
        if isinstance(file, PackageFile):
            return self.packages[source.name] / file.path
        assert source.path is not None
        return source.path

    def actual(self, ref: Ref) -> str:
        """A table of what the topic or table really holds now."""
        name = f'"{ref.kind}_{ref.name}"'
        if name not in self._loaded:
            self.tell(f"reading {ref.kind} {ref.name} back")
            rows = self._topic(ref) if ref.kind == "topic" else self._table(ref)
            self._load(name, self.checked.columns(ref), rows)
            self._loaded.add(name)
        return name

    def has_rows(self, ref: Ref) -> bool:
        """Whether a table has a row now. Raises where there is no such table yet."""
        return any(page for page in self._pages(ref, " LIMIT 1"))

    def _topic(self, ref: Ref) -> Iterable[Mapping[str, Any]]:
        bootstrap = self.offered[KafkaBootstrap]
        assert isinstance(bootstrap, KafkaBootstrap)
        live = offering(KafkaBootstrap)[0].part("live")
        for partition, offset, _key, value in live.read_all(bootstrap.servers, ref.name):
            if value is not None:
                yield {**json.loads(value), "__partition": partition, "__offset": offset}

    def _table(self, ref: Ref) -> Iterable[Mapping[str, Any]]:
        columns = list(self.checked.columns(ref))
        for page in self._pages(ref):
            for row in page:
                yield dict(zip(columns, row, strict=True))

    def _pages(self, ref: Ref, limit: str = "") -> Iterable[list[tuple[Any, ...]]]:
        endpoint = self.offered[SqlEndpoint]
        assert isinstance(endpoint, SqlEndpoint)
        engine = offering(SqlEndpoint)[0]
        names = ", ".join(f'"{column}"' for column in self.checked.columns(ref))
        name = engine.part("sql").name(self.checked, ref)
        return engine.part("live").stream(endpoint.url, endpoint.user, f"SELECT {names} FROM {name}{limit}")

    def _load(self, name: str, columns: Mapping[str, ColumnType], rows: Iterable[Mapping[str, Any]]) -> None:
        from rosace.engines.files import duckdb_type

        path = self.scratch / f"{name.strip(chr(34))}.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, default=str) + "\n")
        types = {column: duckdb_type(kind) for column, kind in columns.items()}
        extra = {"__partition": "INTEGER", "__offset": "BIGINT"} if name.startswith('"topic_') else {}
        spec = ", ".join(f"'{column}': '{kind}'" for column, kind in {**types, **extra}.items())
        self.db.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_json(?, format='newline_delimited', columns={{{spec}}})",
            [str(path)],
        )
        path.unlink()
