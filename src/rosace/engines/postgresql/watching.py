"""How PostgreSQL is watched on clusters. Names of metrics are those of postgres_exporter 0.20 (its README)."""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.kit.manifest import name_labels


def watch(site: ClusterSite) -> Watch:
    """Scrapes, alerts with what to do, panels."""
    claim = f'namespace="{site.namespace}",persistentvolumeclaim="data-postgresql-0"'
    rules = (
        Rule(
            "PostgresqlDown",
            "min(pg_up) == 0",
            "2m",
            "critical",
            "PostgreSQL does not answer: no table of the lake can be found or committed",
            "Look at the pod postgresql-0 and its log. Jobs go on from their last checkpoint once it is back.",
        ),
        Rule(
            "PostgresqlConnectionsShort",
            "sum(pg_stat_activity_count) > 0.8 * min(pg_settings_max_connections)",
            "10m",
            "warning",
            "More than four fifths of PostgreSQL's connections are taken",
            "See pg_stat_activity for who holds them, or raise engines.postgresql.connections.",
        ),
        Rule(
            "PostgresqlDeadlocks",
            "sum(rate(pg_stat_database_deadlocks[10m])) > 0",
            "10m",
            "warning",
            "Transactions in PostgreSQL end in deadlocks",
            "The server's log names the statements. Commits to the lake are tried again by themselves.",
        ),
        Rule(
            "PostgresqlDiskFilling",
            f"predict_linear(kubelet_volume_stats_available_bytes{{{claim}}}[6h], 86400) < 0",
            "1h",
            "warning",
            "PostgreSQL's volume will be full within a day",
            "Enlarge engines.postgresql.disk.size, where the storage class can grow volumes.",
        ),
    )
    panels = (
        Panel("Connections by state", "sum by (state) (pg_stat_activity_count)", legend="{{state}}"),
        Panel("Commits", "sum(rate(pg_stat_database_xact_commit[5m]))", "ops"),
        Panel("Rollbacks", "sum(rate(pg_stat_database_xact_rollback[5m]))", "ops"),
        Panel("Size of databases", "sum by (datname) (pg_database_size_bytes)", "bytes", "{{datname}}"),
        Panel(
            "Pages found in memory",
            "sum(rate(pg_stat_database_blks_hit[5m]))"
            " / (sum(rate(pg_stat_database_blks_hit[5m])) + sum(rate(pg_stat_database_blks_read[5m])))",
            "percentunit",
        ),
    )
    return Watch((Scrape("postgresql", site.namespace, name_labels("postgresql"), "metrics"),), rules, panels)
