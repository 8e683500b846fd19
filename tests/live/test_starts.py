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
    "nexmark 0: passes through",
    "nexmark 5: hot items",
    "tumbling window",
    "cumulating window",
    "hopping window with HAVING",
    "session window without a partition",
    "old group window",
    "top of a window",
    "window join",
    "over a range of time",
    "interval join",
    "temporal join",
    "regular join",
    "last row of a key",
    "top",
    "aggregates",
    "MATCH_RECOGNIZE",
    "JSON_VALUE",
    "several inserts and a view",
    "a table of the lake is read",
)
DEFAULT_WINDOWS = 8


def _platform(folder: Path) -> None:
    texts = dict(re.findall(r"^-- # (.*)\n((?:(?!-- # ).*\n)+)", (CORPUS / "valid.sql").read_text(), re.MULTILINE))
    texts["top"] = texts["nexmark 19: top ten"]
    # What is kept by key has one writer.
    own = {number: texts[kind].replace("INTO totals", f"INTO totals_{number}") for number, kind in enumerate(KINDS)}
    jobs = {f"kind-{number}": (text, ", parallelism: 1") for number, text in own.items()}
    jobs |= {f"window-{number}": (texts["tumbling window"], "") for number in range(DEFAULT_WINDOWS)}
    (folder / "jobs").mkdir()
    for name, (text, _) in jobs.items():
        (folder / "jobs" / f"{name}.sql").write_text(text)
    listed = "".join(f"  {name}: {{engine: flink, sql: jobs/{name}.sql{more}}}\n" for name, (_, more) in jobs.items())
    words = (CORPUS / "platform.yaml").read_text().replace("platform: corpus", "platform: starts")
    totals = next(line for line in words.splitlines() if line.startswith("  totals: "))
    copies = "\n".join(totals.replace("totals", f"totals_{number}") for number in own)
    words = words.replace(totals, copies)
    sources = "sources:\n  bids: {file: bids.csv, to: bids}\n  plain: {file: plain.csv, to: plain}\n"
    (folder / "platform.yaml").write_text(f"{words}{sources}jobs:\n{listed}")
    rows = [f"{n % 7},{n % 5},{n},c{n % 3},u,2024-01-01T00:{n // 60:02}:{n % 60:02}.000,x" for n in range(600)]
    (folder / "bids.csv").write_text("\n".join(["auction,bidder,price,channel,url,ts,extra", *rows, ""]))
    plain = [f'k{n % 9},{n},{n},{n}.5,{n}.25,true,2024-01-01,2024-01-01T00:00:00.000,"{{}}"' for n in range(50)]
    (folder / "plain.csv").write_text("\n".join(["k,n,i,x,d,b,dd,t,js", *plain, ""]))


def test_each_kind_of_statement_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _platform(tmp_path)
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    try:
        up = _rosace("up", str(tmp_path), "--timeout", "400")
        assert up.returncode == 0, up.stderr[-3000:]
        deadline = time.monotonic() + 60
        while (late := _not_running(tmp_path)) and time.monotonic() < deadline:
            time.sleep(2)
        assert late == {}
    finally:
        _rosace("down", str(tmp_path), "--erase", "--yes")


def _not_running(folder: Path) -> dict[str, object]:
    """Jobs that have not completed a checkpoint since they started, and have not ended as they should."""
    jobs = json.loads(_rosace("status", str(folder), "--output", "json").stdout)["jobs"]
    assert len(jobs) == len(KINDS) + DEFAULT_WINDOWS
    return {name: job for name, job in jobs.items() if not _fine(job)}


def _fine(job: dict[str, object]) -> bool:
    detail = str(job["detail"])
    return job["state"] in ("finished", "draining") or (
        job["state"] == "running" and not detail.startswith("0 ") and "checkpoints" in detail
    )


def _rosace(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("rosace")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
