"""What `helm test` starts: pods that the cluster lets in, that reach what they ask, and that stand behind no service.

The real Helm renders them. That their questions are answered needs nodes, and is not tested here.
"""

from __future__ import annotations

import pytest
from compiled import EXAMPLES
from hooked import PLATFORMS, behind, built, hooks, pods, questions, services
from openings import DNS, enforced, first, netpol
from podspecs import restricted
from schemas import VERSIONS, kubernetes, problems
from test_charts import CHARTS

from rosace.deliver import inventory
from rosace.plan.clusters.workloads import residents

pytestmark = pytest.mark.slow

WITHOUT = {
    "governance": "it has no service: what it lays out is judged by the API server as it comes in",
    "management": "its objects are Rancher's, whose controllers say in their status how they fare",
    "platform": "the tests of the charts below it are its own",
}
"""Charts without a test, and why."""

NAME = "app.kubernetes.io/name"


def test_every_chart_is_tested_or_says_why_not() -> None:
    tested = {chart for name in PLATFORMS for _, chart, one in hooks(name) if one["kind"] == "Pod"}
    assert tested | set(WITHOUT) == {*CHARTS}
    assert not tested & set(WITHOUT)


@pytest.mark.parametrize("name", PLATFORMS)
def test_nothing_is_open_for_a_test_that_is_not_there(name: str) -> None:
    """Each peer that rooms have for their tests is the pod of one."""
    there = {(cluster, one["metadata"]["namespace"], one["metadata"]["labels"][NAME]) for cluster, one in pods(name)}
    for cluster in built(name).estate.clusters:
        for one in residents(built(name).estate, cluster):
            workload = one.workload
            if workload.name == f"{one.part.engine.name}-test":
                assert (cluster, workload.namespace, workload.labels[NAME]) in there, workload


@pytest.mark.parametrize("minor", VERSIONS)
@pytest.mark.parametrize("name", PLATFORMS)
def test_fits_the_schemas(name: str, minor: str) -> None:
    source = kubernetes(minor)
    if isinstance(source, str):
        pytest.skip(source)
    assert problems([one for _, _, one in hooks(name)], source) == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_pod_is_restricted_and_ends(name: str) -> None:
    everyone = [one for _, one in pods(name)]
    assert len(everyone) > 8
    assert restricted(everyone) == []
    for one in everyone:
        containers = one["spec"]["containers"]
        assert one["spec"]["restartPolicy"] == "Never"
        assert all(box["resources"]["requests"]["cpu"] and box["resources"]["limits"]["memory"] for box in containers)
        assert all(box["securityContext"]["readOnlyRootFilesystem"] for box in containers)


@pytest.mark.parametrize("name", PLATFORMS)
def test_nothing_stays_of_what_succeeded(name: str) -> None:
    """What a pod needs is there before it."""
    for _, _, one in hooks(name):
        said, named = one["metadata"]["annotations"], one["metadata"]["name"]
        assert said["helm.sh/hook"] == "test", named
        assert said["helm.sh/hook-delete-policy"] == "before-hook-creation,hook-succeeded", named
        assert said.get("helm.sh/hook-weight") == (None if one["kind"] == "Pod" else "-1"), named


@pytest.mark.parametrize("name", PLATFORMS)
def test_images_are_those_of_the_inventory(name: str) -> None:
    listed = {entry["image"] for entry in inventory.images(built(name).estate)}
    assert {box["image"] for _, one in pods(name) for box in one["spec"]["containers"]} <= listed


@pytest.mark.parametrize("name", PLATFORMS)
def test_it_is_one_peer_and_behind_no_service(name: str) -> None:
    """One kind of pods has its labels, whose links it has; behind a service others would ask the test."""
    for cluster, one in pods(name):
        space, labels, named = one["metadata"]["namespace"], one["metadata"]["labels"], one["metadata"]["name"]
        everyone = (each.workload for each in residents(built(name).estate, cluster))
        mine = [each.name for each in everyone if each.namespace == space and each.labels.items() <= labels.items()]
        assert len(mine) == 1, f"{space}/{named}: {mine}"
        for service in services(name, cluster, space):
            assert not service["spec"]["selector"].items() <= labels.items(), f"{space}/{named}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_policies_let_it_ask(name: str) -> None:
    """Names, whatever its containers ask, and the API server where it has a token for it, else not."""
    estate = built(name).estate
    for cluster, one in pods(name):
        network, space = enforced(estate, cluster), one["metadata"]["namespace"]
        me = netpol.Pod(one["metadata"]["name"], space, one["metadata"]["labels"])
        token = one["spec"]["automountServiceAccountToken"]
        assert network.allowed(me, DNS, 53, "UDP"), me.identity
        for block in estate.clusters[cluster].api:
            assert network.allowed(me, netpol.Outside(first(block)), 443) is token, me.identity
        asked = list(questions(one))
        assert asked or token, f"{me.identity} asks nobody"
        for host, port in asked:
            targets = behind(name, cluster, space, host, port)
            assert targets, f"{me.identity}: nobody is behind {host}:{port}"
            for labels, number in targets:
                target = netpol.Pod("target", host.split(".")[1] if "." in host else space, labels)
                assert network.allowed(me, target, number), f"{me.identity} is kept from {host}:{port}"
