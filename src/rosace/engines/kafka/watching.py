"""How Kafka is watched on clusters: metrics, alerts with what to do, and the panels of its dashboard.

Names of metrics are those of Strimzi's metrics reporter and Kafka exporter (strimzi.io/docs/operators/1.0.1,
"Introducing metrics"; github.com/strimzi/metrics-reporter).
"""

from __future__ import annotations

from collections.abc import Iterator

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch

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
        Panel("Consumer lag in time", lag_seconds(), "s", "{{consumergroup}} {{topic}}"),
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
    return Watch(scrapes, (*rules, *_declared(site)), panels)


def _declared(site: ClusterSite) -> Iterator[Rule]:
    """What `monitoring.alerts` asks for: whoever reads a topic may not be further behind than so long."""
    monitoring = site.checked.platform.monitoring
    for name, alert in sorted(monitoring.alerts.items()) if monitoring else ():
        yield Rule(
            "".join(part.capitalize() for part in name.split("-")),
            lag_seconds(alert.topic) + f" > {float(alert.over):g}",
            "1m",
            alert.severity,
            f"{{{{ $labels.consumergroup }}}} is more than {alert.over} behind on {alert.topic}",
            "Compare what it reads with what is written: if it does not keep up give it more subtasks (no more than"
            " the topic has partitions); if it reads nothing, look at its log. Records wait until the retention.",
        )


def lag_seconds(topic: str = "") -> str:
    """How far behind each consumer group is, on one topic or on any, in seconds: what it has not read yet, by what is
    written in a second.

    One record of each partition is left out, since a transaction ends with a marker that no reader ever confirms: a
    topic at rest would seem to be read never to its end. Where nothing is written any more and records are unread, the
    answer is infinite, and it is nothing (no number) where all is read.
    """
    which = f'{{topic="{topic}"}}' if topic else ""
    unread = f"clamp_min(kafka_consumergroup_lag{which} - 1, 0)"
    written = f"rate(kafka_topic_partition_current_offset{which}[5m])"
    return f"sum by (consumergroup, topic) ({unread}) / on (topic) group_left () sum by (topic) ({written})"
