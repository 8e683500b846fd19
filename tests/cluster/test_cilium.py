"""Policies for Cilium are what its own definition takes, and let through what its users need."""

from __future__ import annotations

import pytest
from compiled import ROOT, Built, compiled, objects
from go_modules import module_folder
from schemas import Crds, problems

from rosace.plan.clusters.links import asked_at, calling_from, network
from rosace.plan.clusters.workloads import namespaces

pytestmark = [pytest.mark.slow, pytest.mark.network]

CILIUM = "v1.18.4"
"""Whose definitions are asked; `ciliumnetworkpolicies` is served as v2 since 1.0."""


@pytest.fixture(scope="module")
def clouds() -> Built:
    """Two clouds, of which one has Cilium."""
    return compiled(ROOT / "examples" / "clouds", "prod", "clusters.amsterdam.cni=cilium")


def test_cilium_takes_its_policies(clouds: Built) -> None:
    folder = module_folder("github.com/cilium/cilium", CILIUM)
    if isinstance(folder, str):
        pytest.skip(folder)
    file = folder / "pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml"
    made = [one for one in objects(clouds) if one["kind"] == "CiliumNetworkPolicy"]
    assert made
    assert problems(made, Crds((file,))) == []


def test_whoever_needs_the_api_server_or_answers_it_has_one(clouds: Built) -> None:
    estate = clouds.estate
    made = [one for one in objects(clouds) if one["kind"] == "CiliumNetworkPolicy"]
    found = {(one["metadata"]["namespace"], one["metadata"]["name"], side) for one in made for side in one["spec"]}
    asked: set[tuple[str, str, str]] = set()
    for link in network(estate).links:
        for end, side in ((link.source, "egress"), (link.target, "ingress")):
            here = getattr(end, "cluster", "") == "amsterdam" and end.namespace in namespaces(estate, "amsterdam")
            if link.kind in ("api-server", "webhook", "nodes") and here:
                asked.add((end.namespace, end.name, side))
    assert asked and {one for one in found if one[2] != "endpointSelector"} == asked


def test_the_service_is_never_who_calls_a_webhook() -> None:
    """Unsaid, servers are on nodes; said, they are where the user says, and call from there."""
    from rosace.model.cluster_words import Cluster

    service = "10.43.0.1/32"
    assert service not in {one.cidr for one in calling_from(Cluster())}
    assert {one.cidr for one, _ in asked_at(Cluster())} > {service, "192.168.0.0/16"}
    said = Cluster.model_validate({"api": "10.0.1.5/32", "webhooks": ["10.9.0.0/24"]})
    assert [one.cidr for one, _ in asked_at(said)] == ["10.0.1.5/32"]
    assert [one.cidr for one in calling_from(said)] == ["10.9.0.0/24"]
