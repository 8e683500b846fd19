"""The toy store on clusters: pods that somebody else makes, which are watched."""

from __future__ import annotations

from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.contract.workload import SCRAPED, Workload
from rosace.engines.store.settings import HTTP, StoreEndpoint
from rosace.model.capabilities import Capability

PODS = {"app": "store"}


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = ""

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (StoreEndpoint(site.address("store", HTTP, "http")),)

    def values(self, site: ClusterSite) -> dict[str, Any]:
        return {}

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        return (Workload("store", "store", site.namespace, PODS, {StoreEndpoint: (HTTP,), SCRAPED: (HTTP,)}),)

    def watch(self, site: ClusterSite) -> Watch:
        rule = Rule("StoreFull", "store_free_bytes < 1", "5m", "critical", "The store is full", "Empty it.")
        return Watch((Scrape("store", site.namespace, PODS, "http"),), (rule,), (Panel("Free", "store_free_bytes"),))


KUBERNETES = Kubernetes()
