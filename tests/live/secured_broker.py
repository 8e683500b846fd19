"""A real broker as clusters have it: SCRAM over TLS, and rights that its own authorizer holds every request against.

Comes in: users with their rights as the chart's values say them. Goes out: an address at which clients have to prove
who they are. The broker's own plain listener is the administrator's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from confluent_kafka import Producer
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from rosace.contract.machine import File, ProcessSpec, Site
from rosace.engines.kafka import ENGINE
from rosace.engines.kafka.values import Acl
from rosace.kit import certificate
from rosace.local import ports, workbench

PASSWORD = "letters0and1digits"


@dataclass(frozen=True)
class Secured:
    """The broker. `servers` is where clients log in, `ca` the authority they trust."""

    servers: str
    plain: str
    ca: Path

    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.plain})

    def let(self, user: str, rights: Iterable[Acl]) -> None:
        """A user with its password and exactly these rights."""
        admin = self._admin()
        admin.alter_user_scram_credentials(
            [
                UserScramCredentialUpsertion(
                    user, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD.encode()
                )
            ]
        )[user].result(20)
        bindings = [binding for one in rights for binding in _bindings(user, one)]
        for future in admin.create_acls(bindings).values() if bindings else ():
            future.result(20)

    def make(self, *topics: str, compact: Iterable[str] = (), partitions: int = 1) -> None:
        """Topics with so many partitions each."""
        config = {name: {"cleanup.policy": "compact"} for name in compact}
        made = [NewTopic(name, partitions, 1, config=config.get(name, {})) for name in topics]
        admin = self._admin()
        for future in admin.create_topics(made).values():
            future.result(20)

    def send(self, topic: str, *records: bytes) -> None:
        producer = Producer({"bootstrap.servers": self.plain})
        for record in records:
            producer.produce(topic, record)
        assert producer.flush(20) == 0

    def client(self, user: str) -> dict[str, Any]:
        """How a client of librdkafka logs in."""
        return {
            "bootstrap.servers": self.servers,
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": PASSWORD,
            "ssl.ca.location": str(self.ca),
        }


def _bindings(user: str, acl: Acl) -> Iterable[AclBinding]:
    """A right in the words of Kafka's clients (Strimzi's are `transactionalId`, `prefix`, `DescribeConfigs`)."""
    kind = {
        "topic": ResourceType.TOPIC,
        "group": ResourceType.GROUP,
        "transactionalId": ResourceType.TRANSACTIONAL_ID,
        "cluster": ResourceType.BROKER,
    }[acl["resource"]["type"]]
    patterns = {"literal": ResourcePatternType.LITERAL, "prefix": ResourcePatternType.PREFIXED}
    pattern = patterns[acl["resource"]["patternType"]]
    operations = {one.name.replace("_", "").lower(): one for one in AclOperation}
    for name in acl["operations"]:
        operation = operations[name.lower()]
        yield AclBinding(
            kind, acl["resource"]["name"], pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW
        )


def started(site: Site, told: Mapping[str, str]) -> tuple[workbench.Running, Secured]:
    """Starts it at the site of Kafka's room, with some settings of clusters."""
    folder = site.home / "conf"
    certificate.make(folder, "")
    chosen, _ = ports.choose(("secured",), {}, mine=frozenset(site.ports.values()))
    running = workbench.start(_secured(site, chosen["secured"], folder, told), site.home)
    running.await_ready()
    plain = f"127.0.0.1:{site.ports['kafka']}"
    return running, Secured(f"127.0.0.1:{chosen['secured']}", plain, folder / certificate.CERTIFICATE)


def _secured(site: Site, port: int, folder: Path, more: Mapping[str, str]) -> ProcessSpec:
    """The broker of this machine with one listener more and Kafka's own authorizer: what no right allows is refused."""
    spec = ENGINE.local.processes(site)[0]
    pem = folder / "broker.pem"
    pem.write_bytes((folder / certificate.KEY).read_bytes() + (folder / certificate.CERTIFICATE).read_bytes())
    told = {
        "listeners": f"PLAINTEXT://127.0.0.1:{site.ports['kafka']},CLIENTS://127.0.0.1:{port},"
        f"CONTROLLER://127.0.0.1:{site.ports['kafka-controller']}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{site.ports['kafka']},CLIENTS://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.clients.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram"
        ".ScramLoginModule required;",
        "listener.name.clients.ssl.keystore.type": "PEM",
        "listener.name.clients.ssl.keystore.location": str(pem),
        # What Strimzi makes of `authorization: {type: simple}` (its KafkaBrokerConfigurationBuilder, 1.0.1).
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        **more,
    }
    (file,) = spec.files
    names = set(told)
    kept = [line for line in file.text.splitlines() if line.partition("=")[0] not in names]
    text = "\n".join([*kept, *(f"{key}={value}" for key, value in told.items())]) + "\n"
    return replace(spec, files=(File(file.path, text),))


def soon(seconds: float = 30) -> Iterable[float]:
    """Moments to look, until `seconds` have passed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield until - time.monotonic()
        time.sleep(0.2)
