"""What rooms say of how they are watched becomes monitors, rules and dashboards: where, for whom, and no wider."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import compiled as platforms
import pytest
from compiled import compiled, example, laid_out, written
from monitored import WORDS, groups, panels

from rosace.contract.monitoring import Panel
from rosace.deliver.build import Built
from rosace.deliver.dashboards import SCHEMA, dashboard
from rosace.plan.clusters.links import network

OPERATOR = "monitoring.coreos.com/v1"


@cache
def watched() -> Built:
    with TemporaryDirectory() as folder:
        return written(Path(folder), WORDS)


def objects(cluster: str, kind: str) -> dict[str, dict[str, Any]]:
    """The objects of a kind on a cluster, by name."""
    releases = [release for release in watched().releases if release.cluster == cluster]
    found = [one for release in releases if release.chart == "observability" for one in laid_out(release)]
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


@pytest.mark.parametrize("cluster", ["processing", "storage", "monitoring"])
def test_every_cluster_measures_itself(cluster: str) -> None:
    prometheus = objects(cluster, "Prometheus")["prometheus"]["spec"]
    assert (prometheus["scrapeInterval"], prometheus["retention"], prometheus["replicas"]) == ("15s", "15d", 2)
    assert prometheus["externalLabels"] == {"cluster": cluster, "environment": "test", "platform": "watched"}
    assert prometheus["replicaExternalLabelName"] == "replica"
    assert objects(cluster, "Alertmanager")
    assert objects(cluster, "PodDisruptionBudget").keys() >= {"prometheus", "alertmanager"}


def test_pods_are_found_in_the_namespaces_that_are_scraped_and_in_no_others() -> None:
    scraped = {
        name
        for one in objects("processing", "PodMonitor").values()
        for name in one["spec"]["namespaceSelector"]["matchNames"]
    }
    releases = [one for one in watched().releases if (one.cluster, one.chart) == ("processing", "observability")]
    roles = [one for release in releases for one in laid_out(release) if one["kind"] == "Role"]
    assert {role["metadata"]["namespace"] for role in roles} == scraped | {"monitoring", "default", "kube-system"}
    assert all(set(rule["verbs"]) == {"get", "list", "watch"} for role in roles for rule in role["rules"])
    assert all("secrets" not in rule["resources"] for role in roles for rule in role["rules"])
    (wide,) = objects("processing", "ClusterRole").values()
    assert [rule.get("resources") for rule in wide["rules"]] == [["nodes/metrics"], None]


def test_rules_are_where_their_engine_is_and_say_what_to_do() -> None:
    assert "kafka" in objects("processing", "PrometheusRule")
    assert "kafka" not in objects("monitoring", "PrometheusRule")
    for name, said in groups(platforms.objects(watched())).items():
        assert [group["name"] for group in said] == [name]
        for rule in said[0]["rules"]:
            assert rule["labels"]["severity"] in {"critical", "warning", "info"}
            assert rule["labels"]["engine"] == name
            assert len(rule["annotations"]["runbook"]) > 40, rule["alert"]


def test_dashboards_of_all_clusters_are_where_people_look() -> None:
    assert not [name for name in objects("processing", "ConfigMap") if name.startswith("dashboard-")]
    shown = {name for name in objects("monitoring", "ConfigMap") if name.startswith("dashboard-")}
    assert shown >= {"dashboard-kafka", "dashboard-minio", "dashboard-prometheus", "dashboard-thanos"}
    (pod,) = [one["spec"]["template"]["spec"] for one in [objects("monitoring", "Deployment")["grafana"]]]
    (volume,) = [one for one in pod["volumes"] if one["name"] == "dashboards"]
    assert shown <= {source["configMap"]["name"] for source in volume["projected"]["sources"]}


def test_the_visions_panels_are_drawn() -> None:
    drawn = panels(platforms.objects(watched()))["Apache Kafka"]
    assert drawn.keys() >= {"Under-replicated partitions", "Consumer lag", "Network in", "Network out"}


def test_a_dashboard_is_the_same_for_the_same_panels() -> None:
    drawn = dashboard("p", "kafka", "Apache Kafka", [Panel("A", "a", "s", "{{x}}"), Panel("B", "b"), Panel("C", "c")])
    assert drawn == dashboard(
        "p", "kafka", "Apache Kafka", [Panel("A", "a", "s", "{{x}}"), Panel("B", "b"), Panel("C", "c")]
    )
    assert (drawn["uid"], drawn["schemaVersion"]) == ("p-kafka", SCHEMA)
    assert [panel["id"] for panel in drawn["panels"]] == [1, 2, 3]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in drawn["panels"]]
    assert places == [(0, 0), (12, 0), (0, 8)]
    assert all(panel["datasource"]["uid"] == "${source}" for panel in drawn["panels"])


def test_no_address_and_no_token_is_in_git() -> None:
    config = objects("storage", "AlertmanagerConfig")["alertmanager"]["spec"]
    said = {one["name"]: one for one in config["receivers"]}
    assert said["data-engineers"]["slackConfigs"][0]["apiURL"] == {"name": "alert-channel", "key": "url"}
    assert said["night"]["pagerdutyConfigs"][0]["routingKey"] == {"name": "alert-pager", "key": "url"}
    assert said["robot"]["webhookConfigs"][0]["urlSecret"] == {"name": "alert-robot", "key": "url"}
    mail = said["office"]["emailConfigs"][0]
    assert (mail["to"], mail["smarthost"]) == ("$(EMAIL_OFFICE_TO)", "$(EMAIL_OFFICE_HOST):587")
    alertmanager = objects("storage", "Alertmanager")["alertmanager"]["spec"]
    assert alertmanager["alertmanagerConfiguration"] == {"name": "alertmanager"}
    mounted = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in alertmanager["initContainers"][0]["env"]}
    assert mounted["EMAIL_OFFICE_TO"] == {"name": "alert-mail", "key": "to"}


def test_the_bucket_is_known_and_its_credentials_are_not() -> None:
    for cluster, name in (("processing", "prometheus-objstore"), ("monitoring", "thanos-objstore")):
        config = json.loads(objects(cluster, "ConfigMap")[name]["data"]["objstore.yml"])["config"]
        assert (config["bucket"], config["bucket_lookup_type"]) == ("metrics", "path")
        assert config["endpoint"].endswith("storage.example.com:9000") or ":" in config["endpoint"]
        assert not {"access_key", "secret_key"} & config.keys()
    sidecar = objects("processing", "Prometheus")["prometheus"]["spec"]["containers"][-1]
    assert sidecar["name"] == "thanos-sidecar"
    assert {one["name"] for one in sidecar["env"]} == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_thanos_asks_every_cluster_and_keeps_for_a_year() -> None:
    (query,) = objects("monitoring", "Deployment")["thanos-query"]["spec"]["template"]["spec"]["containers"]
    assert [one for one in query["args"] if one.startswith("--endpoint=")] == [
        "--endpoint=dns+prometheus-stores.monitoring.svc.cluster.local:10901",
        "--endpoint=dns+prometheus-stores.monitoring.processing.example.com:10901",
        "--endpoint=dns+prometheus-stores.monitoring.storage.example.com:10901",
        "--endpoint=dns+thanos-store.monitoring.svc.cluster.local:10901",
    ]
    compactor = objects("monitoring", "StatefulSet")["thanos-compactor"]["spec"]
    assert compactor["replicas"] == 1
    assert "--retention.resolution-raw=365d" in compactor["template"]["spec"]["containers"][0]["args"]
    assert not objects("processing", "StatefulSet")


def test_nobody_is_answered_by_a_store_without_a_certificate() -> None:
    for cluster in ("processing", "storage", "monitoring"):
        sidecar = objects(cluster, "Prometheus")["prometheus"]["spec"]["thanos"]
        assert sidecar["grpcServerTlsConfig"]["caFile"] == "/etc/thanos-tls/ca.crt"
        assert "/etc/thanos-tls" in {one["mountPath"] for one in sidecar["volumeMounts"]}


def test_policies_let_thanos_in_and_nothing_is_asked_for_in_vain() -> None:
    found = network(watched().estate)
    assert not [one for one in found.dangling if one.workload.startswith("monitoring/")]
    across = {
        (str(link.source), getattr(link.target, "cluster", ""), str(link.target), link.ports)
        for link in found.links
        if link.across
    }
    for cluster in ("processing", "storage"):
        assert ("monitoring/thanos-query", cluster, "monitoring/prometheus", (10901,)) in across


def test_grafana_asks_thanos_where_there_is_one_else_prometheus(tmp_path: Path) -> None:
    alone = written(tmp_path, "platform: p\nmonitoring: {}\nclusters: {main: {}}\n")
    for built, asked in ((alone, "prometheus"), (watched(), "thanos-frontend")):
        maps = [one for one in platforms.objects(built) if one["kind"] == "ConfigMap"]
        (config,) = [one for one in maps if one["metadata"]["name"] == "grafana"]
        first, *others = json.loads(config["data"]["sources.yaml"])["datasources"]
        assert first["url"].startswith(f"http://{asked}.")
        assert {(one["type"], one["jsonData"]["handleGrafanaManagedAlerts"]) for one in others} == {
            ("alertmanager", True)
        }
        # Each by itself: they tell each other what is silenced, not what is loud.
        replicas = {one["spec"]["replicas"] for one in platforms.objects(built) if one["kind"] == "Alertmanager"}
        assert {len({one["url"] for one in others}), len(others)} == replicas
    assert not [one for one in platforms.objects(alone) if one["metadata"]["name"].startswith("thanos")]
    assert not [one for one in platforms.objects(alone) if one["metadata"]["name"] == "prometheus-stores"]


def test_what_nobody_watches_has_no_section(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text("platform: p\nclusters: {main: {}}\n", encoding="utf-8")
    built = compiled(tmp_path, "test")
    assert not [one for one in built.releases if one.chart == "observability"]


def test_the_visions_platform_is_measured_to_the_letter() -> None:
    built = example("vision360")
    prometheuses = [one for one in platforms.objects(built) if one["kind"] == "Prometheus"]
    assert {one["spec"]["externalLabels"]["cluster"] for one in prometheuses} == {"processing", "storage", "monitoring"}
    assert {one["spec"]["scrapeInterval"] for one in prometheuses} == {"15s"}
    rules = groups(platforms.objects(built))["kafka"][0]["rules"]
    (lag,) = [one for one in rules if one["alert"] == "TransactionsLag"]
    assert (lag["labels"]["severity"], lag["expr"].endswith(" > 60")) == ("critical", True)
    assert panels(platforms.objects(built)).keys() >= {"Apache Kafka", "Apache Spark", "Prometheus", "Thanos"}


def test_a_moved_operator_is_measured_where_it_is() -> None:
    monitors = [
        one
        for release in example("vision360").releases
        for one in laid_out(release)
        if one["kind"] == "PodMonitor" and one["metadata"]["name"] == "spark-operator"
    ]
    assert [one["spec"]["namespaceSelector"]["matchNames"] for one in monitors] == [["spark"]]
