"""Strimzi's operator, which makes brokers, topics and users of the chart's objects.

Sources: strimzi.io/docs/operators/1.0.1; release notes of Strimzi 1.0.1.
"""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite, resources
from rosace.contract.operator import Image, Operator
from rosace.contract.workload import API_SERVER, Workload
from rosace.engines.kafka import exports, mirrors
from rosace.engines.kafka.spec import KafkaSpec
from rosace.kit.manifest import pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

IMAGE = Image(
    "strimzi-operator",
    "quay.io",
    "strimzi/operator",
    "1.0.1",
    "https://github.com/strimzi/strimzi-kafka-operator/releases/tag/1.0.1",
    licence="Apache-2.0",
)

CRDS = (
    *(
        f"{plural}.kafka.strimzi.io"
        for plural in (
            "kafkas",
            "kafkanodepools",
            "kafkatopics",
            "kafkausers",
            "kafkaconnects",
            "kafkaconnectors",
            "kafkamirrormaker2s",
            "kafkarebalances",
        )
    ),
    "strimzipodsets.core.strimzi.io",
)


def strimzi(site: ClusterSite) -> Operator:
    """It looks after Kafka's namespace alone."""
    namespace = f"{site.checked.platform.delivery.prefix}strimzi"
    pods = Workload(
        "strimzi-operator",
        "kafka",
        namespace,
        {"name": "strimzi-cluster-operator"},
        {"metrics": (8080,)},
        (
            API_SERVER,
            "kafka-broker/replication",
            "kafka-broker/agent",
            "kafka-controller/control",
            "kafka-controller/agent",
            *(("kafka-cruise-control/api",) if site.words(KafkaSpec).replicas > 2 else ()),
            *(("kafka-connect/api",) if exports.values(site) else ()),
            *(("kafka-mirrors/api",) if mirrors.copied(site) else ()),
        ),
    )
    return Operator(
        name="strimzi-kafka-operator",
        repo="https://strimzi.io/charts/",
        chart="strimzi-kafka-operator",
        version="1.0.1",
        namespace=namespace,
        source="https://github.com/strimzi/strimzi-kafka-operator/releases/tag/1.0.1",
        crds=CRDS,
        crd_repo="https://github.com/strimzi/strimzi-kafka-operator",
        crd_path="packaging/install/cluster-operator",
        crd_revision="1.0.1",
        crd_include="*-Crd-*.yaml",
        values={
            "watchNamespaces": [site.namespace],
            "generateNetworkPolicy": False,
            "resources": resources(Resources(), "200m", Size.parse("512Mi")),
            "podSecurityContext": pod_security(exports.USER),
            # Its own image, and those that it takes for what the resources name none for.
            **({"defaultImageRegistry": own} if (own := site.checked.platform.delivery.registry) else {}),
        },
        watched=(site.namespace,),
        workload=pods,
    )
