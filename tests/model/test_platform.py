"""The words of `platform.yaml`: short forms, defaults, and what is no word."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from rosace.model.columns import ColumnType
from rosace.model.platform import Platform


def read(**words: Any) -> Platform:
    return Platform.model_validate({"platform": "test", **words})


def refusal(**words: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        read(**words)
    return str(refused.value)


COLUMNS = {"id": "int!", "at": "timestamp"}


def test_a_platform_is_a_name() -> None:
    platform = read()
    assert (platform.topics, platform.jobs, platform.memory) == ({}, {}, None)


def test_one_word_stands_for_a_list_or_a_mapping() -> None:
    platform = read(
        topics={"orders": {"columns": COLUMNS, "key": "id", "event-time": "at"}},
        sources={"orders": {"file": "o.csv", "to": "orders", "order": "at"}},
        jobs={"report": {"engine": "spark", "sql": "r.sql", "after": "orders"}},
        verify={"orders": "oracle.sql"},
    )
    topic = platform.topics["orders"]
    assert topic.key == ("id",)
    assert topic.event_time is not None
    assert (topic.event_time.column, topic.event_time.delay) == ("at", 0)
    assert platform.sources["orders"].order == ("at",)
    assert platform.jobs["report"].after == ("orders",)
    assert platform.verify["orders"].sql == "oracle.sql"


def test_columns_keep_their_order() -> None:
    names = [f"c{number}" for number in (3, 1, 2)]
    platform = read(topics={"t": {"columns": dict.fromkeys(names, "int")}})
    assert list(platform.topics["t"].columns) == names
    assert platform.topics["t"].columns["c3"] == ColumnType.parse("int")


@pytest.mark.parametrize(
    ("words", "batch"),
    [({}, False), ({"schedule": "0 5 * * *"}, True), ({"after": ["land"]}, True)],
    ids=["neither", "schedule", "after"],
)
def test_what_makes_a_job_a_batch_job(words: dict[str, Any], batch: bool) -> None:
    platform = read(jobs={"report": {"engine": "spark", "sql": "r.sql", **words}})
    assert platform.jobs["report"].batch is batch


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"topcs": {}}, "topcs"),
        ({"topics": {"t": {"columns": COLUMNS, "partitoins": 3}}}, "partitoins"),
        ({"topics": {"t": {"columns": {}}}}, "at least 1 item"),
        ({"topics": {"t": {"columns": COLUMNS, "partitions": 0}}}, "greater than or equal to 1"),
        ({"topics": {"T": {"columns": COLUMNS}}}, "is not a name"),
        ({"tables": {"t": {}}}, "either `columns` or `like: <topic>`"),
        ({"tables": {"t": {"columns": COLUMNS, "like": "x"}}}, "either `columns` or `like: <topic>`"),
        ({"jobs": {"j": {"engine": "spark"}}}, "either `sql: <file>` or `python: <file>`"),
        ({"jobs": {"j": {"engine": "spark", "sql": "a", "python": "b"}}}, "either `sql: <file>` or `python: <file>`"),
        ({"jobs": {"j": {"engine": "spark", "sql": "a", "delivery": "maybe"}}}, "exactly-once"),
        ({"memory": "lots"}, "is not a size"),
        ({"topics": {"t": {"columns": COLUMNS, "retention": "a week"}}}, "is not a duration"),
        ({"sources": {"s": {"file": "a", "to": "t", "rate": 0}}}, "is not a rate"),
        ({"external": {"kafka": {"url": "kafka.example.com:9093"}}}, "Extra inputs are not permitted"),
        ({"sources": {"s": {"file": {"package": "x", "path": "p", "sha256": "0"}, "to": "t"}}}, "sha256"),
    ],
)
def test_what_is_no_word_is_refused(words: dict[str, Any], told: str) -> None:
    assert told in refusal(**words)


def test_nothing_changes_after_reading() -> None:
    platform = read()
    with pytest.raises(ValidationError, match="frozen"):
        platform.platform = "other"  # pyright: ignore[reportAttributeAccessIssue]
