"""What is told while artifacts are fetched, and while data flows."""

from __future__ import annotations

import pytest

from rosace.cli.board import GOES_ON, Board
from rosace.cli.progress import FetchMeter, StartTable
from rosace.contract.artifacts import Artifact
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import ProcessSpec
from rosace.local import told
from rosace.local.artifacts.events import Done, Refused
from rosace.model.quantity import Size
from rosace.model.status import JobNow, ProcessNow, Running, SupervisorNow
from rosace.plan.machine.deployment import Deployment


def test_a_damaged_copy_is_told_at_once() -> None:
    file = "kafka-raft-4.1.2.jar"
    jar = Artifact("kafka-raft", "maven", "org.apache.kafka:kafka-raft:4.1.2", file, "0" * 64, 10)
    meter = FetchMeter([jar])
    assert meter.take(Refused(jar, (file,))) == (f"kafka-raft in the cache is damaged ({file}): it is fetched again")
    assert "1 of 1 artifacts" in meter.take(Done(jar, 0.1, cached=False))


def at(when: float, sent: int, read: int) -> Running:
    processes = {"source-orders": ProcessNow("kafka", "running", once=True, sent=sent, total=1_000)}
    jobs = {"land": JobNow("spark", "running", records_in=read, records_out=0)}
    return Running(when, "demo", "/", "1", SupervisorNow(1, 0), processes, {}, jobs)


def test_counts_percent_and_rates_while_data_flows() -> None:
    spec = ProcessSpec("source-orders", "kafka", ("true",), memory=Size(1), once=True)
    job = JobOrder("land", "spark", "rosace.engines.spark.live", False, {})
    table = StartTable(Deployment("demo", "/", "1", (spec,), (), (job,)))
    table.take(at(100.0, 100, 0))
    assert [row[2] for row in table.rows()] == ["100 of 1,000 records, 10 %", "0 in, 0 out"], "no rate of one look"
    table.take(at(102.0, 500, 300))
    assert [row[2] for row in table.rows()] == ["500 of 1,000 records, 50 %, 200/s", "300 in (150/s), 0 out"]
    for second in range(1, 20):
        table.take(at(102.0 + second, 500, 300))
    assert " 0/s" in table.rows()[0][2], "a rate is that of the last seconds"


def test_ctrl_c_says_what_goes_on_in_each_stage() -> None:
    for stage, said in (("fetch", "nothing was started"), ("flow", "goes on flowing"), ("verify", "changed nothing")):
        error = KeyboardInterrupt()
        board = Board("table")
        board.take(told.Begun(stage))  # type: ignore[arg-type]
        board.__exit__(KeyboardInterrupt, error, None)
        (note,) = error.__notes__
        assert said in note and note in GOES_ON.values()


def test_a_line_that_says_the_same_comes_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = ProcessSpec("source-orders", "kafka", ("true",), memory=Size(1), once=True)
    now = 0.0
    monkeypatch.setattr("rosace.cli.progress.time.monotonic", lambda: now)
    table = StartTable(Deployment("demo", "/", "1", (spec,), (), ()))
    said: list[float] = []
    for second in range(1, 100):
        now = float(second)
        table.take(at(100.0, 100 if second < 70 else 200, 0))
        if table.heartbeat():
            said.append(now)
    assert said == [5.0, 35.0, 65.0, 70.0]
