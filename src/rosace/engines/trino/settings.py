"""Trino's own configuration, from what was checked. Pure, and shared by every target.

Comes in: the room's words, capabilities, topics. Goes out: settings as mappings, descriptions of topics, the text of
properties files. Names and meanings of all settings: trino.io/docs/476/admin/properties and /connector.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rosace.engines.trino.columns import record_type
from rosace.engines.trino.spec import TrinoSpec
from rosace.engines.trino.sql import CATALOG_OF_TOPICS, SCHEMA_OF_TOPICS
from rosace.model.capabilities import KafkaBootstrap, Secret
from rosace.model.columns import Kind
from rosace.model.platform import Topic
from rosace.model.quantity import Size

HTTP = 8080
"""On clusters; on one machine the port is chosen."""

DESCRIPTIONS = "conf/kafka"
"""Folder of the topics' descriptions. Relative, as all paths here: to the engine's home, where the server runs."""

CLIENT = "conf/kafka-client.properties"

LEVELS = {
    "io.trino": "WARN",
    "io.airlift": "WARN",
    # At INFO it prints a thousand lines of settings at every start.
    "Bootstrap": "WARN",
    "org.eclipse.jetty": "WARN",
    "org.hibernate": "WARN",
    "org.apache": "WARN",
    # Before its first answer it counts from the machine's boot, and warns of hours.
    "io.trino.memory.RemoteNodeMemory": "ERROR",
}
LOG = "".join(f"{logger}={level}\n" for logger, level in LEVELS.items())

STORE: Mapping[str, str] = {
    "catalog.config-dir": "conf/catalog",
    # Catalogs follow from the platform: nobody creates or drops one by a statement.
    "catalog.read-only": "true",
}
"""Where dynamic catalogs are kept; the file is looked for at this one place (CatalogStoreManager, Trino 476)."""

_LAKE: Mapping[str, tuple[str, ...]] = {
    "uri": ("iceberg.jdbc-catalog.connection-url",),
    "jdbc.user": ("iceberg.jdbc-catalog.connection-user",),
    "jdbc.password": ("iceberg.jdbc-catalog.connection-password",),
    "jdbc.schema-version": ("iceberg.jdbc-catalog.schema-version",),
    "warehouse": ("iceberg.jdbc-catalog.default-warehouse-dir",),
    "s3.endpoint": ("s3.endpoint",),
    "s3.path-style-access": ("s3.path-style-access",),
    "s3.access-key-id": ("s3.aws-access-key",),
    "s3.secret-access-key": ("s3.aws-secret-key",),
    "client.region": ("s3.region",),
}
"""Iceberg's names for its properties, and Trino's (trino.io/docs/476: Metastores, "JDBC catalog"; S3 file system)."""

_IMPLIED = frozenset({"catalog-impl", "io-impl"})
"""What Trino has its own implementation of: `iceberg.catalog.type=jdbc` and `fs.native-s3.enabled=true` say so."""


def server(spec: TrinoSpec, *, platform: str, port: int, heap: Size, plugins: str) -> dict[str, str]:
    """config.properties of one node on this machine; the user's own settings come last.

    A query may take half of the heap. A third stays outside Trino's own accounting: that much is classes' data,
    plans, and buffers of readers (memory.heap-headroom-per-node; its default is 0.3 of the heap).
    """
    return {
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "node.environment": platform.replace("-", "_"),
        "node.id": "trino",
        "node.internal-address": "127.0.0.1",
        "node.bind-ip": "127.0.0.1",
        "http-server.http.port": str(port),
        "http-server.log.enabled": "false",
        "discovery.uri": f"http://127.0.0.1:{port}",
        "plugin.dir": plugins,
        # A node that watches itself would miss its own heartbeats where the machine is short of CPU.
        "failure-detector.enabled": "false",
        # Static catalogs are announced to the node by itself, which it notices up to five seconds after it has said
        # that it is started: until then "No nodes available to run query" (DiscoveryNodeManager). Dynamic ones, though
        # read from the same files, are on every node at once.
        "catalog.management": "dynamic",
        "query.max-memory-per-node": f"{heap.mib // 2}MB",
        "memory.heap-headroom-per-node": f"{heap.mib // 3}MB",
        # Finished queries stay in memory for the web console; each holds its plan and statistics.
        "query.max-history": "50",
        "query.min-expire-age": "5m",
        # No login form: whoever can reach the loopback address can speak the protocol as any user anyway.
        "web-ui.authentication.type": "fixed",
        "web-ui.user": platform,
        **spec.settings,
    }


def lake(catalog: str, properties: Mapping[str, str | Secret], reveal: Callable[[Secret], str]) -> dict[str, str]:
    """The catalog of the lake's tables, from `rosace.kit.lake.catalog_properties`. Holds secrets.

    Raises ValueError for a property of Iceberg's that has no known counterpart: to drop one silently could mean
    another place for the tables.
    """
    named: dict[str, str] = {}
    for key, value in properties.items():
        if key in _IMPLIED:
            continue
        if key not in _LAKE:
            raise ValueError(f"Trino has no counterpart for Iceberg's property `{key}`")
        named |= dict.fromkeys(_LAKE[key], reveal(value) if isinstance(value, Secret) else value)
    return {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "jdbc",
        "iceberg.jdbc-catalog.catalog-name": catalog,
        "iceberg.jdbc-catalog.driver-class": "org.postgresql.Driver",
        "fs.native-s3.enabled": "true",
        **named,
    }


def empty_lake(catalog: str, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """A catalog of tables that nobody has written, for planning: its properties in Trino's words and in Iceberg's.

    The database lies in the JVM's memory (h2database.com: "In-Memory Databases"); it keeps names in the case in which
    PostgreSQL does, as Iceberg asks for them (JdbcUtil, Iceberg 1.9). The tables' metadata are files below `folder`.
    """
    database = f"jdbc:h2:mem:{catalog};MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1"
    warehouse = "local:///warehouse"
    trino = {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "jdbc",
        "iceberg.jdbc-catalog.catalog-name": catalog,
        "iceberg.jdbc-catalog.driver-class": "org.h2.Driver",
        "iceberg.jdbc-catalog.connection-url": database,
        "iceberg.jdbc-catalog.schema-version": "V1",
        "iceberg.jdbc-catalog.default-warehouse-dir": warehouse,
        "fs.native-local.enabled": "true",
        "local.location": str(folder),
    }
    memory = "org.apache.iceberg.inmemory.InMemoryFileIO"
    return trino, {"uri": database, "jdbc.schema-version": "V1", "warehouse": warehouse, "io-impl": memory}


def topics(
    kafka: KafkaBootstrap, names: Iterable[str], descriptions: str = DESCRIPTIONS, client: str = CLIENT
) -> dict[str, str]:
    """The catalog of topics. `descriptions` and `client` are where the other files lie."""
    return {
        "connector.name": "kafka",
        "kafka.nodes": kafka.servers,
        "kafka.default-schema": SCHEMA_OF_TOPICS,
        "kafka.table-names": ",".join(names),
        "kafka.table-description-dir": descriptions,
        "kafka.hide-internal-columns": "true",
        "kafka.config.resources": client,
    }


KAFKA_CLIENT: Mapping[str, str] = {"isolation.level": "read_committed"}
"""Settings of Trino's consumers: records of aborted transactions, and of open ones, are not shown."""


def description(name: str, topic: Topic) -> str:
    """A topic as a table, in JSON."""
    return json.dumps(table(name, topic), indent=1) + "\n"


def table(name: str, topic: Topic) -> dict[str, Any]:
    """A topic as a table (trino.io/docs/476/connector/kafka, "Table definition files").

    Every column is read from the record's value, which holds the key's columns too.
    """
    fields: list[dict[str, str]] = []
    for column, kind in topic.columns.items():
        field = {"name": column.lower(), "mapping": column, "type": record_type(kind)}
        if kind.kind is Kind.DATE or record_type(kind).startswith("TIMESTAMP"):
            field["dataFormat"] = "iso8601"
        fields.append(field)
    return {
        "tableName": name,
        "schemaName": SCHEMA_OF_TOPICS,
        "topicName": name,
        "message": {"dataFormat": "json", "fields": fields},
    }


def files(
    own: Mapping[str, str],
    lake_catalog: tuple[str, Mapping[str, str]] | None,
    kafka: KafkaBootstrap | None,
    declared: Mapping[str, Topic],
) -> dict[str, str]:
    """Every file of the configuration, by its path below the engine's home. Some hold secrets."""
    found = {
        "conf/config.properties": properties(own),
        "conf/log.properties": LOG,
        "etc/catalog-store.properties": properties(STORE),
    }
    if lake_catalog is not None:
        found[f"conf/catalog/{lake_catalog[0]}.properties"] = properties(lake_catalog[1])
    if kafka is not None and declared:
        found[f"conf/catalog/{CATALOG_OF_TOPICS}.properties"] = properties(topics(kafka, declared))
        found[CLIENT] = properties(KAFKA_CLIENT)
        found |= {f"{DESCRIPTIONS}/{name}.json": description(name, topic) for name, topic in declared.items()}
    return found


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def properties(values: Mapping[str, str]) -> str:
    """The text of a Java properties file in ASCII, which every reader of such files takes alike."""
    return "".join(f"{key}={escaped(value)}\n" for key, value in sorted(values.items()))


def escaped(value: str) -> str:
    """A value as it stands in such a file."""
    out = "".join(_ESCAPES.get(one, one if " " <= one <= "~" else _units(one)) for one in value)
    return f"\\{out}" if out.startswith(" ") else out


def _units(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
