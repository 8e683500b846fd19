"""How OpenSearch is watched. Names of metrics are those of elasticsearch_exporter 1.11 (its README)."""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.kit.manifest import name_labels


def watch(site: ClusterSite) -> Watch:
    """Scrapes, alerts with what to do, panels."""
    labels = name_labels("opensearch", **{"app.kubernetes.io/component": "exporter"})
    rules = (
        Rule(
            "OpensearchRed",
            'max(elasticsearch_cluster_health_status{color="red"}) == 1',
            "2m",
            "critical",
            "Parts of indexes in OpenSearch are missing: searches there are incomplete",
            "Bring back the servers that hold them. What was exported can be exported again from its topic.",
        ),
        Rule(
            "OpensearchYellow",
            'max(elasticsearch_cluster_health_status{color="yellow"}) == 1',
            "30m",
            "warning",
            "OpenSearch has fewer copies of its indexes than asked for",
            "A server is down, or there are fewer servers than copies: see engines.opensearch.replicas.",
        ),
        Rule(
            "OpensearchDiskFilling",
            "min(elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes) < 0.15",
            "15m",
            "warning",
            "A volume of OpenSearch is nearly full: below a tenth it places no more data there",
            "Delete old indexes, or enlarge engines.opensearch.disk.size.",
        ),
    )
    panels = (
        Panel("Servers", "max(elasticsearch_cluster_health_number_of_nodes)"),
        Panel("Documents", "sum(elasticsearch_indices_docs)"),
        Panel("Documents written", "sum(rate(elasticsearch_indices_indexing_index_total[5m]))", "ops"),
        Panel("Searches", "sum(rate(elasticsearch_indices_search_query_total[5m]))", "reqps"),
        Panel(
            "Heap in use",
            'sum by (name) (elasticsearch_jvm_memory_used_bytes{area="heap"})',
            "bytes",
            "{{name}}",
        ),
    )
    return Watch((Scrape("opensearch", site.namespace, labels, "metrics"),), rules, panels)
