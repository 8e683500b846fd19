"""The words a user may write under `engines: {kafka: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from rosace.kit.owned import free_of
from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words, as_text
from rosace.model.quantity import Size
from rosace.model.spelled import Spelled

HEAP_FLOOR = Size.mebibytes(192)
"""The smallest heap of a broker with Rosace's settings: measured, it replays the flights example in it."""

OWNED = {
    "process.roles": "Rosace decides who is broker and who is controller",
    "node.id": "Rosace numbers the nodes",
    "controller.": "Rosace lays out the controllers",
    "listeners": "Rosace chooses addresses and ports",
    "advertised.listeners": "Rosace chooses addresses and ports",
    "inter.broker.": "Rosace chooses addresses and ports",
    "listener.": "Rosace chooses addresses and ports",
    "log.dir": "Rosace decides where data lies",
    "log.dirs": "Rosace decides where data lies",
    "metadata.log.dir": "Rosace decides where data lies",
    "auto.create.topics.enable": "topics exist when `topics:` declares them, so that a misspelt name is an error",
    "transaction.max.timeout.ms": "exactly-once sinks are set to fit it, on clusters by `backups.rto`",
    "transaction.state.log.": "Rosace decides replication, and the number of partitions can never change",
    "offsets.topic.": "Rosace decides replication, and the number of partitions can never change",
    "offsets.retention.minutes": "progress of sources is kept in consumer offsets and must not expire",
    "share.coordinator.state.topic.": "Rosace decides replication",
    "default.replication.factor": "Rosace decides replication",
    "min.insync.replicas": "Rosace decides replication",
}
"""Settings that Rosace owns, with all below them, and why."""


def _odd(count: int) -> int:
    if count % 2 == 0:
        raise ValueError(f"{count} controllers bear no more losses than {count - 1}: take an odd number")
    return count


Generation = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""How often something was renewed."""


class Authority(Words):
    """The authority that signs the brokers' certificates. Who renews it in the store of secrets counts it here, by
    which Strimzi learns of it and rolls what has to know."""

    certificate: Generation = 0
    """How often its certificate was renewed."""
    key: Generation = 0
    """How often its key was, with which the certificate is too."""


class KafkaSpec(Words):
    """Settings of the broker."""

    memory: Annotated[Size, Field(ge=HEAP_FLOOR)] = Field(default_factory=lambda: Size.mebibytes(384))
    """The broker's Java heap; records themselves are in the operating system's file cache."""
    settings: Annotated[
        dict[Annotated[str, Spelled(r"^[a-z][a-z0-9._-]*$", "a setting of Kafka, such as `log.cleaner.threads`")], str],
        BeforeValidator(as_text),
        AfterValidator(free_of(OWNED)),
    ] = Field(default_factory=dict)
    """Further lines of server.properties, such as `log.cleaner.threads: 2`; those that Rosace owns are refused."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=1000)] = 3
    """On clusters: how many brokers."""
    controllers: Annotated[int, Field(strict=True, ge=1, le=9), AfterValidator(_odd)] = 3
    """On clusters: how many controllers, on nodes of their own; an odd number."""
    resources: Resources = Resources.model_construct()
    """On clusters: what each broker gets; a quarter of its memory becomes the Java heap, the rest caches files."""
    disk: Disk = Disk.model_construct()
    """On clusters: the volumes of each broker."""
    authority: Authority = Authority.model_construct()
    """On clusters: how often the authority of the brokers' certificates was renewed."""

    @property
    def cluster_heap(self) -> Size:
        """The heap of a broker on a cluster whose memory nobody chose: at least 512 MiB."""
        return Size(max(int(self.memory), 512 << 20))


def wanted(platform: Platform) -> bool:
    """A platform with topics needs Kafka."""
    return bool(platform.topics)
