"""What Spark cannot promise, said before anything starts.

Comes in: a checked platform. Goes out: diagnostics without places (the checker knows where a job is written). Every
rule is of Spark 4.1.1: docs/structured-streaming-programming-guide ("Unsupported Operations", "Handling Late Data")
and docs/structured-streaming-kafka-integration ("Writing Data to Kafka": at-least-once only).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rosace.engines.spark import imports, names
from rosace.engines.spark.spec import SparkSpec
from rosace.model.checked import Checked, CheckedJob, Statement
from rosace.model.requirements import distribution
from rosace.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from sqlglot import exp


def check(checked: Checked) -> list[Diagnostic]:
    """Refusals for every Spark job of the platform; empty where all can be kept."""
    jobs = [job for job in checked.jobs.values() if job.spec.engine == "spark"]
    driver = _driver(checked, jobs)
    python = [found for job in jobs if job.spec.python for found in _python(checked, job, driver)]
    return [*_names(checked), *_runs(checked), *python, *(found for job in jobs for found in _job(checked, job))]


def _driver(checked: Checked, jobs: list[CheckedJob]) -> imports.Driver:
    spec = checked.engines["spark"]
    assert isinstance(spec, SparkSpec)
    if checked.platform.target == "local":
        return imports.here(one for job in jobs for one in job.spec.requirements)
    return imports.in_pods(spec.image or "")


def _python(checked: Checked, job: CheckedJob, driver: imports.Driver) -> Iterator[Diagnostic]:
    yield from imports.judge(job, driver)
    yield from names.judge(job, checked.tables)
    yield from _requirements(job)


def _requirements(job: CheckedJob) -> Iterator[Diagnostic]:
    for number, one in enumerate(job.spec.requirements):
        if distribution(one) in imports.SPARK:
            yield Diagnostic(
                "spark-requirement",
                f"job `{job.name}` asks for `{one}`, which Spark itself brings in the version that it needs",
                hints=("leave it out: every driver has it",),
                about=("jobs", job.name, "requirements", number),
            )


def _names(checked: Checked) -> Iterator[Diagnostic]:
    for source in checked.sources.values():
        if source.target.kind == "table" and source.name in checked.jobs:
            yield Diagnostic(
                "spark-name-clash",
                f"source `{source.name}` and job `{source.name}` have the same name, and loading a file into a table "
                "is a job named like its source",
                hints=("give one of them another name",),
                about=("sources", source.name),
            )


LONGEST = 43
"""Characters of a scheduled job's name on clusters: a run adds a dash and 19 digits, and is a label's value, which has
63 at most (spark-operator 2.5.1, ScheduledSparkApplication)."""


def _runs(checked: Checked) -> Iterator[Diagnostic]:
    for job in checked.jobs.values():
        scheduled = job.spec.engine == "spark" and job.spec.schedule and checked.platform.target == "kubernetes"
        if scheduled and len(job.name) > LONGEST:
            yield Diagnostic(
                "spark-long-name",
                f"job `{job.name}` has {len(job.name)} characters, but a scheduled job on clusters may have {LONGEST}: "
                "each run is called after it and its time",
                hints=("give the job a shorter name",),
                about=("jobs", job.name),
            )


def _job(checked: Checked, job: CheckedJob) -> Iterator[Diagnostic]:
    yield from _topics(job)
    if job.statements and not job.spec.batch:
        yield from _stream(checked, job)


def _topics(job: CheckedJob) -> Iterator[Diagnostic]:
    topics = [ref.name for ref in job.writes if ref.kind == "topic"]
    if topics and job.spec.delivery == "exactly-once":
        yield Diagnostic(
            "spark-topic-exactly-once",
            f"job `{job.name}` cannot write topic `{topics[0]}` exactly once: Spark's Kafka sink knows no "
            "transactions, so records are doubled when it starts again after a crash",
            hints=(
                "let Flink write it: `engine: flink`",
                "or say `delivery: at-least-once`, where readers of the topic can bear doubles (a compacted topic can)",
            ),
            about=("jobs", job.name),
        )
    for statement in job.statements:
        target = statement.target
        if statement.overwrite and target is not None and target.kind == "topic":
            yield Diagnostic(
                "spark-topic-overwrite",
                f"job `{job.name}` overwrites topic `{target.name}`, but records of a topic cannot be replaced",
                hints=("write INSERT INTO",),
                about=("jobs", job.name),
            )


def _stream(checked: Checked, job: CheckedJob) -> Iterator[Diagnostic]:
    batch = "or make it a batch job: give it a `schedule` or `after`"
    if not any(ref.kind == "topic" for ref in job.reads):
        yield Diagnostic(
            "spark-stream-no-topic",
            f"job `{job.name}` reads no topic, so there is nothing that it could stream",
            hints=(batch.removeprefix("or "),),
            about=("jobs", job.name),
        )
        return
    for statement in job.statements:
        target = statement.target
        if target is not None and target.kind == "table" and checked.tables[target.name].key:
            yield Diagnostic(
                "spark-stream-keyed",
                f"job `{job.name}` streams into `{target}`, which has a key, but a stream of Spark only ever adds rows",
                hints=("let Flink run it, which puts a row in place of the one before: `engine: flink`", batch),
                about=("jobs", job.name),
            )
        if statement.overwrite and statement.target is not None and statement.target.kind == "table":
            yield Diagnostic(
                "spark-stream-overwrite",
                f"job `{job.name}` overwrites `{statement.target}`, but a stream only ever adds rows",
                hints=("write INSERT INTO", batch),
                about=("jobs", job.name),
            )
    if word := _stateful(job):
        yield Diagnostic(
            "spark-stream-stateful",
            f"job `{job.name}` uses {word} over a stream: Spark needs a watermark to know when a result is final, and "
            "has none for timestamps without time zone, which all timestamps of a platform are",
            hints=("let Flink run it: `engine: flink`", batch),
            about=("jobs", job.name),
        )


def _stateful(job: CheckedJob) -> str:
    """The first thing in the job's SQL that needs state over a stream, in SQL's words; empty where there is none."""
    streams = {ref.name.lower() for ref in job.reads if ref.kind == "topic"}
    for statement in job.statements:
        tree = _parsed(statement)
        if tree is None:
            continue
        if word := _first_stateful(tree, streams):
            return word
        if statement.view and _touches(tree, streams):
            streams.add(statement.view.lower())
    return ""


def _parsed(statement: Statement) -> exp.Expr | None:
    return _tree(statement.body.text)


@lru_cache(maxsize=64)
def _tree(text: str) -> exp.Expr | None:
    """Parsed once where many jobs share a file: the tree is only looked at."""
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    from rosace.engines.spark.dialect import RosaceSpark

    try:
        return parse_one(text, dialect=RosaceSpark)
    except (SqlglotError, RecursionError):
        # The checker has parsed it already and says what is wrong with it.
        return None


def _touches(tree: exp.Expr, streams: set[str]) -> bool:
    from sqlglot import exp

    return any(table.name.lower() in streams and not table.db for table in tree.find_all(exp.Table))


def _first_stateful(tree: exp.Expr, streams: set[str]) -> str:
    from sqlglot import exp

    known = set(streams)
    for part in tree.find_all(exp.CTE):
        if _touches(part, known):
            known.add(part.alias.lower())
    for node in tree.find_all(exp.Select, exp.SetOperation):
        if (word := _word(node)) and _touches(node, known):
            return word
    return ""


def _word(node: exp.Expr) -> str:
    from sqlglot import exp

    if isinstance(node, exp.SetOperation):
        plain = isinstance(node, exp.Union) and not node.args.get("distinct")
        return "" if plain else f"{node.key.upper()} without ALL"
    for part, word in (("group", "GROUP BY"), ("distinct", "DISTINCT"), ("order", "ORDER BY"), ("limit", "LIMIT")):
        if node.args.get(part):
            return word
    for item in node.expressions:
        for found in item.find_all(exp.AggFunc, exp.Window):
            if found.parent_select is node:
                return "a window function" if isinstance(found, exp.Window) else f"{found.sql_name()}()"
    return ""
