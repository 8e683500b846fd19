"""A real Trino beside real Kafka, S3 and PostgreSQL: started before them, asked, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from trino_platform import WORDS, checked, fragment

from rosace.contract.machine import Site
from rosace.contract.registry import engines
from rosace.engines.trino import ENGINE, live, sql
from rosace.local import archives, unit, workbench
from rosace.model.capabilities import Capability, KafkaBootstrap

pytestmark = pytest.mark.live

OTHERS = ("postgresql", "seaweedfs", "iceberg", "kafka")
COMMITTED, ABORTED = 3_000, 500


@dataclass
class Place:
    """A running Trino with its neighbours."""

    site: Site
    server: workbench.Running
    kafka: str
    before_neighbours: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.site.ports['http']}"

    def stop(self) -> None:
        """Stops what runs by then: another process where a test started one."""
        self.server.stop()

    def ask(self, text: str) -> list[live.Row]:
        return live.query(self.url, "tester", text, timeout=60).rows


def launch(site: Site) -> workbench.Running:
    """As the executor does it: with its archive of classes where there is one, else recording one."""
    (spec,) = ENGINE.local.processes(site)
    prepared = workbench.start(replace(spec, argv=("/bin/true",)), site.home)
    prepared.child.wait(10)
    log = site.home.parent / "trino.log"
    site.archives.mkdir(exist_ok=True)
    bare = {"PATH": os.environ["PATH"], "LANG": "C"}
    child, who = unit.spawn(spec, site.home, log, bare, site.archives / spec.archive)
    return workbench.Running(spec, site.home, who, child, log)


def take_archive(site: Site) -> Path:
    (spec,) = ENGINE.local.processes(site)
    archives.keep(site.archives / spec.archive, "alone")
    return site.archives / spec.archive


def neighbours(folder: Path) -> tuple[dict[str, Site], dict[type[Capability], Capability], dict[str, str]]:
    offered: dict[type[Capability], Capability] = {}
    secrets: dict[str, str] = {}
    sites: dict[str, Site] = {}
    for name in OTHERS:
        site = workbench.site_of(engines()[name], WORDS, folder / name, offered=offered.values())
        secrets |= site.secrets
        offered |= {type(one): one for one in engines()[name].local.offers(site)}
        sites[name] = replace(site, secrets=secrets, offered=dict(offered))
    return sites, offered, secrets


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("state") / "données d'état"
    sites, offered, secrets = neighbours(folder)
    site = workbench.site_of(ENGINE, WORDS, folder / "trino", offered=offered.values())
    site = replace(site, secrets=secrets, archives=folder / "les archives")
    place = Place(site, launch(site), _kafka(offered), 0.0)
    with ExitStack() as stack:
        stack.callback(place.stop)
        place.before_neighbours = place.server.await_ready(120)
        for name, other in sites.items():
            for spec in engines()[name].local.processes(other):
                running = workbench.start(spec, other.home)
                stack.callback(running.stop)
        for name, other in sites.items():
            for action in engines()[name].local.actions(other):
                patiently(partial(workbench.act, action, secrets))
        produce(place.kafka)
        yield place


def _kafka(offered: Mapping[type[Capability], Capability]) -> str:
    found = offered[KafkaBootstrap]
    assert isinstance(found, KafkaBootstrap)
    return found.servers


def patiently(act: Callable[[], object]) -> None:
    for left in range(60, -1, -1):
        try:
            act()
            return
        except Exception:
            if not left:
                raise
            time.sleep(0.5)


EVERY_TYPE: list[dict[str, Any] | str] = [
    # Written by hand: as text it has more digits than a binary fraction.
    '{"Id":1,"big":9007199254740993,"ratio":2,"flag":true,"day":"2013-01-01","at":"2013-01-01T10:00:00.125",'
    '"exact_at":"2013-01-01T10:00:00.123456","amount":12345678901234567890.0123456789,"name":"été \\" 🚲"}',
    {"Id": 2, "big": None, "ratio": None, "flag": None, "day": None, "at": None, "exact_at": None, "amount": None},
]


def produce(servers: str) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": servers, "transactional.id": "trino-test"})
    patiently(partial(producer.init_transactions, 5))

    def send(topic: str, key: dict[str, Any] | None, value: dict[str, Any] | str | None) -> None:
        text = value if isinstance(value, str) or value is None else json.dumps(value)
        producer.produce(topic, text, None if key is None else json.dumps(key, separators=(",", ":")))

    producer.begin_transaction()
    for one in EVERY_TYPE:
        send("every-type", None, one)
    for number in range(COMMITTED):
        send("plain", {"carrier": "UA"}, {"carrier": "UA", "delay": number, "at": "2013-01-01T10:00:00.000"})
    for carrier, count in (("UA", 1), ("AA", 1), ("UA", 2), ("B6", 7), ("UA", 3)):
        send("latest", {"carrier": carrier}, {"carrier": carrier, "n": count})
    send("latest", {"carrier": "B6"}, None)
    producer.commit_transaction()
    producer.begin_transaction()
    for _ in range(ABORTED):
        send("plain", {"carrier": "XX"}, {"carrier": "XX", "delay": 1.5, "at": "2013-01-01T10:00:00.000"})
    producer.flush()
    producer.abort_transaction()


def asked(text: str, *names: str) -> str:
    return sql.question(checked(), fragment(text, *names)).text


def test_starts_before_what_it_reads(place: Place) -> None:
    assert place.before_neighbours > 0


def test_no_secret_leaves_its_file(place: Place) -> None:
    home = place.site.home
    assert (home / "conf/catalog/lake.properties").stat().st_mode & 0o777 == 0o600
    shown = place.server.log.read_text() + " ".join(psutil.Process(place.server.who.pid).cmdline())
    assert not [name for name, value in place.site.secrets.items() if value in shown]


def test_writes_and_reads_a_table_of_the_lake(place: Place) -> None:
    place.ask('CREATE SCHEMA IF NOT EXISTS "lake"."air_lines"')
    place.ask('CREATE SCHEMA IF NOT EXISTS "lake"."air_lines"')
    made = sql.question(checked(), fragment("CREATE TABLE lake.copied AS SELECT * FROM plain", "lake.copied", "plain"))
    assert place.ask(made.text) == [(COMMITTED,)]
    text = asked("SELECT count(*), sum(delay), min(at) FROM lake.copied", "lake.copied")
    assert place.ask(text) == [(COMMITTED, sum(range(COMMITTED)) * 1.0, datetime(2013, 1, 1, 10))]


def test_records_of_an_aborted_transaction_are_not_there(place: Place) -> None:
    text = asked("SELECT carrier, count(*), max(plain.delay) FROM plain GROUP BY carrier", "plain")
    assert place.ask(text) == [("UA", COMMITTED, COMMITTED - 1.0)]


def test_every_type_comes_through_whole(place: Place) -> None:
    columns = "id, big, ratio, flag, day, at, exact_at, amount, name"
    rows = place.ask(asked(f"SELECT {columns} FROM every-type ORDER BY id", "every-type"))
    assert rows == [
        (
            1,
            9007199254740993,
            2.0,
            True,
            date(2013, 1, 1),
            datetime(2013, 1, 1, 10, 0, 0, 125_000),
            datetime(2013, 1, 1, 10, 0, 0, 123_456),
            Decimal("12345678901234567890.0123456789"),
            'été " 🚲',
        ),
        (2, *[None] * 8),
    ]


def test_a_compacted_topic_shows_the_last_record_of_each_key(place: Place) -> None:
    assert place.ask(asked("SELECT carrier, n FROM latest ORDER BY 1", "latest")) == [("AA", 1), ("UA", 3)]


def test_an_error_points_into_the_text_that_was_written(place: Place) -> None:
    question = sql.question(checked(), fragment("SELECT n,\n  missing\nFROM latest", "latest"))
    with pytest.raises(live.QueryFailed, match="Column 'missing' cannot be resolved") as caught:
        place.ask(question.text)
    assert (caught.value.kind, caught.value.name) == ("USER_ERROR", "COLUMN_NOT_FOUND")
    assert question.locate(caught.value.line or 0, caught.value.column or 0) == (2, 3)


def test_what_takes_too_long_is_cancelled(place: Place) -> None:
    many = "SELECT x FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(y)"
    endless = f"SELECT count(*) FROM ({many}, UNNEST(sequence(1, 10000)) c(z) WHERE sqrt(x * y * z) < 0)"
    seen: list[live.Progress] = []
    with pytest.raises(live.TimedOut):
        live.query(place.url, "tester", endless, timeout=2, on_progress=seen.append)
    assert seen[-1].state == "running"
    pages = live.stream(place.url, "tester", many)
    assert next(pages)
    pages.close()
    others = "query LIKE '%(1, 10000)) b%' AND query NOT LIKE '%system.runtime%'"
    states = place.ask(f"SELECT state FROM system.runtime.queries WHERE {others}")
    assert states == [("FAILED",), ("FAILED",)]


def test_the_reserved_words_are_those_that_it_refuses(place: Place) -> None:
    """Of all words that the check's reader or we know."""
    from sqlglot.dialects.trino import Trino

    known = {word.upper() for word in Trino.tokenizer_class.KEYWORDS if word.isidentifier()} | sql.RESERVED
    assert {word for word in known if not _is_a_name(place, word)} == sql.RESERVED


def _is_a_name(place: Place, word: str) -> bool:
    try:
        place.ask(f"SELECT 1 AS {word}")
    except live.QueryFailed:
        return False
    return True


def test_nothing_there_is_told_as_such() -> None:
    with pytest.raises(live.Unreachable, match="connection refused"):
        live.query("http://127.0.0.1:9", "tester", "SELECT 1")


def test_killed_stopped_and_started_again(place: Place) -> None:
    """The graceful exit leaves an archive of classes; the next start uses it, and a kill does not spoil it."""
    place.server.stop()
    archive = take_archive(place.site)
    assert archive.stat().st_size > 50 << 20
    place.server = launch(place.site)
    place.server.await_ready(60)
    assert str(archive) in Path(f"/proc/{place.server.who.pid}/maps").read_text()
    threading.Timer(1.0, os.kill, (place.server.who.pid, signal.SIGKILL)).start()
    with pytest.raises(live.Unreachable):
        while True:
            place.ask(asked("SELECT count(*) FROM lake.copied", "lake.copied"))
    place.server.kill()
    place.server = launch(place.site)
    place.server.await_ready(60)
    assert place.ask(asked("SELECT count(*) FROM lake.copied", "lake.copied")) == [(COMMITTED,)]
