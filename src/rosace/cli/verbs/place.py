"""`rosace place`: on which cluster each job runs and each topic lives, and why."""

from __future__ import annotations

from typing import Any

from rosace.cli.options import Output, Where


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


def _jobs(platform: Any) -> list[dict[str, Any]]:
    return [
        {"what": "job", "name": name, "cluster": placed.cluster, "why": placed.why, "others": _others(placed.refused)}
        for name, placed in platform.placement.jobs.items()
    ]


def _others(refused: dict[str, str]) -> str:
    return "; ".join(f"{cluster}: {why}" for cluster, why in refused.items())


def _topics(platform: Any) -> list[dict[str, Any]]:
    from rosace.model.checked import Ref

    rows: list[dict[str, Any]] = []
    for name, home in platform.placement.topics.items():
        writers = [f"`{job.name}`" for job in platform.jobs.values() if Ref("topic", name) in job.writes]
        said = platform.topics[name].cluster
        why = f"`cluster: {said}` says so" if said else f"written by {', '.join(writers)}" if writers else "the first"
        copies = [mirror.target for mirror in platform.placement.mirrors if mirror.topic == name]
        others = f"copied to {', '.join(copies)}, where it is read" if copies else ""
        rows.append({"what": "topic", "name": name, "cluster": home, "why": why, "others": others})
    return rows
