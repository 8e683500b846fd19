"""What the engines' own planners take to judge: the first statement, and each further one.

CPU of all processes that a planner starts, from their start to their end, over corpora of tests/planner: judged are the
first statement alone, and it with twenty more; the difference is what the twenty took. Nothing is remembered between
the runs, and a run before them leaves the class-data archive where the planner writes one (Spark maps the archive of
the platform's driver, which the first `down` writes: without it, its first statement is measured cold).
"""

from __future__ import annotations

import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from figure import Figure, each, median
from session import Session

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from planner import corpus

from rosace.contract.registry import engines

TURNS, MORE = 3, 20


def measure(session: Session) -> list[Figure]:
    """Medians of three runs. Nothing has to run for it."""
    del session
    found: list[Figure] = []
    for engine in ("flink", "spark", "trino"):
        _judged(engine, 1)
        first = [_judged(engine, 1) for _ in range(TURNS)]
        more = [_judged(engine, 1 + MORE) for _ in range(TURNS)]
        further = max(0.0, (median(more) - median(first)) / MORE)
        what = f"CPU of {engine}'s planner"
        parts = {"CPU": each(first), f"with {MORE} more": each(more)}
        found.append(Figure(f"judge-{engine}", f"{what} to its first verdict", median(first), "s", 6.0, parts=parts))
        found.append(Figure(f"judge-{engine}-each", f"{what} for each further statement", further, "s", 0.3))
    return found


def _judged(engine: str, count: int) -> float:
    """CPU seconds of the processes that judged `count` statements."""
    checked = corpus.platform()
    if engine == "trino":
        checked = replace(checked, queries=corpus.queries_of(corpus.corpus("common-valid")[:count]))
    else:
        # A table without hidden partitions, which Flink could not make.
        read = "COALESCE(kind, 'none'), CAST(n AS BIGINT), amount, `at`"
        text = f"INSERT INTO lake.totals SELECT {read} FROM clicks WHERE n > {{}}"
        cases = [corpus.Case(str(number), text.format(number)) for number in range(count)]
        checked = replace(checked, jobs=corpus.jobs_of(engine, cases, batch=engine == "spark"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        said = corpus.verdicts(engines()[engine], checked, Path(folder))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    refused = [verdict.message for verdicts in said.values() for verdict in verdicts if verdict.message]
    assert not refused and len(said) == count, refused
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
