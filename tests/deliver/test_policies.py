"""Gatekeeper's own judge, `gator`, over all that the examples become: nothing is refused but what must be."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from compiled import EXAMPLES, ROOT, example, laid_out
from hooked import hooks

from rosace.deliver.yamltext import dump
from rosace.plan.clusters.workloads import operators

sys.path.insert(0, str(ROOT / "tests" / "cluster"))

Obj = dict[str, Any]
GROUPS = ("templates.gatekeeper.sh/", "constraints.gatekeeper.sh/")

MADE_ELSEWHERE = {
    "image": "registry.example.com/operators/own:1",
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
}
"""What an operator puts into a container that its resource leaves open."""

pytestmark = pytest.mark.slow


def gator(folder: Path, objects: Iterable[Mapping[str, Any]]) -> list[Obj]:
    """What `gator test` has against objects: each with its constraint and message."""
    from clustertools import Unavailable, tool

    try:
        program = tool("gator")
    except Unavailable as reason:
        pytest.skip(f"no gator: {reason}")
    file = folder / "objects.yaml"
    file.write_text("".join(f"---\n{dump(dict(one))}" for one in objects), encoding="utf-8")
    command = [str(program), "test", "--filename", str(file), "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1) and not done.stderr, done.stderr
    return json.loads(done.stdout or "null") or []


@cache
def clusters(name: str) -> dict[str, list[Obj]]:
    """Cluster to its objects."""
    found: dict[str, list[Obj]] = {}
    for release in example(name).releases:
        found.setdefault(release.cluster, []).extend(laid_out(release))
    return found


def judged(objects: Iterable[Obj]) -> list[Obj]:
    """The policies of a cluster."""
    return [one for one in objects if one["apiVersion"].startswith(GROUPS)]


def pods(objects: list[Obj]) -> Iterator[Obj]:
    """A pod for each template, in the namespace of what makes it, and one of all images that a resource names."""
    from podspecs import pod_templates

    spaces = {one["metadata"].get("namespace", "") for one in objects}
    for space in sorted(spaces - {""}):
        here = [one for one in objects if one["metadata"].get("namespace") == space]
        for number, template in enumerate(pod_templates(here)):
            yield pod(f"pod-{number}", space, filled(template.spec))
        for number, one in enumerate(here):
            containers = [{"name": f"c{at}", **MADE_ELSEWHERE, "image": image} for at, image in enumerate(images(one))]
            if containers:
                yield pod(f"images-{number}", space, {"containers": containers})


def pod(name: str, space: str, spec: Mapping[str, Any]) -> Obj:
    """A pod as the API server is asked for one."""
    metadata = {"name": name, "namespace": space}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": dict(spec)}


def namespace(name: str) -> Obj:
    """One that every cluster has."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def filled(spec: Mapping[str, Any]) -> Obj:
    """A pod's spec with what its operator adds. Its images are judged where the resource names them."""
    kinds = ("containers", "initContainers")
    named = {kind: [{**MADE_ELSEWHERE, **said(one)} for one in spec.get(kind) or ()] for kind in kinds}
    return {**spec, **named}


def said(container: Mapping[str, Any]) -> Obj:
    return {key: value for key, value in container.items() if value}


def images(value: Any) -> Iterator[str]:
    """Every image that an object names, wherever."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("image", "baseImage") and isinstance(part, str) and part:
                yield part
            else:
                yield from images(part)
    elif isinstance(value, list):
        for part in value:
            yield from images(part)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_of_the_platform_is_refused(name: str, tmp_path: Path) -> None:
    for cluster, objects in clusters(name).items():
        if not judged(objects):
            continue
        known = {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"}
        others = {one["metadata"].get("namespace") for one in objects} - known - {None}
        tests = (one for place, _, one in hooks(name) if place == cluster)
        asked = [*objects, *pods(objects), *tests, *(namespace(name) for name in sorted(others))]
        found = [f"{one['violatingObject']['metadata']['name']}: {one['msg']}" for one in gator(tmp_path, asked)]
        assert found == [], cluster


GOOD: Obj = {"name": "good", **MADE_ELSEWHERE}
BAD: Mapping[str, Obj] = {
    "RosaceImageRegistries": {"containers": [{**GOOD, "image": "docker.io/library/nginx:1.29"}]},
    "RosaceImageTags": {"containers": [{**GOOD, "image": "registry.example.com/team/nginx:latest"}]},
    "RosaceContainerResources": {"containers": [{**GOOD, "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]},
    "RosaceHostAccess": {"containers": [GOOD], "volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}]},
}
"""A pod's spec that breaks one policy and no other."""

MORE_BAD: Mapping[str, list[Obj]] = {
    "RosaceImageRegistries": [
        {"containers": [{**GOOD, "image": "nginx:1.29"}]},
        {"containers": [{**GOOD, "image": "team/nginx:1.29"}]},
        {"containers": [{**GOOD, "image": "registry.example.com.evil.net/nginx:1.29"}]},
        {"containers": [GOOD], "initContainers": [{**GOOD, "image": "quay.io/a/b:1"}]},
    ],
    "RosaceImageTags": [{"containers": [{**GOOD, "image": "registry.example.com/nginx"}]}],
    "RosaceContainerResources": [{"containers": [{"name": "none", "image": GOOD["image"]}]}],
    "RosaceHostAccess": [
        {"containers": [GOOD], "hostNetwork": True},
        {"containers": [{**GOOD, "securityContext": {"privileged": True}}]},
        {"containers": [{**GOOD, "ports": [{"containerPort": 80, "hostPort": 80}]}]},
    ],
}

LET_IN: list[Obj] = [
    {"containers": [GOOD]},
    {"containers": [{**GOOD, "image": f"registry.example.com/a@sha256:{'0' * 64}"}]},
    {"containers": [GOOD], "initContainers": [{"name": "first", "image": GOOD["image"]}]},
]


def denied(folder: Path, *objects: Obj) -> dict[str, set[str]]:
    """Name of an object to the kinds of policies it breaks, on the cluster where most of the platform runs."""
    mine = clusters("vision360")["processing"]
    laws = [*judged(mine), *(one for one in mine if one["kind"] == "Namespace")]
    found: dict[str, set[str]] = {}
    for one in gator(folder, [*laws, *objects]):
        assert one["enforcementAction"] == "deny"
        found.setdefault(one["violatingObject"]["metadata"]["name"], set()).add(one["constraint"]["kind"])
    return found


def test_each_policy_refuses_what_it_is_for(tmp_path: Path) -> None:
    wanted = {f"{kind.lower()}-{at}": kind for kind in BAD for at in range(1 + len(MORE_BAD[kind]))}
    asked = [
        pod(f"{kind.lower()}-{at}", "operations", spec)
        for kind in BAD
        for at, spec in enumerate([BAD[kind], *MORE_BAD[kind]])
    ]
    found = denied(tmp_path, *asked, *(pod(f"good-{at}", "operations", spec) for at, spec in enumerate(LET_IN)))
    assert found == {name: {kind} for name, kind in wanted.items()}


def workload(name: str, **metadata: Any) -> Obj:
    spec = {"selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": {"app": name}}}}
    where = {"name": name, "namespace": "operations", **metadata}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": where, "spec": spec}


def service(name: str, kind: str, **more: Any) -> Obj:
    where = {"name": name, "namespace": "operations", **more}
    spec = {"type": kind, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": where, "spec": spec}


def test_what_makes_pods_says_whose_it_is(tmp_path: Path) -> None:
    owner = [{"apiVersion": "v1", "kind": "Thing", "name": "thing", "uid": "1"}]
    asked = [
        workload("stray"),
        workload("owned", ownerReferences=owner),
        workload("ours", labels={"app.kubernetes.io/part-of": "vision360"}),
    ]
    assert denied(tmp_path, *asked) == {"stray": {"RosaceRequiredLabels"}}


def test_nobody_opens_a_door_of_their_own(tmp_path: Path) -> None:
    asked = [
        service("own-door", "LoadBalancer"),
        service("node-door", "NodePort"),
        service("inside", "ClusterIP"),
        service("entrance", "LoadBalancer", annotations={"rosace.io/why": "used from storage"}),
    ]
    assert denied(tmp_path, *asked) == {
        "own-door": {"RosaceServiceEntrances"},
        "node-door": {"RosaceServiceEntrances"},
    }


def test_other_namespaces_are_left_alone(tmp_path: Path) -> None:
    asked = [pod("theirs", "strangers", BAD["RosaceImageTags"]), pod("strimzi", "strimzi", BAD["RosaceImageTags"])]
    assert denied(tmp_path, namespace("strangers"), *asked) == {}


def test_operators_beside_others_are_let_through(tmp_path: Path) -> None:
    """Spark's operator lives in a namespace with Spark's own pods, as the example asks for."""
    spec = {"containers": [{"name": "own", "image": "ghcr.io/kubeflow/spark-operator/controller:2"}]}
    parameters = [one["spec"].get("parameters", {}) for one in judged(clusters("vision360")["processing"])]
    exempt = next(one["exempt"] for one in parameters if "exempt" in one)
    (labels,) = [one["labels"] for one in exempt if one["namespace"] == "spark"]
    theirs, other = pod("theirs", "spark", spec), pod("other", "spark", spec)
    theirs["metadata"]["labels"] = {**labels, "more": "of them"}
    found = denied(tmp_path, theirs, other)
    assert set(found) == {"other"}


def test_operators_take_their_images_from_where_policies_allow() -> None:
    """What a resource leaves to its operator comes from where the operator's own values say."""
    estate = example("vision360").estate
    (allowed,) = estate.checked.platform.policies.registries
    for cluster in estate.clusters:
        for part, operator in operators(estate, cluster):
            # Of one that lies elsewhere the user says the values.
            if operator.name not in estate.checked.platform.delivery.operators:
                told = dump(dict(part.engine.kubernetes.operator_values(part.site, operator)))
                assert allowed in told, f"{cluster}: {operator.name}"
