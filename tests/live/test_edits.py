"""Edits of a platform with data in it, one after the other, on real engines: what `plan` says is what is true then.

One platform: a file goes through a topic into a table by a stream, and from there into another by a batch job. Nothing
is ever erased; after each step there is nothing to do.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient
from live_platform import Live, teardown
from printed import validate

from rosace.local.home import Home

pytestmark = pytest.mark.live

ROWS = 400

PLATFORM = """\
platform: edits
topics:
  events: {columns: {id: int!, side: string!, amount: int}, key: id, partitions: 2}
tables:
  landed: {columns: {id: int!, side: string!, amount: int, spare: int}, partition: [side]}
  sums: {columns: {side: string, total: bigint}}
sources:
  events: {file: events.csv, to: events}
jobs:
  land: {engine: spark, sql: land.sql, checkpoint: 1s}
  sum: {engine: spark, sql: sum.sql, after: land}
queries:
  count: {sql: count.sql}
"""
EVOLVED = """\
  landed:
    columns: {id: bigint!, half: string renamed-from side, amount: bigint, spare: int, note: string}
    partition: ["bucket(4, id)"]
"""
LAND = "INSERT INTO lake.landed (id, side, amount, spare) SELECT id, side, amount, 1 FROM events\n"
SUM = "INSERT OVERWRITE lake.sums SELECT side, SUM(CAST(amount AS BIGINT)) AS total FROM lake.landed GROUP BY side\n"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("edits")
    with (folder / "events.csv").open("w", encoding="utf-8") as out:
        out.write("id,side,amount\n")
        for number in range(ROWS):
            out.write(f"{number},{'éà日'[number % 3]},{number % 10}\n")
    platform = Live(folder, folder / "state")
    write(platform, "platform.yaml", PLATFORM)
    write(platform, "land.sql", LAND)
    write(platform, "sum.sql", SUM)
    write(platform, "count.sql", "SELECT count(*) AS n FROM lake.landed\n")
    try:
        platform.run("up")
        flowed(platform)
        yield platform
    finally:
        teardown(platform)


def write(live: Live, name: str, text: str) -> None:
    (live.folder / name).write_text(text, encoding="utf-8")


def edit(live: Live, name: str, *changes: tuple[str, str]) -> None:
    text = (live.folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    write(live, name, text)


def flowed(live: Live) -> None:
    live.wait(
        "all jobs have ended", lambda status: {job["state"] for job in status["jobs"].values()} == {"finished"}, 150
    )


def edits(live: Live, *more: str, code: int = 1) -> dict[str, dict[str, Any]]:
    """What `plan` says of edits: by subject, the last of each."""
    said = json.loads(live.run("plan", "--output", "json", *more, code=code).stdout)
    validate("plan", said)
    return {one["subject"]: one for one in said if one["change"] == "edit"}


def nothing_to_do(live: Live) -> None:
    assert json.loads(live.run("plan", "--output", "json").stdout) == []


def one(live: Live, text: str) -> list[Any]:
    (row,) = live.sql(text)
    return list(row.values())


def topics(live: Live) -> set[str]:
    home = Home(Path(live.status()["home"]))
    port = json.loads(home.ports.read_text())["kafka.kafka"]
    with AdminClient({"bootstrap.servers": f"127.0.0.1:{port}"}) as admin:
        return {name for name in admin.list_topics(timeout=10).topics if not name.startswith("__")}


def total(live: Live) -> int:
    return int(one(live, "SELECT sum(total) AS n FROM lake.sums")[0])


SUM_OF_ALL = sum(number % 10 for number in range(ROWS))


def test_columns_and_partitions_evolve_and_rows_stay(live: Live) -> None:
    nothing_to_do(live)
    assert total(live) == SUM_OF_ALL
    edit(
        live,
        "platform.yaml",
        ("  landed: {columns: {id: int!, side: string!, amount: int, spare: int}, partition: [side]}\n", EVOLVED),
    )
    edit(live, "land.sql", ("(id, side,", "(id, half,"))
    edit(live, "sum.sql", ("SELECT side, SUM(CAST(amount AS BIGINT))", "SELECT half AS side, SUM(amount)"))
    told = json.loads(live.run("plan", "--output", "json", "--from-here", code=1).stdout)
    kinds = {(one["subject"], one["kind"]) for one in told if one["change"] == "edit"}
    assert kinds == {
        ("table/lake.landed", "additive"),
        ("table/lake.landed", "breaks readers"),
        ("job/land", "additive"),
        ("job/sum", "additive"),
    }
    live.run("up", "--from-here")
    flowed(live)
    assert one(live, "SELECT count(*), count(half), count(note), max(id) FROM lake.landed") == [ROWS, ROWS, 0, ROWS - 1]
    types = {row["Column"]: row["Type"] for row in live.sql("DESCRIBE lake.landed")}
    assert (types["id"], types["amount"], types["half"]) == ("bigint", "bigint", "varchar")
    assert "bucket(id, 4)" in str(live.sql("SHOW CREATE TABLE lake.landed"))
    nothing_to_do(live)


def test_what_rows_forbid_is_refused_with_the_place(live: Live) -> None:
    before = (live.folder / "platform.yaml").read_text(encoding="utf-8")
    edit(live, "platform.yaml", ("amount: bigint, spare: int, note", "amount: int, note"))
    edit(live, "land.sql", ("amount, spare)", "amount)"), (", 1 FROM", " FROM"))
    said = live.run("up", "--from-here", code=2).stderr
    assert "column `amount`: `bigint` is now `int`" in said and "column `spare` is no longer declared" in said
    assert "platform.yaml:" in said and "--lose" in said and "--rebuild" in said
    write(live, "platform.yaml", before)
    edit(live, "platform.yaml", ("spare: int, note", "note"))
    live.run("up", "--from-here", code=2)
    live.run("up", "--from-here", "--lose")
    flowed(live)
    assert "spare" not in {row["Column"] for row in live.sql("DESCRIBE lake.landed")}
    assert one(live, "SELECT count(*), count(half) FROM lake.landed") == [ROWS, ROWS]
    nothing_to_do(live)


def test_changed_sql_of_an_ended_job_is_rebuilt_also_through_a_kill(live: Live) -> None:
    edit(live, "land.sql", ("SELECT id, side, amount FROM", "SELECT id, side, amount * 2 FROM -- twice\n"))
    told = edits(live)
    assert {name: (one["kind"], one["again"]) for name, one in told.items()} == {
        "job/land": ("rebuilds", ["land"]),
        "job/sum": ("rebuilds", ["sum"]),
        "table/lake.landed": ("rebuilds", ["land"]),
        "table/lake.sums": ("rebuilds", ["sum"]),
    }
    assert ROWS <= told["job/land"]["reads"] <= ROWS + 10
    live.run("up", "--detach")
    status = live.status()
    home = Path(status["home"])
    both = json.loads((home / "supervisor.pid").read_text())
    for pid in (both["guardian"], both["pid"], status["processes"]["spark"]["pid"]):
        os.kill(pid, signal.SIGKILL)
    live.run("up")
    flowed(live)
    assert one(live, "SELECT count(*), count(DISTINCT id), sum(amount) FROM lake.landed") == [
        ROWS,
        ROWS,
        2 * SUM_OF_ALL,
    ]
    assert total(live) == 2 * SUM_OF_ALL
    assert {row["name"] for row in live.sql('SELECT name FROM lake."landed$refs"')} == {"main", "before-1"}
    nothing_to_do(live)
    edit(live, "land.sql", ("-- twice", "-- as often as it may be"))
    assert edits(live, code=1) == {}, "a comment is no edit of what is there"
    live.run("up")
    flowed(live)
    assert one(live, "SELECT count(*) FROM lake.landed") == [ROWS]


def test_a_renamed_topic_is_read_from_its_beginning_and_the_old_one_is_kept_until_pruned(live: Live) -> None:
    edit(live, "platform.yaml", ("  events: {columns", "  visits: {columns"), ("to: events", "to: visits"))
    edit(live, "land.sql", ("events", "visits"))
    told = edits(live)
    assert told["topic/events"]["kind"] == "kept"
    live.run("up")
    flowed(live)
    assert one(live, "SELECT count(*), count(DISTINCT id) FROM lake.landed") == [ROWS, ROWS]
    assert topics(live) == {"events", "visits"}
    nothing_to_do(live)
    live.run("prune", code=2)
    assert topics(live) == {"events", "visits"}
    said = json.loads(live.run("prune", "--yes", "--output", "json").stdout)
    assert said == [{"what": "topic", "name": "events"}]
    assert topics(live) == {"visits"}
    assert "nothing to remove" in live.run("prune").stderr


def test_more_partitions_and_a_rebuild_that_is_asked_for(live: Live) -> None:
    edit(live, "platform.yaml", ("partitions: 2", "partitions: 3"))
    assert {name: one["kind"] for name, one in edits(live).items()} == {"topic/visits": "breaks readers"}
    live.run("up")
    live.run("rebuild", "landed", code=2)
    live.run("rebuild", "landed", "--yes")
    flowed(live)
    assert one(live, "SELECT count(*), count(DISTINCT id), sum(amount) FROM lake.landed") == [
        ROWS,
        ROWS,
        2 * SUM_OF_ALL,
    ]
    assert total(live) == 2 * SUM_OF_ALL
    nothing_to_do(live)
