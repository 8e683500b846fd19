"""On which cluster each job runs and each topic lives, and why: what `place` shows."""

from __future__ import annotations

from rosace.model.checked import Checked
from rosace.observe.shapes import PlaceRow


def places(platform: Checked) -> list[PlaceRow]:
    """Jobs, then topics; none where everything runs on this machine."""
    return [] if platform.platform.target == "local" else [*_jobs(platform), *_topics(platform)]


def _jobs(platform: Checked) -> list[PlaceRow]:
    return [
        PlaceRow(
            what="job",
            name=name,
            cluster=placed.cluster,
            why=placed.why,
            others="; ".join(f"{cluster}: {why}" for cluster, why in placed.refused.items()),
        )
        for name, placed in platform.placement.jobs.items()
    ]


def _topics(platform: Checked) -> list[PlaceRow]:
    writers: dict[str, list[str]] = {}
    for job in platform.jobs.values():
        for ref in job.writes:
            if ref.kind == "topic":
                writers.setdefault(ref.name, []).append(f"`{job.name}`")
    copies: dict[str, list[str]] = {}
    for mirror in platform.placement.mirrors:
        copies.setdefault(mirror.topic, []).append(mirror.target)
    rows: list[PlaceRow] = []
    for name, home in platform.placement.topics.items():
        said, by = platform.topics[name].cluster, writers.get(name)
        why = f"`cluster: {said}` says so" if said else f"written by {', '.join(by)}" if by else "the first"
        others = f"copied to {', '.join(copies[name])}, where it is read" if name in copies else ""
        rows.append(PlaceRow(what="topic", name=name, cluster=home, why=why, others=others))
    return rows
