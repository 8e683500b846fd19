"""The lake's catalog on clusters: tables of the platform's database, hence no pods and no chart of its own."""

from __future__ import annotations

from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, PlacedSite
from rosace.contract.needs import Parity
from rosace.engines.iceberg import settings
from rosace.model.capabilities import Capability, IcebergCatalog, PostgresDatabase


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = ""

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (
            IcebergCatalog(
                name=settings.CATALOG,
                namespace=settings.namespace(site.platform),
                warehouse=settings.WAREHOUSE,
                database=needed.need(PostgresDatabase),
            ),
        )

    def values(self, site: ClusterSite) -> dict[str, Any]:
        return {}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        catalog = site.need(IcebergCatalog)
        return (
            Parity("catalog", settings.CATALOG, catalog.name, "same"),
            Parity("warehouse", settings.WAREHOUSE, catalog.warehouse, "same"),
            Parity(
                "catalog tables",
                "made before the first start",
                "made by the first engine that connects",
                "mapped",
                "Iceberg's JDBC catalog makes them where they are missing",
            ),
            Parity(
                "edits of tables",
                "evolved, or made anew, before jobs start",
                "made once, then left as they are",
                "not representable",
                "a build knows neither what was declared before nor what is there: change tables by hand (ALTER TABLE)",
            ),
        )


KUBERNETES = Kubernetes()
