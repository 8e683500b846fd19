"""The words a user writes in `platform.yaml`, as a closed, typed schema.

Comes in: the plain value of a merged tree. Goes out: an immutable `Platform`. References between parts are
still names here; `check` resolves them. The sections of engines are typed by the engines' own rooms.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from rosace.model.cluster_words import (
    ERASURE_PATTERN,
    Autoscale,
    Backups,
    Cache,
    Cluster,
    Delivery,
    Disk,
    Export,
    Memory,
    Monitoring,
    Notebook,
    Policies,
    Producer,
    Project,
    Resources,
    Tenant,
)
from rosace.model.columns import ColumnType
from rosace.model.names import ColumnName, Name, TableName
from rosace.model.quantity import Duration
from rosace.model.requirements import Requirements
from rosace.model.sources import Source
from rosace.model.spelled import Spelled
from rosace.model.words import ColumnList, Names, Switch, Words, as_text

__all__ = ["Words", "as_text"]


Columns: TypeAlias = dict[ColumnName, ColumnType]


class EventTime(Words):
    """Which column says when a record happened, and how late it may come."""

    column: ColumnName
    """A `timestamp` column of the topic."""
    delay: Annotated[Duration, Field(le=Duration(365 * 86400))] = Duration(0)
    """How far behind the newest record of its partition a record may be and still count (the watermark). A year at
    most: windows give nothing before it is over."""
    idle: Annotated[Duration, Field(ge=Duration(1), le=Duration(86400))] = Duration(60)
    """How long a partition may be silent until time goes on without it, where records may always come: windows close
    although some partitions have none. Of a topic whose sources end, silence says nothing."""


def _as_event_time(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class Topic(Words):
    """A Kafka topic whose records are JSON objects with these columns."""

    columns: Columns = Field(min_length=1)
    """Column name to type, in order. `string!` is never null."""
    key: ColumnList = ()
    """Columns that choose the partition, and identify a record where the topic is compacted."""
    event_time: Annotated[EventTime | None, BeforeValidator(_as_event_time)] = Field(default=None, alias="event-time")
    """The column that carries event time; needed by windows."""
    partitions: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 4
    """How many partitions, hence how many consumers at most in one group."""
    retention: Duration = Duration(7 * 86400)
    """How long records are kept, when the topic is not compacted."""
    compact: Switch = False
    """Keep the last record of each key for ever instead of all records for a while."""
    on_bad_record: Literal["stop", "skip", "topic"] = Field(default="stop", alias="on-bad-record")
    """What becomes of a record that does not fit the columns, such as one that somebody else wrote: each job that reads
    it fails there, or leaves it out and says so in its log, or also sets it aside in the topic `<name>.unfit`, with its
    place and why it does not fit. `rosace topic replay` brings back what was set aside."""
    cluster: Name | None = None
    """On several clusters with a Kafka each: where it is written; beside the job that writes it where unsaid. It is
    copied to the others that read it."""

    @model_validator(mode="after")
    def _no_older_one(self) -> Topic:
        if self.compact and self.on_bad_record != "stop":
            raise ValueError(
                "a compacted topic has `on-bad-record: stop` only: where the newest record of a key is left out, an "
                "older one would stand for it"
            )
        return self

    def made(self, name: str) -> dict[str, Topic]:
        """The topics that the brokers have for one of this name: itself, and the one beside it that its unfit records
        are set aside in, which keeps one record for each place for ever."""
        if self.on_bad_record != "topic":
            return {name: self}
        return {name: self, name + UNFIT: self.model_copy(update={"compact": True, "partitions": 1})}


UNFIT = ".unfit"
"""What the name of a topic ends with that others' unfit records are set aside in. No declared name has a dot."""


class Table(Words):
    """An Iceberg table in the lake, written `lake.<name>` in SQL."""

    columns: Columns | None = None
    """Column name to type, in order; or use `like`."""
    like: str | None = None
    """A topic whose columns this table takes."""
    partition: tuple[str, ...] = ()
    """Iceberg partition transforms, such as `month(time_hour)` or `carrier`."""
    key: ColumnList = ()
    """Columns that identify a row: INSERT INTO puts a row in place of the one with the same key. Never null."""

    @model_validator(mode="after")
    def _one_shape(self) -> Table:
        if (self.columns is None) == (self.like is None):
            raise ValueError("a table has either `columns` or `like: <topic>`")
        return self


class Job(Words):
    """Work that reads topics or tables and writes topics or tables."""

    engine: str
    """The engine that runs it, such as `flink` or `spark`."""
    sql: str | None = None
    """An SQL file; topics are named bare (`departures`), tables as `lake.<name>`."""
    python: str | None = None
    """A Python file with `def run(spark)`; declare what it touches in `reads` and `writes`."""
    reads: Names = ()
    """What a Python job reads; found in the text of an SQL job."""
    writes: Names = ()
    """What a Python job writes; found in the text of an SQL job."""
    delivery: Literal["exactly-once", "at-least-once"] = "exactly-once"
    """What holds when something dies: nothing lost and nothing doubled, or nothing lost."""
    checkpoint: Annotated[Duration, Field(ge=Duration(0.01))] | None = None
    """Time between checkpoints of a streaming job: what is redone after a crash, and how fresh results are. Where
    unsaid 3s on this machine, and 1m on clusters, where each is a commit to tables that are kept for years."""
    retries: Annotated[int, Field(strict=True, ge=0, le=1000)] = 10
    """How often in a row the job is tried again after it failed, ever later; then it is given up until the next `up` or
    `restart`. A failure that cannot change by itself (a bad value, SQL, a missing class, rights) is not tried again."""
    parallelism: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    """How many subtasks; the engine's default where unsaid."""
    requirements: Requirements = ()
    """Packages that a Python job imports, with their versions (`scikit-learn==1.7.2`; of `numpy`, `pandas` and
    `pyarrow` the name is enough). Installed once on this machine; on clusters an image of your own has them."""
    schedule: str | None = None
    """When a batch job runs: a cron line in UTC, five fields. Its SQL may name the moment of the schedule that a run is
    for: `:run_time` and `:previous_run_time` (timestamps), `:day` (the date of `:run_time`)."""
    cluster: Name | None = None
    """On several clusters that run its engine: the one where it runs; near its data where unsaid."""
    project: Name | None = None
    """The project it belongs to: on clusters it runs in the project's namespace and counts against its quota."""
    mode: Literal["application", "session"] | None = None
    """On clusters, for Flink: a cluster of the job's own, or the shared one. The first where unsaid."""
    resources: Resources = Resources.model_construct()
    """On clusters: what each executor or task manager gets."""
    autoscale: Autoscale | None = None
    """On clusters: how many executors or task managers."""
    after: Names = ()
    """A batch job runs once these jobs and sources have worked off all that finite sources gave them."""

    @model_validator(mode="after")
    def _one_text(self) -> Job:
        if (self.sql is None) == (self.python is None):
            raise ValueError("a job has either `sql: <file>` or `python: <file>`")
        if self.requirements and self.python is None:
            raise ValueError("`requirements` are for a job in Python: SQL imports nothing")
        return self

    @property
    def batch(self) -> bool:
        """A batch job runs and ends; a streaming job runs until its input ends."""
        return self.schedule is not None or bool(self.after)


class Query(Words):
    """A question in SQL over topics and tables, answered by Trino."""

    sql: str
    """An SQL file; topics are named bare, tables as `lake.<name>`."""


class Verify(Words):
    """An independent computation of what a topic or table must hold."""

    sql: str
    """An SQL file for DuckDB over the sources' files, each a view by the source's name."""


def _as_verify(value: object) -> object:
    return {"sql": value} if isinstance(value, str) else value


class Bucket(Words):
    """An S3 bucket of the platform's own."""


class Storage(Words):
    """Object storage, spoken to by S3."""

    provider: str | None = None
    """The engine that offers S3; the only one that can where unsaid."""
    buckets: dict[Name, Bucket | None] = {}
    """Buckets besides the lake's and the checkpoints'."""
    tenants: dict[Name, Tenant] = {}
    """Parts with users and policies of their own. A tenant with an engine's name is that engine's."""
    nodes: Annotated[int, Field(strict=True, ge=1, le=256)] = 4
    """On clusters: how many servers."""
    drives: Annotated[int, Field(strict=True, ge=1, le=64)] | None = None
    """On clusters: volumes of each server; as few as the erasure code needs where unsaid."""
    erasure: Annotated[str, Spelled(ERASURE_PATTERN, "numbers of parts with data and with parity, such as `4+2`")] = (
        "2+2"
    )
    """On clusters: data and parity shards of each object: `4+2` survives the loss of two."""
    cache: Cache | None = None
    """On clusters: a fast tier in front."""
    disk: Disk = Disk.model_construct()
    """On clusters: the volumes of each server."""


class Platform(Words):
    """A whole platform: what `platform.yaml` and its overlays say together."""

    platform: Name
    """The platform's name."""
    memory: Memory | None = None
    """The most memory that everything together may use; what the machine has free where unsaid."""
    storage: Storage = Storage.model_construct()
    topics: dict[Name, Topic] = {}
    tables: dict[TableName, Table] = {}
    sources: dict[Name, Source] = {}
    producers: dict[Name, Producer] = {}
    """Programs outside of the platform that write its topics."""
    jobs: dict[Name, Job] = {}
    queries: dict[Name, Query] = {}
    verify: dict[str, Annotated[Verify, BeforeValidator(_as_verify)]] = {}
    exports: dict[Name, Export] = {}
    """Topics kept in step in other stores."""
    notebooks: dict[Name, Notebook] = {}
    """Notebook servers."""
    monitoring: Monitoring | None = None
    """Metrics, dashboards and alerts."""
    clusters: dict[Name, Cluster] = {}
    """The clusters it runs on; this machine where there are none."""
    projects: dict[Name, Project] = {}
    """Teams."""
    policies: Policies = Policies.model_construct()
    backups: Backups | None = None
    """What may be lost, and how long recovery may take."""
    delivery: Delivery = Delivery.model_construct()
    engines: dict[str, Any] = {}
    """Settings of single engines, each typed by the engine: `engines: {trino: {memory: 2Gi}}`."""

    def commits(self, job: Job) -> Duration:
        """The time between two checkpoints of a streaming job."""
        return job.checkpoint or (Duration(60) if self.clusters else Duration(3))

    @property
    def target(self) -> Literal["local", "kubernetes"]:
        """Where it runs: clusters where it names any, else this machine."""
        return "kubernetes" if self.clusters else "local"
