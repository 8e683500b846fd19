"""Every image that upstream charts and operators pull is in `images.yaml`: what no mirror has never starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from built import EXAMPLES, everything
from compiled import example
from upstream_charts import PLACES, Rendered, containers, everywhere

from rosace.deliver.inventory import images

Obj = dict[str, Any]
pytestmark = pytest.mark.slow

NOBODY_BUILDS = ("BRIDGE", "BUILDAH", "KANIKO", "MAVEN")
"""Of what Strimzi would take: bridges and builds, of which no platform has any."""

BY_RESOURCE = {"KAFKA_EXPORTER": "kafkaExporter", "CRUISE_CONTROL": "cruiseControl"}
"""Of what Strimzi would take: what each Kafka resource names itself, and where."""


def pulled(one: Rendered, version: str) -> Iterator[str]:
    """The images of containers, and those that a container's variables and arguments name for pods made later."""
    for each in one.everything:
        for container in containers(each):
            yield container["image"]
            told = {env["name"]: env.get("value") or "" for env in container.get("env") or ()}
            yield from later(told, version)
            for word in container.get("args") or ():
                # The one of Thanos is for resources that name none; each of ours does.
                if "reloader=" in str(word):
                    yield str(word).partition("=")[2]


def later(told: dict[str, str], version: str) -> Iterator[str]:
    """What variables name: an image, an image apart from its tag (Rancher's), one for each version of Kafka."""
    for name, value in told.items():
        if name.endswith("_IMAGE") and f"{name}_TAG" in told:
            yield f"{value}:{told[f'{name}_TAG']}"
        elif name.endswith("_IMAGES"):
            yield from (line.partition("=")[2] for line in value.split() if line.startswith(f"{version}="))
        elif name.endswith("_IMAGE") and not any(word in name for word in (*NOBODY_BUILDS, *BY_RESOURCE)):
            yield value


@pytest.mark.parametrize("chart", sorted(PLACES))
def test_every_image_is_listed(chart: str) -> None:
    seen = 0
    for name, one in everywhere(chart):
        listed = {entry["image"] for entry in images(example(name).estate)}
        known = {entry.removeprefix("docker.io/") for entry in listed}
        (version,) = {each["spec"]["kafka"]["version"] for each in everything(name) if each["kind"] == "Kafka"}
        for image in pulled(one, version):
            seen += 1
            # Of the nearest release of rancher-backup and Gatekeeper the tag is ours: values say it.
            assert image.partition("@")[0].removeprefix("docker.io/") in known, f"{name}/{one.cluster}"
    assert seen


@pytest.mark.parametrize("name", EXAMPLES)
def test_kafka_leaves_no_image_to_its_operator(name: str) -> None:
    """Exporter and Cruise Control would be of the operator's newest Kafka, whatever the brokers' is."""
    for one in everything(name):
        if one["kind"] == "Kafka":
            parts = [one["spec"][word] for word in BY_RESOURCE.values() if word in one["spec"]]
            assert parts and all(part["image"] == one["spec"]["kafka"]["image"] for part in parts)


def test_an_image_that_a_user_names_is_listed() -> None:
    """Of vision360's own copy of Spark's chart, which is told another tag than the pinned one."""
    spark = [entry for entry in images(example("vision360").estate) if "spark-operator" in entry["image"]]
    assert [entry["image"].rpartition(":")[2] for entry in spark] == ["v3.1.1"]
    assert [entry["digest"] for entry in spark] == ["unknown"]
