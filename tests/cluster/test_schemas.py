"""Objects against the schemas of their makers: what is right passes, what is wrong is said with its place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import go_modules
import pinned_crds
import pytest
from pod_samples import GOOD, LABELS, copied, manifest, pod_spec
from schemas import VERSIONS, Crds, Kubernetes, crds, kubernetes, problems

# The first run of a user reads Kubernetes' Go modules; afterwards everything is in the cache.
pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.fixture(scope="module", params=VERSIONS)
def api(request: pytest.FixtureRequest) -> Kubernetes:
    found = kubernetes(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="module")
def newest() -> Kubernetes:
    found = kubernetes(max(VERSIONS))
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="module")
def operators() -> Crds:
    found = crds()
    if isinstance(found, str):
        pytest.skip(found)
    return found


NATIVE = [one for one in GOOD.values() if "." not in one["apiVersion"]]
CUSTOM = [one for one in GOOD.values() if "." in one["apiVersion"]]


def named(api_version: str, kind: str, **parts: Any) -> dict[str, Any]:
    """An object whose parts lie beside its metadata, not in a spec."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **parts}


RIGHT = [
    named("v1", "Namespace"),
    named("v1", "ConfigMap", data={"a": "b"}),
    named("v1", "Secret", data={"a": "aGk="}, stringData={"b": "hi"}),
    manifest("v1", "Service", {"selector": LABELS, "ports": [{"port": 53}, {"port": 53, "protocol": "UDP"}]}),
    manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        {"podSelector": {}, "ingress": [{"ports": [{"port": "clients"}, {"port": 9, "endPort": 10}]}]},
    ),
    named("rbac.authorization.k8s.io/v1", "ClusterRole", rules=[{"verbs": ["get"], "resources": ["pods"]}]),
    {**named("rbac.authorization.k8s.io/v1", "ClusterRole", rules=[]), "metadata": {"name": "system:x"}},
    manifest("v1", "ResourceQuota", {"hard": {"cpu": 4, "memory": "1.5Gi", "pods": "10"}}),
    manifest("policy/v1", "PodDisruptionBudget", {"maxUnavailable": "50%", "selector": {"matchLabels": LABELS}}),
]


def test_what_is_right_passes(api: Kubernetes) -> None:
    assert problems([*NATIVE, *RIGHT], api) == []


def test_what_is_right_passes_for_operators(operators: Crds) -> None:
    assert problems(CUSTOM, operators) == []


DEPLOYMENT = GOOD["Deployment"]


def changed(one: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one field set; what lies on the way is made."""
    copy: dict[str, Any] = copied(one)
    inside: Any = copy
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    for part in way:
        inside = inside[part] if isinstance(part, int) else inside.setdefault(part, {})
    inside[last] = value
    return copy


MAIN = "spec/template/spec/containers/0"
HERE = "spec.template.spec.containers[0]"
TWICE = [{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]
NO_VALUE = "is no value of a label (63 characters, no spaces)"
WRONG: list[tuple[str, Any, str]] = [
    ("spec/replica", 2, "spec.replica: unknown field; did you mean replicas?"),
    ("spec/replicas", "2", "spec.replicas: is string, not integer"),
    ("spec/replicas", True, "spec.replicas: is boolean, not integer"),
    ("spec/replicas", 2**31, "spec.replicas: 2147483648 does not fit into int32"),
    ("spec/template/spec/containers", {}, "spec.template.spec.containers: is object, not array"),
    ("spec/template/spec/subdomian", "x", "spec.template.spec.subdomian: unknown field; did you mean subdomain?"),
    (f"{MAIN}/imagePullPolicy", None, f"{HERE}.imagePullPolicy: is null: leave the field out"),
    (f"{MAIN}/resources/limits", {"cpu": "1 core"}, f"{HERE}.resources.limits.cpu: '1 core' is no quantity"),
    (f"{MAIN}/ports", TWICE, f"{HERE}.ports: two entries have the same containerPort/protocol: [80, 'TCP']"),
    (f"{MAIN}/ports", ["80"], f"{HERE}.ports[0]: is string, not object"),
    (f"{MAIN}/livenessProbe", {"grpc": {"port": "x"}}, f"{HERE}.livenessProbe.grpc.port: is string, not integer"),
    (f"{MAIN}/env", [{"value": "x"}], f"{HERE}.env[0]: the field name is missing"),
    ("spec/template/metadata/labels/app", "a b", f"spec.template.metadata.labels.app: 'a b' {NO_VALUE}"),
    ("spec/template/metadata/labels/app", 1, "spec.template.metadata.labels.app: is integer, not string"),
    ("metadata/labels", {"/x": "y"}, "metadata.labels: '/x' is no key of a label or annotation"),
    ("metadata/name", "Upper", "metadata.name: 'Upper' is no name of an object"),
    (
        "apiVersion",
        "apps/v1beta1",
        "apiVersion: Kubernetes {version} serves Deployment as apps/v1, not as apps/v1beta1",
    ),
    ("kind", "Deploiment", "apiVersion: nobody knows the kind Deploiment of apps/v1"),
]


@pytest.mark.parametrize(("path", "value", "expected"), WRONG)
def test_a_wrong_deployment(api: Kubernetes, path: str, value: Any, expected: str) -> None:
    one = changed(DEPLOYMENT, path, value)
    title = f"{one['kind']}/{one['metadata']['name']}"
    assert problems([one], api) == [f"{title}: {expected.format(version=api.version)}"]


def test_other_wrong_objects_of_kubernetes(newest: Kubernetes) -> None:
    secret = named("v1", "Secret", data={"a": "not base64"})
    namespace = {**named("v1", "Namespace"), "metadata": {"name": "x", "namespace": "data"}}
    policy = manifest("networking.k8s.io/v1", "NetworkPolicy", {"podSelector": {}, "ingress": [{"form": []}]})
    assert problems([secret, namespace, policy], newest) == [
        "Secret/x: data.a: 'not base64' is no byte",
        "Namespace/x: metadata.namespace: a Namespace belongs to the whole cluster: it has no namespace",
        "NetworkPolicy/networkpolicy: spec.ingress[0].form: unknown field; did you mean from?",
    ]


TOPIC = manifest("kafka.strimzi.io/v1", "KafkaTopic", {"partitions": 3, "replicas": 1, "config": {"a.b": 1}})
APPLICATION = manifest(
    "argoproj.io/v1alpha1",
    "Application",
    {
        "project": "default",
        "source": {"repoURL": "https://example.org/x.git", "path": "x", "helm": {"valuesObject": {"free": [1]}}},
        "destination": {"namespace": "data", "name": "in-cluster"},
    },
)
PROMETHEUS = GOOD["Prometheus"]
FOREIGN: list[tuple[dict[str, Any], str, Any, str]] = [
    (TOPIC, "spec/partitions", "3", "spec.partitions: is string, not integer"),
    (TOPIC, "spec/partitions", 0, "spec.partitions: 0 is below 1"),
    (TOPIC, "spec/partition", 3, "spec.partition: unknown field; did you mean partitions?"),
    (
        TOPIC,
        "apiVersion",
        "kafka.strimzi.io/v1beta2",
        "apiVersion: KafkaTopic of kafka.strimzi.io is served as v1, not",
    ),
    (APPLICATION, "spec/destinations", {}, "spec.destinations: unknown field; did you mean destination?"),
    (APPLICATION, "spec/source/helm/values", {}, "spec.source.helm.values: is object, not string"),
    (APPLICATION, "spec/source", {"path": "x"}, "spec.source: the field repoURL is missing"),
    (APPLICATION, "metadata/finalizer", [], "metadata.finalizer: unknown field; did you mean finalizers?"),
    (GOOD["KafkaNodePool"], "spec/roles", ["boss"], "spec.roles[0]: is 'boss', not one of controller, broker"),
    (PROMETHEUS, "spec/containers/0/name", None, "spec.containers[0].name: is null: leave the field out"),
    (PROMETHEUS, "spec/retentionSize", "10 GB", "spec.retentionSize: '10 GB' does not match"),
    (GOOD["SparkApplication"], "spec/driver/cores", 0, "spec.driver.cores: 0 is below 1"),
]


def test_free_fields_stay_free(operators: Crds) -> None:
    assert problems([TOPIC, APPLICATION], operators) == []


@pytest.mark.parametrize(("good", "path", "value", "expected"), FOREIGN)
def test_a_wrong_object_of_an_operator(
    operators: Crds, good: dict[str, Any], path: str, value: Any, expected: str
) -> None:
    title = f"{good['kind']}/{good['metadata']['name']}"
    found = problems([changed(good, path, value)], operators)
    assert len(found) == 1
    assert found[0].startswith(f"{title}: {expected}")


def test_any_document_gets_an_answer(newest: Kubernetes) -> None:
    """What is broken in its very shape is a problem, and no error of the checker."""
    broken: list[dict[str, Any]] = [{}, {"kind": 3}, named("v1", "Pod", spec=[]), {**DEPLOYMENT, "metadata": "x"}]
    broken.append(changed(DEPLOYMENT, "metadata/labels", ["x"]))
    assert all(problems([one], newest) for one in broken)


def test_thousands_in_seconds(newest: Kubernetes) -> None:
    started = time.monotonic()
    many = manifest("apps/v1", "Deployment", {**DEPLOYMENT["spec"], "template": {"spec": pod_spec()}})
    assert problems([many] * 2000, newest) == []
    assert time.monotonic() - started < 10


def test_objects_are_held_against_the_pinned_release(operators: Crds) -> None:
    """Strimzi takes `perBrokerAnnotationsTemplate` from 1.1.0 on; before that the API server drops or refuses it."""
    listener = {"name": "out", "port": 9094, "type": "loadbalancer", "tls": True}
    for field, known in (("advertisedHostTemplate", True), ("perBrokerAnnotationsTemplate", False)):
        told = {**listener, "configuration": {field: "x" if known else {"a": "b"}}}
        one = manifest("kafka.strimzi.io/v1", "Kafka", {"kafka": {"listeners": [told]}})
        assert (field not in " ".join(problems([one], operators))) == known


def test_every_pinned_project_has_its_definitions_at_its_tag(operators: Crds) -> None:
    """Or says so: for these the folder around holds the pinned release itself (its README)."""
    around = {"gatekeeper", "prometheus-operator"}
    nearest = {"trivy-operator"}
    shared = pinned_crds.shared_crds()
    found = {name for name, tag in pinned_crds.revisions().items() if (shared / name / tag).is_dir()}
    assert found == set(pinned_crds.revisions()) - around - nearest
    assert all(set(pinned_crds.files_of(shared / name)) <= set(operators.files) for name in around)


def test_without_a_source_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROSACE_SHARED", str(tmp_path / "none"))
    assert "ROSACE_SHARED" in str(crds())
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    kubernetes.cache_clear()
    try:
        assert "install Go" in str(kubernetes(max(VERSIONS)))
    finally:
        kubernetes.cache_clear()


def test_a_module_that_does_not_exist_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    if not go_modules.shutil.which("go"):
        pytest.skip("there is no `go` on this machine")
    monkeypatch.setenv("GOPROXY", "off")
    assert "cannot be downloaded" in str(go_modules.module_folder("k8s.io/kubernetes", "v1.0.999"))
