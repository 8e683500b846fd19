"""What all rooms say of how they are watched, as objects: PodMonitors, rules, dashboards, and the right to find pods.

Comes in: `watch` of every room of a cluster. Goes out: the section `watch` of chart `observability`; nothing where the
cluster measures nothing. Dashboards of all clusters go to where people look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from rosace.deliver.dashboards import dashboard
from rosace.deliver.estate import Estate, Part
from rosace.engines.cluster import Rule, Scrape, Watch
from rosace.engines.manifest import Obj, name_labels, obj, objects_of, pretty
from rosace.engines.values import Off, Passed, Section, Values
from rosace.model.capabilities import Capability, Dashboards, Metrics

API = "monitoring.coreos.com/v1"
RBAC = "rbac.authorization.k8s.io/v1"


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
        scrapes = {
            _key(engine, scrape): _scraped(scrape) for engine, watch in watched.items() for scrape in watch.scrapes
        }
        own = collector.site.namespace
        return {
            "enabled": True,
            "namespace": own,
            "labels": name_labels("watch"),
            "account": collector.site.need(Metrics).account,
            "namespaces": sorted({scrape["namespace"] for scrape in scrapes.values()} - {own}),
            "podMonitors": scrapes,
            "rules": {
                engine: [_ruled(engine, rule) for rule in watch.rules]
                for engine, watch in watched.items()
                if watch.rules
            },
            "dashboards": _dashboards(estate, cluster),
        }

    def objects(self, frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
        """What `charts/observability/templates/watch` lays out of it."""
        if not section["enabled"]:
            return []
        return [
            *_access(frame, section),
            *_holders(frame, section),
            *_monitors(frame, section),
            *_rules(frame, section),
        ]


def _watch(part: Part) -> Watch:
    """What a room says of itself, and of its operators where they really are installed."""
    found = part.engine.kubernetes.watch(part.site)
    places = part.site.checked.platform.delivery.operators
    moved = {
        one.namespace: place.namespace
        for one in part.engine.kubernetes.operators(part.site)
        if (place := places.get(one.name)) and place.namespace and one.namespace != part.site.namespace
    }
    scrapes = tuple(replace(one, namespace=moved.get(one.namespace, one.namespace)) for one in found.scrapes)
    return replace(found, scrapes=scrapes)


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


def _access(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    """The right to find pods, in each namespace where something is scraped and nowhere else."""
    name = f"{section['namespace']}-{section['account']}-scrape"
    for namespace in section["namespaces"]:
        rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
        yield obj(RBAC, "Role", name, frame, section, namespace=namespace, rules=rules)
        yield obj(
            RBAC,
            "RoleBinding",
            name,
            frame,
            section,
            namespace=namespace,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
            subjects=[{"kind": "ServiceAccount", "name": section["account"], "namespace": section["namespace"]}],
        )


def _holders(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    """A ConfigMap for each dashboard, as Grafana finds it."""
    said = section["dashboards"]
    for engine, board in objects_of(said, "boards"):
        name = f"{said['holder']}{engine}"
        data = {f"{engine}.json": pretty(board)}
        yield obj("v1", "ConfigMap", name, frame, section, namespace=said["namespace"], data=data)


def _monitors(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    for name, one in objects_of(section, "podMonitors"):
        spec = {
            "namespaceSelector": {"matchNames": [one["namespace"]]},
            "selector": {"matchLabels": one["labels"]},
            "podMetricsEndpoints": [{"port": one["port"], "path": one["path"]}],
        }
        yield obj(API, "PodMonitor", name, frame, section, spec=spec)


def _rules(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    for engine, rules in objects_of(section, "rules"):
        yield obj(API, "PrometheusRule", engine, frame, section, spec={"groups": [{"name": engine, "rules": rules}]})


CONCERN = Watching()
