"""Proves every flow of a running platform.

A `Proof` may begin while data still flows, with what does not depend on it: the sources' files are read, and whoever
answers SQL is asked for a row, since a first question of a cold engine takes seconds.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rosace.kit.oracles import SHUT
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked, Ref
from rosace.model.columns import Kind
from rosace.observe.verify import oracle
from rosace.observe.verify.batches import MisreadError
from rosace.observe.verify.compare import compare
from rosace.observe.verify.flows import Basis, writers
from rosace.observe.verify.nested_sql import as_texts, in_order
from rosace.observe.verify.read import Reader, without
from rosace.observe.verify.report import Flow, Report

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


Tell = Callable[[str], None]

PAUSE = 0.5
"""Seconds between questions for a first row."""


class Proof:
    """One proof, to be used in a `with`. `packages` maps a source to the folder of its unpacked package. `late` tells
    how many records jobs say came too late, by the job's name."""

    def __init__(
        self,
        checked: Checked,
        offered: Mapping[type[Capability], Capability],
        packages: Mapping[str, Path],
        late: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._checked, self._late = checked, late
        self._tell: Tell = lambda _: None
        self._stack = contextlib.ExitStack()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read_ahead, name="proof", daemon=True)
        self._begun = False
        import duckdb

        self._db = self._stack.enter_context(duckdb.connect())
        self._db.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET enable_progress_bar = false")
        self._db.execute(SHUT)
        self._reader = Reader(self._db, checked, offered, packages, self._told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.interrupt()
        self._join()
        self._stack.close()

    def interrupt(self) -> None:
        """Ends what is being compared, from another thread."""
        self._db.interrupt()

    def begin(self) -> None:
        """Reads ahead, beside whatever the caller does next."""
        self._begun = True
        self._thread.start()

    def report(self, tell: Tell = lambda _: None) -> Report:
        """Reads everything back and compares; `tell` hears what is being read."""
        begun = time.monotonic()
        self._tell = tell
        self._join()
        checked = self._checked
        targets = [Ref("topic", name) for name in checked.topics] + [Ref("table", name) for name in checked.tables]
        told = ((checked.jobs.get(name), count) for name, count in self._late().items())
        late = {f"{job.spec.engine} {job.name}": count for job, count in told if job}
        flows = [
            without(
                _prove(self._db, self._reader, checked, name, ref, basis).explained(late.get(name, 0)),
                ref,
                self._reader,
            )
            for ref in targets
            for name, basis in writers(checked, ref)
        ]
        return Report(checked.platform.platform, tuple(flows), round(time.monotonic() - begun, 2))

    def _told(self, text: str) -> None:
        if threading.current_thread() is not self._thread:
            self._tell(text)

    def _join(self) -> None:
        self._over.set()
        if self._begun:
            self._thread.join()

    def _read_ahead(self) -> None:
        # What goes wrong here goes wrong again when it is done for real, and is told then.
        for source in self._checked.sources.values():
            with contextlib.suppress(Exception):
                self._reader.source(source)
        tables = [Ref("table", name) for name in self._checked.tables]
        while tables and not self._over.wait(PAUSE):
            for ref in tables:
                with contextlib.suppress(Exception):
                    if self._over.is_set() or self._reader.has_rows(ref):
                        return


def _prove(db: DuckDBPyConnection, reader: Reader, checked: Checked, name: str, ref: Ref, basis: Basis | None) -> Flow:
    unique = checked.tables[ref.name].key if ref.kind == "table" else ()
    doubled, shown = _doubled(db, reader.actual(ref), unique) if unique else (0, ())
    if basis is None:
        reason = f"nothing independent to compare with: declare `verify: {{{ref}: oracle.sql}}`"
        if doubled:
            return Flow(name, str(ref), "its key", duplicated=doubled, result="wrong", reason=reason, examples=shown)
        return Flow(name, str(ref), "", reason=reason)
    columns = checked.columns(ref)
    key = tuple(checked.topics[ref.name].key) if ref.kind == "topic" else unique or _key_of_table(checked, ref)
    compact = ref.kind == "topic" and checked.topics[ref.name].compact
    try:
        expected = _expected(db, reader, checked, ref, basis)
        actual = reader.actual(ref)
    except MisreadError as error:
        # A value that is none of its column's type is one that nobody wrote so.
        return Flow(name, str(ref), str(basis), result="wrong", reason=str(error), examples=(str(error),))
    surplus = 0
    if compact:
        actual, surplus = _latest(db, actual, list(columns), key, "__partition, __offset DESC")
        if basis.kind == "sources" and len(basis.names) == 1:
            # Of each key the file's last row is the topic's last record; a file may say the same twice.
            expected, said = _latest(db, expected, list(columns), key, "rowid DESC")
            surplus = max(0, surplus - said)
    doubles = {column for column, kind in columns.items() if kind.kind is Kind.DOUBLE}
    identity = key if compact or unique or basis.kind == "oracle" else ()
    told = [as_texts(relation, columns) for relation in (expected, actual)]
    found = compare(db, told[0], told[1], list(columns), identity=identity, key=key, doubles=doubles)
    duplicated = max(found.duplicated, doubled) + surplus
    exact = not (found.lost or duplicated or found.altered or found.unexpected) and found.expected == found.actual
    return Flow(
        name=name,
        target=str(ref),
        against=str(basis),
        records_in=found.expected,
        records_out=found.actual + surplus,
        lost=found.lost,
        duplicated=duplicated,
        altered=found.altered,
        unexpected=found.unexpected,
        digest_in=found.digest_expected,
        digest_out=found.digest_actual,
        result="exact" if exact else "wrong",
        examples=(*shown, *found.examples)[:10],
        keys=found.keys,
    )


def _doubled(db: DuckDBPyConnection, relation: str, key: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many rows of a table have a key that another row has too, beyond one each, and some of these keys."""
    keys = ", ".join(f'"{column}"' for column in key)
    counted = f"SELECT {keys}, count(*) AS n FROM {relation} GROUP BY {keys} HAVING count(*) > 1"
    rows = db.execute(f"SELECT * FROM ({counted}) ORDER BY n DESC LIMIT 10").fetchall()
    total = db.execute(f"SELECT coalesce(sum(n - 1), 0) FROM ({counted})").fetchone()
    told = ((row[-1], ", ".join(f"{name}={value}" for name, value in zip(key, row, strict=False))) for row in rows)
    return int(total[0]) if total else 0, tuple(f"{count} rows have the key {{{text}}}" for count, text in told)


def _key_of_table(checked: Checked, ref: Ref) -> tuple[str, ...]:
    """A table shaped like a topic is identified by that topic's key, where the key identifies records."""
    like = checked.platform.tables[ref.name].like
    topic = checked.topics.get(like) if like else None
    return tuple(topic.key) if topic is not None and topic.compact else ()


def _expected(db: DuckDBPyConnection, reader: Reader, checked: Checked, ref: Ref, basis: Basis) -> str:
    from rosace.kit.files import duckdb_type
    from rosace.kit.files_sql import identifier

    if basis.kind == "oracle":
        for source in checked.sources.values():
            reader.source(source)
        relation = f"(\n{oracle.query(db, basis.names[0], basis.text)}\n)"
    elif basis.kind == "sources":
        names = ", ".join(f'"{column}"' for column in basis.columns)
        parts = [f"SELECT {names} FROM {reader.source(checked.sources[name])}" for name in basis.names]
        relation = f"({' UNION ALL '.join(parts)})"
    else:
        assert basis.ref is not None
        relation = reader.actual(basis.ref)
    columns = checked.columns(ref)
    casts = ", ".join(
        f'{in_order(f"CAST({identifier(there)} AS {duckdb_type(kind)})", kind)} AS "{here}"'
        for there, (here, kind) in zip(basis.columns, columns.items(), strict=True)
    )
    name = f'"expected_{ref.kind}_{ref.name}"'
    with oracle.told(basis.names[0]) if basis.kind == "oracle" else contextlib.nullcontext():
        db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {casts} FROM {relation}")
    return name


def _latest(db: DuckDBPyConnection, rows: str, columns: list[str], key: Iterable[str], order: str) -> tuple[str, int]:
    """Of what replaces its rows by key: the first row of each in this order, and how many repeat another exactly."""
    names = ", ".join(f'"{column}"' for column in columns)
    keys = ", ".join(f'"{column}"' for column in key)
    latest = rows.replace('"', '"latest_', 1)
    db.execute(
        f"CREATE OR REPLACE TABLE {latest} AS SELECT {names} FROM {rows} "
        f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {order}) = 1"
    )
    row = db.execute(
        f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {rows} GROUP BY {names})"
    ).fetchone()
    return latest, int(row[0]) if row else 0
