"""`rosace check --engines`: the engines' own planners, without a platform that runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.local import judging
from rosace.source.load import load

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/platform.yaml"))

PLATFORM = """\
platform: demo
producers: {others: {writes: words}}
topics:
  words: {columns: {word: string!, n: int}}
  lengths: {columns: {word: string!, length: int}}
tables:
  counts: {columns: {word: string, n: int}}
jobs:
  measure: {engine: flink, sql: jobs/measure.sql}
  count: {engine: flink, sql: jobs/count.sql}
"""
# The quick check would tell both before any planner is asked.
MEASURE = """\
-- rosace: trust the engine
INSERT INTO lengths -- é
SELECT '😀' || word, NVL(LENGHT(word), 0)
FROM words
"""
COUNT = "INSERT INTO lake.counts -- rosace: trust the engine\nSELECT word, n FROM words\nWHERE word LIKE n\n"


def rosace(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("rosace")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "prod.yaml").write_text("clusters: {main: {}}\n")
    (tmp_path / "platform.yaml").write_text(PLATFORM)
    (tmp_path / "jobs" / "measure.sql").write_text(MEASURE)
    (tmp_path / "jobs" / "count.sql").write_text(COUNT)
    return tmp_path


def test_a_complaint_stands_at_its_place(demo: Path) -> None:
    done = rosace("check", str(demo), "--engines", "--output", "json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    labels = [label for item in told for label in item["labels"]]
    places = [(Path(label["file"]).name, label["line"], label["column"]) for label in labels]
    assert places == [("count.sql", 3, 7), ("measure.sql", 3, 25)]
    assert "LIKE" in told[0]["message"]
    assert "No match found for function signature LENGHT" in told[1]["message"]
    assert rosace("check", str(demo)).returncode == 0


def test_nothing_is_started_or_built_of_what_is_refused(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSACE_STATE", str(demo / "state"))
    up = rosace("up", str(demo), "--output", "jsonl")
    assert up.returncode == 2, up.stderr
    assert "measure.sql:3:25" in up.stderr
    assert "here, says Apache Flink" in up.stderr
    assert '"start"' not in up.stdout
    assert not list((demo / "state").glob("**/deployment.json"))
    built = rosace("build", str(demo), "--env", "prod", "-o", str(demo / "out"))
    assert built.returncode == 2, built.stderr
    assert "measure.sql:3:25" in built.stderr
    assert not (demo / "out").exists()


def test_who_is_not_in_the_cache_is_named_and_not_asked(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSACE_CACHE", str(demo / "cache"))
    built = rosace("build", str(demo), "--env", "prod", "-o", str(demo / "out"))
    assert built.returncode == 0, built.stderr
    assert "not asked, since not in the cache: Apache Flink" in built.stderr


def test_what_was_taken_is_not_asked_again(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (demo / "jobs" / "measure.sql").write_text(MEASURE.replace("NVL(LENGHT", "COALESCE(CHAR_LENGTH"))
    monkeypatch.setattr(judging, "_code", lambda folder: str(demo))
    checked = check(load(demo / "platform.yaml"), demo)
    judged = judging.judge(checked, judging.open_questions(checked))
    assert [item.code for item in judged.diagnostics] == ["engine-refuses"]
    (seat,) = judging.open_questions(checked)
    assert [owner.name for owner in seat.owners] == ["count"]
    (demo / "jobs" / "count.sql").write_text(COUNT.replace("LIKE n", "LIKE word"))
    checked = check(load(demo / "platform.yaml"), demo)
    assert judging.judge(checked, judging.open_questions(checked)).diagnostics == ()
    assert judging.open_questions(checked) == []


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_have_nothing_to_hear(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(judging, "_code", lambda folder: str(tmp_path))
    checked = check(load(folder / "platform.yaml"), folder)
    judged = judging.judge(checked, judging.open_questions(checked))
    assert (judged.diagnostics, judged.unasked) == ((), ())
