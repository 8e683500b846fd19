"""Sources into topics on clusters: a pod each, with the replay that this machine has. What is decided.

The pod is told what the replay's process is told here, with other addresses; its progress is in its transactions, under
the same names. Rights: kafka.apache.org/41/security/authorization-and-acls, "Operations and resources on protocols":
AddPartitionsToTxn writes the topic; AddOffsetsToTxn and TxnOffsetCommit read the group, the latter the topic too;
OffsetFetch describes both; InitProducerId with a transactional id asks for nothing else.
"""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite, OfferedSite
from rosace.contract.feed import Feed
from rosace.contract.needs import Parity
from rosace.contract.values import Mount
from rosace.contract.workload import Needs, Workload
from rosace.engines.kafka.rights import acl
from rosace.engines.kafka.senders import group_of, transactional_id
from rosace.engines.kafka.values import Acl
from rosace.kit import feeding
from rosace.kit.origins import TOLD, origin, reachable
from rosace.model.capabilities import KafkaBootstrap, KafkaSecurity
from rosace.model.checked import CheckedSource

USER, AUTHORITY = "/opt/rosace/user", "/opt/rosace/kafka"
"""Where a pod finds its password, and the certificate of the brokers' authority."""

_USES = (Needs(KafkaBootstrap),)


def sources(site: OfferedSite) -> list[CheckedSource]:
    """The sources whose topics are written on this cluster, and whose files it reaches."""
    homes = site.checked.placement.topics
    return [
        source
        for source in site.checked.sources.values()
        if source.target.kind == "topic" and homes[source.target.name] == site.cluster_name and reachable(source)
    ]


def user(source: str) -> str:
    """The Kafka user of a source."""
    return f"source-{source}"


def acls(site: OfferedSite, source: CheckedSource) -> list[Acl]:
    """Exactly what the replay asks."""
    return [
        acl("topic", source.target.name, "literal", ["Read", "Write", "Describe"]),
        acl("group", group_of(source.name), "literal", ["Read", "Describe"]),
        acl("transactionalId", transactional_id(site.platform, source.name), "literal", ["Write", "Describe"]),
    ]


def feeds(site: ClusterSite, authority: str, security: KafkaSecurity) -> tuple[Feed, ...]:
    """The pods. `authority` is the secret with the certificate of Kafka's authority, here where Kafka is."""
    return tuple(_feed(site, source, authority, security) for source in sources(site))


def _feed(site: ClusterSite, source: CheckedSource, authority: str, security: KafkaSecurity) -> Feed:
    pattern = origin(site, source).pattern
    order = {
        "servers": site.need(KafkaBootstrap).servers,
        "platform": site.platform,
        "topic": source.target.name,
        "key": list(site.checked.topics[source.target.name].key),
        "rate": None if source.spec.rate is None else float(source.spec.rate),
        "folder": f"{feeding.STATE}/{source.name}",
        "source": feeding.told(source, pattern),
        "pattern": pattern if source.spec.follow else "",
        "several": "" if source.spec.follow else pattern,
        "login": {"user": user(source.name), "password": f"{USER}/password", "ca": f"{AUTHORITY}/ca.crt"},
    }
    mounts: tuple[Mount, ...] = (
        {"name": "user", "path": USER, "secret": security.secret(user(source.name))},
        {"name": "authority", "path": AUTHORITY, "secret": authority},
    )
    command = ("python", "-m", "rosace.engines.kafka.replay", f"{TOLD}/send.json")
    return feeding.feed(site, source, command, order, mounts=mounts, uses=_USES)


def workloads(site: OfferedSite) -> tuple[Workload, ...]:
    """Their pods on the network."""
    return tuple(feeding.workload(site, "kafka", source, _USES) for source in sources(site))


def parity(site: ClusterSite) -> tuple[Parity, ...]:
    """A line for each source of a topic that lives here."""
    homes = site.checked.placement.topics
    mine = (one for one in site.checked.sources.values() if one.target.kind == "topic")
    return tuple(
        feeding.parity(one, "replayed, exactly once", "the same replay, in a pod")
        for one in mine
        if homes[one.target.name] == site.cluster_name
    )
