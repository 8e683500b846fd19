"""The flights example: what is proven of it, and what single changes to it are answered with."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from check_outcome import FLIGHTS, Examine

from rosace.check.platform import check, examine
from rosace.check.sql.free import free_query
from rosace.model.checked import Checked, Ref
from rosace.source.diagnostic import Refused, Severity
from rosace.source.load import load


def departures() -> Ref:
    return Ref("topic", "departures")


def test_example_as_it_is() -> None:
    """Nothing at all is said of the example in the repository."""
    checked, found = examine(load(FLIGHTS / "platform.yaml"), FLIGHTS)
    assert found == []
    assert checked is not None
    assert checked.root == FLIGHTS


def test_proof(flights: Examine) -> None:
    checked = flights().proof()
    assert sorted(checked.engines) == ["flink", "iceberg", "kafka", "postgresql", "seaweedfs", "spark", "trino"]
    delays = checked.jobs["carrier-delays"]
    assert delays.reads == (departures(),)
    assert delays.writes == (Ref("topic", "delays"), Ref("table", "delays"))
    assert delays.finite_inputs == ("flights",)
    assert checked.jobs["daily-report"].finite_inputs == ("flights", "weather")
    assert checked.jobs["daily-report"].statements[0].overwrite
    assert checked.sources["flights"].format == "csv"
    assert checked.sources["flights"].paths == ()
    assert list(checked.sources["carriers"].columns) == ["carrier", "name"]
    assert checked.tables["delays"].columns == checked.topics["delays"].columns
    assert [str(oracle.target) for oracle in checked.verify] == ["delays", "lake.delays", "lake.daily_report"]
    assert checked.queries["worst-days"].reads == (Ref("table", "daily_report"),)


def test_render_keeps_the_text(flights: Examine, flights_files: dict[str, str]) -> None:
    """Replacing every name by itself gives the user's own text back, comments and blanks included."""
    checked = flights().proof()
    for job in checked.jobs.values():
        assert job.spec.sql is not None
        for statement in job.statements:
            assert statement.body.render(str) in flights_files[job.spec.sql]
    query = checked.queries["worst-days"]
    assert query.body.render(lambda ref: f"<{ref}>").startswith("SELECT day, origin")
    assert "FROM <lake.daily_report>\nORDER BY daily_report.avg_delay" in query.body.render(lambda ref: f"<{ref}>")


def test_only_check_makes_a_proof(flights: Examine) -> None:
    proof = flights().proof()
    fields = {name: getattr(proof, name) for name in Checked.__slots__ if name != "token"}
    with pytest.raises(TypeError):
        Checked(**fields, token=object())


def test_column_missing_in_sql(flights: Examine) -> None:
    outcome = flights({"jobs/delays.sql": ("  carrier,", "  carier,")})
    found = outcome.one("unknown-column")
    assert outcome.errors == {"unknown-column"}
    assert found.span is not None
    assert (Path(found.span.file).name, found.span.line, found.span.column) == ("delays.sql", 4, 3)
    assert found.hints == ("did you mean `carrier`?",)


def test_column_taken_from_the_topic(flights: Examine) -> None:
    """Renaming a column of a topic is found at every line of SQL that names it, with the topic as the other side."""
    outcome = flights({"platform.yaml": ("dep_delay: double", "delay: double")})
    found = [one for one in outcome.diagnostics if one.code == "unknown-column"]
    lines = {(Path(one.span.file).name, one.span.line) for one in found if one.span}
    assert {("delays.sql", 7), ("delays.sql", 8), ("delays.sql", 9)} <= lines
    assert ("report.sql", 7) in lines
    assert ("delays.sql", 8) in lines
    assert any(label.span.file.endswith("platform.yaml") for label in found[0].labels)


def test_topic_misspelt(flights: Examine) -> None:
    found = flights({"jobs/land.sql": ("FROM departures", "FROM departure")}).one("unknown-name")
    assert found.hints == ("did you mean `departures`?",)


def test_all_errors_at_once_in_order(flights: Examine) -> None:
    outcome = flights(
        {
            "platform.yaml": ("to: departures", "to: departurs"),
            "jobs/land.sql": "SELEC 1",
            "jobs/report.sql": ("d.origin,", "d.orign,"),
            "queries/worst-days.sql": ("lake.daily_report", "lake.daily_reports"),
        }
    )
    assert outcome.checked is None
    assert outcome.errors == {"unknown-name", "sql-statement", "unknown-column"}
    places = [(one.span.file, one.span.line) for one in outcome.diagnostics if one.span]
    assert places == sorted(places)
    assert len({file for file, _ in places}) == 4


def test_refused_carries_everything(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text("platform: X\ntopics: 1\nengines: {kafka: {memori: 1Gi}}\n")
    with pytest.raises(Refused) as refused:
        check(load(tmp_path / "platform.yaml"), tmp_path)
    assert [one.code for one in refused.value.diagnostics] == ["bad-value", "wrong-type", "unknown-key"]
    assert refused.value.sources
    assert refused.value.diagnostics[-1].hints == ("did you mean `memory`?",)


def test_warnings_do_not_refuse(flights: Examine) -> None:
    outcome = flights({"platform.yaml": ("sql: jobs/land.sql,", "sql: jobs/land.sql, parallelism: 64,")})
    assert outcome.proof()
    assert [one.severity for one in outcome.diagnostics] == [Severity.WARNING]
    assert outcome.codes == {"idle-subtasks"}


def test_room_rules_are_asked(flights: Examine) -> None:
    """A table that Flink would have to make cannot have hidden partitions: Flink's room says so."""
    outcome = flights(
        {"platform.yaml": (r"delays: \{like: delays\}", "delays: {like: delays, partition: [day(hour)]}")}
    )
    place = outcome.one("flink-hidden-partition").span
    assert place is not None
    assert place.line == 42
    assert outcome.checked is None


def test_free_query(flights: Examine) -> None:
    checked = flights().proof()
    body = free_query(checked, 'SELECT count(*) FROM "lake"."departures", delays -- all\n')
    assert body.render(lambda ref: f"<{ref}>") == "SELECT count(*) FROM <lake.departures>, <delays>"
    with pytest.raises(Refused) as refused:
        free_query(checked, "SELECT carier FROM delays")
    assert refused.value.sources == {"--sql": "SELECT carier FROM delays"}
    assert refused.value.diagnostics[0].hints == ("did you mean `carrier`?",)
    for nothing in ("", "  -- only words\n", "DROP TABLE lake.delays", "SELECT 1; SELECT 2"):
        with pytest.raises(Refused):
            free_query(checked, nothing)


def test_speed() -> None:
    """Checking the example costs at most 0.25 s of CPU once everything is imported, and imports included 0.9 s."""
    tree = load(FLIGHTS / "platform.yaml")
    examine(tree, FLIGHTS)
    start = time.process_time()
    examine(tree, FLIGHTS)
    assert time.process_time() - start < 0.25


def test_heavy_libraries_stay_out() -> None:
    """A platform without SQL is checked without sqlglot; no platform needs a client of an engine or DuckDB."""
    script = (
        "import sys, pathlib; from rosace.source.load import load; from rosace.check.platform import examine\n"
        "folder = pathlib.Path(sys.argv[1]); examine(load(folder / 'platform.yaml'), folder)\n"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    folder = Path(__file__).parents[2] / "examples" / "flights"
    shown = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    loaded = set(shown.stdout.split())
    assert "sqlglot" in loaded
    assert not loaded & {"duckdb", "confluent_kafka", "minio", "requests", "rich", "psutil"}


def test_no_sql_no_sqlglot(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text("platform: demo\ntopics: {orders: {columns: {id: int!}}}\n")
    script = (
        "import sys, pathlib; from rosace.source.load import load; from rosace.check.platform import examine\n"
        "folder = pathlib.Path(sys.argv[1]); examine(load(folder / 'platform.yaml'), folder)\n"
        "print('sqlglot' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
