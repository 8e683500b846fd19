"""Every pod is found, and whatever is not written counts as not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from go_modules import module_folder
from pod_samples import (
    CONTAINER,
    GOOD,
    KAFKA,
    OBSERVED,
    POD,
    POOL,
    container,
    copied,
    manifest,
    pod_spec,
    strimzi,
    template,
)
from pod_security import VERSION
from podspecs import pod_templates, restricted
from ruamel.yaml import YAML

SECURE = ("securityContext", "containerSecurityContext", "podSecurityContext")


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_object_of_each_kind(kind: str) -> None:
    assert pod_templates([GOOD[kind]]), "no pod was found"
    assert restricted([GOOD[kind]]) == []


def contexts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all security contexts of an object, and of the fields in them."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from contexts(part, (*path, key))
        if key in SECURE:
            yield (*path, key)
            yield from ((*path, key, field) for field in part)


EVERY_CONTEXT = [(kind, path) for kind, one in GOOD.items() for path in contexts(one)]


@pytest.mark.parametrize(
    ("kind", "path"), EVERY_CONTEXT, ids=[f"{k}-{'.'.join(map(str, p))}" for k, p in EVERY_CONTEXT]
)
def test_whatever_is_taken_away_is_missed(kind: str, path: tuple[Any, ...]) -> None:
    worse = copied(GOOD[kind])
    inside: Any = worse
    for key in path[:-1]:
        inside = inside[key]
    del inside[path[-1]]
    found = restricted([worse])
    assert found, "nothing was missed"
    assert all(problem.startswith(f"{kind}/{kind.lower()}: ") for problem in found)


def test_one_level_is_enough_for_what_both_may_say() -> None:
    both = {**POD, **CONTAINER}
    one = {"containers": [{"name": "c", "securityContext": both}]}
    assert restricted([manifest("v1", "Pod", one)]) == []
    assert restricted([manifest("v1", "Pod", {**one, "securityContext": {"runAsNonRoot": False}})])


UNSAID = ("allowPrivilegeEscalation", "capabilities.drop")
ROOT = {"runAsUser": 0, **POD}
NOT_ROOT = {**POD, "runAsNonRoot": False}
ROLE = {"podSecurityContext": POD, "securityContext": CONTAINER}
BAD_ROLE = {"podSecurityContext": POD, "securityContext": {**CONTAINER, "privileged": True}, "hostNetwork": True}
PLACES: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("apps/v1", "Deployment", {"template": template(hostNetwork=True)}, {"spec.template.spec.hostNetwork"}),
    (
        "batch/v1",
        "CronJob",
        {"jobTemplate": {"spec": {"template": template(securityContext=ROOT)}}},
        {"spec.jobTemplate.spec.template.spec.securityContext.runAsUser"},
    ),
    (
        "kafka.strimzi.io/v1",
        "Kafka",
        {"kafka": {"template": strimzi()}},
        {f"spec.kafka.template.kafkaContainer.securityContext.{field}" for field in UNSAID},
    ),
    (
        "kafka.strimzi.io/v1",
        "Kafka",
        {"kafka": {"rack": {}, "template": strimzi("kafkaContainer")}},
        {f"spec.kafka.template.initContainer.securityContext.{field}" for field in UNSAID},
    ),
    (
        "kafka.strimzi.io/v1",
        "KafkaConnect",
        {
            "build": {},
            "template": strimzi("connectContainer", "buildContainer") | {"buildPod": {"securityContext": ROOT}},
        },
        {"spec.template.buildPod.securityContext.runAsUser"},
    ),
    (
        "sparkoperator.k8s.io/v1beta2",
        "SparkApplication",
        {"driver": BAD_ROLE, "executor": ROLE},
        {"spec.driver.hostNetwork", "spec.driver.securityContext.privileged"},
    ),
    (
        "minio.min.io/v2",
        "Tenant",
        {"pools": [{"securityContext": POD, "containerSecurityContext": {**CONTAINER, "runAsUser": 0}}]},
        {"spec.pools[0].containerSecurityContext.runAsUser"},
    ),
    (
        "monitoring.coreos.com/v1",
        "ThanosRuler",
        {"securityContext": NOT_ROOT, "containers": [container("thanos-ruler")]},
        {"spec.securityContext.runAsNonRoot", "spec.containers[thanos-ruler].securityContext.runAsNonRoot"},
    ),
]


@pytest.mark.parametrize(("version", "kind", "spec", "expected"), PLACES)
def test_a_problem_names_where_it_is_written(version: str, kind: str, spec: dict[str, Any], expected: set[str]) -> None:
    found = restricted([manifest(version, kind, spec)])
    assert {tuple(problem.split(": ")[:2]) for problem in found} == {(f"{kind}/{kind.lower()}", at) for at in expected}


@pytest.mark.parametrize("kind", [kind for kind, one in GOOD.items() if "." in one["apiVersion"]])
def test_an_operators_defaults_do_not_count(kind: str) -> None:
    assert restricted([{**GOOD[kind], "spec": {"pools": [{}], "kafka": {}}}])


def test_a_pool_replaces_the_template_of_its_kafka() -> None:
    bare = copied(KAFKA)
    del bare["spec"]["kafka"]["template"]
    assert restricted([bare])
    assert restricted([bare, POOL]) == []
    inherits = copied(POOL)
    del inherits["spec"]["template"]
    assert restricted([KAFKA, inherits]) == []
    assert restricted([bare, inherits])
    assert all(
        "KafkaNodePool/kafkanodepool: Kafka/kafka spec.kafka.template." in problem
        for problem in restricted([bare, inherits])
    )
    half = {**POOL, "spec": {**POOL["spec"], "template": {"pod": {"securityContext": POD}}}}
    assert restricted([KAFKA, half]), "the container's template of Kafka is not taken over"


FLINK = "flink.apache.org/v1beta1"
MAIN = "flink-main-container"


def test_flinks_templates_are_merged() -> None:
    role = {"podTemplate": {"spec": {"containers": [{"name": MAIN, "securityContext": CONTAINER}]}}}
    common = {"spec": {"securityContext": POD, "containers": [{"name": MAIN, "image": "x"}]}}
    spec = {"podTemplate": common, "jobManager": role, "taskManager": role}
    assert restricted([manifest(FLINK, "FlinkDeployment", spec)]) == []
    only_one = {**spec, "taskManager": {}}
    assert restricted([manifest(FLINK, "FlinkDeployment", only_one)])
    sidecar = {"spec": {"containers": [container("log"), {"name": MAIN, "image": "x"}], "securityContext": POD}}
    by_position = {**spec, "podTemplate": sidecar}
    assert restricted([manifest(FLINK, "FlinkDeployment", by_position)])
    key = "kubernetes.operator.pod-template.merge-arrays-by-name"
    by_name = {**by_position, "flinkConfiguration": {key: "true"}}
    assert restricted([manifest(FLINK, "FlinkDeployment", by_name)]) == []
    open_host = {**spec, "flinkConfiguration": {"kubernetes.hostnetwork.enabled": "true"}}
    assert restricted([manifest(FLINK, "FlinkDeployment", open_host)])


def test_spark_over_its_template() -> None:
    role = {"template": {"spec": pod_spec(securityContext={})}, "podSecurityContext": POD}
    spark = manifest("sparkoperator.k8s.io/v1beta2", "SparkApplication", {"driver": role, "executor": role})
    assert restricted([spark]) == []
    spark["spec"]["executor"] = {**role, "securityContext": {"runAsNonRoot": True}}
    places = {problem.split(": ")[1] for problem in restricted([spark])}
    assert places == {f"spec.executor.securityContext.{field}" for field in UNSAID}
    spark["spec"]["executor"] = {**role, "sidecars": [{"name": "side"}]}
    assert (
        [problem for problem in restricted([spark]) if "spec.executor.sidecars[side]" in problem]
        == restricted([spark])
        != []
    )
    on_the_node = {"spark.kubernetes.driver.volumes.hostPath.x.mount.path": "/x"}
    spark["spec"] = {"driver": role, "executor": role, "sparkConf": on_the_node}
    assert len(restricted([spark])) == 1


UNCONFINED = {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}
NOTED = {"metadata": {"annotations": UNCONFINED}}
NOTED_POOL = {**strimzi("kafkaContainer"), "pod": {"securityContext": POD, **NOTED}}
NOTED_PART = {"securityContext": POD, "containerSecurityContext": CONTAINER, "annotations": UNCONFINED}
ANNOTATED: list[tuple[str, dict[str, Any], str]] = [
    ("Deployment", {"template": {**template(), **NOTED}}, "spec.template.metadata.annotations"),
    ("KafkaNodePool", {"template": NOTED_POOL}, "spec.template.pod.metadata.annotations"),
    ("SparkApplication", {"driver": {**ROLE, "annotations": UNCONFINED}, "executor": ROLE}, "spec.driver.annotations"),
    ("Tenant", {"pools": [NOTED_PART]}, "spec.pools[0].annotations"),
    ("Tenant", {"kes": NOTED_PART}, "spec.kes.annotations"),
    ("Prometheus", {**OBSERVED, "podMetadata": NOTED["metadata"]}, "spec.podMetadata.annotations"),
]


@pytest.mark.parametrize(("kind", "spec", "place"), ANNOTATED)
def test_annotations_of_pods_count(kind: str, spec: dict[str, Any], place: str) -> None:
    (found,) = restricted([{**GOOD[kind], "spec": spec}])
    assert found.startswith(f"{kind}/{kind.lower()}: {place}[container.apparmor")


def test_parts_that_are_there_only_when_asked_for() -> None:
    bridge = manifest("kafka.strimzi.io/v1", "KafkaBridge", {"template": strimzi("bridgeContainer")})
    assert restricted([bridge]) == []
    bridge["spec"]["rack"] = {"topologyKey": "zone"}
    assert {problem.split(": ")[1] for problem in restricted([bridge])} == {
        f"spec.template.initContainer.securityContext.{field}" for field in UNSAID
    }
    kes = copied(GOOD["Tenant"])
    kes["spec"]["kes"] = {"securityContext": POD}
    assert {problem.split(": ")[1] for problem in restricted([kes])} == {
        f"spec.kes.containerSecurityContext.{field}" for field in UNSAID
    }
    first = copied(GOOD["Tenant"])
    first["spec"]["initContainers"] = [{"name": "first"}]
    assert restricted([first])


def test_a_pool_belongs_to_the_kafka_of_its_label_and_namespace() -> None:
    bare = copied(KAFKA)
    del bare["spec"]["kafka"]["template"]
    for field, value in (("namespace", "elsewhere"), ("name", "other")):
        far = copied(bare)
        far["metadata"][field] = value
        assert restricted([far, POOL]), "the pool makes the brokers of another Kafka"


def test_sparks_main_container_is_the_one_that_its_configuration_names() -> None:
    both = pod_spec(containers=[container("side"), {"name": "spark", "image": "x"}])
    role = {"template": {"spec": both}, "securityContext": CONTAINER}
    spec = {"driver": role, "executor": role}
    spark = manifest("sparkoperator.k8s.io/v1beta2", "SparkApplication", spec)
    assert restricted([spark]), "the first container is not the one without a context"
    names = {f"spark.kubernetes.{one}.podTemplateContainerName": "spark" for one in ("driver", "executor")}
    assert restricted([{**spark, "spec": {**spec, "sparkConf": names}}]) == []
    only_template = {"template": {"spec": pod_spec(securityContext=NOT_ROOT)}}
    spark["spec"] = {"driver": only_template, "executor": only_template}
    (problem, *_) = restricted([spark])
    assert problem.split(": ")[1] == "spec.driver.template.spec.securityContext.runAsNonRoot"


def test_lists_and_kinds_that_nobody_described() -> None:
    bad = manifest("apps/v1", "Deployment", {"template": {"spec": {"containers": [{"name": "c"}]}}})
    assert restricted([{"apiVersion": "v1", "kind": "List", "items": [bad]}]) == restricted([bad]) != []
    unknown = manifest("argoproj.io/v1alpha1", "Rollout", {"steps": [{"template": template()}]})
    assert [one.place("hostNetwork") for one in pod_templates([unknown])] == ["spec.steps[0].template.spec.hostNetwork"]
    assert restricted([unknown]) == []
    unknown["spec"]["steps"][0]["template"]["spec"]["containers"][0] = {"name": "c"}
    assert restricted([unknown])
    assert pod_templates([manifest("kafka.strimzi.io/v1", "KafkaTopic", {"partitions": 3})]) == []


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("wanted", ["pass", "fail"])
def test_agrees_with_kubernetes_own_fixtures(wanted: str) -> None:
    folder = module_folder("k8s.io/pod-security-admission", f"v0.{VERSION.partition('.')[2]}.2")
    if isinstance(folder, str):
        pytest.skip(folder)
    files = sorted((folder / "test/testdata/restricted" / f"v{VERSION}" / wanted).glob("*.yaml"))
    assert len(files) > 20
    reader = YAML(typ="safe", pure=True)
    wrong = [path.name for path in files if bool(restricted([reader.load(path)])) != (wanted == "fail")]
    assert wrong == []
