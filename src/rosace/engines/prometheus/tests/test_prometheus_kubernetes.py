"""Prometheus and Alertmanager on clusters: what is decided from the words of `monitoring:`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rosace.check.platform import check
from rosace.contract.workload import API_SERVER, AsksNodes, Needs, Outside, Scrapes, Within, Workload
from rosace.engines.prometheus import ENGINE, operators, settings
from rosace.engines.prometheus.kubernetes import KUBERNETES, MESH
from rosace.engines.prometheus.spec import PrometheusSpec
from rosace.model.capabilities import Alerts, Metrics, MetricStores, S3Endpoint
from rosace.model.cluster_words import Monitoring, Receiver
from rosace.model.platform import Platform
from rosace.model.quantity import Duration, Size
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

PLAIN = "platform: p\nmonitoring: {scrape: 5s, retention: 30d}\nclusters: {main: {zones: 1}}\n"
KEPT = "platform: p\nmonitoring: {long-term: {}}\nclusters: {a: {runs: [thanos, grafana, minio], dns: a.org}, b: {}}\n"


def part(tmp_path: Path, text: str, cluster: str = "main") -> Part:
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    return next(one for one in estate.on(cluster) if one.engine is ENGINE)


def workload(tmp_path: Path, text: str, name: str, cluster: str = "main") -> Workload:
    return next(one for one in KUBERNETES.workloads(part(tmp_path, text, cluster).site) if one.name == name)


def alertmanager(**receivers: dict[str, Any]) -> dict[str, Any]:
    return settings.alertmanager(Monitoring(receivers={name: Receiver(**said) for name, said in receivers.items()}))


def test_monitoring_wants_prometheus() -> None:
    assert not ENGINE.wanted(Platform.model_validate({"platform": "p"}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", "monitoring": {}}))
    assert ENGINE.everywhere and ENGINE.namespace == "monitoring"


def test_words_of_monitoring_are_prometheus_own(tmp_path: Path) -> None:
    section = KUBERNETES.values(part(tmp_path, PLAIN).site)
    assert (section["scrapeInterval"], section["scrapeTimeout"], section["retention"]) == ("5s", "5s", "30d")
    assert section["sidecar"] == {"enabled": False}
    assert len(section["pod"]["topologySpreadConstraints"]) == 1


@pytest.mark.parametrize(("interval", "timeout"), [(1, "1s"), (10, "10s"), (15, "10s"), (60, "10s")])
def test_a_timeout_is_never_longer_than_the_interval(interval: int, timeout: str) -> None:
    assert settings.scrape_timeout(Duration(interval)) == timeout


def test_old_samples_go_before_the_volume_is_full() -> None:
    assert settings.retention_size(Size.parse("50Gi")) == "40960MiB"


def test_long_term_adds_a_sidecar_that_knows_no_password(tmp_path: Path) -> None:
    site = part(tmp_path, KEPT, "b").site
    sidecar = KUBERNETES.values(site)["sidecar"]
    assert sidecar["enabled"]
    assert sidecar["objstore"]["config"]["endpoint"].endswith("a.org:9000")
    assert "key" not in " ".join(sidecar["objstore"]["config"])
    assert sidecar["credentials"]["secret"] in {need.name for need in KUBERNETES.secrets(site)}


def test_stores_of_all_clusters_are_known(tmp_path: Path) -> None:
    site = part(tmp_path, KEPT, "a").site
    offers = {type(one): one for one in KUBERNETES.offers(site, site.offered)}
    stores = offers[MetricStores]
    assert isinstance(stores, MetricStores)
    assert str(stores.store) == "prometheus-stores.monitoring.svc.cluster.local:10901"
    assert [str(one) for one in stores.stores] == [str(stores.store), "prometheus-stores.monitoring.b:10901"]
    assert isinstance(offers[Metrics], Metrics) and isinstance(offers[Alerts], Alerts)


def test_who_reaches_whom(tmp_path: Path) -> None:
    prometheus = workload(tmp_path, KEPT, "prometheus", "b")
    assert set(prometheus.uses) == {
        Scrapes(),
        API_SERVER,
        AsksNodes((9100,)),
        Within("alertmanager", Alerts),
        Needs(S3Endpoint),
    }
    assert prometheus.serves[MetricStores] == (10901,)
    assert workload(tmp_path, PLAIN, "alertmanager").uses == (Within("alertmanager", MESH),)
    asked = "platform: p\nmonitoring: {receivers: {a: {kind: email, secret: s}}}\nclusters: {main: {}}\n"
    assert workload(tmp_path, asked, "alertmanager").uses == (Within("alertmanager", MESH), Outside(587))


def test_only_the_exporter_of_nodes_is_let_off_pod_security(tmp_path: Path) -> None:
    found = KUBERNETES.operators(part(tmp_path, PLAIN).site)
    levels = {one.workload.namespace: one.workload.security for one in found if one.workload}
    assert levels == {"prometheus-operator": "restricted", "node-exporter": "privileged", "monitoring": "restricted"}
    assert [one.name for one in found if one.crds] == ["prometheus-operator"]
    assert found[0].watched == ("monitoring",)
    assert "secrets" not in found[2].values["collectors"]


def test_all_images_come_from_the_platforms_registry(tmp_path: Path) -> None:
    site = part(tmp_path, PLAIN + "delivery: {registry: r.example.com}\n").site
    assert KUBERNETES.values(site)["image"] == "r.example.com/prometheus/prometheus:v3.5.0"
    assert {one.values["global"]["imageRegistry"] for one in KUBERNETES.operators(site)} == {"r.example.com"}


def test_components_are_those_of_the_vision() -> None:
    assert set(operators.COMPONENTS) == {"apiserver", "kubelet"}
    assert {image.name for image in operators.IMAGES} >= {"node-exporter", "kube-state-metrics"}


def test_everybody_who_wants_an_alert_hears_of_it_and_others_do_not() -> None:
    said = alertmanager(
        b={"kind": "slack", "secret": "s"}, a={"kind": "webhook", "secret": "w", "severities": ("info",)}
    )
    assert [(one["receiver"], one["matchers"], one["continue"]) for one in said["route"]["routes"]] == [
        ("a", [{"name": "severity", "matchType": "=~", "value": "info"}], True),
        ("b", [{"name": "severity", "matchType": "=~", "value": "critical|warning"}], True),
    ]
    assert said["route"]["receiver"] == settings.NOBODY


def test_mail_comes_from_variables_and_a_file() -> None:
    receivers = {"night-shift": Receiver(kind="email", secret="mail")}
    (mail,) = settings.alertmanager(Monitoring(receivers=receivers))["receivers"][1]["emailConfigs"]
    assert (mail["to"], mail["authPassword"]) == ("$(EMAIL_NIGHT_SHIFT_TO)", {"name": "mail", "key": "password"})
    assert mail["requireTLS"] is True
    assert set(settings.variables(receivers)) == {
        f"EMAIL_NIGHT_SHIFT_{key}" for key in ("TO", "FROM", "HOST", "USERNAME")
    }


def test_images_and_rules_are_whole(tmp_path: Path) -> None:
    site = part(tmp_path, KEPT, "a").site
    assert all(image.source.startswith("https://") and image.tag for image in KUBERNETES.images(site))
    watch = KUBERNETES.watch(site)
    assert {rule.name for rule in watch.rules} >= {"TargetDown", "MetricsNotKept", "AlertsNotDelivered"}
    assert len({scrape.name for scrape in watch.scrapes}) == len(watch.scrapes)


def test_words_are_closed() -> None:
    with pytest.raises(ValidationError):
        PrometheusSpec.model_validate({"retention": "1d"})
