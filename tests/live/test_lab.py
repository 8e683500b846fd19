"""`rosace lab` for real: a cluster comes up, runs pods, gives services names, survives a kill, and leaves no trace.

One story in its order, because a cluster is dear: each test goes on where the one before ended.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lab_machine import LabHere, differences, needs_lab, traces

from rosace.lab import oci, programs, running
from rosace.lab.layout import Cluster
from rosace.observe.schema import output_schema

pytestmark = [pytest.mark.live, needs_lab]

IMAGE = "localhost/web:1"
READY = 20.0
"""Seconds until a cluster is ready from binaries, on two idle cores; three times as many where others work too."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHere]:
    here = LabHere(tmp_path_factory.mktemp("lab"))
    for name in programs.names():
        programs.made(name)
    before = traces(here.state)
    try:
        started = time.monotonic()
        said = here.run("up")
        took = time.monotonic() - started
        print(f"lab up: {took:.1f} s\n{said.stderr}{said.stdout}")
        assert took < READY * max(1.0, 1.5 * os.getloadavg()[0])
        assert said.stdout.startswith("export KUBECONFIG=")
        yield here
    finally:
        here.run("down", code=None)
    assert differences(before, traces(here.state)) == []
    assert not (here.state / "lab").exists()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image of a program of ours."""
    folder = tmp_path_factory.mktemp("web")
    source = Path(__file__).parent / "labweb" / "main.go"
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    argv = ["go", "build", "-ldflags=-s -w", "-o", str(folder / "web"), str(source)]
    subprocess.run(argv, check=True, env=environment, cwd=folder)
    oci.image(folder / "web.tar", IMAGE, {"/web": folder / "web"}, ["/web"])
    return folder / "web.tar"


@pytest.fixture(scope="module")
def web(lab: LabHere, image: Path) -> LabHere:
    """A Deployment with a Service that runs it in the cluster."""
    assert "lab-1: unpacking localhost/web:1" in lab.run("load", str(image)).stderr
    for each in objects():
        lab.kubectl("apply", "-f", "-", given=each)
    lab.kubectl("rollout", "status", "deployment/web", "--timeout=60s")
    return lab


def objects() -> list[dict[str, Any]]:
    labels = {"app": "web"}
    probe = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1}
    container = {"name": "web", "image": IMAGE, "imagePullPolicy": "Never", "args": ["serve"], "readinessProbe": probe}
    spec = {
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    }
    service = {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]}
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": service},
    ]


def asker(name: str, url: str) -> dict[str, Any]:
    container = {"name": "ask", "image": IMAGE, "imagePullPolicy": "Never", "args": ["ask", url]}
    spec = {"restartPolicy": "Never", "containers": [container]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def test_status_tells_what_runs(lab: LabHere) -> None:
    seen = lab.status()
    Draft202012Validator(output_schema() | {"$ref": "#/$defs/rosace-lab-status"}).validate(seen)
    (cluster,) = seen["clusters"]
    assert cluster["state"] == "ready"
    assert {each["name"]: each["state"] for each in cluster["processes"]} == {
        "etcd": "running", "kube-apiserver": "running", "kube-controller-manager": "running",
        "kube-scheduler": "running", "containerd": "running", "images": "done", "kubelet": "running",
        "kube-proxy": "running", "agent": "running",
    }  # fmt: skip
    assert sum(cluster["pods"].values()) == 2  # CoreDNS, and metrics-server, which may not have begun
    assert 200 * 2**20 < cluster["memory"] < 2 * 2**30
    assert "ready" in lab.run("status").stderr


def test_keys_are_for_their_owner_only(lab: LabHere) -> None:
    found = [*lab.state.rglob("pki/*.key"), lab.state / "lab" / "kubeconfig"]
    assert len(found) > 10
    assert {path.stat().st_mode & 0o777 for path in found} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in found} == {0o700}


def test_a_pod_is_reached_by_the_name_of_its_service(web: LabHere) -> None:
    web.kubectl("apply", "-f", "-", given=asker("by-name", "http://web.default.svc.cluster.local/"))
    web.kubectl("wait", "pod/by-name", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s")
    assert web.kubectl("logs", "by-name").startswith("this is web-")


def test_both_pods_of_a_service_are_reached_also_from_one_of_them(web: LabHere) -> None:
    said = {web.kubectl("exec", "deployment/web", "--", "/web", "ask", "http://web/") for _ in range(12)}
    assert len(said) == 2
    assert "asked by Go-http-client" in web.kubectl("logs", "deployment/web")


def test_rights_hold(web: LabHere) -> None:
    """A service account's token is asked for by name: RBAC gives it nothing that nobody gave it."""
    verdict = ("auth", "can-i", "list", "secrets", "--as=system:serviceaccount:default:default")
    with pytest.raises(AssertionError, match="no"):
        web.kubectl(*verdict)
    token = web.kubectl("create", "token", "default").strip()
    assert token.count(".") == 2


def test_policies_hold_both_ways_and_towards_the_api_server(web: LabHere) -> None:
    """One policy says who may come in, another where its pods may go out; names are asked all the time."""
    for each in (*map(standing, ("friend", "stranger", "locked")), *POLICIES):
        web.kubectl("apply", "-f", "-", given=each)
    web.kubectl("wait", "pod", "--selector=who", "--for=condition=Ready", "--timeout=60s")
    time.sleep(1)
    page, server = "http://web.default.svc.cluster.local/", "http://kubernetes.default.svc.cluster.local:443/"
    stranger = "http://stranger-page.default.svc.cluster.local/"
    flows = {
        (who, url): reached(web, who, url)
        for who in ("friend", "stranger", "locked")
        for url in (page, server, stranger)
    }
    assert flows == {
        ("friend", page): True, ("friend", server): True, ("friend", stranger): True,
        ("stranger", page): False, ("stranger", server): True, ("stranger", stranger): True,
        ("locked", page): True, ("locked", server): False, ("locked", stranger): False,
    }  # fmt: skip
    for name in ("who-comes-in", "where-it-goes"):
        web.kubectl("delete", "networkpolicy", name)
    assert reached(web, "stranger", page, 10)
    assert reached(web, "locked", server, 10)


def test_a_volume_outlives_its_pod_and_goes_with_its_claim(web: LabHere) -> None:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    web.kubectl("apply", "-f", "-", given=named("v1", "PersistentVolumeClaim", "kept", claim))
    web.kubectl("apply", "-f", "-", given=standing("writer", "kept"))
    web.kubectl("wait", "pod/writer", "--for=condition=Ready", "--timeout=60s")
    web.kubectl("exec", "writer", "--", "/web", "write", "/kept/file", "what was written")
    web.kubectl("delete", "pod", "writer", "--grace-period=1")
    web.kubectl("apply", "-f", "-", given=standing("reader", "kept"))
    web.kubectl("wait", "pod/reader", "--for=condition=Ready", "--timeout=60s")
    assert web.kubectl("exec", "reader", "--", "/web", "read", "/kept/file") == "what was written"
    web.kubectl("delete", "pod", "reader", "--grace-period=1")
    web.kubectl("delete", "pvc", "kept")
    until(lambda: json.loads(web.kubectl("get", "pv", "-o", "json"))["items"] == [])
    assert list((web.state / "lab" / "lab-1" / "volumes").iterdir()) == []


def test_a_second_up_changes_nothing(web: LabHere) -> None:
    before = {each["name"]: each["restarts"] for each in web.status()["clusters"][0]["processes"]}
    started = time.monotonic()
    assert "lab-1: runs already" in web.run("up").stderr
    assert time.monotonic() - started < 10
    assert {each["name"]: each["restarts"] for each in web.status()["clusters"][0]["processes"]} == before


def test_metrics_of_nodes_and_pods(web: LabHere) -> None:
    """They come some seconds after the cluster: two looks at the kubelet, fifteen seconds apart."""

    def told(*what: str) -> bool:
        try:
            return "web-" in web.kubectl("top", *what) if "pods" in what else "lab-1" in web.kubectl("top", *what)
        except AssertionError:
            return False

    until(lambda: told("nodes"), 90)
    until(lambda: told("pods"), 60)
    assert re.search(r"^web-\S+ +\d+m +\d+Mi", web.kubectl("top", "pods"), re.MULTILINE)


def test_a_process_that_is_killed_comes_back(web: LabHere) -> None:
    inside = running.enter(cluster_of(web), "/bin/sh", "-c", "kill -9 $(pidof kube-scheduler)")
    subprocess.run(inside, check=True)
    until(lambda: process(web, "kube-scheduler")["restarts"] == 1 and process(web, "kube-scheduler")["up"] is not None)


def test_a_killed_machine_is_seen_and_goes_on_with_what_it_knew(web: LabHere) -> None:
    first = running.machine(cluster_of(web))
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: web.status()["clusters"][0]["state"] == "stopped")
    assert web.run("status", code=1).stderr.startswith("lab-1 is stopped")
    web.run("up")
    web.kubectl("wait", "pod", "--selector=app=web", "--for=condition=Ready", "--timeout=90s")
    assert web.kubectl("exec", "deployment/web", "--", "/web", "ask", "http://web/").startswith("this is web-")


def test_a_second_cluster_is_reached_from_the_first(web: LabHere, image: Path) -> None:
    started = time.monotonic()
    said = web.run("up", "--clusters", "2").stderr
    print(f"lab up --clusters 2, the first running: {time.monotonic() - started:.1f} s\n{said}")
    assert "lab-1: runs already" in said
    assert "lab-2: ready" in said
    assert "lab-2: unpacking" in web.run("load", str(image)).stderr
    for each in objects():
        web.kubectl("apply", "-f", "-", given=each, cluster="lab-2")
    patch = json.dumps({"spec": {"type": "LoadBalancer"}})
    web.kubectl("patch", "service", "web", "--patch", patch, cluster="lab-2")
    web.kubectl("rollout", "status", "deployment/web", "--timeout=60s", cluster="lab-2")
    address = "{.status.loadBalancer.ingress[0].ip}"
    until(lambda: web.kubectl("get", "service", "web", "-o", f"jsonpath={address}", cluster="lab-2") != "")
    url = f"http://{web.kubectl('get', 'service', 'web', '-o', f'jsonpath={address}', cluster='lab-2')}/"
    theirs = web.kubectl(
        "get", "pods", "--selector=app=web", "-o", "jsonpath={.items[*].metadata.name}", cluster="lab-2"
    )
    assert web.kubectl("exec", "deployment/web", "--", "/web", "ask", url).removeprefix("this is ").strip() in theirs
    assert len(web.status()["clusters"]) == 2
    other = LabHere(web.state / "other")
    assert "another lab runs on this machine" in other.run("up", code=2).stderr.replace("\n", " ")
    assert other.run("down").stderr.startswith("there is no lab")
    assert "one of them cannot be taken away alone" in web.run("up", code=2).stderr.replace("\n", " ")


def named(version: str, kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": dict(spec)}


def standing(who: str, claim: str = "") -> dict[str, Any]:
    """A pod that stays, with a volume where there is a claim."""
    container: dict[str, Any] = {"name": "stay", "image": IMAGE, "imagePullPolicy": "Never", "args": ["serve"]}
    spec: dict[str, Any] = {"containers": [container]}
    if claim:
        container["volumeMounts"] = [{"name": "kept", "mountPath": "/kept"}]
        spec["volumes"] = [{"name": "kept", "persistentVolumeClaim": {"claimName": claim}}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": who, "labels": {"who": who}}, "spec": spec}


NAMES = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}],
}
WEB = {"podSelector": {"matchLabels": {"app": "web"}}}
POLICIES = [
    named("networking.k8s.io/v1", "NetworkPolicy", "who-comes-in", {
        **WEB,
        "ingress": [{"from": [{"podSelector": {"matchExpressions": [
            {"key": "who", "operator": "In", "values": ["friend", "locked"]}]}}], "ports": [{"port": 8080}]}],
    }),
    named("networking.k8s.io/v1", "NetworkPolicy", "where-it-goes", {
        "podSelector": {"matchLabels": {"who": "locked"}},
        "policyTypes": ["Egress"],
        "egress": [NAMES, {"to": [WEB], "ports": [{"port": 8080}]}],
    }),
    named("v1", "Service", "stranger-page", {
        "selector": {"who": "stranger"}, "ports": [{"port": 80, "targetPort": 8080}],
    }),
]  # fmt: skip


def reached(lab: LabHere, who: str, url: str, seconds: int = 3) -> bool:
    """Whether a pod gets an answer; where it does not, the program says why it gave up."""
    try:
        return bool(lab.kubectl("exec", who, "--", "/web", "ask", url, str(seconds)))
    except AssertionError as error:
        assert "deadline exceeded" in str(error) or "i/o timeout" in str(error), error
        return False


def cluster_of(lab: LabHere) -> Cluster:
    told: Mapping[str, Any] = json.loads((lab.state / "lab" / "lab.json").read_text(encoding="utf-8"))
    return Cluster(1, told["network"], lab.state / "lab" / "lab-1")


def process(lab: LabHere, name: str) -> dict[str, Any]:
    return next(each for each in lab.status()["clusters"][0]["processes"] if each["name"] == name)


def until(true: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)
