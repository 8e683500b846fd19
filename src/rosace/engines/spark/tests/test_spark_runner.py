"""The parts of the runner that need no Spark."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from rosace.engines.spark import health, live
from rosace.engines.spark.jobs import TOKEN
from rosace.engines.spark.runner import rows, single
from rosace.engines.spark.runner.checkpoints import merged, positions_in, positions_of
from rosace.engines.spark.runner.control import Control
from rosace.engines.spark.runner.faults import Refused, hopeless, told
from rosace.engines.spark.runner.jobs import Jobs
from rosace.engines.spark.runner.said import Said


def column(name: str, type_: str, json: str = "", *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "type": type_, "json": json or type_, "required": required, "written": "{0}"}


def test_an_offset_log_is_read() -> None:
    text = 'v1\n{"batchWatermarkMs":0}\n{"a":{"0":5,"1":7}}\n{"b":{"0":1}}\n'
    assert positions_in(text) == {"a": {"0": 5, "1": 7}, "b": {"0": 1}}
    with pytest.raises(ValueError, match="version"):
        positions_in("v2\n{}\n")


def test_the_slowest_reader_counts() -> None:
    assert merged([{"a": {"0": 5, "1": 7}}, {"a": {"0": 3}}]) == {"a": {"0": 3, "1": 7}}
    assert positions_of("12") == positions_of(None) == {}


def test_a_record_is_read_with_times_as_text() -> None:
    schema, expressions = rows.from_record([column("at", "TIMESTAMP_NTZ", "STRING"), column("n", "INT")])
    assert schema == "`at` STRING, `n` INT"
    assert expressions == ["CAST(j.`at` AS TIMESTAMP_NTZ) AS `at`", "j.`n`"]


def test_text_becomes_an_sql_string() -> None:
    assert rows.literal("it's a \\ b") == "'it\\'s a \\\\ b'"


def test_messages_lose_their_stacks() -> None:
    assert told(ValueError("x\n\tat org.apache.Spark.run(A.scala)")) == "ValueError: x"
    assert told(Refused("no: it would double")) == "no: it would double"
    assert told(KeyError()) == "KeyError"


class FromSpark(Exception):
    """As pyspark takes errors of the JVM over: the message, and a chain of causes that are no Python exceptions."""

    def __init__(self, text: str, cause: str = "") -> None:
        super().__init__(text)
        self._cause = type("Cause", (), {"_desc": cause, "_cause": None})() if cause else None


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (FromSpark("[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012"), True),
        (
            FromSpark("[STREAM_FAILED] Query terminated. SQLSTATE: XXKST", "[CAST_INVALID_INPUT] ... SQLSTATE: 22018"),
            True,
        ),
        (FromSpark("[PARSE_SYNTAX_ERROR] Syntax error at 'FORM'. SQLSTATE: 42601"), True),
        (FromSpark("Job aborted", "java.lang.ClassNotFoundException: org.example.Thing"), True),
        (FromSpark("[KAFKA_DATA_LOSS.PARTITIONS_DELETED] set failOnDataLoss to false SQLSTATE: 22000"), True),
        (FromSpark("[KAFKA_DATA_LOSS.PARTITION_OFFSET_CHANGED] was changed from 9 to 5. SQLSTATE: 22000"), False),
        (FromSpark("[STREAM_FAILED] Query terminated. SQLSTATE: XXKST", "java.net.ConnectException: refused"), False),
        (ZeroDivisionError("division by zero"), True),
        (ModuleNotFoundError("No module named 'x'"), True),
        (OSError("nobody is at home"), False),
        (Refused("the checkpoint is gone"), True),
        (Refused("the disk is full", hopeless=False), False),
    ],
)
def test_what_cannot_change_by_itself_is_told_from_what_can(error: BaseException, is_it: bool) -> None:
    assert hopeless(error) is is_it


def test_what_a_job_prints_is_in_its_own_log_too(tmp_path: Path) -> None:
    out = io.StringIO()
    said = Said(out, tmp_path)
    print("of the driver", file=said)
    thread = threading.Thread(target=lambda: print("of the job", file=said), name="job-report")
    thread.start()
    thread.join()
    assert out.getvalue() == "of the driver\nof the job\n"
    assert (tmp_path / "job-report.log").read_text() == "of the job\n"
    assert [path.name for path in tmp_path.iterdir()] == ["job-report.log"]


@pytest.fixture
def control() -> Iterator[Control]:
    server = Control(("127.0.0.1", 0), "the-token", Jobs())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_control_wants_its_token_and_a_session(control: Control) -> None:
    host, port = "127.0.0.1", control.server_address[1]
    order = {"control": f"http://{host}:{port}", "name": "a b/ü", "streaming": True, "run": "1"}
    assert health.ready(host, port) == "the Spark session is being made"
    assert requests.get(f"{order['control']}/jobs", timeout=5).status_code == 401
    with pytest.raises(live.SparkRefused, match="token"):
        live.observe(order, {TOKEN: "wrong"})
    assert live.observe(order, {TOKEN: "the-token"}).state == "absent"
    with pytest.raises(live.SparkRefused, match="session"):
        live.start(order, {TOKEN: "the-token"}, fresh=False)
    with pytest.raises(live.SparkRefused, match="not there"):
        live.finish(order, {TOKEN: "the-token"})


def test_nobody_listens() -> None:
    assert health.ready("127.0.0.1", 1) == "the driver's JVM is starting"


def test_a_driver_of_one_job_says_what_the_job_does_until_it_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = Jobs()
    seen = iter([("starting", ""), ("running", "batch 1"), ("running", "batch 1"), ("failed", "no such table")])

    def report(name: str) -> dict[str, Any]:
        state, detail = next(seen)
        return {"state": state, "detail": detail}

    monkeypatch.setattr(jobs, "report", report)
    monkeypatch.setattr(single, "LOOK", 0.0)
    assert single.ended(jobs, "land") == "failed"
    assert capsys.readouterr().out == "rosace: job land starting\nrosace: job land running batch 1\n"
