"""Windows over topics of several partitions, on the real engines: each kind is exact, however the partitions are
read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown
from window_platform import ONLY, ORACLE, RESULT, TOPIC, WINDOWS, query, write

pytestmark = pytest.mark.live

CASES = {
    "sorted-12": (12, "sorted", [*WINDOWS]),
    "skewed-4": (4, "skewed", [*WINDOWS]),
    "near-1": (1, "near", [*WINDOWS]),
    "near-12": (12, "near", [*WINDOWS]),
}
"""Partitions of the topic, how its file is ordered (`near`: shuffled within the delay that is declared), and the kinds
of windows over it. Of windows that overlap a record may miss some, which no engine counts."""

HEAD = "platform: late\nengines: {flink: {memory: 640Mi}}\ntopics:\n"


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
        (folder / f"{name}.sql").write_text(f"INSERT INTO `of-{name}`\n{query(name, kinds)}", encoding="utf-8")
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


def test_windows_of_each_kind_are_exact_however_partitions_are_read(live: Live) -> None:
    live.up_verified()
    assert [flow for flow in live.proof["flows"] if flow["result"] != "exact"] == []
