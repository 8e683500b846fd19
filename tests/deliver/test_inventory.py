"""The bill of materials is one that scanners read, and names what the objects really use: no more, no less."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from compiled import EXAMPLES, ROOT, compiled, example, laid_out, objects
from ruamel.yaml import YAML

from rosace.deliver import inventory
from rosace.deliver.build import Built
from rosace.plan.clusters.workloads import operators

BY_OPERATORS = {
    "apache/flink-kubernetes-operator": "flink-kubernetes-operator",
    "aquasec/trivy-operator": "trivy-operator",
    "aquasecurity/trivy": "trivy-operator",
    "kube-state-metrics/kube-state-metrics": "kube-state-metrics",
    "kubeflow/spark-operator/controller": "spark-operator",
    "minio/operator": "minio-operator",
    "minio/operator-sidecar": "minio-operator",
    "openpolicyagent/gatekeeper": "gatekeeper",
    "prometheus-operator/prometheus-config-reloader": "prometheus-operator",
    "prometheus-operator/prometheus-operator": "prometheus-operator",
    "prometheus/node-exporter": "prometheus-node-exporter",
    "rancher/backup-restore-operator": "rancher-backup",
    "rancher/compliance-operator": "rancher-compliance",
    "rancher/kubectl": "rancher-compliance",
    "rancher/kuberlr-kubectl": "rancher-backup",
    "rancher/mirrored-sonobuoy-sonobuoy": "rancher-compliance",
    "rancher/security-scan": "rancher-compliance",
    "strimzi/operator": "strimzi-kafka-operator",
}
"""Images that no object names: repository -> the upstream chart whose release brings it."""

WORDS = ("image", "baseImage", "imageName")
"""Keys by which objects of Kubernetes and of operators name an image."""

SERIAL = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""`serialNumber` of the CycloneDX 1.6 schema."""

TYPES = {"application", "container", "platform"}
"""Of the schema's types of components those that a build has."""


def bill(built: Built) -> dict[str, Any]:
    return json.loads(built.files["sbom.cdx.json"])


def listed(built: Built) -> dict[str, Any]:
    return YAML(typ="safe").load(built.files["images.yaml"])


def named(value: Any) -> Iterator[str]:
    """Every image that an object names, wherever; also in files of JSON, by which a program makes pods."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in WORDS and isinstance(one, str):
                yield one
            elif str(key).endswith(".json") and isinstance(one, str):
                yield from named(json.loads(one))
            else:
                yield from named(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from named(one)


@pytest.mark.parametrize("name", EXAMPLES)
def test_has_the_form_of_cyclonedx(name: str) -> None:
    one, files = bill(example(name)), example(name).files
    assert (one["bomFormat"], one["specVersion"], one["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(SERIAL, one["serialNumber"])
    for part in (one["metadata"]["component"], *one["metadata"]["tools"]["components"], *one["components"]):
        assert part["type"] in TYPES
        assert part["name"] and part["version"]
    for part in one["components"]:
        for link in part["externalReferences"]:
            # Or a file of the tree: what is built from it is built by whoever has the tree.
            assert link["url"].startswith(("https://", "oci://")) or link["url"] in files, part
        for digest in part.get("hashes", []):
            assert digest["alg"] == "SHA-256" and re.fullmatch(r"[0-9a-f]{64}", digest["content"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_references_are_unique_and_lead_somewhere(name: str) -> None:
    one = bill(example(name))
    refs = [part["bom-ref"] for part in (one["metadata"]["component"], *one["components"])]
    assert len(refs) == len(set(refs))
    told = [entry["ref"] for entry in one["dependencies"]]
    assert len(told) == len(set(told))
    for entry in one["dependencies"]:
        assert {entry["ref"], *entry["dependsOn"]} <= set(refs)
        assert len(entry["dependsOn"]) == len(set(entry["dependsOn"]))
    # Nothing lies about that nothing depends on.
    reached = {ref for entry in one["dependencies"] for ref in entry["dependsOn"]}
    assert reached == {part["bom-ref"] for part in one["components"]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_bill_and_the_list_say_the_same(name: str) -> None:
    built = example(name)
    images = {f"image:{entry['upstream']}" for entry in listed(built)["images"]}
    charts = {f"chart:{entry['name']}" for entry in listed(built)["charts"]}
    assert {part["bom-ref"] for part in bill(built)["components"]} == images | charts


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_image_in_use_is_listed(name: str) -> None:
    built = example(name)
    known = {entry["image"] for entry in listed(built)["images"]}
    assert sorted(set(named(objects(built))) - known) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_listed_image_is_in_use(name: str) -> None:
    """By an object, by what Helm tests it with, or by an operator that is really installed."""
    built = example(name)
    installed = {one.name for cluster in built.estate.clusters for _, one in operators(built.estate, cluster)}
    tests = [one.values[name].get("test") for one in built.releases for name in one.sections]
    used = {*named(objects(built)), *named(tests)}
    left = {entry["upstream"] for entry in listed(built)["images"] if entry["image"] not in used}
    repositories = {one.partition("/")[2].rpartition(":")[0] for one in left}
    assert {BY_OPERATORS.get(one, f"nobody names {one}") for one in repositories} <= installed
    assert installed <= {BY_OPERATORS[one] for one in repositories}, "an operator without an image"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_image_is_listed_where_it_is_used(name: str) -> None:
    """Its entry names the clusters that pull it."""
    built = example(name)
    places = {entry["image"]: set(entry["clusters"]) for entry in listed(built)["images"]}
    for release in built.releases:
        for image in set(named(laid_out(release))):
            assert release.cluster in places[image], f"{image} on {release.cluster}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_twice_the_same_bytes(name: str) -> None:
    again = compiled(ROOT / "examples" / name, EXAMPLES[name])
    for file in ("sbom.cdx.json", "images.yaml"):
        assert again.files[file] == example(name).files[file]


def test_another_content_is_another_bill() -> None:
    serials = {bill(example(name))["serialNumber"] for name in EXAMPLES}
    assert len(serials) == len(EXAMPLES)


def test_a_moved_operator_is_listed_where_it_is() -> None:
    """What Argo CD is told and what the list says are the same place."""
    listed = {one["name"]: one for one in inventory.charts(example("vision360").estate)}
    assert listed["spark-operator"]["repository"] == "https://git.example.com/helm-charts.git"
    assert (listed["spark-operator"]["path"], listed["spark-operator"]["version"]) == ("spark-operator", "HEAD")
