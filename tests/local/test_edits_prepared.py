"""What is handed over after an edit of the example: only what the plan names is another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rosace.local.declared import Declared
from rosace.local.deployed import previous
from rosace.local.home import Home
from rosace.local.prepare import Prepared, prepare
from rosace.local.store import write_json
from rosace.model.checked import Ref
from rosace.plan.machine.deployment import to_json
from rosace.plan.machine.revision import Asked
from rosace.plan.machine.steps import steps

EXAMPLE = Path(__file__).parents[2] / "examples" / "flights"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example with a state folder of its own, handed over once."""
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    copy = tmp_path / "flights"
    shutil.copytree(EXAMPLE, copy)
    hand_over(copy)
    return copy


def hand_over(folder: Path, asked: Asked | None = None) -> Prepared:
    """Decides as `up` does, and keeps what a supervisor keeps, without starting anything."""
    declared = Declared(folder / "platform.yaml", set=("memory=12Gi",))
    examined = declared.examined()
    home = Home.of("flights", declared.file)
    home.path.mkdir(parents=True, exist_ok=True)
    prepared = prepare(examined.proven(), home, "inputs", asked=asked)
    raw = {"deployment": to_json(prepared.deployment), "archives": "", "files": [], "source": examined.kept()}
    write_json(home.deployment, raw)
    return prepared


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def changes(before: Prepared, after: Prepared) -> set[str]:
    return {step.subject for step in steps(after.deployment, before.deployment.fingerprints())}


def test_the_same_files_twice_are_the_same_deployment(folder: Path) -> None:
    first, second = hand_over(folder), hand_over(folder)
    assert changes(first, second) == set() and second.edits == ()
    assert first.deployment == second.deployment


def test_another_flink_job_stops_nobody(folder: Path) -> None:
    before = hand_over(folder)
    (folder / "jobs" / "more.sql").write_text("INSERT INTO lake.more SELECT carrier, flight FROM departures\n")
    edit(
        folder,
        "platform.yaml",
        "  delays: {like: delays}\n",
        "  delays: {like: delays}\n  more: {columns: {carrier: string, flight: int}}\n",
    )
    edit(folder, "platform.yaml", "\njobs:\n", "\njobs:\n  more: {engine: flink, sql: jobs/more.sql, parallelism: 1}\n")
    after = hand_over(folder)
    assert changes(before, after) == {"job/more", "action/iceberg:tables"}


def test_changed_sql_touches_the_job_its_topics_and_what_follows(folder: Path) -> None:
    before = hand_over(folder)
    rebuilt = hand_over(folder, Asked(rebuild=("departures",), remake=(Ref("topic", "departures"),)))
    told = {one.subject.partition("/")[2] for one in rebuilt.edits if one.kind == "rebuilds"}
    assert told >= {"departures", "lake.departures", "land-departures", "carrier-delays"}
    touched = changes(before, rebuilt)
    assert {"action/kafka:topics", "action/iceberg:tables", "process/source-flights"} <= touched
    assert not [name for name in touched if name.startswith("process/") and not name.startswith("process/source-")]
    flows = rebuilt.deployment.flows
    anew = {f"job/{name}" for name, flow in flows.items() if flow.generation and flow.kind != "replay"}
    assert anew == {name for name in touched if name.startswith("job/")} - {"job/daily-report"}
    assert changes(rebuilt, hand_over(folder)) == set(), "what was asked for once is done once"


def test_a_comment_changes_nothing_that_is_there(folder: Path) -> None:
    sql = next((folder / "jobs").glob("*.sql"))
    sql.write_text("-- why\n" + sql.read_text(encoding="utf-8"), encoding="utf-8")
    assert hand_over(folder).edits == ()


def test_an_edit_made_with_another_version_of_rosace_is_seen(folder: Path) -> None:
    """What that one started is nothing that this one knows; what it declared is still there, with its rows."""
    before = hand_over(folder)
    home = Home.of("flights", folder / "platform.yaml")
    raw = json.loads(home.deployment.read_text("utf-8"))
    raw["deployment"]["jobs"][0]["reads"] = {"of": "another version"}
    raw["deployment"]["processes"][0] = "of another version"
    write_json(home.deployment, raw)
    assert previous(home) is None

    def now() -> Prepared:
        declared = Declared(folder / "platform.yaml", set=("memory=12Gi",))
        return prepare(declared.examined().proven(), home, "inputs", write=False)

    assert now().edits == () and now().deployment.shapes == before.deployment.shapes
    edit(folder, "platform.yaml", "month(time_hour)", "day(time_hour)")
    assert {one.subject for one in now().edits} == {"table/lake.departures"}
