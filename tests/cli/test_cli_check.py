"""`rosace check`: the exit code is the answer, stdout is data, and every broken thing is told at its line."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Break:
    """One thing broken in the flights example: text replaced in a file, and what is then said, `down` lines below."""

    code: str
    old: str
    new: str
    file: str = "platform.yaml"
    says: str = ""
    down: int = 0


TWICE = "    compact: true\n    compact: true"

BREAKS = {
    "misspelt key": Break("unknown-key", "partitions: 4", "partitons: 4", says="did you mean `partitions`?"),
    "wrong type": Break("wrong-type", "partitions: 4", "partitions: four", says="not the text `four`"),
    "bad value": Break(
        "bad-value", "compact: true", "compact: true\n    retention: ever", down=1, says="not a duration"
    ),
    "duplicate key": Break("duplicate-key", "    compact: true", TWICE, down=1, says="first here"),
    "undeclared topic": Break("unknown-name", "FROM departures", "FROM departure", "jobs/land.sql"),
    "undeclared target": Break("unknown-name", "to: departures", "to: departure", says="did you mean `departures`?"),
    "unknown engine": Break("unknown-engine", "engine: flink", "engine: flnk", says="did you mean `flink`?"),
    "unknown column": Break("unknown-column", "AVG(dep_delay)", "AVG(dep_dely)", "jobs/delays.sql", "`dep_delay`"),
    "missing SQL file": Break("file-missing", "jobs/land.sql", "jobs/lnd.sql"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_told_where_it_is(flights: CommandLine, name: str) -> None:
    broken = BREAKS[name]
    flights.edit(broken.old, broken.new, broken.file)
    text = (flights.folder / broken.file).read_text(encoding="utf-8")
    place = f"{broken.file}:{text[: text.index(broken.new)].count(chr(10)) + 1 + broken.down}:"
    shown = flights.run("check", code=1)
    assert shown.out == ""
    assert f"error[{broken.code}]" in shown.err
    assert f"--> {place}" in shown.err
    assert broken.says in shown.err
    assert shown.err.endswith("platform.yaml: 1 error, 0 warnings\n")
    editor = flights.run("check", "--output", "editor", code=1)
    assert editor.err == ""
    (line,) = editor.out.splitlines()
    assert line.startswith(place)
    assert broken.code in line


def test_broken_yaml(flights: CommandLine) -> None:
    flights.edit("key: carrier", 'key: "carrier')
    assert "error[bad-yaml]" in flights.run("check", code=1).err


def test_an_empty_sql_file(flights: CommandLine) -> None:
    (flights.folder / "jobs" / "land.sql").write_text("-- nothing yet\n")
    assert "error[empty-file]" in flights.run("check", code=1).err


def test_a_circle(flights: CommandLine) -> None:
    flights.edit("after: [land-departures, weather]", "after: [weather, again]")
    flights.edit("queries:", "  again: {engine: spark, sql: jobs/land.sql, after: [daily-report]}\n\nqueries:")
    told = flights.run("check", code=1).err
    assert "cycle" in told
    assert "again" in told
    assert "daily-report" in told


def test_all_errors_are_told_at_once(flights: CommandLine) -> None:
    for name in ("undeclared topic", "unknown engine", "unknown column", "missing SQL file"):
        flights.edit(BREAKS[name].old, BREAKS[name].new, BREAKS[name].file)
    found = flights.run("check", "--output", "json", code=1).json()
    assert {item["code"] for item in found} >= {"unknown-engine", "file-missing"}


def test_json(flights: CommandLine) -> None:
    flights.edit("partitions: 4", "partitons: 4")
    shown = flights.run("check", "-o", "json", code=1)
    assert shown.err == ""
    (found,) = shown.json()
    assert (found["code"], found["severity"]) == ("unknown-key", "error")
    assert "partitons" in found["message"]


def test_sarif(flights: CommandLine) -> None:
    """SARIF 2.1.0, which code hosts show beside the lines of a change."""
    flights.edit("partitions: 4", "partitons: 4")
    shown = flights.run("check", "-o", "sarif", code=1)
    assert shown.err == ""
    log = shown.json()
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"].lower() == "rosace"
    (result,) = run["results"]
    line = (flights.folder / "platform.yaml").read_text(encoding="utf-8").partition("partitons")[0].count("\n") + 1
    assert result["ruleId"] == "unknown-key"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == line


@pytest.mark.parametrize(("output", "said"), [("json", "[]\n"), ("editor", ""), ("terminal", "")])
def test_a_fine_platform(fine: CommandLine, output: str, said: str) -> None:
    shown = fine.run("check", "--output", output)
    assert shown.out == said
    assert shown.err == ("platform.yaml: fine\n" if output == "terminal" else "")


def test_from_elsewhere_in_every_spelling(fine: CommandLine) -> None:
    elsewhere = CommandLine(fine.place, fine.place)
    name = fine.folder.name
    for arguments in (
        ("check", name),
        ("check", f"{name}/platform.yaml"),
        ("check", "-C", name),
        ("-C", name, "check"),
        (f"--directory={name}", "check"),
    ):
        assert elsewhere.run(*arguments).err.endswith("platform.yaml: fine\n"), arguments
    assert elsewhere.run("check", env={"ROSACE_DIRECTORY": name}).err.endswith(": fine\n")


def test_overlays_and_single_values(flights: CommandLine) -> None:
    (flights.folder / "env").mkdir(exist_ok=True)
    (flights.folder / "env" / "small.yaml").write_text("topics: {departures: {partitions: 2}}\n")

    def partitions(*arguments: str) -> int:
        rows = flights.run("get", "topics", "-o", "json", *arguments).json()
        return next(row["partitions"] for row in rows if row["topic"] == "departures")

    assert partitions() == 4
    assert partitions("--env", "small") == 2
    assert partitions("--env", "small", "--set", "topics.departures.partitions=3") == 3


def test_a_wrong_single_value_is_quoted(flights: CommandLine) -> None:
    told = flights.run("check", "--set", "topics.departures.partitions=many", code=1).err
    assert "--> --set:1:" in told
    assert "topics.departures.partitions=many" in told


def test_a_missing_overlay(flights: CommandLine) -> None:
    told = flights.run("check", "--env", "nowhere", code=1).err
    assert "env/nowhere.yaml" in told


NOTED = """
platform: noted
topics: {orders: {columns: {id: int!}}}
clusters: {main: {}}
backups: {rpo: 15m, etcd: {every: 6h}}
"""


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("", "", "0 errors, 1 warning, 1 note"),
        ("every: 6h", "every: 15m", "0 errors, 1 warning"),
        ("rpo: 15m", "rpo: soon", "1 error, 0 warnings"),
    ],
)
def test_what_was_found_is_counted_by_its_weight(empty: CommandLine, old: str, new: str, counts: str) -> None:
    (empty.folder / "platform.yaml").write_text(NOTED.replace(old, new, 1), encoding="utf-8")
    shown = empty.run("check", code=int("1 error" in counts)).err
    assert shown.splitlines()[-1] == f"platform.yaml: {counts}", shown
