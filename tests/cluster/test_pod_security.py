"""Each rule of the Pod Security Standard *restricted*: what it lets in, what it refuses, and where."""

from __future__ import annotations

from typing import Any

import pytest
from pod_samples import CONTAINER, POD
from pod_security import broken_rules

MAIN = "containers[main]"
CONTEXT = f"{MAIN}.securityContext"


def pod(context: dict[str, Any] | None = None, main: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A pod that keeps every rule, with changes to its container's context, its container and itself."""
    container = {"name": "main", "image": "x", "securityContext": {**CONTAINER, **(context or {})}, **(main or {})}
    return {"securityContext": POD, "containers": [container], **more}


def probe(host: str) -> dict[str, Any]:
    return {"httpGet": {"port": 80, "host": host}}


LET_IN: list[dict[str, Any]] = [
    pod(),
    pod({"runAsUser": 1000, "readOnlyRootFilesystem": True, "privileged": False}),
    pod({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}),
    pod({"capabilities": {"drop": ["NET_RAW", "ALL"], "add": None}}),
    pod({"seccompProfile": {"type": "Localhost", "localhostProfile": "x.json"}, "procMount": "Default"}),
    pod({"appArmorProfile": {"type": "RuntimeDefault"}}),
    pod({"appArmorProfile": {"type": "Localhost", "localhostProfile": "x"}}),
    pod({"seLinuxOptions": {"type": "container_t", "level": "s0:c1"}}),
    pod({"windowsOptions": {"hostProcess": False}}),
    pod(main={"ports": [{"containerPort": 80, "hostPort": 0}], "livenessProbe": probe("")}),
    pod(hostNetwork=False, hostPID=None),
    pod(volumes=[{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": None, "secret": {}}, {"name": "c"}]),
    pod(securityContext={**POD, "sysctls": [{"name": "net.ipv4.tcp_rmem", "value": "1"}]}),
    pod({**POD}, securityContext=None),
    # In a user namespace root is nobody on the node (since 1.35).
    pod({"runAsUser": 0, "runAsNonRoot": False}, hostUsers=False),
    pod(hostUsers=False, securityContext={"seccompProfile": {"type": "RuntimeDefault"}, "runAsUser": 0}),
    {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True}, "containers": [{"name": "main"}]},
]

REFUSED: list[tuple[dict[str, Any], set[str]]] = [
    (pod({"allowPrivilegeEscalation": True}), {f"{CONTEXT}.allowPrivilegeEscalation"}),
    (pod({"allowPrivilegeEscalation": None}), {f"{CONTEXT}.allowPrivilegeEscalation"}),
    (pod({"privileged": True}), {f"{CONTEXT}.privileged"}),
    (pod({"capabilities": None}), {f"{CONTEXT}.capabilities.drop"}),
    (pod({"capabilities": {"drop": ["NET_RAW"]}}), {f"{CONTEXT}.capabilities.drop"}),
    (pod({"capabilities": {"drop": ["all"]}}), {f"{CONTEXT}.capabilities.drop"}),
    (pod({"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}), {f"{CONTEXT}.capabilities.add"}),
    (pod({"seccompProfile": {"type": "Unconfined"}}), {f"{CONTEXT}.seccompProfile.type"}),
    (pod({"seccompProfile": {}}), {f"{CONTEXT}.seccompProfile.type"}),
    (pod(securityContext={"runAsNonRoot": True}), {f"{CONTEXT}.seccompProfile.type"}),
    (pod(securityContext={**POD, "seccompProfile": {"type": "Unconfined"}}), {"securityContext.seccompProfile.type"}),
    (pod({"appArmorProfile": {"type": "Unconfined"}}), {f"{CONTEXT}.appArmorProfile.type"}),
    (pod(securityContext={**POD, "appArmorProfile": {}}), {"securityContext.appArmorProfile.type"}),
    (pod({"seLinuxOptions": {"type": "spc_t"}}), {f"{CONTEXT}.seLinuxOptions.type"}),
    (pod({"seLinuxOptions": {"user": "u"}}), {f"{CONTEXT}.seLinuxOptions.user"}),
    (pod(securityContext={**POD, "seLinuxOptions": {"role": "r"}}), {"securityContext.seLinuxOptions.role"}),
    (pod({"procMount": "Unmasked"}), {f"{CONTEXT}.procMount"}),
    (pod({"procMount": "Unmasked"}, hostUsers=False), {f"{CONTEXT}.procMount"}),
    (pod({"runAsUser": 0}), {f"{CONTEXT}.runAsUser"}),
    (pod({"runAsUser": 0}, hostUsers=True), {f"{CONTEXT}.runAsUser"}),
    (pod({"runAsNonRoot": False}), {f"{CONTEXT}.runAsNonRoot"}),
    (pod(securityContext={**POD, "runAsUser": 0}), {"securityContext.runAsUser"}),
    (pod(securityContext={"seccompProfile": POD["seccompProfile"]}), {f"{CONTEXT}.runAsNonRoot"}),
    (pod({"windowsOptions": {"hostProcess": True}}), {f"{CONTEXT}.windowsOptions.hostProcess"}),
    (pod(main={"ports": [{"containerPort": 80, "hostPort": 80}]}), {f"{MAIN}.ports"}),
    (pod(main={"startupProbe": probe("10.0.0.1")}), {f"{MAIN}.startupProbe.httpGet.host"}),
    (pod(main={"lifecycle": {"preStop": probe("10.0.0.1")}}), {f"{MAIN}.lifecycle.preStop.httpGet.host"}),
    (pod(hostNetwork=True, hostPID=True, hostIPC=True), {"hostNetwork", "hostPID", "hostIPC"}),
    (pod(volumes=[{"name": "a", "hostPath": {"path": "/"}}]), {"volumes[a]"}),
    (pod(volumes=[{"name": "a", "nfs": {}}, {"name": "b", "csi": {}}]), {"volumes[a]"}),
    (pod(securityContext={**POD, "sysctls": [{"name": "kernel.msgmax"}]}), {"securityContext.sysctls"}),
]


@pytest.mark.parametrize("spec", LET_IN)
def test_lets_in(spec: dict[str, Any]) -> None:
    assert broken_rules(spec) == []


@pytest.mark.parametrize(("spec", "expected"), REFUSED)
def test_refuses(spec: dict[str, Any], expected: set[str]) -> None:
    assert {path for path, _ in broken_rules(spec)} == expected


@pytest.mark.parametrize("kind", ["initContainers", "ephemeralContainers"])
def test_every_container_counts(kind: str) -> None:
    found = {path for path, _ in broken_rules({**pod(), kind: [{"name": "other"}]})}
    at = f"{kind}[other].securityContext"
    assert found == {f"{at}.allowPrivilegeEscalation", f"{at}.capabilities.drop"}


@pytest.mark.parametrize(("value", "bad"), [("unconfined", 1), ("runtime/default", 0), ("localhost/x", 0), ("", 0)])
def test_apparmor_by_annotation(value: str, bad: int) -> None:
    annotations = {"container.apparmor.security.beta.kubernetes.io/main": value, "other": "unconfined"}
    assert len(broken_rules(pod(), annotations)) == bad
