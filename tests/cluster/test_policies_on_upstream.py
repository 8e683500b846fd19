"""Our policies over what upstream charts and operators really create: nothing that the platform needs is refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from built import EXAMPLES, clusters
from test_policies import gator, judged, namespace
from upstream_charts import PLACES, everywhere

Obj = dict[str, Any]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("chart", sorted(PLACES))
def test_nothing_that_upstream_charts_bring_is_refused(chart: str, tmp_path: Path) -> None:
    """Objects, hooks, and the pods that Kubernetes makes of them."""
    for name, one in everywhere(chart):
        objects = clusters(name)[one.cluster]
        laws = [*judged(objects), *(each for each in objects if each["kind"] == "Namespace")]
        asked = [each for each in one.everything if not each["apiVersion"].startswith(("apiextensions", "admission"))]
        spaces = {each["metadata"]["namespace"] for each in asked} - {each["metadata"]["name"] for each in laws}
        others = [namespace(space) for space in sorted(spaces)]
        found = [*made_of(asked), *asked]
        assert refused(tmp_path, [*laws, *others, *found]) == [], f"{name}/{one.cluster}"


def refused(folder: Path, objects: list[Obj]) -> list[str]:
    """What gator says, as lines."""
    return [f"{one['violatingObject']['metadata']['name']}: {one['msg']}" for one in gator(folder, objects)]


def made_of(objects: list[Obj]) -> Iterator[Obj]:
    """The pods of workloads."""
    for one in objects:
        template = (one.get("spec") or {}).get("template")
        if template and "containers" in (template.get("spec") or {}):
            pod = copy.deepcopy(dict(template))
            metadata = {**(pod.get("metadata") or {}), "name": f"{one['metadata']['name']}-0"}
            metadata["namespace"] = one["metadata"]["namespace"]
            yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod["spec"]}


def services_of_strimzi(kafka: Obj, pools: list[Obj]) -> Iterator[Obj]:
    """The Services that Strimzi makes of listeners: one for all brokers and one for each, with the annotations of the
    listener's `bootstrap` and `brokers` (1.0.1, KafkaCluster.generateExternalBootstrapServices and
    generatePerPodServices; ListenersUtils.bootstrapAnnotations and brokerAnnotations)."""
    types = {"loadbalancer": "LoadBalancer", "nodeport": "NodePort", "internal": "ClusterIP"}
    brokers = sum(one["spec"]["replicas"] for one in pools if "broker" in one["spec"]["roles"])
    for listener in kafka["spec"]["kafka"]["listeners"]:
        told = listener.get("configuration") or {}
        each = {one["broker"]: one.get("annotations") for one in told.get("brokers") or ()}
        both = [("bootstrap", (told.get("bootstrap") or {}).get("annotations"))]
        both += [(str(number), each.get(number)) for number in range(brokers)]
        for name, notes in both:
            yield {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {
                    "name": f"{kafka['metadata']['name']}-{listener['name']}-{name}",
                    "namespace": kafka["metadata"]["namespace"],
                    "annotations": notes or {},
                },
                "spec": {"type": types[listener["type"]], "ports": [{"port": listener["port"]}]},
            }


def test_load_balancers_of_operators_are_entrances(tmp_path: Path) -> None:
    seen = 0
    for name in EXAMPLES:
        for cluster, objects in clusters(name).items():
            laws = [*judged(objects), *(each for each in objects if each["kind"] == "Namespace")]
            pools = [one for one in objects if one["kind"] == "KafkaNodePool"]
            for kafka in (one for one in objects if one["kind"] == "Kafka"):
                services = list(services_of_strimzi(kafka, pools))
                seen += sum(one["spec"]["type"] == "LoadBalancer" for one in services)
                assert refused(tmp_path, [*laws, *services]) == [], f"{name}/{cluster}"
                for one in services:
                    one["metadata"]["annotations"] = {}
                assert bool(refused(tmp_path, [*laws, *services])) == any(
                    one["spec"]["type"] == "LoadBalancer" for one in services
                )
    assert seen
