"""Spark's own analyzer as the judge of jobs in SQL, without a running platform.

Comes in: a `Bench`. Goes out: a `Verdict` for each statement. The statements are planned by `judge.py` on a
session of its own, with the topics and tables that the runner would make for the job, in a catalog of Iceberg's that is
kept in memory. What is judged: parser and analyzer; the write's own rules (columns, `spark.sql.storeAssignmentPolicy`
ANSI); for streams what `UnsupportedOperationChecker` says of the output mode that the runner uses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rosace.contract.machine import Site
from rosace.contract.planner import Bench, Owner, Program, Talk, Verdict, at
from rosace.contract.registry import offering
from rosace.engines.spark import settings
from rosace.engines.spark.jobs import Places, order_of
from rosace.engines.spark.local import RUNTIME, classpath, environment, jar_names, jvm_flags, runtime
from rosace.engines.spark.spec import SparkSpec
from rosace.kit import java
from rosace.kit.moments import moments_at
from rosace.model.capabilities import Address, IcebergCatalog, KafkaBootstrap, PostgresDatabase, Secret
from rosace.model.checked import Checked
from rosace.model.quantity import Size

HEAP = Size.mebibytes(512)
"""Measured: 220 MiB are used after the 140 statements of this room's corpus."""

NOWHERE = Address("127.0.0.1", 9)
"""Kafka's address for a plan. Nothing connects to it: a source asks for offsets when a query starts, not before."""


SOME = moments_at("0 0 * * *", datetime(2024, 5, 1, tzinfo=UTC)).plain()
"""Those of a run that is only planned: what counts are their types."""


@dataclass(frozen=True, slots=True)
class SparkPlanner:
    """See `rosace.contract.planner.Planner`."""

    @property
    def artifacts(self) -> tuple[str, ...]:
        """The names of the artifacts that have to be in the cache: Java, pyspark and the jars."""
        return (RUNTIME, "pyspark", *jar_names())

    def owners(self, checked: Checked) -> tuple[Owner, ...]:
        """Spark's jobs in SQL."""
        jobs = checked.jobs.values()
        return tuple(Owner("jobs", job.name) for job in jobs if job.spec.engine == "spark" and job.statements)

    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]:
        """One driver analyses the statements of all owners; a verdict for each statement, in order."""
        talk = bench.start(program(bench))
        places = Places(site(bench), "")
        for owner in owners:
            yield from _judged(talk, places, owner)


PLANNER = SparkPlanner()


def functions(bench: Bench) -> tuple[str, ...]:
    """The names of all functions that Spark has built in, in its own words (SHOW SYSTEM FUNCTIONS)."""
    return bench.start(program(bench)).ask("functions").texts


def _judged(talk: Talk, places: Places, owner: Owner) -> Iterator[Verdict]:
    job = places.site.checked.jobs[owner.name]
    order = order_of(places, job).order
    # The judge of records is in the driver's class path only; what it lets through has the same columns.
    plain = [{name: one for name, one in topic.items() if name not in ("shape", "aside")} for topic in order["topics"]]
    opened = talk.ask("job", json.dumps({**order, "topics": plain, "moments": SOME}))
    if not opened.taken:
        yield Verdict(owner, 0, opened.texts[0])
        return
    for number, statement in enumerate(job.statements):
        said = talk.ask("statement", str(number))
        if said.taken:
            yield Verdict(owner, number)
            continue
        message, *place = said.texts
        where = (int(place[0]), int(place[1])) if place else None
        yield at(owner, number, statement.body.rendered(places.name), message, where)


def site(bench: Bench) -> Site:
    """The room's site as far as a job's order needs it: names of what is read and written, no address that works."""
    database = PostgresDatabase(NOWHERE, "", "", Secret(""))
    bare = bench.site({PostgresDatabase: database, KafkaBootstrap: KafkaBootstrap((NOWHERE,))})
    offered = {**bare.offered, **{type(one): one for one in offering(IcebergCatalog)[0].local.offers(bare)}}
    return replace(bare, offered=offered)


def program(bench: Bench) -> Program:
    """Python with pyspark, which starts the JVM whose command it is given."""
    assert isinstance(bench.spec, SparkSpec)
    scratch = bench.home / "tmp"
    scratch.mkdir(exist_ok=True)
    log = bench.home / "log4j2.properties"
    log.write_text(settings.logging(settings.QUIET), encoding="utf-8")
    properties = {
        **settings.platform_properties(bench.spec, 1),
        **settings.planning_properties(site(bench).need(IcebergCatalog).name),
    }
    jars = classpath(bench.artifacts)
    command = java.command(
        runtime(bench.artifacts),
        "org.apache.spark.api.python.PythonGatewayServer",
        jars,
        heap=HEAP,
        flags=jvm_flags(),
        properties={"java.io.tmpdir": str(scratch), "log4j2.configurationFile": log.as_uri(), **properties},
    )
    # That of the platform's own driver, whose class path and runtime are the same. None is written here: it would be
    # less than the driver's, take 20 CPU s (measured), and archives are never replaced.
    kept = bench.archives / java.archive_name("spark", runtime(bench.artifacts), jars)
    starter = (bench.python, "-P", str(Path(__file__).with_name("judge.py")))
    return Program(
        argv=(*starter, *command),
        jvm=len(starter),
        env=environment(bench.artifacts, bench.python, bench.home),
        archive=kept.name if kept.exists() else "",
    )
