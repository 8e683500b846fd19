"""How MinIO is watched: metrics of each tenant, alerts with what to do, and the panels of its dashboard.

Every server tells of its whole tenant, hence `max`. Names of metrics: min.io/docs/minio/linux/operations/monitoring/
metrics-and-alerts (version 2). The container's port is called `minio-port` (minio/operator, constants.go, #2347).
"""

from __future__ import annotations

from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.engines.minio.tenants import Part

PATH = "/minio/v2/metrics/cluster"
FULL = (
    "max by (namespace) (minio_cluster_capacity_usable_free_bytes)"
    " / max by (namespace) (minio_cluster_capacity_usable_total_bytes)"
)


def watch(parts: tuple[Part, ...]) -> Watch:
    """Scrapes, alerts and panels."""
    scrapes = tuple(
        Scrape(f"minio-{part.name}", part.namespace, {"v1.min.io/tenant": part.name}, "minio-port", PATH)
        for part in parts
    )
    rules = (
        Rule(
            "MinioNoWriteQuorum",
            "max by (namespace) (minio_cluster_health_status) == 0",
            "1m",
            "critical",
            "A MinIO tenant cannot write: too many drives of a stripe are gone",
            "Look at the pods and volumes of the tenant's namespace (`kubectl -n <namespace> get pods,pvc`) and bring "
            "servers back before anything else; what was confirmed is still there.",
        ),
        Rule(
            "MinioServerDown",
            "max by (namespace) (minio_cluster_nodes_offline_total) > 0",
            "5m",
            "warning",
            "A MinIO server is gone; the tenant goes on with the others",
            "Bring the pod back, and let it heal before another one is taken down (`mc admin heal`).",
        ),
        Rule(
            "MinioDriveOffline",
            "max by (namespace) (minio_cluster_drive_offline_total) > 0",
            "15m",
            "warning",
            "A MinIO drive does not answer",
            "Replace its volume: delete the claim and the pod, the new drive is healed by itself.",
        ),
        Rule(
            "MinioFilling",
            f"{FULL} < 0.15",
            "30m",
            "warning",
            "A MinIO tenant has less than 15 % of its room left",
            "Enlarge storage.disk.size; for a tenant on the fast medium storage.cache.size, or shorten "
            "engines.minio.hot so that objects move to the disks earlier.",
        ),
    )
    panels = (
        Panel("Room left", FULL, "percentunit", "{{namespace}}"),
        Panel("Used", "max by (namespace) (minio_cluster_usage_total_bytes)", "bytes", "{{namespace}}"),
        Panel("Drives offline", "max by (namespace) (minio_cluster_drive_offline_total)", "short", "{{namespace}}"),
        Panel(
            "Requests",
            "sum by (namespace, api) (max by (namespace, server, api) (rate(minio_s3_requests_total[5m])))",
            "reqps",
            "{{namespace}} {{api}}",
        ),
        Panel(
            "Received",
            "sum by (namespace) (max by (namespace, server) (rate(minio_s3_traffic_received_bytes[5m])))",
            "Bps",
            "{{namespace}}",
        ),
    )
    return Watch(scrapes, rules, panels)
