"""Strimzi's operator, which makes brokers, topics and users of the chart's objects.

Sources: strimzi.io/docs/operators/1.0.1; release notes of Strimzi 1.0.1.
"""

from __future__ import annotations

from pathlib import Path

from rosace.contract.cluster import OfferedSite, resources
from rosace.contract.operator import Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, SCRAPED, Within, Workload
from rosace.engines.kafka import exports, mirrors, served
from rosace.engines.kafka.settings import OPERATOR_METRICS
from rosace.engines.kafka.spec import KafkaSpec
from rosace.kit.manifest import CONTAINER_SECURITY, pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

IMAGE = PINNED.image("strimzi-operator")

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


def strimzi(site: OfferedSite) -> Operator:
    """It looks after Kafka's namespace alone."""
    upstream = PINNED.chart("strimzi-kafka-operator")
    namespace = site.operator_namespace(upstream, f"{site.checked.platform.delivery.prefix}strimzi")
    pods = Workload(
        "strimzi-operator",
        "kafka",
        namespace,
        {"name": "strimzi-cluster-operator"},
        {SCRAPED: (OPERATOR_METRICS,)},
        (
            API_SERVER,
            Within("kafka-broker", served.REPLICATION),
            Within("kafka-broker", served.AGENT),
            Within("kafka-controller", served.CONTROL),
            Within("kafka-controller", served.AGENT),
            *((Within("kafka-cruise-control", served.API),) if site.words(KafkaSpec).replicas > 2 else ()),
            *((Within("kafka-connect", served.API),) if exports.values(site) else ()),
            *((Within("kafka-mirrors", served.API),) if mirrors.copied(site) else ()),
        ),
    )
    return Operator(
        upstream=upstream,
        namespace=namespace,
        crds=CRDS,
        values={
            "watchNamespaces": [site.namespace],
            "generateNetworkPolicy": False,
            "resources": resources(Resources(), "200m", Size.parse("512Mi")),
            "podSecurityContext": pod_security(exports.USER),
            "securityContext": {**CONTAINER_SECURITY, "readOnlyRootFilesystem": False},
            # Its own image, and those that it takes for what the resources name none for.
            **({"defaultImageRegistry": own} if (own := site.checked.platform.delivery.registry) else {}),
        },
        watched=(site.namespace,),
        workload=pods,
    )
