"""Grafana on Kubernetes: what is decided. the chart lays it out.

Source: grafana.com/docs/grafana/v12.4/setup-grafana (installation on Kubernetes, configuration by environment).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Needs, Serves, Within, Workload
from rosace.engines.grafana import settings
from rosace.engines.grafana.spec import GrafanaSpec
from rosace.engines.grafana.values import GrafanaValues
from rosace.kit import trial
from rosace.kit.manifest import name_labels, pod_security
from rosace.model.capabilities import Address, Alerts, Capability, Dashboards, LongTermMetrics, Metrics
from rosace.model.cluster_words import Monitoring
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

NAME = "grafana"
USER = 472
"""The user of the image (grafana/grafana, Dockerfile, GF_UID)."""

HOLDER = "dashboard-"
"""What the name of each dashboard's ConfigMap begins with."""

SECRET = "grafana-admin"
LABELS = name_labels("grafana")

GRAFANA = PINNED.image("grafana")


class Kubernetes(KubernetesRoom):
    """Grafana's cluster side."""

    chart = "observability"
    shape = GrafanaValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """Where people look, and where dashboards must lie to be seen."""
        return (Dashboards(site.address(NAME, settings.HTTP, "http"), HOLDER),)

    def values(self, site: ClusterSite) -> GrafanaValues:
        """Section `grafana`: its configuration, its sources, and the ConfigMaps that may hold dashboards."""
        spec, monitoring = site.words(GrafanaSpec), site.checked.platform.monitoring or Monitoring()
        return {
            "enabled": True,
            "name": NAME,
            "namespace": site.namespace,
            "labels": LABELS,
            "image": site.image(GRAFANA),
            "port": settings.HTTP,
            "resources": resources(spec.resources, "100m", Size.parse("512Mi")),
            "storage": storage(spec.disk, Size.parse("2Gi"), site.cluster),
            "pod": {"securityContext": pod_security(USER)},
            "admin": {"secret": SECRET, "user": "username", "password": "password"},
            "config": settings.ini(spec, settings.HTTP),
            "datasources": settings.sources(
                str(_metrics(site)), _alertmanagers(site.need(Alerts)), str(monitoring.scrape)
            ),
            "provider": settings.provider(site.platform),
            "dashboards": {
                "path": settings.BOARDS,
                "holders": [f"{HOLDER}{engine}" for engine in sorted(site.checked.engines)],
            },
            "test": trial.trial(NAME, site.image(GRAFANA), USER),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """One pod; it asks for metrics and hands on alerts, and needs no token."""
        asked = LongTermMetrics if site.has(LongTermMetrics) else Metrics
        serves: Serves = {Dashboards: (settings.HTTP,), SCRAPED: (settings.HTTP,)}
        server = Workload("grafana", "grafana", site.namespace, LABELS, serves, (Needs(asked), Needs(Alerts)))
        return (server, trial.peer("grafana", site.namespace, (Within("grafana", Dashboards),)))

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (GRAFANA,)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Name and password of the first user."""
        return (SecretNeed(SECRET, site.namespace, ("username", "password"), "first user of Grafana"),)

    def watch(self, site: ClusterSite) -> Watch:
        """Whether its questions are answered, and how fast."""
        rules = (
            Rule(
                "GrafanaCannotAsk",
                'sum by (cluster) (rate(grafana_datasource_request_total{code=~"5.."}[5m])) > 0',
                "10m",
                "warning",
                "Dashboards stay empty: their source of metrics answers with errors",
                "Look at the pods of what Grafana asks, which its data source `Metrics` names.",
            ),
        )
        panels = (
            Panel(
                "Questions to sources",
                "sum by (code) (rate(grafana_datasource_request_total[5m]))",
                "reqps",
                "{{code}}",
            ),
            Panel(
                "Time of answers, 95th percentile",
                "histogram_quantile(0.95, sum by (le) (rate(grafana_http_request_duration_seconds_bucket[5m])))",
                "s",
            ),
        )
        return Watch((Scrape("grafana", site.namespace, LABELS, "web"),), rules, panels)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """`grafana.ini` as section.key, and the data sources by name."""
        told = settings.ini(site.words(GrafanaSpec), settings.HTTP)
        found = self.values(site)["datasources"]["datasources"]
        return {
            "grafana.ini": {f"{part}.{key}": value for part, keys in told.items() for key, value in keys.items()},
            "datasources.yaml": {one["name"]: json.dumps(one, sort_keys=True) for one in found},
        }

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        """One machine has no dashboards."""
        return (Parity("dashboards", "none", "Grafana", "not representable", "one machine keeps no history"),)


def _metrics(site: ClusterSite) -> Address:
    """Thanos knows all clusters and the past; where there is none, the Prometheus of this cluster is asked."""
    return site.need(LongTermMetrics).address if site.has(LongTermMetrics) else site.need(Metrics).address


def _alertmanagers(alerts: Alerts) -> list[str]:
    """Each by itself where they can be reached so: of what is loud one does not know what another was told."""
    return [str(one) for one in alerts.each or (alerts.address,)]


KUBERNETES = Kubernetes()
