"""Rosace's jobs against the same work submitted by hand to the same engines, taking turns.

Judged is the engine's own time, by its own clock: what Rosace writes into a job (connectors, options, checks of nulls)
and what it asks of the engine meanwhile must cost nothing that can be seen. What a person waits for from the submission
to the end is told beside it. Every repetition has to give the same number of results, or it is no measurement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pipeline_flink
import pipeline_spark
from figure import Figure, each, median
from rig import Unmeasured
from session import Session
from turn import Turn

TIMES = 4
LEAST = 0.98


def measure(session: Session) -> Iterator[Figure]:
    """By hand / by Rosace, for the Flink job and the Spark job: 1.0 is no difference, more is Rosace faster."""
    flights = session.flights()
    flink = pipeline_flink.Place(flights.rig)
    yield _compare("flink", "carrier-delays", flink.by_hand, flink.by_rosace)
    spark = pipeline_spark.Place(flights.rig)
    yield _compare("spark", "land-departures", spark.by_hand, spark.by_rosace)


def _compare(engine: str, job: str, by_hand: Callable[[], Turn], by_rosace: Callable[[], Turn]) -> Figure:
    hand: list[Turn] = []
    rosace: list[Turn] = []
    for number in range(TIMES):
        turns = [(hand, by_hand), (rosace, by_rosace)]
        for kept, take in turns if number % 2 else reversed(turns):
            kept.append(take())
    if len(counts := {turn.results for turn in (*hand, *rosace)}) > 1:
        raise Unmeasured(f"{job}: the runs gave different numbers of results: {sorted(counts)}")
    ours, theirs = [turn.engine for turn in rosace], [turn.engine for turn in hand]
    cpus = {"by hand": [turn.cpu for turn in hand], "by Rosace": [turn.cpu for turn in rosace]}
    parts = {
        "by hand": f"{median(theirs):.2f} s ({each(theirs)})",
        "by Rosace": f"{median(ours):.2f} s ({each(ours)})",
        **{
            f"CPU of {engine}, {who}": f"{median(each_cpu):.1f} s ({each(each_cpu, 1)})"
            for who, each_cpu in cpus.items()
        },
        "CPU of Rosace's supervisor in its turns": f"{median([turn.own for turn in rosace]):.2f} s",
        "results of each run": f"{rosace[0].results:,}",
        "submission to end, by hand": f"{median([turn.whole for turn in hand]):.1f} s",
        "submission to end, by Rosace": f"{median([turn.whole for turn in rosace]):.1f} s",
    }
    text = f"{rosace[0].what}: by hand / by Rosace ({job})"
    return Figure(f"pipeline-{engine}", text, median(theirs) / median(ours), limit=LEAST, at_least=True, parts=parts)
