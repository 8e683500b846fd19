"""The API server of the tests takes what is right and refuses what is wrong, with its reason."""

from __future__ import annotations

import os
import stat
import subprocess
from copy import deepcopy
from typing import Any

import pytest
from api_server import ApiServer, api_server, crds_of, documents
from clustertools import tool

__all__ = ["api_server"]

pytestmark = pytest.mark.live

NAMESPACE: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "flights"}}
CONFIG: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings", "namespace": "flights"},
    "data": {"answer": "42"},
}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "flights"},
    "spec": {
        "replicas": 1,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "example/web:1"}]},
        },
    },
}
TOPIC: dict[str, Any] = {
    "apiVersion": "kafka.strimzi.io/v1",
    "kind": "KafkaTopic",
    "metadata": {"name": "positions", "namespace": "flights", "labels": {"strimzi.io/cluster": "kafka"}},
    "spec": {"partitions": 3, "replicas": 1},
}


@pytest.fixture(scope="module")
def api(api_server: ApiServer) -> ApiServer:
    """The server with the Namespace of these tests."""
    assert api_server.apply(NAMESPACE) is None
    return api_server


def test_good_objects_are_taken_and_kept(api: ApiServer) -> None:
    assert api.apply_all([NAMESPACE, CONFIG, DEPLOYMENT]) == {}
    kept = api.get(CONFIG)
    assert kept is not None
    assert kept["data"] == {"answer": "42"}


def test_applying_twice_changes_nothing(api: ApiServer) -> None:
    assert api.apply(CONFIG) is None
    first = api.get(CONFIG)
    assert api.apply(CONFIG) is None
    assert api.get(CONFIG) == first


def test_an_unknown_field_is_refused(api: ApiServer) -> None:
    wrong = deepcopy(DEPLOYMENT)
    wrong["metadata"]["name"] = "wrong"
    wrong["spec"]["template"]["spec"]["containers"][0]["imagePolicy"] = "Never"
    message = api.apply(wrong)
    assert message is not None
    assert "imagePolicy" in message
    assert api.get(wrong) is None


def test_what_is_missing_is_named(api: ApiServer) -> None:
    elsewhere = deepcopy(CONFIG)
    elsewhere["metadata"]["namespace"] = "nowhere"
    assert 'namespaces "nowhere" not found' in (api.apply(elsewhere) or "")
    assert api.apply({**CONFIG, "metadata": {"namespace": "flights"}}) == "ConfigMap has no metadata.name"
    assert "knows no kind Teapot in v1" in (api.apply({"apiVersion": "v1", "kind": "Teapot"}) or "")


def test_a_stranger_may_not_read(api: ApiServer) -> None:
    answer = api.request("GET", "/api/v1/namespaces", headers={"Authorization": "Bearer nobody"})
    assert answer.status_code == 401


def test_upstreams_definitions_judge_their_objects(api: ApiServer) -> None:
    files = crds_of("strimzi-kafka-operator")
    assert len(api.load_crds(files)) == sum(len(documents(file)) for file in files)
    assert api.apply(TOPIC) is None
    wrong = deepcopy(TOPIC)
    wrong["spec"]["partitions"] = "three"
    assert "spec.partitions" in (api.apply(wrong) or "")
    unknown = deepcopy(TOPIC)
    unknown["spec"]["partition"] = 3
    assert "partition" in (api.apply(unknown) or "")


def test_kubectl_works_with_the_kubeconfig(api: ApiServer) -> None:
    assert stat.S_IMODE(api.kubeconfig.stat().st_mode) == 0o600
    argv = [str(tool("kubectl")), "--kubeconfig", str(api.kubeconfig), "get", "namespace", "flights", "-o", "name"]
    environment = {key: value for key, value in os.environ.items() if key.lower() not in ("https_proxy", "all_proxy")}
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert (done.stdout, done.stderr) == ("namespace/flights\n", "")
