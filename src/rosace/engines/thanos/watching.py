"""How Thanos is watched. Names of metrics: thanos-io/thanos v0.39, examples/alerts/alerts.md and what it shows."""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.kit.manifest import name_labels


def watch(site: ClusterSite) -> Watch:
    """Scrapes, alerts and panels of the part that keeps metrics."""
    rules = (
        Rule(
            "ThanosCompactHalted",
            "max(thanos_compact_halted) > 0",
            "5m",
            "warning",
            "Thanos has stopped merging blocks: the bucket grows, and long questions become slow",
            "Its log names the block that it cannot merge. Mark that one (`thanos tools bucket mark`) and restart it.",
        ),
        Rule(
            "ThanosBucketFailing",
            "sum by (operation) (rate(thanos_objstore_bucket_operation_failures_total[5m])) > 0",
            "15m",
            "critical",
            "The bucket of metrics refuses to {{ $labels.operation }}",
            "Look at the object storage, then at its secret in this namespace. Prometheus keeps samples meanwhile.",
        ),
        Rule(
            "ThanosStoreMissing",
            'count(thanos_store_nodes_grpc_connections{store_type="sidecar"}) == 0'
            ' or absent(thanos_store_nodes_grpc_connections{store_type="sidecar"})',
            "10m",
            "critical",
            "Thanos reaches no Prometheus: the last two hours are missing from dashboards",
            "Look whether Prometheus runs, then at the names of the stores: they must lead to its pods.",
        ),
    )
    panels = (
        Panel(
            "Stores that answer",
            "sum by (store_type) (thanos_store_nodes_grpc_connections)",
            "short",
            "{{store_type}}",
        ),
        Panel(
            "Questions",
            'sum by (code) (rate(http_requests_total{job=~".*thanos.*",handler=~"query.*"}[5m]))',
            "reqps",
            "{{code}}",
        ),
        Panel(
            "Time of answers, 95th percentile",
            "histogram_quantile(0.95, sum by (le)"
            ' (rate(http_request_duration_seconds_bucket{job=~".*thanos.*",handler=~"query.*"}[5m])))',
            "s",
        ),
        Panel(
            "Operations on the bucket",
            "sum by (operation) (rate(thanos_objstore_bucket_operations_total[5m]))",
            "ops",
            "{{operation}}",
        ),
        Panel("Blocks still to be merged", "sum(thanos_compact_todo_compactions)"),
        Panel("Blocks still to be thinned out", "sum(thanos_compact_todo_downsample_blocks)"),
    )
    return Watch((Scrape("thanos", site.namespace, name_labels("thanos"), "http"),), rules, panels)
