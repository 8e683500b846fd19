"""Prometheus and Alertmanager on Kubernetes, by the Prometheus operator: what is decided. the chart lays it out.

Sources: prometheus-operator v0.85.0, Documentation/api-reference/api.md and pkg/operator/defaults.go (which versions it
starts); thanos.io/v0.39/components/sidecar.md.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image, Operator
from rosace.contract.registry import offering
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import (
    API_SERVER,
    INTERNET,
    SCRAPED,
    AsksNodes,
    Needs,
    Outside,
    Own,
    Scrapes,
    Serves,
    Use,
    Within,
    Workload,
)
from rosace.engines.prometheus import operators, settings, watching
from rosace.engines.prometheus.spec import PrometheusSpec
from rosace.engines.prometheus.values import Alertmanager, PrometheusValues, Sidecar
from rosace.kit import objstore, storetls, trial
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model.capabilities import Address, Alerts, Capability, LongTermMetrics, Metrics, MetricStores, S3Endpoint
from rosace.model.cluster_words import Cluster, LongTerm, Monitoring, Resources
from rosace.model.quantity import Size

MESH = Own("mesh")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

NAME, ALERTS, STORES = "prometheus", "alertmanager", "prometheus-stores"
"""Names of the resources, of the services before them, and of the service by which Thanos finds each replica."""

USER = 65534
"""`nobody`, as which the images run (prometheus/prometheus and prometheus/alertmanager, Dockerfile)."""

DISK = Size.parse("50Gi")
PODS = {"app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": NAME}
ALERT_PODS = {"app.kubernetes.io/name": "alertmanager", "alertmanager": ALERTS}

PROMETHEUS = PINNED.image("prometheus")
ALERTMANAGER = PINNED.image("alertmanager")


class Kubernetes(KubernetesRoom):
    """Prometheus' cluster side."""

    chart = "observability"
    shape = PrometheusValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """Where it is asked, where alerts go, and (with a sidecar) the stores of all clusters."""
        found: tuple[Capability, ...] = (
            Metrics(site.address(NAME, settings.WEB, "http"), account=NAME),
            Alerts(site.address(ALERTS, settings.ALERTS_WEB, "http"), () if site.outside else _each(site)),
        )
        if _long_term(site):
            found += (MetricStores(site.address(STORES, settings.GRPC), _stores(site)),)
        return found

    def values(self, site: ClusterSite) -> PrometheusValues:
        """Section `prometheus`: what `monitoring:` says, and what each replica gets."""
        spec, monitoring = site.words(PrometheusSpec), _monitoring(site)
        return {
            "enabled": True,
            "name": NAME,
            "namespace": site.namespace,
            "labels": name_labels("prometheus"),
            "version": PROMETHEUS.tag,
            "image": site.image(PROMETHEUS),
            "replicas": spec.replicas,
            "scrapeInterval": str(monitoring.scrape),
            "scrapeTimeout": settings.scrape_timeout(monitoring.scrape),
            "retention": str(monitoring.retention),
            "retentionSize": settings.retention_size(spec.disk.size or DISK),
            "externalLabels": {
                "cluster": site.cluster_name,
                "environment": site.environment,
                "platform": site.platform,
            },
            "port": settings.WEB,
            "resources": resources(spec.resources, "500m", Size.parse("2Gi")),
            "reloader": {"resources": resources(Resources(), "10m", Size.parse("64Mi"))},
            "storage": storage(spec.disk, DISK, site.cluster),
            "pod": _pod(PODS, site.cluster),
            "disruptions": {"maxUnavailable": 1},
            "components": operators.COMPONENTS,
            "sidecar": self._sidecar(site),
            "alertmanager": self._alertmanager(site),
            "test": trial.trial(NAME, site.image(PROMETHEUS), USER),
        }

    def _sidecar(self, site: ClusterSite) -> Sidecar:
        """Thanos beside each Prometheus: copies what is two hours old into the bucket, and answers for the rest."""
        words = _long_term(site)
        if words is None:
            return {"enabled": False}
        s3 = site.need(S3Endpoint)
        return {
            "enabled": True,
            "version": _thanos().tag,
            "image": site.image(_thanos()),
            "service": STORES,
            "port": settings.GRPC,
            "objstore": objstore.objstore(s3, words.bucket),
            "credentials": objstore.user(s3),
            **storetls.values(site),
            "resources": resources(Resources(), "50m", Size.parse("256Mi")),
        }

    def _alertmanager(self, site: ClusterSite) -> Alertmanager:
        spec, monitoring = site.words(PrometheusSpec).alertmanager, _monitoring(site)
        return {
            "name": ALERTS,
            "labels": name_labels("alertmanager"),
            "version": ALERTMANAGER.tag,
            "image": site.image(ALERTMANAGER),
            "replicas": spec.replicas,
            "port": settings.ALERTS_WEB,
            "retention": "120h",
            "resources": resources(spec.resources, "50m", Size.parse("128Mi")),
            "storage": storage(spec.disk, Size.parse("1Gi"), site.cluster),
            "pod": _pod(ALERT_PODS, site.cluster),
            "disruptions": {"maxUnavailable": 1},
            "variables": settings.variables(monitoring.receivers),
            "config": settings.alertmanager(monitoring),
        }

    def outposts(self, site: ClusterSite) -> tuple[str, ...]:
        """Where Kubernetes' own parts are found, which are measured too."""
        return tuple(sorted({str(one["namespace"]) for one in operators.COMPONENTS.values()}))

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """Prometheus reaches whatever serves metrics; Alertmanager its peers and the receivers."""
        stores: Serves = {MetricStores: (settings.GRPC,)} if _long_term(site) else {}
        sidecar = ((settings.SIDECAR,), (Needs(S3Endpoint),)) if _long_term(site) else ((), ())
        prometheus = Workload(
            "prometheus",
            "prometheus",
            site.namespace,
            PODS,
            {Metrics: (settings.WEB,), **stores, SCRAPED: (settings.WEB, settings.RELOADER, *sidecar[0])},
            (Scrapes(), API_SERVER, AsksNodes((settings.NODE_EXPORTER,)), Within("alertmanager", Alerts), *sidecar[1]),
        )
        alertmanager = Workload(
            "alertmanager",
            "prometheus",
            site.namespace,
            ALERT_PODS,
            {
                Alerts: (settings.ALERTS_WEB,),
                MESH: (settings.MESH,),
                SCRAPED: (settings.ALERTS_WEB, settings.RELOADER),
            },
            (Within("alertmanager", MESH), *_outside(site)),
            # Who is there they tell each other by UDP, what is silenced by TCP too (hashicorp/memberlist).
            datagrams=(settings.MESH,),
        )
        test = trial.peer("prometheus", site.namespace, (Within("prometheus", Metrics), Within("alertmanager", Alerts)))
        return (prometheus, alertmanager, test)

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        return operators.operators(site)

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        """What this cluster pulls, with what the three upstream charts start."""
        own = (PROMETHEUS, ALERTMANAGER, *operators.IMAGES)
        return (*own, _thanos()) if _long_term(site) else own

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """One for each receiver of alerts; credentials and certificate of the sidecar where there is one."""
        receivers = tuple(
            SecretNeed(
                receiver.secret,
                site.namespace,
                settings.receiver_keys(receiver),
                f"where alerts for {name} go, by {receiver.kind}",
            )
            for name, receiver in sorted(_monitoring(site).receivers.items())
        )
        if not _long_term(site):
            return receivers
        return (*receivers, *objstore.credentials(site), *storetls.secrets(site))

    def watch(self, site: ClusterSite) -> Watch:
        """Itself, Alertmanager, the exporters, and Kubernetes' own parts."""
        return watching.watch(site, PODS, ALERT_PODS, thanos=_long_term(site) is not None)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """What the operator makes Alertmanager's file of, one line a part. Prometheus' own is the operator's."""
        config = settings.alertmanager(_monitoring(site))
        return {"AlertmanagerConfig": {key: json.dumps(value, sort_keys=True) for key, value in config.items()}}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        """One machine is not measured: its engines are asked."""
        words = _monitoring(site)
        why = "`rosace status` asks the engines themselves"
        return (
            Parity("metrics", "not collected", f"every {words.scrape}", "not representable", why),
            Parity("alerts", "none", "Alertmanager", "not representable", "one person at one machine sees them"),
        )


def _monitoring(site: PlacedSite) -> Monitoring:
    return site.checked.platform.monitoring or Monitoring()


def _long_term(site: PlacedSite) -> LongTerm | None:
    return _monitoring(site).long_term


def _thanos() -> Image:
    """The sidecar's image: that of whoever asks the sidecars, so that both are always of one version."""
    (asker,) = offering(LongTermMetrics)
    return versions(asker.folder).image(asker.name)


def _outside(site: OfferedSite) -> tuple[Use, ...]:
    """How receivers are reached: by HTTPS, or by handing mail to a server (RFC 6409)."""
    kinds = {receiver.kind for receiver in _monitoring(site).receivers.values()}
    https, mail = bool(kinds - {"email"}), "email" in kinds
    return (*((INTERNET,) if https else ()), *((Outside(settings.MAIL),) if mail else ()))


def _each(site: PlacedSite) -> tuple[Address, ...]:
    """Each Alertmanager by itself: its pod behind the service that the operator makes for all of them (v0.85.0,
    pkg/alertmanager: governingServiceName `alertmanager-operated`, StatefulSet `alertmanager-<name>`)."""
    service = site.service("alertmanager-operated")
    names = (f"alertmanager-{ALERTS}-{number}" for number in range(site.words(PrometheusSpec).alertmanager.replicas))
    return tuple(Address(f"{name}.{service}", settings.ALERTS_WEB, "http") for name in names)


def _pod(labels: Mapping[str, str], cluster: Cluster) -> Passed:
    return {"securityContext": pod_security(USER), "topologySpreadConstraints": spread(labels, cluster.zones)}


def _stores(site: PlacedSite) -> tuple[Address, ...]:
    """The stores of every cluster, as this one reaches them: its own inside, the others' from outside."""
    others = {name: one for name, one in site.checked.platform.clusters.items() if name != site.cluster_name}
    here = dataclasses.replace(site, outside=False)
    there = (
        dataclasses.replace(site, cluster_name=name, cluster=one, outside=True) for name, one in sorted(others.items())
    )
    return tuple(one.address(STORES, settings.GRPC) for one in (here, *there))


KUBERNETES = Kubernetes()
