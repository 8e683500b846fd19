"""What is called updating, held against the changelog mode that Flink's own planner gives: it has the last word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from changelog_statements import ADDS, CALLED_ADDING, TOPICS, UPDATES

from rosace.contract.planner import Bench, Owner, Verdict
from rosace.engines.flink import ENGINE, planner, sql
from rosace.local import judging, workbench
from rosace.model.checked import Checked, CheckedJob
from rosace.model.platform import Job
from rosace.model.quantity import Duration

pytestmark = pytest.mark.live

_MODE = re.compile(r"== Optimized Physical Plan ==\n.*?changelogMode=\[(\w[\w,]*)\]", re.DOTALL)


class Modes:
    """Asks for the plan of queries instead of statements of jobs; keeps whether each only adds."""

    artifacts = planner.PLANNER.artifacts

    def __init__(self, queries: list[str]) -> None:
        self.queries, self.adds = queries, dict[str, bool]()

    def owners(self, checked: Checked) -> tuple[Owner, ...]:
        return (Owner("jobs", "all"),)

    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]:
        talk = bench.start(planner._program(bench))  # pyright: ignore[reportPrivateUsage]
        assert talk.ask("session", "table.local-time-zone", "UTC").taken
        for name, topic in TOPICS.items():
            table = sql.topic_table(
                name, topic, servers=str(planner.NOWHERE), reader="r", writer="w", transaction=Duration(600)
            )
            assert talk.ask("run", table).taken
        for query in self.queries:
            answer = talk.ask("explain", query)
            assert answer.taken, (query, answer.texts)
            mode = _MODE.search(answer.texts[0])
            assert mode, answer.texts[0]
            self.adds[query] = mode[1] == "I"
        yield from ()


def test_the_planner_says_the_same(tmp_path: Path) -> None:
    """Of each of some 200 queries; of those on which it is known to be wrong, that it still is."""
    workbench.artifacts(ENGINE)
    # Under a name of its own: what a planner took once it is not asked again.
    bare = workbench.unchecked({"platform": f"modes-{uuid4().hex[:12]}"}, ENGINE)
    job = CheckedJob("all", Job.model_validate({"engine": "flink", "sql": "x"}), tmp_path / "x", (), (), (), ())
    checked = replace(bare, jobs={"all": job})
    modes = Modes([*ADDS, *UPDATES, *CALLED_ADDING])
    needed = tuple(item for item in judging.of_engine(ENGINE) if item.name in Modes.artifacts)
    seat = judging.Seat("flink", "Flink", modes, tmp_path, checked.engines["flink"], needed, (Owner("jobs", "all"),))
    done = judging.judge(checked, [seat])
    assert not done.unasked
    assert len(modes.adds) == len({*ADDS, *UPDATES, *CALLED_ADDING}) >= 190
    assert [query for query in (*ADDS, *CALLED_ADDING) if not modes.adds[query]] == []
    assert [query for query in UPDATES if modes.adds[query]] == []
