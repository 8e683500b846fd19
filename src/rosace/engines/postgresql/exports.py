"""How a topic is kept in step in a table by Kafka Connect; what stands there already is in `serving`.

Sources: github.com/Aiven-Open/jdbc-connector-for-apache-kafka, docs at v6.10.0; kafka.apache.org/41 (HoistField).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rosace.contract.cluster import OfferedSite
from rosace.contract.exports import Exported, ExportStore
from rosace.kit.exported import COORDINATES, KEY, RECORD, SCHEMA, TEXT
from rosace.model.capabilities import Capability, PostgresDatabase


class ServingStore(ExportStore):
    """See `rosace.contract.exports.ExportStore`."""

    endpoint: ClassVar[type[Capability]] = PostgresDatabase
    place: ClassVar[str] = "database"
    connector: ClassVar[str] = "io.aiven.connect.jdbc.JdbcSinkConnector"

    def secret(self, site: OfferedSite) -> str:
        """The secret with the writer's user and password."""
        return site.need(PostgresDatabase).secret

    def config(self, site: OfferedSite, export: Exported, secret: Callable[[str], str]) -> dict[str, str]:
        """The record as it is into a column; the database's views read it. A deleted key's record becomes NULL."""
        keys = (
            {"pk.mode": "record_key", "pk.fields": KEY}
            if export.by_key
            else {"pk.mode": "kafka", "pk.fields": ",".join(COORDINATES)}
        )
        return {
            "connection.url": f"{site.need(PostgresDatabase).jdbc}?sslmode=require",
            "connection.user": secret("username"),
            "connection.password": secret("password"),
            "table.name.format": f"{SCHEMA}.{export.records}",
            "insert.mode": "upsert",
            **keys,
            "auto.create": "false",
            "auto.evolve": "false",
            "key.converter": TEXT,
            "value.converter": TEXT,
            "transforms": "record",
            "transforms.record.type": "org.apache.kafka.connect.transforms.HoistField$Value",
            "transforms.record.field": RECORD,
        }


STORE = ServingStore()
