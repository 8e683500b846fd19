"""Jobs in Spark's words: plain JSON that the runner inside the driver understands. Pure.

Comes in: checked jobs and sources, and where the platform's topics and tables are. Goes out: `JobOrder`s without
secrets. The shapes are read by `runner/`, which imports nothing of this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rosace.contract.cluster import ClusterSite
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import History, Site
from rosace.engines.spark import settings, sql
from rosace.kit import fits
from rosace.kit.files import describe
from rosace.kit.growth import facts
from rosace.kit.lake import iceberg_partition, table_name, table_properties
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap
from rosace.model.checked import CheckedJob, CheckedSource, Ref, Statement
from rosace.model.columns import ColumnType
from rosace.model.platform import UNFIT, Topic
from rosace.model.sources import PackageFile

DRIVER = "rosace.engines.spark.live"
TOKEN = "spark.control-token"
"""The secret that the runner's HTTP control asks for."""


@dataclass(frozen=True, slots=True)
class Places:
    """What the orders of one platform have in common.

    `kafka` are further options of every topic: how the client proves who it is.
    """

    site: Site | ClusterSite
    control: str
    kafka: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def catalog(self) -> IcebergCatalog:
        """The lake's catalog."""
        return self.site.need(IcebergCatalog)

    @property
    def history(self) -> History:
        """What was made anew; nothing on clusters, where nobody keeps account of it."""
        return self.site.history if isinstance(self.site, Site) else History()

    @property
    def servers(self) -> str:
        """Kafka's bootstrap servers, comma separated, as the driver reaches them."""
        return self.site.need(KafkaBootstrap).servers

    def name(self, ref: Ref) -> str:
        """What a topic or table is called in Spark's SQL: topics are temporary views of the job's session."""
        return table_name(self.catalog, ref, quote="`") if ref.kind == "table" else sql.quote(ref.name)


def order_of(places: Places, job: CheckedJob) -> JobOrder:
    """A job in SQL or Python."""
    topics = _distinct([*job.reads, *job.writes], "topic")
    durable = f"{job.name}{places.history.suffix(job.name)}"
    body: dict[str, Any] = {
        **_common(places, job.name),
        "kind": "python" if job.spec.python else "batch" if job.spec.batch else "stream",
        "streaming": not job.spec.batch,
        "kafka": reached(places) if topics else {},
        "topics": [_topic(places, ref) for ref in topics],
        "reads": [ref.name for ref in job.reads if ref.kind == "topic"],
        "tables": [_table(places, ref) for ref in _distinct([*job.reads, *job.writes], "table")],
        "statements": [_statement(places, job, statement) for statement in job.statements],
        "file": str(job.path) if job.spec.python else "",
        "checkpoint": f"{settings.CHECKPOINTS}/{places.site.checked.platform.platform}/{durable}",
        "every_ms": places.site.checked.platform.commits(job.spec).ms,
    }
    return JobOrder(
        name=job.name,
        engine="spark",
        module=DRIVER,
        batch=job.spec.batch,
        order=body,
        reads=job.reads,
        writes=job.writes,
        finite_inputs=job.finite_inputs,
        endless_inputs=job.follows,
        after=job.spec.after,
        schedule=job.spec.schedule or "",
        retries=job.spec.retries,
        secrets=(TOKEN,),
    )


def load_of(places: Places, source: CheckedSource) -> JobOrder:
    """A file that is loaded into a table: a batch job named like the source."""
    site = places.site
    assert isinstance(site, Site), "files are on this machine"
    files, table = _files(site, source), _table(places, source.target)
    pattern = str(site.checked.root / str(source.spec.file)) if source.spec.follow else ""
    # What a package brings never changes.
    seen = "" if pattern or isinstance(source.spec.file, PackageFile) else facts(files)
    body: dict[str, Any] = {
        **_common(places, source.name),
        "kind": "load",
        "streaming": False,
        "kafka": {},
        "topics": [],
        "reads": [],
        "tables": [table],
        "statements": [],
        "stage": [site.python, "-P", "-m", "rosace.engines.spark.stage"],
        "source": describe(source, files),
        "pattern": pattern,
        "shape": [table["columns"], table["fields"], table["key"]],
        "ledger": str(site.home / "data" / "loads" / f"{source.name}{places.history.suffix(source.name)}.json"),
        "staged": str(site.home / "tmp" / f"load-{source.name}"),
    }
    return JobOrder(
        name=source.name,
        engine="spark",
        module=DRIVER,
        batch=True,
        order=body,
        writes=(source.target,),
        secrets=(TOKEN,),
        seen=seen,
        follows=pattern,
    )


def _common(places: Places, name: str) -> dict[str, Any]:
    catalog = places.catalog
    return {
        "name": name,
        "control": places.control,
        "catalog": catalog.name,
        "namespace": f"{sql.quote(catalog.name)}.{sql.quote(catalog.namespace)}",
    }


def _files(site: Site, source: CheckedSource) -> tuple[Path, ...]:
    if isinstance(source.spec.file, PackageFile):
        return (site.packages[source.name] / source.spec.file.path,)
    return source.paths


def _distinct(refs: Iterable[Ref], kind: str) -> list[Ref]:
    return list(dict.fromkeys(ref for ref in refs if ref.kind == kind))


def columns(declared: Mapping[str, ColumnType]) -> list[dict[str, Any]]:
    """Columns as the runner takes them. `written` is SQL for what stands for `{0}` in a record's JSON."""
    return [{"name": name, **_column(column)} for name, column in declared.items()]


@lru_cache(maxsize=512)
def _column(column: ColumnType) -> Mapping[str, Any]:
    """All of a column but its name: thousands of topics have the same few types."""
    return {
        "type": sql.column_type(column),
        "json": sql.json_type(column),
        "required": column.required,
        "written": sql.written("{0}", column),
    }


def reached(places: Places) -> Mapping[str, Mapping[str, str]]:
    """How every topic of an order is read (`limit`: where that goes on for ever) and written: the runner puts it into
    each, so that it is said once."""
    return {
        "source": {**settings.kafka_source(places.servers), **places.kafka},
        "limit": {"maxOffsetsPerTrigger": str(settings.RECORDS_PER_BATCH)},
        "sink": {**settings.kafka_sink(places.servers), **places.kafka},
    }


def _topic(places: Places, ref: Ref) -> dict[str, Any]:
    topic = places.site.checked.topics[ref.name]
    return {
        "topic": ref.name,
        "columns": columns(topic.columns),
        "key": list(topic.key),
        **_aside(ref.name, topic),
    }


def _aside(name: str, topic: Topic) -> dict[str, Any]:
    """What is done about records that do not fit; nothing where they are to end the job."""
    if topic.on_bad_record == "stop":
        return {}
    return {"shape": fits.shape(topic.columns), "aside": name + UNFIT if topic.on_bad_record == "topic" else ""}


def _table(places: Places, ref: Ref) -> dict[str, Any]:
    table = places.site.checked.tables[ref.name]
    generation = places.history.ref(ref)
    return {
        "name": places.name(ref),
        "columns": columns(table.columns),
        "partition": [sql.transform(text) for text in table.partition],
        "fields": [list(iceberg_partition(text)) for text in table.partition],
        "key": list(table.key),
        "properties": table_properties(table.key, generation),
        # What its first run of a generation writes takes the place of all that is there.
        **({"swap": generation} if generation and ref in places.history.swapped else {}),
    }


def _statement(places: Places, job: CheckedJob, statement: Statement) -> dict[str, Any]:
    body = statement.body.render(places.name)
    if statement.kind == "view":
        return {"kind": "view", "view": sql.quote(statement.view), "sql": body, **_named(statement)}
    target = statement.target
    assert target is not None
    return {
        "kind": "insert",
        "sql": body,
        "target": str(target),
        "table": places.name(target) if target.kind == "table" else "",
        "topic": target.name if target.kind == "topic" else "",
        "columns": list(statement.columns),
        "overwrite": statement.overwrite,
        "partition": {column: value.text for column, value in statement.partition},
        "options": settings.table_sink(job.name) if target.kind == "table" else {},
        **_named(statement),
    }


def _named(statement: Statement) -> dict[str, Any]:
    """The run's parameters that it names. Without any nothing is bound: Spark then takes the text as it is."""
    return {"parameters": list(statement.parameters)} if statement.parameters else {}
