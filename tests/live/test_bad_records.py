"""Records that somebody else wrote into a topic and that do not fit: left out, set aside once, mended and sent again.

Between good ones, through kills of what reads them: rows are exact, each unfit record is aside once, and `verify`
counts them by a judgement of its own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from live_platform import Live, teardown, written

sys.path.insert(0, str(Path(__file__).parents[1] / "observe"))

from unfit_values import COLUMNS, values

pytestmark = pytest.mark.live

ENGINES = {"spark": "spark", "flink": "flink-taskmanager"}
"""The engines that leave records out, and which of their processes is killed."""


def platform() -> str:
    columns = json.dumps(COLUMNS)
    lines = ["platform: poison", "topics:"]
    lines += [f"  {name}: {{columns: {columns}, partitions: 2, on-bad-record: {word}}}" for name, word in WORDS]
    lines += ["tables:", *(f"  {e}_{name}: {{like: {name}}}" for e in ENGINES for name, _ in WORDS), "jobs:"]
    lines += [f"  {e}-{name}: {{engine: {e}, sql: {e}-{name}.sql}}" for e in ENGINES for name, _ in WORDS]
    return "\n".join(lines) + "\n"


WORDS = (("kept", "topic"), ("dropped", "skip"))
SENT = values("poison", 400)
HALF = len(SENT) // 2


@pytest.fixture(scope="module")
def poison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("poison")
    texts = {
        f"{engine}-{name}.sql": f"INSERT INTO lake.{engine}_{name} SELECT * FROM {name}\n"
        for engine in ENGINES
        for name, _ in WORDS
    }
    live = written(folder, {"platform.yaml": platform(), **texts})
    try:
        live.run("up", timeout=600)
        yield live
    finally:
        teardown(live)


def send(live: Live, found: list[tuple[bytes, bool]]) -> None:
    port = live.status()["processes"]["kafka"]["ports"]["kafka"]
    producer = Producer({"bootstrap.servers": f"127.0.0.1:{port}"})
    for number, (value, _) in enumerate(found):
        for name, _ in WORDS:
            producer.produce(name, value, b"\xff" if number % 7 == 0 else None, partition=number % 2)
    assert producer.flush(30) == 0


def flows(live: Live) -> dict[str, Any]:
    """The flows of a proof, once the jobs have read and committed all that was sent, as `verify` says itself."""
    deadline = time.monotonic() + 100
    while True:
        read = json.loads(live.run("topic", "list", "-o", "json").stdout)
        behind = [row for row in read if row["reader"] and row["lag"] != 0]
        if not behind:
            proof = json.loads(live.run("verify", "--output", "json", code=None).stdout)
            if proof["exact"]:
                break
            behind = proof["flows"]
        assert time.monotonic() < deadline, behind
        time.sleep(2)
    return {flow["target"]: flow for flow in proof["flows"]}


def test_rows_are_exact_through_a_kill_and_each_unfit_record_is_aside(poison: Live) -> None:
    send(poison, SENT[:HALF])
    for process in ENGINES.values():
        os.kill(poison.status()["processes"][process]["pid"], signal.SIGKILL)
    send(poison, SENT[HALF:])
    good, bad = sum(fits for _, fits in SENT), sum(not fits for _, fits in SENT)
    found = flows(poison)
    for engine in ENGINES:
        for name, _ in WORDS:
            flow = found[f"lake.{engine}_{name}"]
            assert (flow["result"], flow["records_out"], flow["aside"]) == ("exact", good, bad), flow


def test_the_log_names_each_with_its_place(poison: Live) -> None:
    for engine in ENGINES:
        for name, word in WORDS:
            log = poison.run("logs", f"{engine}-{name}", "-n", "10000").stdout
            how = "set aside" if word == "topic" else "left out"
            assert f"{how}: topic {name}, partition " in log


def unfit(live: Live, name: str, code: int = 1) -> list[dict[str, Any]]:
    said = live.run("topic", "unfit", name, "-n", "100000", "-o", "json", code=code).stdout
    return json.loads(said)


def test_each_is_aside_once_and_listed(poison: Live) -> None:
    bad = sum(not fits for _, fits in SENT)
    kept, dropped = unfit(poison, "kept"), unfit(poison, "dropped")
    assert {row["aside"] for row in kept} == {True}
    assert {row["aside"] for row in dropped} == {False}
    assert len(kept) == len(dropped) == bad
    assert len({(row["partition"], row["offset"]) for row in kept}) == bad


def test_what_is_mended_is_sent_and_no_longer_aside(poison: Live) -> None:
    rows = unfit(poison, "kept")
    mended = [{**row, "value": {"id": number, "t6": "2024-01-01T00:00:00"}} for number, row in enumerate(rows[:5])]
    file = poison.folder / "mended.jsonl"
    wrong = [*mended[:4], {**mended[4], "value": {"id": "x"}}]
    file.write_text("".join(json.dumps(row) + "\n" for row in wrong), encoding="utf-8")
    assert "column `id`" in poison.run("topic", "replay", "kept", "mended.jsonl", "--yes", code=2).stderr
    assert len(unfit(poison, "kept")) == len(rows)
    assert "nothing that is set aside" in poison.run("topic", "replay", "kept", "--yes", code=1).stderr
    file.write_text("".join(json.dumps(row) + "\n" for row in mended), encoding="utf-8")
    assert "5 records sent to kept" in poison.run("topic", "replay", "kept", "mended.jsonl", "--yes").stderr
    left = unfit(poison, "kept")
    assert [(row["partition"], row["offset"]) for row in left] == [(r["partition"], r["offset"]) for r in rows[5:]]
    good = sum(fits for _, fits in SENT)
    found = flows(poison)
    for engine in ENGINES:
        flow = found[f"lake.{engine}_kept"]
        assert (flow["result"], flow["records_out"], flow["aside"]) == ("exact", good + 5, len(left)), flow
