"""The pods that operators make of their custom resources, by what the resource says and nothing else.

Each function takes one object and the whole list, and gives its pods. A container that the operator adds by itself
stands in the pod with its name alone, so that whatever the resource leaves to the operator's defaults shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from pod_template import Manifest, PodTemplate, of_template, title

Pods = Iterator[PodTemplate]
MAIN_OF_FLINK = "flink-main-container"
"""Flink 2.x, "Native Kubernetes", Pod Template: the name by which Flink finds its container."""
BY_NAME = "kubernetes.operator.pod-template.merge-arrays-by-name"
"""Flink Kubernetes operator, "Pod template", Array Merging Behaviour: by position unless this is true (FLINK-30786)."""


# Strimzi 1.2: `template.pod` is the pod, `template.<...>Container` its containers (schema reference).


def strimzi_pod(
    owner: Manifest, path: str, template: Manifest | None, containers: Sequence[str], pod: str = "pod"
) -> PodTemplate:
    """One pod of Strimzi's. `path`: where the template is. An init container also counts where it is only written."""
    said = template or {}
    of_pod = said.get(pod) or {}
    main = [name for name in containers if name != "initContainer"]
    first = ["initContainer"] if "initContainer" in containers or (pod == "pod" and "initContainer" in said) else []
    spec = {
        **of_pod,
        "containers": [{"name": name, **(said.get(name) or {})} for name in main],
        "initContainers": [{"name": name, **(said.get(name) or {})} for name in first],
    }
    places = {"": f"{path}.{pod}", "annotations": f"{path}.{pod}.metadata.annotations"}
    places |= {f"containers[{name}]": f"{path}.{name}" for name in main}
    places |= {f"initContainers[{name}]": f"{path}.{name}" for name in first}
    return PodTemplate(title(owner), spec, (of_pod.get("metadata") or {}).get("annotations") or {}, places)


def kafka(owner: Manifest, everything: Sequence[Manifest]) -> Pods:
    """The brokers, unless pools make them, and the operators beside them."""
    spec = owner.get("spec") or {}
    brokers = spec.get("kafka") or {}
    if not any(one.get("kind") == "KafkaNodePool" and _cluster_of(one, [owner]) for one in everything):
        yield strimzi_pod(owner, "spec.kafka.template", brokers.get("template"), _of_broker(brokers))
    if (entity := spec.get("entityOperator")) is not None:
        names = [f"{name}Container" for name in ("topicOperator", "userOperator") if entity.get(name) is not None]
        if names:
            yield strimzi_pod(owner, "spec.entityOperator.template", entity.get("template"), names)
    for part, container in (("kafkaExporter", "container"), ("cruiseControl", "cruiseControlContainer")):
        if (found := spec.get(part)) is not None:
            yield strimzi_pod(owner, f"spec.{part}.template", found.get("template"), [container])


def kafka_node_pool(owner: Manifest, everything: Sequence[Manifest]) -> Pods:
    """A pool's template replaces its Kafka's as a whole (KafkaPool.fromCrd); without one the Kafka's holds."""
    cluster = _cluster_of(owner, everything)
    brokers = ((cluster or {}).get("spec") or {}).get("kafka") or {}
    template = (owner.get("spec") or {}).get("template")
    path = "spec.template"
    if template is None and cluster is not None:
        template, path = brokers.get("template"), f"{title(cluster)} spec.kafka.template"
    yield strimzi_pod(owner, path, template, _of_broker(brokers))


def _of_broker(brokers: Manifest) -> list[str]:
    """The init container finds the rack and the address of the node, where something asks for them."""
    outside = any(listener.get("type") == "nodeport" for listener in brokers.get("listeners") or ())
    return ["kafkaContainer", *(["initContainer"] if outside or brokers.get("rack") is not None else [])]


def _cluster_of(pool: Manifest, everything: Sequence[Manifest]) -> Manifest | None:
    metadata = pool.get("metadata") or {}
    wanted = (metadata.get("namespace"), (metadata.get("labels") or {}).get("strimzi.io/cluster"))
    for one in everything:
        other = one.get("metadata") or {}
        if one.get("kind") == "Kafka" and (other.get("namespace"), other.get("name")) == wanted:
            return one
    return None


def kafka_connect(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """Kafka Connect and MirrorMaker 2: workers, and the pod that builds an image where one is built."""
    spec = owner.get("spec") or {}
    template = spec.get("template")
    names = ["connectContainer", *(["initContainer"] if spec.get("rack") is not None else [])]
    yield strimzi_pod(owner, "spec.template", template, names)
    if spec.get("build") is not None:
        yield strimzi_pod(owner, "spec.template", template, ["buildContainer"], pod="buildPod")


def kafka_bridge(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """The HTTP bridge."""
    spec = owner.get("spec") or {}
    names = ["bridgeContainer", *(["initContainer"] if spec.get("rack") is not None else [])]
    yield strimzi_pod(owner, "spec.template", spec.get("template"), names)


# Spark operator 2.x: driver and executor, written over their `template`.


def spark(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """SparkApplication and ScheduledSparkApplication: the driver and the executors."""
    path = "spec.template" if owner.get("kind") == "ScheduledSparkApplication" else "spec"
    application = owner.get("spec") or {}
    if path == "spec.template":
        application = application.get("template") or {}
    for role in ("driver", "executor"):
        yield _spark_role(owner, f"{path}.{role}", role, application)


def _spark_role(owner: Manifest, path: str, role: str, application: Manifest) -> PodTemplate:
    said, conf = application.get(role) or {}, application.get("sparkConf") or {}
    template = said.get("template") or {}
    spec = deepcopy(dict(template.get("spec") or {}))
    name = conf.get(f"spark.kubernetes.{role}.podTemplateContainerName")
    listed: list[dict[str, Any]] = spec.get("containers") or [{"name": f"spark-kubernetes-{role}"}]
    # Spark takes the container of that name, else the first of the template ("Running Spark on Kubernetes").
    main = next((one for one in listed if name and one.get("name") == name), listed[0])
    written = {key: said[key] for key in ("securityContext", "lifecycle", "ports") if said.get(key) is not None}
    main.update(written)
    spec["containers"] = [*listed, *(said.get("sidecars") or ())]
    spec["initContainers"] = [*(spec.get("initContainers") or ()), *(said.get("initContainers") or ())]
    spec["volumes"] = [*(spec.get("volumes") or ()), *(application.get("volumes") or ()), *_host_paths(conf, role)]
    if said.get("podSecurityContext") is not None:
        spec["securityContext"] = said["podSecurityContext"]
    if said.get("hostNetwork") is not None:
        spec["hostNetwork"] = said["hostNetwork"]
    annotations = {**((template.get("metadata") or {}).get("annotations") or {}), **(said.get("annotations") or {})}
    of_main = f"containers[{main.get('name', 0)}]"
    in_template = f"{path}.template.spec." if template else f"{path}."
    context = "podSecurityContext" if not template or "podSecurityContext" in said else "template.spec.securityContext"
    places = {"": path, "annotations": f"{path}.annotations", "securityContext": f"{path}.{context}", of_main: path}
    if template and "securityContext" not in written:
        places[of_main] = f"{in_template}{of_main}"
    places |= {
        f"containers[{one.get('name')}]": f"{path}.sidecars[{one.get('name')}]" for one in said.get("sidecars") or ()
    }
    return PodTemplate(title(owner), spec, annotations, places)


def _host_paths(conf: Manifest, role: str) -> list[dict[str, Any]]:
    """Volumes that Spark itself mounts from the node when its configuration says so."""
    start = f"spark.kubernetes.{role}.volumes.hostPath."
    return [{"name": key, "hostPath": {}} for key in conf if key.startswith(start)]


def spark_connect(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """A Spark Connect server and its executors: only their templates say anything about pods."""
    for role, container in (("server", "spark-kubernetes-driver"), ("executor", "spark-kubernetes-executor")):
        template = ((owner.get("spec") or {}).get(role) or {}).get("template") or {}
        spec = dict(template.get("spec") or {})
        spec["containers"] = spec.get("containers") or [{"name": container}]
        yield of_template(owner, f"spec.{role}.template", {**template, "spec": spec})


# Flink Kubernetes operator 1.x


def flink(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """Job manager and task managers: each role's template merged over the common one."""
    spec = owner.get("spec") or {}
    conf = spec.get("flinkConfiguration") or {}
    by_name = str(conf.get(BY_NAME, "false")).lower() == "true"
    common = spec.get("podTemplate") or {}
    for role in ("jobManager", "taskManager"):
        own = (spec.get(role) or {}).get("podTemplate") or {}
        merged = _merged(common, own, by_name)
        pod = merged.setdefault("spec", {})
        listed = pod.setdefault("containers", [])
        if not any(one.get("name") == MAIN_OF_FLINK for one in listed):
            listed.append({"name": MAIN_OF_FLINK})
        if str(conf.get("kubernetes.hostnetwork.enabled", "false")).lower() == "true":
            pod["hostNetwork"] = True
        yield of_template(owner, f"spec.{role}.podTemplate" if own else "spec.podTemplate", merged)


def _merged(below: Any, above: Any, by_name: bool) -> Any:
    """`above` over `below`: objects key by key, lists by position or by the name of their entries."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        keys = {**below, **above}
        return {key: _merged(below.get(key), above.get(key), by_name) for key in keys}
    if isinstance(below, list) and isinstance(above, list):
        if by_name and all(isinstance(one, Mapping) and "name" in one for one in [*below, *above]):
            named = _merged({one["name"]: one for one in below}, {one["name"]: one for one in above}, by_name)
            return list(named.values())
        longest = max(len(below), len(above))
        padded = [[*side, *[None] * (longest - len(side))] for side in (below, above)]
        return [_merged(low, high, by_name) for low, high in zip(*padded, strict=True)]
    return deepcopy(below if above is None else above)


# MinIO operator 7


def minio_tenant(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """One pod per pool: server, sidecar and the check of arguments share a context. And KES, where it is asked for."""
    spec = owner.get("spec") or {}
    side = spec.get("sideCars") or {}
    for number, pool in enumerate(spec.get("pools") or ()):
        path = f"spec.pools[{number}]"
        own = {"securityContext": pool.get("containerSecurityContext")}
        pod = {
            "securityContext": pool.get("securityContext"),
            "containers": [{"name": "minio", **own}, *(side.get("containers") or ())],
            "initContainers": spec.get("initContainers") or [],
            "volumes": [*(spec.get("additionalVolumes") or ()), *(side.get("volumes") or ())],
        }
        places = {
            "": "spec",
            "annotations": f"{path}.annotations",
            "securityContext": f"{path}.securityContext",
            "containers": "spec.sideCars.containers",
            "containers[minio].securityContext": f"{path}.containerSecurityContext",
        }
        yield PodTemplate(title(owner), pod, pool.get("annotations") or {}, places)
    if (kes := spec.get("kes")) is not None:
        pod = {
            "securityContext": kes.get("securityContext"),
            "containers": [{"name": "kes", "securityContext": kes.get("containerSecurityContext")}],
        }
        places = {"": "spec.kes", "containers[kes].securityContext": "spec.kes.containerSecurityContext"}
        yield PodTemplate(title(owner), pod, kes.get("annotations") or {}, places)


# Prometheus operator 0.85: `containers` and `initContainers` are laid over what the operator makes, by name.


def monitoring(owner: Manifest, _: Sequence[Manifest]) -> Pods:
    """Prometheus, PrometheusAgent, Alertmanager and ThanosRuler."""
    spec = owner.get("spec") or {}
    kind = str(owner.get("kind"))
    if kind == "ThanosRuler":
        # Its reloader is there only when rules are selected.
        made = ["thanos-ruler", *(["config-reloader"] if spec.get("ruleSelector") is not None else [])]
        first: list[str] = []
    else:
        made, first = (
            ["alertmanager" if kind == "Alertmanager" else "prometheus", "config-reloader"],
            ["init-config-reloader"],
        )
    if spec.get("thanos") is not None:
        made.append("thanos-sidecar")
    pod = {
        **spec,
        "containers": _with_made(spec.get("containers"), made),
        "initContainers": _with_made(spec.get("initContainers"), first),
    }
    places = {"": "spec", "annotations": "spec.podMetadata.annotations"}
    yield PodTemplate(title(owner), pod, (spec.get("podMetadata") or {}).get("annotations") or {}, places)


def _with_made(said: Sequence[Manifest] | None, made: Sequence[str]) -> list[Manifest]:
    names = {one.get("name") for one in said or ()}
    return [*(said or ()), *({"name": name} for name in made if name not in names)]


OPERATORS: dict[tuple[str, str], Callable[[Manifest, Sequence[Manifest]], Pods]] = {
    ("flink.apache.org", "FlinkDeployment"): flink,
    ("kafka.strimzi.io", "Kafka"): kafka,
    ("kafka.strimzi.io", "KafkaBridge"): kafka_bridge,
    ("kafka.strimzi.io", "KafkaConnect"): kafka_connect,
    ("kafka.strimzi.io", "KafkaMirrorMaker2"): kafka_connect,
    ("kafka.strimzi.io", "KafkaNodePool"): kafka_node_pool,
    ("minio.min.io", "Tenant"): minio_tenant,
    ("monitoring.coreos.com", "Alertmanager"): monitoring,
    ("monitoring.coreos.com", "Prometheus"): monitoring,
    ("monitoring.coreos.com", "PrometheusAgent"): monitoring,
    ("monitoring.coreos.com", "ThanosRuler"): monitoring,
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): spark,
    ("sparkoperator.k8s.io", "SparkApplication"): spark,
    ("sparkoperator.k8s.io", "SparkConnect"): spark_connect,
}
