"""Jobs in Spark's words, and what Spark cannot promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spark_platform import SECRETS, fragment, job, site, table, topic

from rosace.engines.spark import ENGINE, rules
from rosace.model.checked import CheckedJob, Statement

IN, OUT, LAKE = topic("departures"), topic("alerts"), table("landed")


def insert(text: str, target: object = LAKE, *, overwrite: bool = False) -> Statement:
    assert target in (OUT, LAKE)
    return Statement("insert", fragment(text, IN, LAKE), target=target, overwrite=overwrite)  # pyright: ignore[reportArgumentType]


def codes(tmp_path: Path, *jobs: CheckedJob) -> list[str]:
    return [found.code for found in rules.check(site(tmp_path, *jobs).checked)]


def test_an_order_names_tables_in_full_and_holds_no_secret(tmp_path: Path) -> None:
    landing = job([insert("SELECT * FROM departures")], (IN,), (LAKE,), name="land")
    place = site(tmp_path, landing)
    load, order = ENGINE.local.jobs(place, (landing,))
    assert (load.name, load.batch, load.writes) == ("history", True, (LAKE,))
    assert not order.batch
    assert order.order["statements"][0]["table"] == "`lake`.`air_lines`.`landed`"
    assert order.order["statements"][0]["sql"] == "SELECT * FROM `departures`"
    assert order.order["checkpoint"] == "s3a://checkpoints/spark/air-lines/land"
    assert order.order["kafka"]["source"]["kafka.isolation.level"] == "read_committed"
    text = json.dumps([load.order, order.order])
    assert not [value for value in SECRETS.values() if value in text]


def test_exactly_once_into_a_topic_is_refused(tmp_path: Path) -> None:
    statements = [insert("SELECT carrier, 1 FROM departures", OUT)]
    assert codes(tmp_path, job(statements, (IN,), (OUT,))) == ["spark-topic-exactly-once"]
    assert codes(tmp_path, job(statements, (IN,), (OUT,), delivery="at-least-once")) == []
    assert codes(tmp_path, job((), (IN,), (OUT,), path="/platform/work.py")) == ["spark-topic-exactly-once"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT carrier, max(at) FROM departures GROUP BY carrier",
        "SELECT DISTINCT carrier FROM departures",
        "SELECT count(*) FROM departures",
        "SELECT * FROM departures ORDER BY at",
        "WITH d AS (SELECT * FROM departures) SELECT carrier, row_number() OVER (ORDER BY at) FROM d",
        "SELECT carrier FROM departures UNION SELECT carrier FROM departures",
    ],
)
def test_state_over_a_stream_is_refused(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, job([insert(text)], (IN,), (LAKE,))) == ["spark-stream-stateful"]
    assert codes(tmp_path, job([insert(text)], (IN,), (LAKE,), schedule="0 5 * * *")) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM departures",
        "SELECT upper(carrier) FROM departures UNION ALL SELECT carrier FROM departures",
        "SELECT d.* FROM departures d JOIN (SELECT carrier, max(at) m FROM lake.landed GROUP BY 1) l USING (carrier)",
    ],
)
def test_stateless_streams_pass(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, job([insert(text)], (IN, LAKE), (LAKE,))) == []


def test_state_behind_a_view_is_found(tmp_path: Path) -> None:
    view = Statement("view", fragment("SELECT * FROM departures", IN), view="Seen")
    assert codes(tmp_path, job([view, insert("SELECT count(*) FROM seen")], (IN,), (LAKE,))) == [
        "spark-stream-stateful"
    ]


def test_streams_that_overwrite_or_read_nothing_are_refused(tmp_path: Path) -> None:
    overwriting = job([insert("SELECT * FROM departures", overwrite=True)], (IN,), (LAKE,))
    assert codes(tmp_path, overwriting) == ["spark-stream-overwrite"]
    assert codes(tmp_path, job([insert("SELECT * FROM lake.landed")], (LAKE,), (LAKE,))) == ["spark-stream-no-topic"]


def test_a_load_and_a_job_need_different_names(tmp_path: Path) -> None:
    assert codes(tmp_path, job([insert("SELECT 1")], (IN,), (LAKE,), name="history")) == ["spark-name-clash"]
