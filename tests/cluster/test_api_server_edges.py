"""Whoever has rights at the API server reaches it: no policy cuts off what a binding lets in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from built import EXAMPLES, clusters
from compiled import example
from hooked import hooks
from podspecs import WORKLOADS
from upstream_charts import PLACES, everywhere, folder_of

from rosace.contract.workload import API_SERVER
from rosace.plan.clusters.links import Pods, network
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import operators, residents

Obj = dict[str, Any]
pytestmark = pytest.mark.slow

ASKS_NOBODY = {"trivy-server": "its chart gives it the operator's account; it is `trivy server`, which needs none"}
"""Pods whose account has rights that they never use, and why."""


def accounts(objects: Iterable[Obj]) -> set[tuple[str, str]]:
    """Namespace and name of each account that some binding gives rights."""
    found: set[tuple[str, str]] = set()
    for one in objects:
        for subject in one.get("subjects") or ():
            if subject.get("kind") == "ServiceAccount":
                space = subject.get("namespace") or one["metadata"].get("namespace", "")
                found.add((space, subject["name"]))
    return found


def makers(objects: Iterable[Obj]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Name, namespace, account and labels of the pods that Kubernetes itself makes of objects."""
    for one in objects:
        group = one["apiVersion"].rpartition("/")[0]
        path = "" if (group, one["kind"]) == ("", "Pod") else WORKLOADS.get((group, one["kind"]))
        if path is None:
            continue
        template: Obj = one
        for part in filter(None, path.split(".")):
            template = template[part]
        spec, metadata = template["spec"], template.get("metadata") or {}
        if account := spec.get("serviceAccountName"):
            labels = metadata.get("labels") or {}
            yield one["metadata"]["name"], one["metadata"]["namespace"], account, labels


def reaches(estate: Estate, cluster: str, space: str, labels: dict[str, str]) -> bool:
    """Whether some policy lets these pods out to the API server, or their namespace is open."""
    if space in {one.namespace for _, one in operators(estate, cluster) if one.upstream.opens}:
        return True
    for link in network(estate).links:
        here = isinstance(link.source, Pods) and (link.source.cluster, link.source.namespace) == (cluster, space)
        if link.kind == "api-server" and here and set(link.source.labels) <= set(labels.items()):
            return True
    return False


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_pods_with_rights_reach_the_api_server(name: str) -> None:
    estate, seen = example(name).estate, 0
    for cluster, objects in clusters(name).items():
        whole = [*objects, *(one for place, _, one in hooks(name) if place == cluster)]
        entitled = accounts(whole)
        for pod, space, account, labels in makers(whole):
            if (space, account) in entitled:
                assert reaches(estate, cluster, space, labels), f"{cluster}: {space}/{pod} as {account}"
                seen += 1
    assert seen


@pytest.mark.parametrize("chart", sorted(PLACES))
def test_upstream_pods_with_rights_reach_the_api_server(chart: str) -> None:
    """Hooks too: their labels are not those of the operator's pods."""
    for name, one in everywhere(chart):
        entitled = accounts(one.everything)
        for pod, space, account, labels in makers(one.everything):
            if (space, account) in entitled and pod not in ASKS_NOBODY:
                assert reaches(example(name).estate, one.cluster, space, labels), f"{space}/{pod} as {account}"


STRIMZI = {
    "KafkaBrokerConfigurationBuilder": ("kafka-broker", "kafka-controller"),
    "KafkaConnectConfigurationBuilder": ("kafka-connect", "kafka-mirrors"),
}
"""Whose configuration, by Strimzi's class that writes it."""


def test_pods_that_read_their_keys_from_the_api_server_reach_it() -> None:
    """By Strimzi's own source at the pinned tag: whose configuration names its provider of Secrets."""
    (pinned,) = {
        one.upstream.version
        for name in EXAMPLES
        for cluster in example(name).estate.clusters
        for _, one in operators(example(name).estate, cluster)
        if one.name == "strimzi-kafka-operator"
    }
    place = PLACES["strimzi-kafka-operator"]
    folder = folder_of(place.repository, pinned, "cluster-operator/src/main/java/io/strimzi/operator/cluster/model")
    if not isinstance(folder, Path):
        pytest.skip(folder or "the folder of models is not there")
    reading = {
        file.stem
        for file in folder.rglob("*.java")
        if "config.providers.strimzisecrets.class=" in file.read_text(encoding="utf-8")
    }
    assert reading == set(STRIMZI)
    wanted = {name for names in STRIMZI.values() for name in names}
    met: set[str] = set()
    for name in EXAMPLES:
        for cluster in example(name).estate.clusters:
            for one in residents(example(name).estate, cluster):
                if one.workload.name in wanted:
                    assert API_SERVER in one.workload.uses, f"{name}/{cluster}: {one.workload.name}"
                    met.add(one.workload.name)
    assert met == wanted
