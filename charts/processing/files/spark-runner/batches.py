# Derived from src/rosace/engines/spark/runner/batches.py by tools/charts.py: edit that, then run it.
"""Batch jobs: SQL statements in order, a user's Python function.

Each statement that commits says in its snapshot which run of which job it was (`rosace.run`): a run that is started
again after a crash leaves out what it has committed already.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from pathlib import Path
from typing import Any

from . import aside
from .faults import Refused
from .jobs import Job
from .moments import partition_of, text_of
from .rows import fitted, literal
from .streams import Query, beside, records, watch
from .tables import Write, positioned, write
from .views import prepare, topics_of

GENERATION = "rosace.generation"
CONF = "spark.sql.iceberg.snapshot-property"


def run(session: Any, job: Job) -> None:
    """Runs the statements of an SQL job, one after the other."""
    order = job.order
    prepare(session, order)
    job.state = "running"
    inserts = [statement for statement in order["statements"] if statement["kind"] == "insert"]
    for statement in order["statements"]:
        job.check()
        if statement["kind"] == "view":
            text_of(session, statement, order).createOrReplaceTempView(statement["view"])
            continue
        number = inserts.index(statement)
        job.detail = f"statement {number + 1} of {len(inserts)}: {statement['target']}"
        if statement["table"]:
            _into_table(session, job, statement, number)
        else:
            _into_topic(session, job, statement)
    job.detail = _aside(session, job)


def _aside(session: Any, job: Job) -> str:
    """Tells what was left out of the topics that the job has read, in words."""
    asides = aside.of(session, job)
    for one in asides:
        one.once()
    return ", ".join(one.tell() for one in asides if one.any)


def _into_table(session: Any, job: Job, statement: dict[str, Any], number: int) -> None:
    table = next(table for table in job.order["tables"] if table["name"] == statement["table"])
    statement = partition_of(session, statement, table, job.order)
    named = statement["partition"]
    rows, listed = positioned(text_of(session, statement, job.order), table, statement)
    rows = fitted(rows, table["columns"], listed, statement["target"])
    how = Write.MERGE if table["key"] else Write.ADD
    if statement["overwrite"]:
        how = Write.PARTITION if named else Write.PARTITIONS if table["fields"] else Write.ALL
    commit(session, job, rows, table, str(number), how, named)


def commit(
    session: Any,
    job: Job,
    rows: Any,
    table: dict[str, Any],
    part: str,
    how: Write,
    named: dict[str, str] | None = None,
) -> None:
    """Writes rows into a table, once for each run and part."""
    mark = f"{job.run}/{part}{anew(table)}"
    if job.run and committed(session, job, table, mark):
        return
    marks = _marks(job, mark)
    if table.get("swap"):
        how = _swapped(session, table, how)
        marks[GENERATION] = str(table["swap"])
    for key, value in marks.items():
        session.conf.set(f"{CONF}.{key}", value)
    write(session, rows, table, how, named or {})


def committed(session: Any, job: Job, table: dict[str, Any], mark: str) -> bool:
    """Whether a snapshot of the table says that it is of this job's run and part."""
    same = " AND ".join(f"summary['{key}'] = {literal(value)}" for key, value in _marks(job, mark).items())
    return not session.sql(f"SELECT 1 FROM {table['name']}.snapshots WHERE {same} LIMIT 1").isEmpty()


def _marks(job: Job, mark: str) -> dict[str, str]:
    return {"rosace.job": job.name, "rosace.run": mark}


def anew(table: dict[str, Any]) -> str:
    """What sets the commits of a generation apart from those of earlier ones; empty at first."""
    return f"/g{table['swap']}" if table.get("swap") else ""


def _swapped(session: Any, table: dict[str, Any], how: Write) -> Write:
    """The first rows of a generation take the place of all that is there, whatever the statement says."""
    own = f"CAST(summary['{GENERATION}'] AS INT) >= {int(table['swap'])}"
    found = session.sql(f"SELECT 1 FROM {table['name']}.snapshots WHERE {own} LIMIT 1")
    return Write.ALL if found.isEmpty() else how


def _into_topic(session: Any, job: Job, statement: dict[str, Any]) -> None:
    if statement["overwrite"]:
        raise Refused(f"a topic cannot be overwritten: INSERT OVERWRITE {statement['target']} is for tables")
    topic = next(topic for topic in topics_of(job.order) if topic["topic"] == statement["topic"])
    rows = fitted(text_of(session, statement, job.order), topic["columns"], statement["columns"], statement["target"])
    records(rows, topic).write.format("kafka").options(**topic["sink"], topic=topic["topic"]).save()


def run_python(session: Any, job: Job) -> None:
    """A user's file with `def run(spark)`; where that returns streaming queries, they are watched like any other."""
    prepare(session, job.order)
    session.conf.set(f"{CONF}.rosace.job", job.name)
    # A column of a topic may be null as far as types tell; nulls themselves are refused when they are written.
    session.conf.set("spark.sql.iceberg.check-nullability", "false")
    session.conf.set("spark.sql.streaming.checkpointLocation", job.order["checkpoint"])
    for moment, text in job.order.get("moments", {}).items():
        session.conf.set(f"rosace.{moment}", text)
    job.state, job.detail = "running", ""
    result = _function(Path(job.order["file"]))(session)
    queries = result if isinstance(result, (list, tuple)) else [result] if result is not None else []
    if strange := [type(one).__name__ for one in queries if not hasattr(one, "awaitTermination")]:
        raise Refused(f"run(spark) returns nothing or streaming queries, not {strange[0]}")
    if not queries:
        job.detail = _aside(session, job)
        return
    watched = [Query(partial(_same, query), None) for query in queries]
    try:
        watch(job, watched, beside(session, job, watched))
    finally:
        for query in watched:
            if query.query.isActive:
                query.query.stop()


def _same(query: Any) -> Any:
    return query


def _function(path: Path) -> Any:
    from pyspark import cloudpickle  # pyright: ignore[reportMissingImports]

    name = f"rosace_job_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Refused(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    # Python workers cannot import the file: what it defines goes to them by value.
    cloudpickle.register_pickle_by_value(module)
    function = getattr(module, "run", None)
    if not callable(function):
        raise Refused(f"{path} has no function `run(spark)`")
    return function
