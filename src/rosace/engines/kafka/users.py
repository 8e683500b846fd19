"""Who may do what in Kafka on clusters: one user a job, with exactly the rights that its flows need.

Comes in: the checked platform's reads and writes. Goes out: users with their ACLs, and the secrets they need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rosace.contract.cluster import ClusterSite, OfferedSite
from rosace.contract.needs import SecretNeed
from rosace.contract.registry import engines
from rosace.engines.kafka import exports, feeds, mirrors, producers
from rosace.engines.kafka.rights import STATE, acl, reading, transacting, writing
from rosace.engines.kafka.spec import KafkaSpec
from rosace.engines.kafka.values import Acl
from rosace.model.capabilities import KafkaBootstrap, KafkaSecurity
from rosace.model.checked import Ref

SECURITY = KafkaSecurity(ca="kafka-ca", prefix="kafka-")
"""Names of the secrets that clients find."""


@dataclass(frozen=True, slots=True)
class User:
    """A Kafka user. `namespace` is where its client runs and finds its secret, on `cluster` if that is said."""

    name: str
    namespace: str
    acls: list[Acl]
    cluster: str = ""


PASSWORD = "letters and digits only"
"""What a password may be made of: clients are told it within a line for JAAS, where `"` ends it and a backslash means
another character (kafka-clients 4.1.2, JaasConfig, which reads as java.io.StreamTokenizer does). The line cannot be had
from the operator instead: its own (`sasl.jaas.config` of a user's secret, KafkaUserModel.getSaslJsonConfig; of Kafka
Connect, KafkaConnectConfigurationBuilder) is put together in the same way without any escape, Strimzi 1.0.1, whose
passwords are of letters and digits (PasswordGenerator)."""


def users(site: OfferedSite) -> list[User]:
    """A user for each job that touches topics, and one for each engine that reads topics for people."""
    checked = site.checked
    found: list[User] = []
    placement, here = checked.placement, site.cluster_name
    for job in checked.jobs.values():
        reads, writes = _topics(job.reads), _topics(job.writes)
        if (reads or writes) and placement.uses_streams_of(job.name, here):
            client = f"rosace.{site.platform}.{job.name}"
            where = placement.jobs[job.name].cluster
            written = transacting(writes, client) if engines()[job.spec.engine].transactions else writing(writes)
            rights = [*_reading(reads, client), *written]
            found.append(User(job.name, site.namespaces.of(job), rights, where))
    asked = sorted({topic for query in checked.queries.values() for topic in _topics(query.reads)})
    for name in checked.engines if placement.topics_on(here).issuperset(asked) else ():
        room = engines()[name]
        if KafkaBootstrap in room.optional and not room.runs and asked:
            rights = _reading(asked, f"rosace.{site.platform}.{name}")
            found.append(User(name, site.namespaces.engines[name], rights))
    exported = sorted({export.topic for export in exports.here(site)})
    if exported:
        found.append(User(exports.NAME, site.namespace, [*_reading(exported, "connect-"), *_connect()]))
    for source in feeds.sources(site):
        found.append(User(feeds.user(source.name), site.namespace, feeds.acls(site, source)))
    for name, producer in producers.here(site).items():
        space = site.namespaces.projects[producer.project] if producer.project else site.namespace
        found.append(User(producers.user(name), space, producers.acls(site, name, producer), here))
    if copying := mirrors.acls(site):
        found.append(User(mirrors.NAME, site.namespace, copying))
    return found


def _topics(refs: Iterable[Ref]) -> list[str]:
    return sorted({ref.name for ref in refs if ref.kind == "topic"})


def _reading(topics: list[str], client: str) -> list[Acl]:
    """Rights to read topics, each by its name, in groups by the client's prefix."""
    return [*reading(topics), acl("group", client, "prefix", ["Read", "Describe"])] if topics else []


def _connect() -> list[Acl]:
    """Kafka Connect keeps its own state in three topics, and coordinates its workers as a group."""
    return [
        acl("topic", "connect-cluster", "prefix", STATE),
        acl("group", "connect-cluster", "literal", ["Read", "Describe"]),
    ]


def authority(site: ClusterSite, cluster: str) -> tuple[SecretNeed, ...]:
    """Kafka's own authority. Strimzi takes these two secrets for it only with its labels and the number of their
    generation, and rolls brokers and clients of its own when that is a higher one (strimzi.io/docs/operators/1.0.1,
    "Installing your own CA certificates", "Renewing your own CA certificates")."""
    renewed = site.words(KafkaSpec).authority
    labels = {"strimzi.io/cluster": cluster, "strimzi.io/kind": "Kafka"}
    return tuple(
        SecretNeed(
            f"{cluster}-cluster-{name}",
            site.namespace,
            (key,),
            f"{what} of Kafka's own authority",
            labels=labels,
            annotations={f"strimzi.io/{counted}-generation": str(times)},
        )
        for name, key, what, counted, times in (
            ("ca", "ca.key", "key", "ca-key", renewed.key),
            ("ca-cert", "ca.crt", "certificate", "ca-cert", renewed.certificate),
        )
    )


def secrets(site: ClusterSite, cluster: str) -> tuple[SecretNeed, ...]:
    """Each user's password lies beside Kafka, where the operator reads it, and beside the client."""
    needs: list[SecretNeed] = []
    authority, original = "certificate of Kafka's authority", f"{site.namespace}/{cluster}-cluster-ca-cert"
    for user in users(site):
        name, purpose = SECURITY.secret(user.name), f"password of Kafka user {user.name}, {PASSWORD}"
        needs.append(SecretNeed(name, site.namespace, ("password",), purpose))
        if user.namespace != site.namespace:
            where = user.namespace
            needs += [
                SecretNeed(name, where, ("password",), purpose, cluster=user.cluster),
                SecretNeed(SECURITY.ca, where, ("ca.crt",), authority, copies_of=original, cluster=user.cluster),
            ]
    found = {(need.namespace, need.name, need.cluster): need for need in needs}
    return tuple(found[place] for place in sorted(found))
