"""Topics whose unfit records do not end a job, in Flink's SQL: read, judged, told, set aside.

Flink's own word for it, `json.ignore-parse-errors`, sets single fields to null without a word. So the job reads a table
with a format of ours, which judges each record (kit/Fit.java) before Flink's own JSON reader takes it; a view of the
topic's name has what fits. One more INSERT of the same statement set tells and sets aside what does not, in the same
checkpoints, hence with the same delivery.

The watermark's column may be null there, whatever is declared: of a row without a time Flink's generator keeps the one
that it has (WatermarkGenerator, Flink 2.1.3), so that an unfit record does not move time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rosace.contract.machine import Setup, Site
from rosace.engines.flink import sql
from rosace.kit import fits
from rosace.model.checked import Checked, CheckedJob
from rosace.model.platform import UNFIT, Topic

SOURCES = tuple(sorted(Path(__file__).parent.glob("FlinkFit*.java"))) + tuple(
    Path(__file__).with_name(name) for name in ("FlinkKeyFormat.java", "FlinkTell.java")
)
TELL = "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS `rosace_tell` AS 'rosace.FlinkTell' LANGUAGE JAVA"

_READ = "rosace.read"
_WHY, _TOLD, _KEY, _PARTITION, _OFFSET, _TIME = (
    sql.quoted(f"rosace.{name}") for name in ("why", "told", "key", "partition", "offset", "time")
)


def topics(checked: Checked, job: CheckedJob) -> tuple[str, ...]:
    """The topics that the job reads and whose unfit records do not end it."""
    read = dict.fromkeys(ref.name for ref in job.reads if ref.kind == "topic")
    return tuple(name for name in read if checked.topics[name].on_bad_record != "stop")


def setup(site: Site, runtime: Path, classpath: list[Path], inside: tuple[Path, str]) -> tuple[Setup, ...]:
    """The step that makes the jar that judges records; `creates` is where it is. Nothing where no job needs it."""
    jobs = (job for job in site.checked.jobs.values() if job.spec.engine == "flink")
    if not any(topics(site.checked, job) for job in jobs):
        return ()
    order = fits.Order(
        str(fits.jar_of(site.archives, "flink-fit", SOURCES)),
        str(runtime / "bin" / "java"),
        tuple(map(str, classpath)),
        tuple(map(str, SOURCES)),
        inside=((str(inside[0]), inside[1]),),
        services=((FACTORY, "rosace.FlinkFitFormats\nrosace.FlinkKeyFormat"),),
    )
    return (fits.setup(site.python, order),)


FACTORY = "org.apache.flink.table.factories.Factory"


def read(name: str, topic: Topic, plain: Mapping[str, str]) -> list[str]:
    """The table that is read, and the view of the topic's name; `plain` are the options of any reader."""
    at = topic.event_time
    columns = {
        column: replace(kind, required=kind.required and not (at and column == at.column))
        for column, kind in topic.columns.items()
    }
    shown = [f"{sql.quoted(column)} {sql.column_type(kind)}" for column, kind in columns.items()]
    shown += [
        f"{_WHY} STRING",
        f"{_TOLD} STRING",
        f"{_KEY} STRING",
        f"{_PARTITION} INT NOT NULL METADATA FROM 'partition' VIRTUAL",
        f"{_OFFSET} BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL",
        f"{_TIME} TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL",
    ]
    if at:
        late = f" - {sql.interval(at.delay)}" if at.delay else ""
        shown.append(f"WATERMARK FOR {sql.quoted(at.column)} AS {sql.quoted(at.column)}{late}")
    options = {
        **plain,
        "connector": "kafka",
        "scan.startup.mode": "earliest-offset",
        "value.format": "rosace-json",
        "value.rosace-json.shape": fits.shape(topic.columns),
        "value.fields-include": "EXCEPT_KEY",
        "key.format": "rosace-key",
        "key.fields": "rosace.key",
    }
    table = sql.quoted(f"{_READ}.{name}")
    names = ", ".join(map(sql.quoted, columns))
    return [
        f"CREATE TEMPORARY TABLE {table} ({', '.join(shown)}) {sql.options(options)}",
        f"CREATE TEMPORARY VIEW {sql.quoted(name)} AS SELECT {names} FROM {table} WHERE {_WHY} IS NULL",
    ]


def beside(name: str, plain: Mapping[str, str]) -> str:
    """The table over the topic that unfit records are set aside in, one for each place; or one that takes nothing."""
    columns = "(`key` STRING NOT NULL, `value` STRING NOT NULL, PRIMARY KEY (`key`) NOT ENFORCED)"
    options = {**plain, "connector": "upsert-kafka", "topic": name + UNFIT, "key.format": "raw", "value.format": "raw"}
    return f"CREATE TEMPORARY TABLE {sql.quoted(name + UNFIT)} {columns} " + sql.options(
        {**options, "value.fields-include": "EXCEPT_KEY"}
    )


def nowhere(name: str) -> str:
    """The same where they are only left out."""
    return f"CREATE TEMPORARY TABLE {sql.quoted(name + UNFIT)} (`key` STRING, `value` STRING) " + sql.options(
        {"connector": "blackhole"}
    )


def insert(name: str, topic: Topic, job: str) -> str:
    """The INSERT that tells each unfit record, and sets it aside."""
    how = "set aside" if topic.on_bad_record == "topic" else "left out"
    place = f"', partition ', CAST({_PARTITION} AS STRING), ', offset ', CAST({_OFFSET} AS STRING), ': ', {_WHY}"
    line = f"CONCAT({sql.text(f'{how}: topic {name}')}, {place})"
    key = f"CONCAT({sql.text(name + '/')}, CAST({_PARTITION} AS STRING), '/', CAST({_OFFSET} AS STRING))"
    told = sql.text(f'{{"topic":"{name}","partition":')
    time = f"DATE_FORMAT({_TIME}, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''')"
    by = sql.text(f',"by":"{job}"}}')
    value = (
        f'CONCAT({told}, CAST({_PARTITION} AS STRING), \',"offset":\', CAST({_OFFSET} AS STRING), \',"time":"\', '
        f"{time}, '\"', {_KEY}, {_TOLD}, ',\"reason\":', JSON_STRING({_WHY}), {by})"
    )
    return (
        f"INSERT INTO {sql.quoted(name + UNFIT)} SELECT {key}, {value} FROM {sql.quoted(f'{_READ}.{name}')} "
        f"WHERE {_WHY} IS NOT NULL AND rosace_tell({sql.text(job)}, {line})"
    )
