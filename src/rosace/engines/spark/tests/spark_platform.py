"""The words, the site and the jobs that the tests of this room share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rosace.contract.machine import Site
from rosace.engines.spark import ENGINE
from rosace.local import workbench
from rosace.model.capabilities import Address, IcebergCatalog, KafkaBootstrap, PostgresDatabase, S3Endpoint, Secret
from rosace.model.checked import CheckedJob, CheckedSource, CheckedTable, Fragment, Mention, Ref, Statement
from rosace.model.platform import Job
from rosace.model.sources import Source

WORDS: dict[str, Any] = {
    "platform": "air-lines",
    "topics": {
        "departures": {
            "columns": {"carrier": "string!", "at": "timestamp(3)!", "fare": "decimal(10,2)", "day": "date"},
            "key": "carrier",
        },
        "alerts": {"columns": {"carrier": "string!", "n": "bigint"}, "key": "carrier", "compact": True},
    },
    "tables": {"landed": {"like": "departures", "partition": ["month(at)", "bucket(4, carrier)"]}},
}
SECRETS = {"s3.key": "the-key", "s3.secret": "the-secret", "pg.password": "the-password"}
DATABASE = PostgresDatabase(Address("127.0.0.1", 5432), "lake", "rosace", Secret("pg.password"))
OFFERED = (
    KafkaBootstrap((Address("127.0.0.1", 9092),)),
    S3Endpoint(Address("127.0.0.1", 8333, "http"), "us-east-1", Secret("s3.key"), Secret("s3.secret")),
    IcebergCatalog("lake", "air_lines", "s3://lake/warehouse", DATABASE),
)
FILES = {name: Path("/artifacts") / name for name in ("jre17", "pyspark")}


def topic(name: str) -> Ref:
    return Ref("topic", name)


def table(name: str) -> Ref:
    return Ref("table", name)


def fragment(text: str, *refs: Ref) -> Fragment:
    """SQL with every place where one of `refs` stands."""
    found = (
        Mention(ref, match.start(), match.end())
        for ref in refs
        for match in re.finditer(rf"(?<![\w.]){re.escape(str(ref))}(?!\w)", text)
    )
    return Fragment(text, tuple(found))


def job(
    statements: Iterable[Statement] = (),
    reads: tuple[Ref, ...] = (),
    writes: tuple[Ref, ...] = (),
    *,
    name: str = "work",
    path: str = "/platform/work.sql",
    **words: Any,
) -> CheckedJob:
    said = {"engine": "spark", "python" if path.endswith(".py") else "sql": path, **words}
    return CheckedJob(name, Job.model_validate(said), Path(path), tuple(statements), reads, writes, ())


def site(home: Path, *jobs: CheckedJob, files: bool = True, spark: dict[str, Any] | None = None) -> Site:
    """A site with the example's topics and table; artifacts are fetched unless `files`."""
    words = {**WORDS, "engines": {"spark": spark or {}}}
    jars = {name: Path("/artifacts") / name for name in _jar_names()}
    bare = workbench.site_of(ENGINE, words, home, offered=OFFERED, files=FILES | jars if files else None)
    platform = bare.checked.platform
    tables = {
        name: CheckedTable(name, platform.topics[str(one.like)].columns, one.partition)
        for name, one in platform.tables.items()
    }
    load = Source.model_validate({"file": "landed.csv", "to": "lake.landed"})
    source = CheckedSource(
        "history", load, table("landed"), tables["landed"].columns, "csv", (Path("/platform/l.csv"),)
    )
    checked = replace(bare.checked, tables=tables, jobs={one.name: one for one in jobs}, sources={"history": source})
    return replace(bare, checked=checked, secrets={**bare.secrets, **SECRETS})


def _jar_names() -> tuple[str, ...]:
    import tomllib

    listed = tomllib.loads((ENGINE.folder / "versions.toml").read_text("utf-8"))["artifact"]
    return tuple(one["name"] for one in listed if one["source"] == "maven")
