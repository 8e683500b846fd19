"""On several clusters, every engine, job and topic has its place; projects that are named exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rosace.check.draft import Draft
from rosace.check.rules.references import unknown
from rosace.contract.registry import engines
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    yield from _projects(draft)
    homes: dict[str, list[str]] = {}
    for cluster in draft.platform.clusters:
        for name, place in draft.listed("clusters", cluster, "runs"):
            if name not in engines():
                yield unknown(name, place, "no engine", engines())
            elif homes.setdefault(name, []) and not engines()[name].several:
                message = f"`{name}` runs on `{homes[name][0]}` already: it has one home"
                several = ", ".join(f"`{other}`" for other, room in engines().items() if room.several)
                hint = f"only these may live on several clusters: {several}"
                yield Diagnostic("two-homes", message, labels=(Label(place),), hints=(hint,))
            homes.setdefault(name, []).append(cluster)
    yield from _pools(draft)
    yield from _homeless(draft, homes)
    yield from _jobs(draft, homes)
    yield from _topics(draft)


def _pools(draft: Draft) -> Iterator[Diagnostic]:
    """An engine's pods run on the nodes of one pool, or of none."""
    for cluster, words in draft.platform.clusters.items():
        homes: dict[str, str] = {}
        for pool in words.pools:
            for name, place in draft.listed("clusters", cluster, "pools", pool, "of"):
                if name not in engines():
                    yield unknown(name, place, "no engine", engines())
                elif homes.setdefault(name, pool) != pool:
                    message = f"`{name}` cannot run on the nodes of pool `{pool}`: pool `{homes[name]}` is there for it"
                    hint = "one pool may be there for several engines, but each engine has one"
                    yield Diagnostic("two-pools", message, labels=(Label(place),), hints=(hint,))


def _homeless(draft: Draft, homes: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    clusters = draft.platform.clusters
    for name, room in draft.rooms.items() if len(clusters) > 1 else ():
        if name not in homes and not (room.everywhere or room.management) and room.kubernetes.chart:
            message = f"{room.title} has no home: none of the {len(clusters)} clusters runs `{name}`"
            near = next(iter(clusters))
            hint = f"write it in one of them: `clusters: {{{near}: {{runs: [{name}, ...]}}}}`"
            yield Diagnostic("no-home", message, labels=(Label(draft.key("clusters")),), hints=(hint,))


def _jobs(draft: Draft, homes: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    clusters = draft.platform.clusters
    for name, job in draft.platform.jobs.items():
        if job.cluster is None:
            continue
        place = draft.value("jobs", name, "cluster")
        if job.cluster not in clusters:
            yield unknown(job.cluster, place, "no cluster", clusters)
        elif len(clusters) > 1 and job.cluster not in homes.get(job.engine, ()):
            message = f"`{job.cluster}` does not run `{job.engine}`, so it cannot run job `{name}`"
            runs = draft.key("clusters", job.cluster)
            labels = (Label(place), Label(runs, f"runs {', '.join(clusters[job.cluster].runs)}", primary=False))
            hint = f"add `{job.engine}` to its `runs`, or leave `cluster` out: the job goes where its data is"
            yield Diagnostic("job-elsewhere", message, labels=labels, hints=(hint,))


def _topics(draft: Draft) -> Iterator[Diagnostic]:
    """A topic is written on one cluster, by writers that use the Kafka there."""
    placement = draft.placement
    for name, topic in draft.platform.topics.items():
        if topic.cluster is not None and topic.cluster not in draft.platform.clusters:
            yield unknown(topic.cluster, draft.value("topics", name, "cluster"), "no cluster", draft.platform.clusters)
            continue
        home = placement.topics[name]
        if topic.cluster and placement.streams and placement.streams[topic.cluster] != topic.cluster:
            message = f"topic `{name}` cannot live on `{topic.cluster}`, which has no Kafka"
            label = Label(draft.value("topics", name, "cluster"))
            yield Diagnostic("topic-elsewhere", message, labels=(label,), hints=("add it to the cluster's `runs`",))
            continue
        for job in draft.flow.written_by(Ref("topic", name)):
            its = placement.jobs[job].cluster
            if placement.streams.get(its, home) != home:
                message = f"job `{job}` runs on `{its}` and cannot write topic `{name}`, which lives on `{home}`"
                hint = f"run it there: `jobs: {{{job}: {{cluster: {home}}}}}`; readers elsewhere get a copy"
                labels = (Label(draft.key("jobs", job)), Label(draft.key("topics", name), "this topic", primary=False))
                yield Diagnostic("topic-elsewhere", message, labels=labels, hints=(hint,))


def _projects(draft: Draft) -> Iterator[Diagnostic]:
    platform = draft.platform
    named = [("jobs", name, job.project) for name, job in platform.jobs.items()]
    named += [("notebooks", name, notebook.project) for name, notebook in platform.notebooks.items()]
    for section, name, project in named:
        if project is not None and project not in platform.projects:
            yield unknown(project, draft.value(section, name, "project"), "no project", platform.projects)
    alerts = platform.monitoring.alerts if platform.monitoring else {}
    for name, alert in alerts.items():
        if alert.topic not in platform.topics:
            place = draft.value("monitoring", "alerts", name, "topic")
            yield unknown(alert.topic, place, "no topic", platform.topics)
