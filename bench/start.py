"""How long a warm start takes, against what the engines alone cannot do faster.

Warm: everything fetched, class-data archives written; the platform's state is fresh. The platform is `tiny`: one
record through every engine that the example has. Measured is `rosace up --verify` whole, from the command to its exit:
engines ready, the record through Kafka, Flink and Spark, Iceberg, the jobs drained, the result read through Trino and
compared with the file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from figure import Figure, each, median
from rig import Rig, Unmeasured, timed
from session import Session

from rosace.local.artifacts.cache import cache_root

TINY = Path(__file__).with_name("tiny")
TIMES = 3


def measure(session: Session) -> list[Figure]:
    """The ratio to the longest chain or the CPU, and the ratio to one engine after the other."""
    rig = session.rig(TINY)
    _warm(rig)
    alone, needs = _alone(rig)
    chain, path = _longest(alone, needs)
    walls: list[float] = []
    stages: list[dict[str, float]] = []
    cpus: list[float] = []
    for _ in range(TIMES):
        run, told = rig.up("--verify")
        walls.append(run.seconds)
        stages.append(told)
        cpus.append(_cpu(rig))
        rig.down(erase=True)
    cores = len(os.sched_getaffinity(0))
    wall, cpu = median(walls), median(cpus)
    floor, total = max(chain, cpu / cores), sum(alone.values())
    flow, proof = (median([told[name] for told in stages]) for name in ("flow", "verify"))
    parts = {
        "up --verify": f"{wall:.1f} s (median of {each(walls, 1)})",
        "of it until every engine is ready and every job runs": f"{wall - flow - proof:.1f} s",
        "of it until the record is through and the jobs are drained": f"{flow:.1f} s",
        "of it verify": f"{proof:.1f} s",
        "longest chain, each alone": f"{chain:.1f} s ({' -> '.join(path)})",
        "CPU until ready": f"{cpu:.1f} s, on {cores} cores {cpu / cores:.1f} s",
        "until ready alone, against the same floor": f"{(wall - flow - proof) / floor:.2f}",
    }
    in_turn = {
        "one after the other": f"{total:.1f} s",
        **{f"  {name}": f"{seconds:.1f} s" for name, seconds in alone.items()},
        "until ready, against the same sum": f"{(wall - flow - proof) / total:.2f}",
    }
    first = "warm start with one verified record / max(longest chain, CPU / cores)"
    second = "warm start with one verified record / the engines' starts one after the other"
    return [
        Figure("start", first, wall / floor, limit=1.5, goal=1.25, parts=parts),
        Figure("start-overlap", second, wall / total, limit=0.7, parts=in_turn),
    ]


def _alone(rig: Rig) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Process -> seconds to readiness alone, and process -> the processes it needs; nothing runs afterwards."""
    script = Path(__file__).with_name("one_by_one.py")
    run = timed([sys.executable, "-P", str(script), str(rig.folder)], env=rig.env)
    rig.down(erase=True)
    told = json.loads(run.stdout)
    return told["alone"], told["needs"]


def _warm(rig: Rig) -> None:
    """Runs the platform once and stops it: a graceful stop after work writes the archives that are missing."""
    rig.up("--verify")
    rig.down()
    if missing := [name for name in _archives(rig) if not (cache_root() / "archives" / name).exists()]:
        raise Unmeasured(f"the start is not warm: no class-data archive {', '.join(missing)}")
    rig.down(erase=True)


def _archives(rig: Rig) -> list[str]:
    return [spec["archive"] for spec in rig.deployment()["processes"] if spec["archive"]]


def _longest(alone: dict[str, float], needs: dict[str, list[str]]) -> tuple[float, list[str]]:
    """The longest way along the needs, in seconds, and its processes."""

    def way(name: str) -> tuple[float, list[str]]:
        seconds, path = max((way(other) for other in needs[name]), default=(0.0, []))
        return seconds + alone[name], [*path, name]

    return max(way(name) for name in needs)


def _cpu(rig: Rig) -> float:
    processes = rig.status()["processes"].values()
    return sum(float(item["ready_cpu_seconds"] or 0.0) for item in processes if not item["once"])
