"""A real Kubernetes API server takes every object, strictly, in the order of the waves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from api_server import ApiServer, api_server, crds_of
from built import EXAMPLES, NO_SCHEMA, PROJECTS, Obj, argo, clusters
from policy_kinds import definitions

from rosace.deliver.estate import MANAGEMENT

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
        for one in definitions(objects):
            file = tmp_path / f"{one['metadata']['name']}.json"
            if server.get(one) is None:
                file.write_text(json.dumps(one), encoding="utf-8")
                server.load_crds([file])
        if cluster == MANAGEMENT:
            _made_by_rancher(server, objects)
        known = [one for one in objects if f"{one['apiVersion']} {one['kind']}" not in NO_SCHEMA]
        assert server.apply_all(known) == {}, f"{name}/{cluster}"
    assert server.apply_all(argo(name)) == {}


def _made_by_rancher(server: ApiServer, objects: list[Obj]) -> None:
    """Rancher has a namespace for each cluster that it knows, and makes one for each project."""
    ours = {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"}
    for name in {one["metadata"].get("namespace", "") for one in objects} - ours - {""}:
        assert server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}) is None
