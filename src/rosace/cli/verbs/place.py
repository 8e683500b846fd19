"""`rosace place`: on which cluster each job runs and each topic lives, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rosace.cli.options import Output, Where

if TYPE_CHECKING:
    from rosace.model.checked import Checked


def place(*, where: Where | None = None, output: Output = "table") -> int:
    """Say where each job runs and each topic lives, why, and what spoke against the other clusters.

    A job runs where its `cluster` says; else on the one that runs its engine; of several, on the one where most of what
    it reads lies, then in its region, then with its provider, then where fewest jobs run. A topic lives beside the job
    that writes it, and is copied to each cluster with a Kafka of its own where somebody reads it.

    Examples:
      rosace place -C examples/clouds --env prod
      rosace place --env prod --output json
    """
    from rosace.cli.failures import say
    from rosace.cli.options import checked
    from rosace.cli.tables import emit

    platform = checked(where or Where())
    here = platform.platform.target == "local"
    rows = [] if here else [*_jobs(platform), *_topics(platform)]
    if here:
        say("no clusters are named, so everything runs on this machine: `--env prod` adds env/prod.yaml")
        if output == "table":
            return 0
    emit(rows, [(name, name.upper()) for name in ("what", "name", "cluster", "why", "others")], output)
    return 0


def _jobs(platform: Checked) -> list[dict[str, Any]]:
    return [
        {"what": "job", "name": name, "cluster": placed.cluster, "why": placed.why, "others": _others(placed.refused)}
        for name, placed in platform.placement.jobs.items()
    ]


def _others(refused: Mapping[str, str]) -> str:
    return "; ".join(f"{cluster}: {why}" for cluster, why in refused.items())


def _topics(platform: Checked) -> list[dict[str, Any]]:
    writers: dict[str, list[str]] = {}
    for job in platform.jobs.values():
        for ref in job.writes:
            if ref.kind == "topic":
                writers.setdefault(ref.name, []).append(f"`{job.name}`")
    copies: dict[str, list[str]] = {}
    for mirror in platform.placement.mirrors:
        copies.setdefault(mirror.topic, []).append(mirror.target)
    rows: list[dict[str, Any]] = []
    for name, home in platform.placement.topics.items():
        said, by = platform.topics[name].cluster, writers.get(name)
        why = f"`cluster: {said}` says so" if said else f"written by {', '.join(by)}" if by else "the first"
        others = f"copied to {', '.join(copies[name])}, where it is read" if name in copies else ""
        rows.append({"what": "topic", "name": name, "cluster": home, "why": why, "others": others})
    return rows
