"""How Kafka is watched on clusters: metrics, alerts with what to do, and the panels of its dashboard.

Names of metrics are those of Strimzi's metrics reporter and Kafka exporter (strimzi.io/docs/operators/1.0.1,
"Introducing metrics"; github.com/strimzi/metrics-reporter).
"""

from __future__ import annotations

from rosace.engines.cluster import ClusterSite, Panel, Rule, Scrape, Watch

LABELS = {"strimzi.io/cluster": "kafka"}


def watch(site: ClusterSite, port: int) -> Watch:
    """Scrapes, alerts and panels. `port` is where all of Kafka's pods show their metrics."""
    del port
    scrapes = (Scrape("kafka", site.namespace, {**LABELS, "strimzi.io/kind": "Kafka"}, "tcp-prometheus"),)
    rules = (
        Rule(
            "KafkaUnderReplicatedPartitions",
            "sum(kafka_server_replicamanager_underreplicatedpartitions) > 0",
            "10m",
            "critical",
            "Kafka has partitions with fewer copies than asked for",
            "A broker is down or slow: look at its pod and its disk. Nothing is lost; one more down may stop writes.",
        ),
        Rule(
            "KafkaOfflinePartitions",
            "sum(kafka_controller_kafkacontroller_offlinepartitionscount) > 0",
            "1m",
            "critical",
            "Kafka has partitions that nobody leads: they can be neither read nor written",
            "Bring back the brokers that hold them (`kubectl get kafkanodepool`, then the pods that are not ready).",
        ),
        Rule(
            "KafkaDiskFilling",
            'predict_linear(kubelet_volume_stats_available_bytes{persistentvolumeclaim=~"data.*kafka.*"}[6h], 86400)'
            " < 0",
            "1h",
            "warning",
            "A Kafka volume will be full within a day",
            "Shorten the retention of the largest topics, or enlarge engines.kafka.disk.size.",
        ),
    )
    panels = (
        Panel("Under-replicated partitions", "sum(kafka_server_replicamanager_underreplicatedpartitions)"),
        Panel(
            "Consumer lag",
            "sum by (consumergroup, topic) (kafka_consumergroup_lag)",
            legend="{{consumergroup}} {{topic}}",
        ),
        Panel(
            "Network in",
            "sum(rate(kafka_server_brokertopicmetrics_bytesin_total[5m]))",
            "Bps",
        ),
        Panel("Network out", "sum(rate(kafka_server_brokertopicmetrics_bytesout_total[5m]))", "Bps"),
        Panel(
            "Records in by topic",
            "sum by (topic) (rate(kafka_server_brokertopicmetrics_messagesin_total[5m]))",
            "reqps",
            "{{topic}}",
        ),
        Panel(
            "Produce latency, 99th percentile",
            'max(kafka_network_requestmetrics_totaltimems{request="Produce",quantile="0.99"})',
            "ms",
        ),
    )
    return Watch(scrapes, rules, panels)
