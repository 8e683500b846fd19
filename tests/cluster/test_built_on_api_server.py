"""A real Kubernetes API server takes every object, strictly, in the order of the waves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from api_server import ApiServer, api_server, crds_of
from built import EXAMPLES, PROJECTS, Obj, argo, clusters
from clustertools import tool
from hooked import hooks
from policy_kinds import definitions

from rosace.plan.clusters.topology import MANAGEMENT

__all__ = ["api_server"]

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def server(api_server: ApiServer) -> ApiServer:
    """One with the definitions that the first wave brings."""
    api_server.load_crds([file for project in PROJECTS for file in crds_of(project)])
    for name in ("argocd", "kube-system"):
        assert api_server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}) is None
    return api_server


@pytest.mark.parametrize("name", EXAMPLES)
def test_takes_everything(server: ApiServer, name: str, tmp_path: Path) -> None:
    for cluster, objects in clusters(name).items():
        _defined(server, objects, tmp_path)
        if cluster == MANAGEMENT:
            _made_by_rancher(server, objects)
        assert server.apply_all(one for one in objects if one["kind"] == "Namespace") == {}
        tests = [hook for place, _, hook in hooks(name) if place == cluster]
        # Not kept: another cluster has objects of the same names, which may not become these.
        refused = [message for one in (*objects, *tests) if (message := server.apply(one, dryRun="All"))]
        assert refused == [], f"{name}/{cluster}"
    assert server.apply_all(argo(name)) == {}


def _defined(server: ApiServer, objects: Iterable[Obj], folder: Path) -> None:
    """The kinds that Gatekeeper would make of templates."""
    for one in definitions(objects):
        file = folder / f"{one['metadata']['name']}.json"
        if server.get(one) is None:
            file.write_text(json.dumps(one), encoding="utf-8")
            server.load_crds([file])


def _made_by_rancher(server: ApiServer, objects: list[Obj]) -> None:
    """Rancher has a namespace for each cluster that it knows, and makes one for each project."""
    ours = {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"}
    for name in {one["metadata"].get("namespace", "") for one in objects} - ours - {""}:
        assert server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}) is None


def test_helm_test_hears_what_gatekeeper_says(server: ApiServer, tmp_path: Path) -> None:
    """Its containers' own commands, by the real kubectl, with the rights that come with the test."""
    objects = clusters("vision360")["processing"]
    laws = [one for one in objects if "gatekeeper.sh/" in one["apiVersion"]]
    made = [one for place, chart, one in hooks("vision360") if (place, chart) == ("processing", "policies")]
    (pod,) = [one for one in made if one["kind"] == "Pod"]
    _defined(server, objects, tmp_path)
    namespaces = [one for one in objects if one["kind"] == "Namespace"]
    assert server.apply_all([*namespaces, *laws, *(one for one in made if one is not pod)]) == {}
    commands = [[*box["command"][1:], "--timeout=1s"] for box in pod["spec"]["containers"]]
    assert [_as_tested(server, pod, *command) for command in commands] == [1, 1]
    for one in laws:
        said = {"created": True} if one["kind"] == "ConstraintTemplate" else {"byPod": [{"enforced": True}]}
        headers = {"Content-Type": "application/merge-patch+json"}
        assert server.request("PATCH", f"{server.place(one)}/status", json={"status": said}, headers=headers).ok
    assert [_as_tested(server, pod, *command) for command in commands] == [0, 0]
    for asked in ("constrainttemplates", "secrets", "pods"):
        assert _as_tested(server, pod, "auth", "can-i", "list", asked, "--all-namespaces") == 1


def _as_tested(server: ApiServer, pod: Obj, *words: str) -> int:
    """The exit code of kubectl as the account of the test's pod."""
    account = f"system:serviceaccount:{pod['metadata']['namespace']}:{pod['spec']['serviceAccountName']}"
    call = [tool("kubectl"), f"--kubeconfig={server.kubeconfig}", f"--as={account}", *words]
    return subprocess.run(call, capture_output=True, check=False).returncode
