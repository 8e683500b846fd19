"""`rosace lab` for real: a cluster comes up, runs pods, gives services names, survives a kill, and leaves no trace.

One story in its order, because a cluster is dear: each test goes on where the one before ended.
"""

from __future__ import annotations

import json
import os
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
def web(lab: LabHere, tmp_path_factory: pytest.TempPathFactory) -> LabHere:
    """An image of a program of ours in the cluster, and a Deployment with a Service that runs it."""
    folder = tmp_path_factory.mktemp("web")
    source = Path(__file__).parent / "labweb" / "main.go"
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    argv = ["go", "build", "-ldflags=-s -w", "-o", str(folder / "web"), str(source)]
    subprocess.run(argv, check=True, env=environment, cwd=folder)
    oci.image(folder / "web.tar", IMAGE, {"/web": folder / "web"}, ["/web"])
    assert "lab-1: unpacking localhost/web:1" in lab.run("load", str(folder / "web.tar")).stderr
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
        "kube-proxy": "running",
    }  # fmt: skip
    assert cluster["pods"] == {"Running": 1}
    assert 200 * 2**20 < cluster["memory"] < 2 * 2**30
    assert "ready" in lab.run("status").stderr


def test_keys_are_for_their_owner_only(lab: LabHere) -> None:
    found = [*lab.state.rglob("*.key"), lab.state / "lab" / "kubeconfig"]
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


def test_a_second_up_changes_nothing(web: LabHere) -> None:
    before = {each["name"]: each["restarts"] for each in web.status()["clusters"][0]["processes"]}
    started = time.monotonic()
    assert "lab-1: runs already" in web.run("up").stderr
    assert time.monotonic() - started < 10
    assert {each["name"]: each["restarts"] for each in web.status()["clusters"][0]["processes"]} == before


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
