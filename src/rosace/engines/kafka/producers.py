"""Programs outside of the platform that write topics: their users, their door, and what they are told.

Rights: kafka.apache.org/41/security/authorization-and-acls, "Operations and resources on protocols"; who may write any
topic may be idempotent (KIP-679). Source of the door: strimzi.io/docs/operators/1.0.1, "Exposing Kafka through load
balancers" and "through node ports": services `<cluster>-kafka-<listener>-bootstrap`.
"""

from __future__ import annotations

from collections.abc import Mapping

from rosace.contract.cluster import ClusterSite, OfferedSite, PlacedSite
from rosace.contract.needs import Parity
from rosace.contract.workload import Needs, Workload
from rosace.engines.kafka.rights import acl
from rosace.engines.kafka.settings import PRODUCERS
from rosace.engines.kafka.values import Acl, Doors, Entrance
from rosace.kit.balancers import called, used_from
from rosace.kit.manifest import name_labels
from rosace.model.capabilities import KafkaBootstrap, KafkaSecurity
from rosace.model.cluster_words import Producer

LISTENER, ANYWHERE = "producers", "0.0.0.0/0"


def here(site: PlacedSite) -> dict[str, Producer]:
    """Those that write topics which live on this cluster."""
    homes = site.checked.placement.topics
    known = site.checked.platform.producers
    return {name: one for name, one in known.items() if any(homes[topic] == site.cluster_name for topic in one.writes)}


def outside(site: PlacedSite) -> dict[str, Producer]:
    """Those of them that come from outside."""
    return {name: one for name, one in here(site).items() if one.from_ == "outside"}


def user(producer: str) -> str:
    """The Kafka user of a producer."""
    return f"producer-{producer}"


def acls(site: OfferedSite, name: str, producer: Producer) -> list[Acl]:
    """To write its topics, in transactions of its own where it wants any."""
    homes = site.checked.placement.topics
    topics = [topic for topic in producer.writes if homes[topic] == site.cluster_name]
    rights = [acl("topic", topic, "literal", ["Write", "Describe"]) for topic in topics]
    return [*rights, acl("transactionalId", user(name), "prefix", ["Write", "Describe"])]


def visitors(site: OfferedSite) -> Mapping[str, tuple[int, ...]]:
    """From which addresses they come, and to which port."""
    return dict.fromkeys(_addresses(site), (PRODUCERS,))


def _addresses(site: OfferedSite) -> list[str]:
    ranges = [one.addresses or (ANYWHERE,) for one in outside(site).values()]
    found = {cidr for several in ranges for cidr in several}
    return [ANYWHERE] if ANYWHERE in found else sorted(found)


def workloads(site: OfferedSite) -> tuple[Workload, ...]:
    """The pods of those in a project's namespace; they are their owner's, and known by their label."""
    return tuple(
        Workload(
            user(name), "kafka", site.namespaces.projects[one.project], labels(name), uses=(Needs(KafkaBootstrap),)
        )
        for name, one in here(site).items()
        if one.project
    )


def labels(name: str) -> dict[str, str]:
    """What the owner's pods have to carry."""
    return name_labels("producer", **{"app.kubernetes.io/instance": name})


def values(site: ClusterSite, brokers: int) -> Doors:
    """Their part of the chart's values; empty where nobody comes from outside."""
    coming = outside(site)
    return {"producers": _door(site, coming, brokers)} if coming else {}


def _door(site: ClusterSite, coming: Mapping[str, Producer], brokers: int) -> Entrance:
    why = used_from(coming)
    if next(iter(coming.values())).by == "node-port":
        return {"name": LISTENER, "port": PRODUCERS, "type": "nodeport", "annotations": why, "addresses": []}
    door: Entrance = {
        "name": LISTENER,
        "port": PRODUCERS,
        "type": "loadbalancer",
        "annotations": why,
        "addresses": _addresses(site),
    }
    if zone := site.cluster.dns:
        door["host"] = f"kafka.{zone}"
        door["annotations"] = {**why, **called(door["host"])}
        names = {number: f"kafka-{number}.{zone}" for number in range(brokers)}
        door["brokers"] = [
            {"broker": number, "advertisedHost": host, "annotations": {**why, **called(host)}}
            for number, host in names.items()
        ]
    return door


def address(site: PlacedSite, cluster: str) -> tuple[str, str]:
    """Where those from outside begin, in words, and a command that prints it where only the cluster knows."""
    (by,) = {one.by for one in outside(site).values()}
    service = f"kubectl get service -n {site.namespace} {cluster}-kafka-{LISTENER}-bootstrap"
    if by == "node-port":
        return "any node's address, at the port of the node", f"{service} -o jsonpath='{{.spec.ports[0].nodePort}}'"
    if site.cluster.dns:
        return f"kafka.{site.cluster.dns}:{PRODUCERS}", ""
    told = f"{service} -o jsonpath='{{.status.loadBalancer.ingress[0]}}'"
    return f"the load balancer's address, at port {PRODUCERS}", told


def manual(site: ClusterSite, cluster: str, security: KafkaSecurity) -> tuple[str, ...]:
    """What the tree's README tells their owners."""
    lines: list[str] = []
    for name, one in here(site).items():
        secret, space = security.secret(user(name)), site.namespace
        if one.project:
            space = site.namespaces.projects[one.project]
            ca = f"secret `{security.ca}`, key `ca.crt`, there" if space != site.namespace else "beside"
            where = f"`{site.need(KafkaBootstrap).servers}`; its pods carry the labels " + ", ".join(
                f"`{key}: {value}`" for key, value in labels(name).items()
            )
        else:
            words, command = address(site, cluster)
            where = f"`{words}`" if not command else f"{words}: `{command}`"
            ca = f"secret `{cluster}-cluster-ca-cert`, key `ca.crt`, in `{site.namespace}`"
        written = ", ".join(f"`{topic}`" for topic in one.writes)
        lines += [
            f"- **{name}** writes {written} on {site.cluster_name}. It begins with {where}.",
            f"  User `{user(name)}`, SCRAM-SHA-512 over TLS; password: secret `{secret}`, key `password`, in",
            f"  `{space}`; authority: {ca}. Transactional ids begin with `{user(name)}`.",
        ]
    return tuple(lines)


def parity(site: ClusterSite) -> tuple[Parity, ...]:
    """A line for each."""
    return tuple(
        Parity(
            f"producer {name}",
            "plain, loopback only",
            "SCRAM-SHA-512 over TLS, "
            + ("from outside, by " + one.by if one.from_ == "outside" else f"from project {one.project}"),
            "mapped",
            "its user may write its topics and no more",
        )
        for name, one in here(site).items()
    )
