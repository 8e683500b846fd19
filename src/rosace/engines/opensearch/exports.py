"""How a topic is kept in step in an index by Kafka Connect.

Source: github.com/Aiven-Open/opensearch-connector-for-apache-kafka, docs at v3.1.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rosace.contract.cluster import OfferedSite
from rosace.contract.exports import Exported, ExportStore
from rosace.kit.exported import TEXT
from rosace.model.capabilities import Capability, SearchEndpoint


class SearchStore(ExportStore):
    """See `rosace.contract.exports.ExportStore`."""

    endpoint: ClassVar[type[Capability]] = SearchEndpoint
    place: ClassVar[str] = "search"
    connector: ClassVar[str] = "io.aiven.kafka.connect.opensearch.OpensearchSinkConnector"

    def secret(self, site: OfferedSite) -> str:
        """The secret with the writer's user and password."""
        return site.need(SearchEndpoint).secret

    def config(self, site: OfferedSite, export: Exported, secret: Callable[[str], str]) -> dict[str, str]:
        """A document for each key, or for each record. The offset is its version: an older one overwrites no newer."""
        ids = (
            {
                "key.ignore": "false",
                "behavior.on.null.values": "delete",
                "behavior.on.version.conflict": "ignore",
            }
            if export.by_key
            else {"key.ignore": "true", "key.ignore.id.strategy": "topic.partition.offset"}
        )
        renamed = (
            {
                "transforms": "rename",
                "transforms.rename.type": "org.apache.kafka.connect.transforms.RegexRouter",
                "transforms.rename.regex": ".*",
                "transforms.rename.replacement": export.target,
            }
            if export.target != export.topic
            else {}
        )
        return {
            "connection.url": str(site.need(SearchEndpoint).address),
            "connection.username": secret("username"),
            "connection.password": secret("password"),
            "key.converter": TEXT,
            "value.converter": "org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable": "false",
            "schema.ignore": "true",
            "max.retries": "10",
            "read.timeout.ms": "30000",
            **ids,
            **renamed,
        }


STORE = SearchStore()
