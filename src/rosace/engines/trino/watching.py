"""How Trino is watched on clusters. Names of metrics follow from its JMX objects (trino.io/docs/476/admin/openmetrics
and /admin/jmx)."""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.kit.manifest import name_labels

_MANAGER = "trino_execution_name_QueryManager_"


def watch(site: ClusterSite) -> Watch:
    """Scrapes, alerts with what to do, panels."""
    rules = (
        Rule(
            "TrinoNoWorkers",
            "max(trino_failuredetector_name_HeartbeatFailureDetector_ActiveCount) == 0",
            "5m",
            "critical",
            "Trino has nobody to run queries on",
            "Look at the pods of deployment trino-worker: pending for want of room, or ending for want of memory.",
        ),
        Rule(
            "TrinoQueriesFail",
            f"max({_MANAGER}InternalFailures_FiveMinute_Count) > 0",
            "10m",
            "warning",
            "Queries fail through no fault of who asked",
            "The coordinator's console names the queries and why; most often a worker was lost or a store is away.",
        ),
        Rule(
            "TrinoQueriesWait",
            f"max({_MANAGER}QueuedQueries) > 10",
            "15m",
            "warning",
            "More than ten queries wait for their turn",
            "Raise engines.trino.autoscale.max or concurrency, or the quota of the project whose queries wait.",
        ),
    )
    panels = (
        Panel("Running queries", f"max({_MANAGER}RunningQueries)"),
        Panel("Waiting queries", f"max({_MANAGER}QueuedQueries)"),
        Panel("Failed in five minutes", f"max({_MANAGER}FailedQueries_FiveMinute_Count)"),
        Panel("Time of a query, 95th percentile", f"max({_MANAGER}ExecutionTime_FiveMinutes_P95)", "ms"),
        Panel("Nodes", "max(trino_failuredetector_name_HeartbeatFailureDetector_ActiveCount)"),
    )
    return Watch((Scrape("trino", site.namespace, name_labels("trino"), "http"),), rules, panels)
