"""Windows over topics of several partitions, on the real engines: each kind is exact, however the partitions are read,
or what was late is counted to the record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown
from window_platform import ONLY, ORACLE, RESULT, ROWS, TOPIC, WINDOWS, query, write

pytestmark = pytest.mark.live

CASES = {
    "sorted-12": (12, "sorted", [*WINDOWS]),
    "skewed-4": (4, "skewed", [*WINDOWS]),
    "near-1": (1, "near", [*WINDOWS]),
    "near-12": (12, "near", [*WINDOWS]),
    "late-1": (1, "shuffled", ["tumble"]),
    "late-4": (4, "shuffled", ["session"]),
    "late-12": (12, "shuffled", ["tumble"]),
}
"""Partitions of the topic, how its file is ordered (`near`: shuffled within the delay that is declared), and the kinds
of windows over it. Of windows that overlap a record may miss some, which no engine counts."""

HEAD = "platform: late\nengines: {flink: {memory: 640Mi}}\ntopics:\n"

HASTY = """\
CREATE TEMPORARY VIEW hasty AS SELECT * FROM `{name}` /*+ OPTIONS('scan.watermark.emit.strategy'='on-event') */;
"""
"""With each record time goes on, not only five times a second, in which all of a small file is read."""


def made(folder: Path, cases: dict[str, tuple[int, str, list[str]]] = CASES) -> Live:
    folder.mkdir(parents=True)
    text = HEAD
    for name, (count, _, _) in cases.items():
        text += TOPIC.format(name=name, partitions=count) + RESULT.format(name=f"of-{name}")
    text += "sources:\n" + "".join(f"  {name}: {{file: {name}.csv, to: {name}}}\n" for name in cases)
    text += "jobs:\n" + "".join(f"  j-{name}: {{engine: flink, sql: {name}.sql, checkpoint: 2s}}\n" for name in cases)
    text += "verify:\n" + "".join(f"  of-{name}: {name}-oracle.sql\n" for name in cases)
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    for seed, (name, (_, order, kinds)) in enumerate(cases.items()):
        write(folder / f"{name}.csv", order, seed)
        hasty = order == "shuffled"
        text = f"INSERT INTO `of-{name}`\n{query('hasty' if hasty else name, kinds)}"
        (folder / f"{name}.sql").write_text(HASTY.format(name=name) + text if hasty else text, encoding="utf-8")
        (folder / f"{name}-oracle.sql").write_text(
            ORACLE.format(name=name) + ONLY.format(kinds=kinds), encoding="utf-8"
        )
    return Live(folder, folder.parent / "state")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    found = made(tmp_path / "tard")
    try:
        yield found
    finally:
        teardown(found)


def test_windows_of_each_kind_are_exact_or_what_was_late_is_counted(live: Live) -> None:
    said = live.run("up", "--verify", "--output", "jsonl", code=1, timeout=1500).stdout
    (proof,) = (value["verify"] for line in said.splitlines() if "verify" in (value := json.loads(line)))
    flows = {flow["target"]: flow for flow in proof["flows"]}
    late = {name: flows[f"of-{name}"] for name in CASES if name.startswith("late")}
    assert [flow for flow in flows.values() if flow["result"] != "exact" and flow not in late.values()] == []
    jobs = live.status()["jobs"]
    for name, flow in late.items():
        # Each record is in one window of these, or was too late for it.
        said = live.run("topic", "tail", f"of-{name}", "-n", str(ROWS), "-o", "json").stdout
        counted = sum(record["value"]["n"] for record in json.loads(said))
        assert flow["late"] == jobs[f"j-{name}"]["late"] == ROWS - counted
        assert flow["result"] == "exact" or f"{flow['late']:,} records came too late" in flow["reason"]
    # Time of one partition goes on with each record. That of several does when all have begun to be read.
    assert late["late-1"]["late"] > 0
