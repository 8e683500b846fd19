"""How a topic is exported to the toy store."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rosace.contract.cluster import OfferedSite
from rosace.contract.exports import Exported, ExportStore
from rosace.engines.store.settings import StoreEndpoint
from rosace.model.capabilities import Capability


class ToyStore(ExportStore):
    """See `rosace.contract.exports.ExportStore`."""

    endpoint: ClassVar[type[Capability]] = StoreEndpoint
    place: ClassVar[str] = "toy-store"
    connector: ClassVar[str] = "com.example.StoreSink"

    def secret(self, site: OfferedSite) -> str:
        return "store-writer"

    def config(self, site: OfferedSite, export: Exported, secret: Callable[[str], str]) -> dict[str, str]:
        return {"url": str(site.need(StoreEndpoint).address), "key": secret("key"), "into": export.target}


STORE = ToyStore()
