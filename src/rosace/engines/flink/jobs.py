"""A checked job in Flink's words: what is set, declared and inserted. Plain data; secrets stay names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rosace.contract.cluster import ClusterSite
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Site
from rosace.engines.flink import held_back, once, settings, sinks, sql, unfit
from rosace.engines.flink.spec import FlinkSpec
from rosace.kit.lake import catalog_properties
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, S3Endpoint, Secret, StreamSql
from rosace.model.checked import Checked, CheckedJob, Ref, Statement
from rosace.model.platform import UNFIT
from rosace.model.rendered import Rendered


def order(site: Site, job: CheckedJob) -> JobOrder:
    """The order of one streaming SQL job."""
    assert isinstance(site.spec, FlinkSpec)
    platform = site.checked.platform.platform
    s3, endpoint = site.need(S3Endpoint), site.need(StreamSql)
    suffix = site.history.suffix(job.name)
    unique = f"{platform}-{job.name}{suffix}"
    keys = settings.parallelism(site.checked, site.cores, site.spec.slots)
    state = f"flink/{platform}/{job.name}{suffix}"
    text = script(site, job, unique)
    plain: dict[str, Any] = {
        "name": unique,
        "gateway": str(endpoint.gateway),
        "rest": str(endpoint.rest),
        "tls": str(site.home / "conf"),
        "settings": settings.session(
            site.spec, site.checked.platform, job.spec, keys[job.name], f"s3://checkpoints/{state}"
        ),
        "declare": text.declare,
        "inserts": text.inserts,
        "bucket": "checkpoints",
        "state": state,
        "savepoints": f"flink-savepoints/{platform}/{job.name}{suffix}",
        "closes": held_back.closes(site.checked, job),
        "tables": len(once.read_once(site.checked, job)),
        "timed": held_back.timed(site.checked, job),
        "s3": {
            "endpoint": s3.address.authority,
            "secure": s3.address.scheme == "https",
            "region": s3.region,
            "access": s3.access_key.name,
            "secret": s3.secret_key.name,
        },
        "group": unique,
        "servers": site.need(KafkaBootstrap).servers if site.has(KafkaBootstrap) else "",
    }
    if earlier := before(f"{platform}-{job.name}", site.history.flow(job.name)):
        plain["before"] = earlier
    return JobOrder(
        name=job.name,
        engine="flink",
        module="rosace.engines.flink.live",
        batch=False,
        order=plain,
        reads=job.reads,
        writes=job.writes,
        finite_inputs=job.finite_inputs,
        retries=job.spec.retries,
        endless_inputs=job.follows,
        once=once.awaited(site.checked, job),
        secrets=(s3.access_key.name, s3.secret_key.name, *text.secrets),
    )


def before(name: str, generation: int) -> list[str]:
    """What the runs of earlier generations are called: none of them may write beside this one."""
    return [f"{name}.g{number}" if number else name for number in range(generation)][-3:]


@dataclass(frozen=True, slots=True)
class Script:
    """A job's statements: what is declared, then what is inserted together. `secrets` are named in `declare`."""

    declare: list[str]
    inserts: list[str]
    secrets: list[str] = field(default_factory=list[str])


def script(
    site: Site | ClusterSite,
    job: CheckedJob,
    unique: str,
    *,
    login: Mapping[str, str] | None = None,
    secrets: bool = True,
) -> Script:
    """A job in Flink's SQL. `unique` names its consumer group and begins its transactions' names; without `secrets`
    they are left out, and found elsewhere by who needs them."""
    ddl, names = declarations(site, job, unique, login or {}, secrets=secrets)
    told = list(zip(job.statements, statements(site, job, unique), strict=True))
    aside = [unfit.insert(name, site.checked.topics[name], job.name) for name in unfit.topics(site.checked, job)]
    return Script(
        [*ddl, *(text.text for one, text in told if one.kind == "view")],
        [*(text.text for one, text in told if one.kind == "insert" and one.target), *aside],
        names,
    )


def statements(site: Site | ClusterSite, job: CheckedJob, unique: str) -> list[Rendered]:
    """A job's statements, in the order in which they are written. `unique` is as in `script`."""
    prefix, places = lake(site), sinks.places(job)

    def called(ref: Ref) -> str:
        return sql.name(site.checked, ref, prefix)

    def head(at: int, one: Statement) -> str:
        if one.kind == "view":
            return f"CREATE TEMPORARY VIEW {sql.quoted(one.view)} AS "
        hint = sinks.hinted(one.hint, sinks.own(one.target, places[at], unique)) if one.target else one.hint
        return sql.insert(called(one.target) if one.target else "", hint, one.columns, "") + " "

    return [one.body.rendered(called).behind(head(at, one)) for at, one in enumerate(job.statements)]


def lake(site: Site | ClusterSite) -> str:
    """Catalog and database of the lake's tables as Flink's SQL quotes them; empty where the platform has no lake."""
    if not site.has(IcebergCatalog):
        return ""
    catalog = site.need(IcebergCatalog)
    return f"{sql.quoted(catalog.name)}.{sql.quoted(catalog.namespace)}"


def declarations(
    site: Site | ClusterSite,
    job: CheckedJob,
    unique: str,
    login: Mapping[str, str],
    *,
    secrets: bool = True,
    planned: Mapping[str, str] | None = None,
) -> tuple[list[str], list[str]]:
    """The catalog, the topics and the tables that a job touches; `${secret:NAME}` stands for a secret.

    `planned` are the properties of a catalog for planning alone, which is empty: the tables that others would have made
    are declared too.
    """
    out: list[str] = []
    names: list[str] = []
    touched: list[Ref] = sorted({*job.reads, *job.writes}, key=str)
    if any(ref.kind == "table" for ref in touched):
        catalog = site.need(IcebergCatalog)
        properties = {"type": "iceberg"} | dict(planned or {})
        for key, value in () if planned else catalog_properties(catalog, site.need(S3Endpoint)).items():
            if isinstance(value, Secret) and not secrets:
                continue
            properties[key] = f"${{secret:{value.name}}}" if isinstance(value, Secret) else value
            names += [value.name] if isinstance(value, Secret) else []
        out.append(f"{sql.CATALOG}{sql.quoted(catalog.name)} {sql.options(properties)}")
        out.append(f"CREATE DATABASE IF NOT EXISTS {lake(site)}")
    judged = () if planned else unfit.topics(site.checked, job)
    out += [unfit.TELL] if judged else []
    for ref in touched:
        if ref.kind == "topic" and ref.name in judged:
            out += _judged(site, job, ref.name, unique, login)
        elif ref.kind == "topic":
            servers = site.need(KafkaBootstrap).servers
            timeout = settings.transaction_timeout(site.checked.platform, job.spec)
            topic = site.checked.topics[ref.name]
            out.append(
                sql.topic_table(
                    ref.name,
                    topic,
                    servers=servers,
                    reader=unique,
                    writer=sinks.transactions(unique, ref.name, 1),
                    transaction=timeout,
                    login=login,
                    # On clusters no file is replayed: records come from outside, at any time.
                    endless=isinstance(site, ClusterSite) or not job.finite_inputs,
                    only_read=ref not in job.writes,
                )
            )
        elif ref in job.writes or planned or not _written(site.checked, ref):
            table = site.checked.tables[ref.name]
            plain = table.partition if ref in job.writes else ()
            generation = site.history.ref(ref) if isinstance(site, Site) else 0
            out.append(
                sql.lake_table(sql.name(site.checked, ref, lake(site)), table.columns, plain, table.key, generation)
            )
    return out, names


def _judged(site: Site | ClusterSite, job: CheckedJob, name: str, unique: str, login: Mapping[str, str]) -> list[str]:
    """A topic that is read by way of the judge, and what becomes of the records that do not fit."""
    topic = site.checked.topics[name]
    servers = {
        "properties.bootstrap.servers": site.need(KafkaBootstrap).servers,
        **{f"properties.{key}": value for key, value in login.items()},
    }
    reader = {"topic": name, "properties.group.id": unique, "properties.isolation.level": "read_committed", **servers}
    if topic.event_time and not job.finite_inputs:
        reader["scan.watermark.idle-timeout"] = f"{topic.event_time.idle.ms} ms"
    writer = {
        "sink.delivery-guarantee": "exactly-once",
        "sink.transactional-id-prefix": sinks.transactions(unique, name + UNFIT, 1),
        "sink.transaction-naming-strategy": "POOLING",
        "properties.transaction.timeout.ms": str(settings.transaction_timeout(site.checked.platform, job.spec).ms),
        **servers,
    }
    aside = unfit.beside(name, writer) if topic.on_bad_record == "topic" else unfit.nowhere(name)
    return [*unfit.read(name, topic, reader), aside]


def _written(checked: Checked, ref: Ref) -> bool:
    """Whether anything makes a table: of one that nothing writes a reader would wait for ever."""
    writers = (job.writes for job in checked.jobs.values())
    return any(ref in written for written in writers) or any(ref == one.target for one in checked.sources.values())
