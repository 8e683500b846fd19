"""The pods of Kafka on Kubernetes: who they are, what they serve, whom they call.

Brokers, controllers and workers of Connect read their keys and certificates from the API server whenever they start,
and brokers their node's zone. Source: strimzi.io/docs/operators/1.0.1, "Labels on Strimzi resources" and "Network
policies"; KafkaBrokerConfigurationBuilder and KafkaConnectConfigurationBuilder (`strimzisecrets`).
"""

from __future__ import annotations

from rosace.contract.cluster import OfferedSite
from rosace.contract.workload import API_SERVER, SCRAPED, Within, Workload
from rosace.engines.kafka import doors, exports, feeds, mirrors, producers, served, settings, users
from rosace.engines.kafka.spec import KafkaSpec
from rosace.kit import trial
from rosace.model.capabilities import KafkaBootstrap

"""Ports: our listener with passwords over TLS; Strimzi's own for brokers, for controllers, for metrics."""

CLUSTER = "kafka"
"""The name of the Kafka resource: services and secrets begin with it."""


def pods(role: str) -> dict[str, str]:
    """Strimzi's labels of the pods of a node pool."""
    return {"strimzi.io/cluster": CLUSTER, "strimzi.io/pool-name": role}


def peers(site: OfferedSite) -> tuple[Workload, ...]:
    """Every kind of pods that Strimzi makes of the chart's objects, and the one by which Helm tests them."""
    broker = Workload(
        "kafka-broker",
        "kafka",
        site.namespace,
        pods("broker"),
        {
            KafkaBootstrap: (settings.CLIENTS,),
            served.REPLICATION: (settings.REPLICATION,),
            SCRAPED: (settings.METRICS,),
            served.AGENT: (settings.AGENT,),
        },
        (API_SERVER, Within("kafka-broker", served.REPLICATION), Within("kafka-controller", served.CONTROL)),
        doors={KafkaBootstrap: (settings.OUTSIDE,)} if doors.visitors(site) else {},
        visitors=producers.visitors(site),
    )
    controller = Workload(
        "kafka-controller",
        "kafka",
        site.namespace,
        pods("controller"),
        {served.CONTROL: (settings.CONTROL,), SCRAPED: (settings.METRICS,), served.AGENT: (settings.AGENT,)},
        (API_SERVER, Within("kafka-controller", served.CONTROL), Within("kafka-broker", served.REPLICATION)),
    )
    entity = Workload(
        "kafka-entity-operator",
        "kafka",
        site.namespace,
        {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-entity-operator"},
        {served.HEALTHCHECK: settings.ENTITY_HEALTH},
        (
            Within("kafka-broker", served.REPLICATION),
            API_SERVER,
            *((Within("kafka-cruise-control", served.API),) if site.words(KafkaSpec).replicas > 2 else ()),
        ),
    )
    exporter = Workload(
        "kafka-exporter",
        "kafka",
        site.namespace,
        {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-kafka-exporter"},
        {SCRAPED: (settings.METRICS,)},
        (Within("kafka-broker", served.REPLICATION),),
    )
    cruise = Workload(
        "kafka-cruise-control",
        "kafka",
        site.namespace,
        {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-cruise-control"},
        {served.API: (settings.CRUISE_CONTROL,)},
        (Within("kafka-broker", served.REPLICATION), Within("kafka-controller", served.CONTROL)),
    )
    more = (cruise,) if site.words(KafkaSpec).replicas > 2 else ()
    # The test asks as each user: without any there is none.
    test = trial.peer("kafka", site.namespace, (Within("kafka-broker", KafkaBootstrap),))
    tests = (test,) if users.users(site) else ()
    others = (*exports.workloads(site), *mirrors.workloads(site), *feeds.workloads(site), *producers.workloads(site))
    return (broker, controller, entity, exporter, *more, *tests, *others)
