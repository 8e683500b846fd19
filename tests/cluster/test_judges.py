"""What kube-score and checkov find in the examples is mended, or one of the few weaknesses that are named here.

A finding is one of three things. A weakness that stays: `WAIVERS`, together with those of Pod Security at most five,
also where another rule of this project asks for it; some stay only for what their function looks at. A check that
cannot see what answers it: `UNSEEN`, each with a function that looks for that answer in every single case. A question
that the operator answers, not the resource: `OPERATORS`, for pods that operators make and for no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from built import EXAMPLES, clusters
from clustertools import Unavailable
from compiled import example
from judges import Finding, Obj, findings
from pod_template import title
from podspecs import pod_templates
from test_built_objects import WAIVERS as OF_POD_SECURITY

from rosace.plan.clusters.workloads import residents

pytestmark = pytest.mark.slow

ALONE = {
    "Deployment/grafana": "its database is a file on a volume that one pod can have",
    "Deployment/jupyter-hub": "the same",
    "Deployment/jupyter-proxy": "routes to people's servers live in its memory",
    "Deployment/spark-shared-connect": "people's sessions live in one server",
    "Deployment/trino-coordinator": "Trino has one coordinator",
}
"""Where two at once would be wrong."""

OPERATORS = {
    "container-image-tag": "the operator's release chooses the image, or the resource names it outside the pod",
    "CKV_K8S_14": "the same",
    "container-resources": "the resource says them outside the pod",
    "CKV_K8S_10": "the same",
    "CKV_K8S_12": "the same",
    "CKV_K8S_13": "the same",
    "CKV_K8S_8": "the operator knows how its engine is asked",
    "CKV_K8S_9": "the same",
    "CKV_K8S_38": "they talk to the API server, or the operator lets nobody say so",
}

Look = Callable[[str, str, Finding, Obj], bool]


def _everywhere(_name: str, _cluster: str, _one: Finding, _body: Obj) -> bool:
    return True


def _spread(_name: str, _cluster: str, _one: Finding, body: Obj) -> bool:
    said = [each for pod in pod_templates([body]) for each in pod.spec.get("topologySpreadConstraints", [])]
    return any(each["topologyKey"] == "kubernetes.io/hostname" for each in said)


def _finds_residents(name: str, cluster: str, one: Finding, body: Obj) -> bool:
    selector = body["spec"].get("podSelector", body["spec"].get("selector", {}))
    wanted = selector.get("matchLabels", {}) if one.owner.startswith("NetworkPolicy/") else selector
    there = [who.workload for who in residents(example(name).estate, cluster)]
    if not wanted:  # all pods of a namespace, also those that its project will bring
        return one.owner == "NetworkPolicy/default-deny"
    return any(
        pods.namespace == one.namespace and wanted.items() <= {**pods.labels, **pods.entrance}.items() for pods in there
    )


def _reads_only(_name: str, _cluster: str, one: Finding, body: Obj) -> bool:
    if body["kind"] == "RoleBinding":
        return all(who["namespace"] != one.namespace for who in body["subjects"])
    return body["kind"] == "Role" and all(set(rule["verbs"]) <= {"get", "list", "watch"} for rule in body["rules"])


def _comes_back(_name: str, _cluster: str, _one: Finding, body: Obj) -> bool:
    pods = [pod.spec for pod in pod_templates([body])]
    containers = [each for pod in pods for key in ("containers", "initContainers") for each in pod.get(key, [])]
    return all(each.get("imagePullPolicy", "IfNotPresent") == "IfNotPresent" for each in containers)


def _is_alone(_name: str, _cluster: str, one: Finding, body: Obj) -> bool:
    return one.owner in ALONE and body["spec"]["replicas"] == 1 and body["spec"]["strategy"] == {"type": "Recreate"}


def _has_rights(name: str, cluster: str, one: Finding, body: Obj) -> bool:
    account = body["spec"]["template"]["spec"].get("serviceAccountName", "default")
    who = {"kind": "ServiceAccount", "name": account, "namespace": one.namespace}
    bindings = [each for each in clusters(name)[cluster] if each["kind"] in ("RoleBinding", "ClusterRoleBinding")]
    return account != "default" and any(who in each["subjects"] for each in bindings)


def _serves_nobody(name: str, cluster: str, one: Finding, body: Obj) -> bool:
    template = body["spec"]["template"]
    labels = template["metadata"]["labels"].items()
    services = [each for each in clusters(name)[cluster] if each["kind"] == "Service"]
    near = [each["spec"].get("selector") for each in services if each["metadata"]["namespace"] == one.namespace]
    meant = any(selector and selector.items() <= labels for selector in near)
    return not meant and not any(each.get("ports") for each in template["spec"]["containers"])


WAIVERS: dict[str, tuple[str, Look]] = {
    r"container-resources: CPU limit is not set|CKV_K8S_11: .*|container-ephemeral-storage-request-and-limit: .*": (
        "Memory alone is limited, which cannot be taken back. Requests share the processors fairly; a limit would "
        "slow a JVM down beside idle ones. How much engines write to the node's disk while they work is not measured, "
        "and a wrong limit puts a broker or a worker out of its node; what is kept lies on volumes.",
        _everywhere,
    ),
    r"CKV_K8S_43: .*|CKV_K8S_15: .*|container-image-pull-policy: .*": (
        "Images are what an exact tag says when a node first takes them. Digests are known to whoever copies the "
        "images into a registry; and what dies comes back on its node also while the registry is away.",
        _comes_back,
    ),
    r"container-security-context-user-group-id: .* low (user|group) ID|CKV_K8S_40: .*": (
        "User and group below 10,000: those for which upstream's images are made. Nobody is root.",
        _everywhere,
    ),
    r"CKV_K8S_35: .*": (
        "Secrets as environment variables: the engines' configuration takes them from there, files of theirs would "
        "hold them as text.",
        _everywhere,
    ),
    r"deployment-replicas: .*|deployment-strategy: .*": (
        "One pod, replaced by stopping it first: those that `ALONE` names, where two at once would be wrong.",
        _is_alone,
    ),
}
"""Check and message -> the weakness, why it stays, and where it may."""

UNSEEN: dict[str, tuple[str, Look]] = {
    "deployment-has-host-podantiaffinity": ("pods are spread over nodes by constraints, which say more", _spread),
    "statefulset-has-host-podantiaffinity": ("the same", _spread),
    "networkpolicy-targets-pod": ("these pods are an operator's, and not rendered", _finds_residents),
    "service-targets-pod": ("the same", _finds_residents),
    "CKV_K8S_38": ("it makes pods for people, and has the rights for it", _has_rights),
    "CKV_K8S_8": ("it serves nobody, and ends where it cannot go on, which makes it anew", _serves_nobody),
    "CKV_K8S_9": ("the same", _serves_nobody),
    "CKV_K8S_21": ("the API server's own endpoints, which are scraped, are in this namespace", _reads_only),
}


@cache
def judged(name: str) -> dict[str, list[Finding]]:
    found = {}
    for cluster, objects in clusters(name).items():
        with TemporaryDirectory() as folder:
            try:
                found[cluster] = findings(objects, Path(folder))
            except Unavailable as reason:
                pytest.skip(f"a judge cannot be had: {reason}")
    return found


def _said(one: Finding) -> str:
    return f"{one.check}: {one.message}"


def _waived(name: str, cluster: str, one: Finding) -> bool:
    looks = [look for pattern, (_, look) in WAIVERS.items() if re.fullmatch(pattern, _said(one))]
    return any(_holds(look, name, cluster, one) for look in looks)


def _unseen(name: str, cluster: str, one: Finding) -> bool:
    return one.check in UNSEEN and _holds(UNSEEN[one.check][1], name, cluster, one)


def _holds(look: Look, name: str, cluster: str, one: Finding) -> bool:
    """Whether it is so in each object that the finding is of."""
    bodies = [body for body in clusters(name)[cluster] if title(body) == one.owner]
    here = [body for body in bodies if body["metadata"].get("namespace", "") == one.namespace]
    return bool(here) and all(look(name, cluster, one, body) for body in here)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_else_is_found(name: str) -> None:
    left = [
        f"{cluster}: {one.namespace}/{one.owner}: {_said(one)}"
        for cluster, found in judged(name).items()
        for one in found
        if not (one.operators and one.check in OPERATORS)
        and not _waived(name, cluster, one)
        and not _unseen(name, cluster, one)
    ]
    assert left == []


def test_at_most_five_weaknesses_stay_and_each_is_there() -> None:
    assert len(WAIVERS) + len(OF_POD_SECURITY) <= 5
    every = {_said(one) for name in EXAMPLES for found in judged(name).values() for one in found}
    unused = [pattern for pattern in WAIVERS if not any(re.fullmatch(pattern, said) for said in every)]
    assert unused == []


def test_every_exception_is_needed() -> None:
    every = [one for name in EXAMPLES for found in judged(name).values() for one in found]
    assert set(UNSEEN) <= {one.check for one in every}
    assert set(OPERATORS) <= {one.check for one in every if one.operators}
    assert set(ALONE) <= {one.owner for one in every if one.check == "deployment-replicas"}


def test_the_judges_see_a_weakness(tmp_path: Path) -> None:
    """Both of them, in a plain workload and in a pod that an operator makes."""
    bad = {"name": "main", "image": "a:1", "securityContext": {"privileged": True, "allowPrivilegeEscalation": True}}
    plain = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "plain", "namespace": "here"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [bad]}}},
    }
    made = {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": "made", "namespace": "here"},
        "spec": {"podTemplate": {"spec": {"containers": [{**bad, "name": "flink-main-container"}]}}},
    }
    try:
        found = findings([plain, made], tmp_path)
    except Unavailable as reason:
        pytest.skip(f"a judge cannot be had: {reason}")
    for check in ("container-security-context-privileged", "CKV_K8S_16"):
        assert {"Deployment/plain", "FlinkDeployment/made"} <= {one.owner for one in found if one.check == check}
