"""What the check lets through starts: one job of each kind of statement, on the real Flink, with rows to work on.

The statements are those of the corpus that the planner took. Window operators of a job share a slot's managed memory,
jobs that read the lake need classes that no other job needs: both are seen only when a job runs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

CORPUS = Path(__file__).parents[2] / "src" / "rosace" / "engines" / "flink" / "tests" / "corpus"
KINDS = (
    "nexmark 5: hot items",
    "session window without a partition",
    "old group window",
    "top of a window",
    "over a range of time",
    "interval join",
    "temporal join",
    "MATCH_RECOGNIZE",
    "JSON_VALUE",
    "several inserts and a view",
)
WINDOWS = ("tumbling window", "cumulating window", "hopping window with HAVING", "window join")
"""Each as two jobs with the default parallelism."""


def _jobs() -> dict[str, tuple[str, str]]:
    """The text of each job of the corpus, by its kind, and more of its words."""
    found = re.findall(r"^-- # (.*)\n((?:(?!-- # ).*\n)+)", (CORPUS / "valid.sql").read_text(), re.MULTILINE)
    return {kind: (text, "") for kind, text in found}


def _windows() -> dict[str, tuple[str, str]]:
    texts = _jobs()
    return {f"window-{number}": texts[kind] for number, kind in enumerate(WINDOWS * 2)} | {
        "lake-read": texts["a table of the lake is read"]
    }


def _kinds() -> dict[str, tuple[str, str]]:
    return {f"kind-{number}": (_jobs()[kind][0], ", parallelism: 1") for number, kind in enumerate(KINDS)}


def _platform(folder: Path, jobs: dict[str, tuple[str, str]]) -> None:
    (folder / "jobs").mkdir()
    for name, (text, _) in jobs.items():
        (folder / "jobs" / f"{name}.sql").write_text(text)
    listed = "".join(f"  {name}: {{engine: flink, sql: jobs/{name}.sql{more}}}\n" for name, (_, more) in jobs.items())
    words = (CORPUS / "platform.yaml").read_text().replace("platform: corpus", "platform: starts")
    sources = "sources:\n  bids: {file: bids.csv, to: bids}\n  plain: {file: plain.csv, to: plain}\n"
    (folder / "platform.yaml").write_text(f"{words}{sources}jobs:\n{listed}")
    rows = [f"{n % 7},{n % 5},{n},c{n % 3},u,2024-01-01T00:{n // 60:02}:{n % 60:02}.000,x" for n in range(600)]
    (folder / "bids.csv").write_text("\n".join(["auction,bidder,price,channel,url,ts,extra", *rows, ""]))
    plain = [f'k{n % 9},{n},{n},{n}.5,{n}.25,true,2024-01-01,2024-01-01T00:00:00.000,"{{}}"' for n in range(50)]
    (folder / "plain.csv").write_text("\n".join(["k,n,i,x,d,b,dd,t,js", *plain, ""]))


@pytest.mark.parametrize("jobs", [_windows(), _kinds()], ids=["windows", "kinds"])
def test_each_kind_of_statement_starts(
    jobs: dict[str, tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _platform(tmp_path, jobs)
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    try:
        up = _rosace("up", str(tmp_path), "--timeout", "400")
        assert up.returncode == 0, up.stderr[-3000:]
        deadline = time.monotonic() + 60
        while (late := _not_running(tmp_path, jobs)) and time.monotonic() < deadline:
            time.sleep(2)
        assert late == {}
    finally:
        _rosace("down", str(tmp_path), "--erase", "--yes")


def _not_running(folder: Path, jobs: dict[str, tuple[str, str]]) -> dict[str, object]:
    """Jobs that have not completed a checkpoint since they started, and have not ended as they should."""
    seen = json.loads(_rosace("status", str(folder), "--output", "json").stdout)["jobs"]
    assert set(seen) == set(jobs)
    return {name: job for name, job in seen.items() if not _fine(job)}


def _fine(job: dict[str, object]) -> bool:
    detail = str(job["detail"])
    return job["state"] in ("finished", "draining") or (
        job["state"] == "running" and not detail.startswith("0 ") and "checkpoints" in detail
    )


def _rosace(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("rosace")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
