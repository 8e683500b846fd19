"""Where several clusters are named, every engine lives on exactly one of them; projects that are named exist."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.check.rules.references import unknown
from rosace.engines.registry import engines
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    yield from _projects(draft)
    clusters = draft.platform.clusters
    homes: dict[str, list[str]] = {}
    for cluster in clusters:
        for name, place in draft.listed("clusters", cluster, "runs"):
            if name not in engines():
                yield unknown(name, place, "no engine", engines())
            elif homes.setdefault(name, []):
                message = f"`{name}` runs on `{homes[name][0]}` already: an engine has one home"
                yield Diagnostic("two-homes", message, labels=(Label(place),))
            homes.setdefault(name, []).append(cluster)
    if len(clusters) < 2:
        return
    for name, room in draft.rooms.items():
        if name not in homes and not (room.everywhere or room.management) and room.kubernetes.chart:
            message = f"{room.title} has no home: none of the {len(clusters)} clusters runs `{name}`"
            near = next(iter(clusters))
            hint = f"write it in one of them: `clusters: {{{near}: {{runs: [{name}, ...]}}}}`"
            yield Diagnostic("no-home", message, labels=(Label(draft.key("clusters")),), hints=(hint,))


def _projects(draft: Draft) -> Iterator[Diagnostic]:
    platform = draft.platform
    named = [("jobs", name, job.project) for name, job in platform.jobs.items()]
    named += [("notebooks", name, notebook.project) for name, notebook in platform.notebooks.items()]
    for section, name, project in named:
        if project is not None and project not in platform.projects:
            yield unknown(project, draft.value(section, name, "project"), "no project", platform.projects)
    alerts = platform.monitoring.alerts if platform.monitoring else {}
    for name, alert in alerts.items():
        if alert.topic is not None and alert.topic not in platform.topics:
            place = draft.value("monitoring", "alerts", name, "topic")
            yield unknown(alert.topic, place, "no topic", platform.topics)
