"""The main job: real flights through real engines, exactly once, and a judge that can say no."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import page
import pytest
import requests
from leftovers import listening
from live_platform import Live

pytestmark = pytest.mark.live

FLIGHTS = 336_776


def flow(report: dict[str, Any], target: str) -> dict[str, Any]:
    return next(item for item in report["flows"] if item["target"] == target)


def test_every_flow_is_exact(flights: Live) -> None:
    """What `up --verify` found, at full speed."""
    report = flights.proof
    assert report["exact"]
    for target in ("departures", "lake.departures"):
        landed = flow(report, target)
        assert (landed["records_in"], landed["records_out"]) == (FLIGHTS, FLIGHTS)
        assert (landed["lost"], landed["duplicated"]) == (0, 0)
        assert landed["digest_in"] == landed["digest_out"] != ""
    assert flow(report, "delays")["records_out"] == flow(report, "lake.delays")["records_out"] > 10_000
    assert {item["result"] for item in report["flows"]} == {"exact"}


def test_queries_answer(flights: Live) -> None:
    rows = json.loads(flights.run("query", "late-carriers", "--output", "json").stdout)
    assert len(rows) == 16
    assert sum(row["departures"] for row in rows) == FLIGHTS
    assert flights.sql("SELECT count(*) AS n FROM departures") == [{"n": FLIGHTS}]
    wrong = flights.run("query", "late-cariers", code=2)
    assert "late-carriers" in wrong.stderr


def test_what_people_look_at(flights: Live) -> None:
    status = flights.status()
    assert all(item["state"] in ("ready", "done") for item in status["processes"].values())
    assert all(item["state"] == "finished" for item in status["jobs"].values())
    measured = sum(item["memory"] for item in status["processes"].values()) + status["supervisor"]["memory"]
    assert measured < 6 * 2**30
    assert "flink-jobmanager" in flights.run("logs", "flink", "-n", "3").stdout
    pages = json.loads(flights.run("open", "--output", "json").stdout)
    assert {page["process"] for page in pages} >= {"flink-jobmanager", "spark", "trino"}
    assert json.loads(flights.run("plan", "--output", "json").stdout) == []


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_a_page_in_a_browser_reads_nothing_and_has_no_effect(flights: Live) -> None:
    """Every port on which a process of the platform listens, known to Rosace or not."""
    before, known = flights.sql("SELECT count(*) AS n FROM lake.departures"), flights.status()["jobs"].keys()
    ports = listening(flights.marked())
    declared = {port for item in flights.status()["processes"].values() for port in item["ports"].values()}
    assert ports & declared
    taken: list[str] = []
    for port in sorted(ports):
        for sent, answer in page.sends(port):
            if page.told(answer) or page.taken(sent, answer):
                taken.append(f"{sent}: {answer.status_code} {dict(answer.headers)} {answer.text[:80]}")
    assert not taken, "\n".join(taken)
    assert flights.sql("SELECT count(*) AS n FROM lake.departures") == before
    assert flights.status()["jobs"].keys() == known


def test_flink_answers_its_own_client_alone_and_tells_its_gateway_no_secret(flights: Live) -> None:
    status = flights.status()
    conf = Path(status["home"]) / "engines" / "flink" / "conf"
    shown: dict[str, Any] = {"cert": str(conf / "client.pem"), "verify": str(conf / "cert.pem"), "timeout": 10}
    gateway = f"https://127.0.0.1:{status['processes']['flink-sql-gateway']['ports']['gateway']}"
    with pytest.raises(requests.RequestException):
        requests.get(f"{gateway}/v1/info", verify=shown["verify"], timeout=10)
    session = requests.post(f"{gateway}/v1/sessions", json={}, **shown).json()["sessionHandle"]
    told = requests.get(f"{gateway}/v1/sessions/{session}", **shown).text
    assert "execution.checkpointing.dir" in told
    secrets = json.loads((Path(status["home"]) / "secrets.json").read_text())
    assert secrets["s3.secret-key"] not in told
    rest = f"https://127.0.0.1:{status['processes']['flink-jobmanager']['ports']['rest']}"
    assert requests.post(f"{rest}/jars/upload", files={"jarfile": ("x.jar", b"PK")}, **shown).status_code >= 400


def test_a_second_up_changes_nothing(flights: Live) -> None:
    before = {name: item["pid"] for name, item in flights.status()["processes"].items()}
    begun = time.monotonic()
    assert "nothing to change" in flights.run("up").stderr
    assert time.monotonic() - begun < 5
    assert {name: item["pid"] for name, item in flights.status()["processes"].items()} == before


def test_down_and_up_keeps_data_and_does_no_work_twice(flights: Live) -> None:
    flights.run("down")
    assert flights.marked() == []
    flights.run("up")
    flights.wait("jobs are where they were", lambda s: all(j["state"] == "finished" for j in s["jobs"].values()), 60)
    assert flights.verify()["exact"]


def test_a_changed_field_restarts_only_what_it_touches(flights: Live) -> None:
    before = {name: item["pid"] for name, item in flights.status()["processes"].items()}
    flights.run("up", "--set", "engines.trino.memory=900Mi")
    after = {name: item["pid"] for name, item in flights.status()["processes"].items()}
    assert [name for name in before if before[name] != after[name]] == ["trino"]


def test_planted_damage_is_found(flights: Live) -> None:
    """A duplicate, a changed value and a missing window, each planted behind the platform's back."""
    from confluent_kafka import Consumer, Producer

    servers = f"127.0.0.1:{kafka_port(flights)}"
    reader = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "thief",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    reader.subscribe(["departures"])
    record = next(message for message in iter(lambda: reader.poll(10), None) if message and not message.error())
    reader.close()
    writer = Producer({"bootstrap.servers": servers})
    writer.produce("departures", record.value(), record.key())
    assert writer.flush(10) == 0
    tamper(
        flights, "DELETE FROM lake.flights.delays WHERE carrier = 'UA' AND \"hour\" = TIMESTAMP '2013-01-01 10:00:00'"
    )
    tamper(
        flights,
        "UPDATE lake.flights.daily_report SET departures = departures + 1 "
        "WHERE day = DATE '2013-07-04' AND origin = 'JFK'",
    )
    report = flights.verify(code=1)
    assert not report["exact"]
    assert flow(report, "departures")["duplicated"] == 1
    assert flow(report, "lake.delays")["lost"] == 1
    assert "UA" in flow(report, "lake.delays")["examples"][0]
    assert flow(report, "lake.daily_report")["altered"] + flow(report, "lake.daily_report")["unexpected"] == 1
    assert flow(report, "delays")["result"] == "exact"


def test_erase_leaves_nothing(flights: Live) -> None:
    """Last in this module: the platform is gone afterwards."""
    flights.run("down", "--erase", "--yes")
    assert flights.marked() == []
    assert not flights.state.exists() or not list(flights.state.iterdir())


def tamper(live: Live, sql: str) -> None:
    """Changes a table as somebody else's tool would: `rosace query` takes questions only."""
    from rosace.engines.trino.live import query

    port = live.status()["processes"]["trino"]["ports"]["http"]
    query(f"http://127.0.0.1:{port}", "somebody", sql)


def kafka_port(live: Live) -> int:
    ports = live.status()["processes"]["kafka"]["ports"]
    return next(port for name, port in ports.items() if "controller" not in name)


def test_no_socket_is_left(flights: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    from rosace.local.home import Home

    monkeypatch.setenv("ROSACE_STATE", str(flights.state))
    assert not Home.of("flights", flights.folder / "platform.yaml").socket.exists()
