"""What all rooms say of how they are watched: who is measured, what is alarming, what is drawn.

Comes in: `watch` of every room of a cluster. Goes out: the section `watch` of chart `observability`; nothing where the
cluster measures nothing. Dashboards of all clusters go to where people look.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from rosace.contract.monitoring import Rule, Scrape, Watch
from rosace.contract.values import Off, Passed, Section, Values
from rosace.deliver.dashboards import dashboard
from rosace.kit.manifest import name_labels
from rosace.model.capabilities import Capability, Dashboards, Metrics
from rosace.plan.clusters.topology import Estate, Part


class Monitor(Values):
    """Pods whose metrics are collected."""

    namespace: str
    """Where they are."""
    labels: dict[str, str]
    """What they are known by."""
    port: str
    """The container port's name."""
    path: str
    """Where metrics are, such as `/metrics`."""


_For = TypedDict("_For", {"for": Annotated[str, Field(description="How long it must hold, such as `5m`.")]})


class Alert(Values, _For):
    """An alert, as a PrometheusRule takes it."""

    alert: str
    """Its name."""
    expr: str
    """When, in PromQL."""
    labels: dict[str, str]
    """By which it finds who is told."""
    annotations: dict[str, str]
    """What those are told."""


class Boards(Values):
    """Dashboards, where people look."""

    holder: str
    """What the names of their ConfigMaps begin with."""
    namespace: str
    """Where those are."""
    boards: dict[str, Passed]
    """Engine to its dashboard, in Grafana's JSON model; empty where people look elsewhere."""


class WatchValues(Section):
    """What is measured, alarming, drawn."""

    account: str
    """The service account that collects metrics: it may find pods."""
    namespaces: list[str]
    """Where it may, besides its own namespace."""
    podMonitors: dict[str, Monitor]
    """By name."""
    rules: dict[str, list[Alert]]
    """Engine to its alerts."""
    dashboards: Boards
    """All dashboards."""


class Watching:
    """The concern: who is measured, what is alarming, what is drawn."""

    name = "watch"
    chart = "observability"
    shape = WatchValues

    def values(self, estate: Estate, cluster: str) -> WatchValues | Off:
        """Section `watch`: what the rooms of this cluster say, and the dashboards of all where people look."""
        collector = _offering(estate, cluster, Metrics)
        if collector is None:
            return {"enabled": False}
        watched = {part.engine.name: _watch(part) for part in estate.on(cluster)}
        return {
            "enabled": True,
            "namespace": collector.site.namespace,
            "labels": name_labels("watch"),
            "account": collector.site.need(Metrics).account,
            "namespaces": scraped(estate, cluster),
            "podMonitors": {
                _key(engine, scrape): _scraped(scrape) for engine, watch in watched.items() for scrape in watch.scrapes
            },
            "rules": {
                engine: [_ruled(engine, rule) for rule in watch.rules]
                for engine, watch in watched.items()
                if watch.rules
            },
            "dashboards": _dashboards(estate, cluster),
        }


def scraped(estate: Estate, cluster: str) -> list[str]:
    """The namespaces of a cluster in which metrics are collected, but for the collector's own; in order."""
    collector = _offering(estate, cluster, Metrics)
    if collector is None:
        return []
    found = {scrape.namespace for part in estate.on(cluster) for scrape in _watch(part).scrapes}
    return sorted(found - {collector.site.namespace})


def _watch(part: Part) -> Watch:
    return part.engine.kubernetes.watch(part.site)


def _offering(estate: Estate, cluster: str, capability: type[Capability]) -> Part | None:
    """The first part of a cluster that offers something."""
    return next((part for part in estate.on(cluster) if capability in part.engine.offers), None)


def _key(engine: str, scrape: Scrape) -> str:
    """The name of a PodMonitor: each engine's own, whatever others call theirs."""
    return scrape.name if scrape.name == engine or scrape.name.startswith(f"{engine}-") else f"{engine}-{scrape.name}"


def _scraped(scrape: Scrape) -> Monitor:
    return {
        "namespace": scrape.namespace,
        "labels": dict(scrape.labels),
        "port": scrape.port,
        "path": scrape.path,
    }


def _ruled(engine: str, rule: Rule) -> Alert:
    return {
        "alert": rule.name,
        "expr": rule.expr,
        "for": rule.duration,
        "labels": {"severity": rule.severity, "engine": engine},
        "annotations": {"summary": rule.summary, "runbook": rule.runbook},
    }


def _dashboards(estate: Estate, cluster: str) -> Boards:
    """A dashboard for each engine of any cluster that draws something, where people look."""
    shown = _offering(estate, cluster, Dashboards)
    if shown is None:
        return {"holder": "", "namespace": "", "boards": {}}
    boards: dict[str, Passed] = {}
    for part in estate.parts:
        name = part.engine.name
        if name not in boards and (panels := _watch(part).panels):
            boards[name] = dashboard(estate.platform, name, part.engine.title, panels)
    return {"holder": shown.site.need(Dashboards).holder, "namespace": shown.site.namespace, "boards": boards}


CONCERN = Watching()
