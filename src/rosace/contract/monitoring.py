"""How an engine is watched: what is scraped, what is alarming, what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Scrape:
    """Pods whose metrics are collected. `port` is the container port's name; `labels` select the pods."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    port: str
    path: str = "/metrics"


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert. `expr` is PromQL; `duration` how long it must hold; `runbook` what to do, in a sentence or two."""

    name: str
    expr: str
    duration: str
    severity: Literal["critical", "warning", "info"]
    summary: str
    runbook: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph of a dashboard. `unit` is Grafana's name of the unit (`bytes`, `short`, `s`, `reqps`)."""

    title: str
    expr: str
    unit: str = "short"
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """How an engine is watched: what is scraped, what is alarming, what is drawn."""

    scrapes: tuple[Scrape, ...] = ()
    rules: tuple[Rule, ...] = ()
    panels: tuple[Panel, ...] = ()


def joined(*watches: Watch) -> Watch:
    """All of them as one."""
    return Watch(
        tuple(scrape for watch in watches for scrape in watch.scrapes),
        tuple(rule for watch in watches for rule in watch.rules),
        tuple(panel for watch in watches for panel in watch.panels),
    )
