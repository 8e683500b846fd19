"""How the observers watch the cluster, and themselves: Kubernetes' own parts, nodes, Prometheus, Alertmanager.

Names of metrics: github.com/kubernetes/kube-state-metrics (docs/metrics, v2.17), github.com/prometheus/node_exporter
(v1.9), kubernetes.io/docs/reference/instrumentation/metrics, and what Prometheus 3.5, Alertmanager 0.28 and Thanos 0.39
show of themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.engines.prometheus import operators
from rosace.engines.prometheus.operators import NODE_EXPORTER, STATE_METRICS

_RULES = (
    Rule(
        "TargetDown",
        "sum by (cluster, namespace, job) (up == bool 0) > 0",
        "10m",
        "warning",
        "{{ $labels.job }} in {{ $labels.namespace }} does not answer when it is asked for metrics",
        "See the pod's state and log. If it runs, see Prometheus' page of targets for the reason, then the policies.",
    ),
    Rule(
        "PodRestarting",
        "sum by (cluster, namespace, pod) (increase(kube_pod_container_status_restarts_total[30m])) > 3",
        "5m",
        "warning",
        "{{ $labels.pod }} in {{ $labels.namespace }} restarts again and again",
        "`kubectl logs --previous` says why it ended. Where the reason is OOMKilled it needs more memory.",
    ),
    Rule(
        "PodNotScheduled",
        'sum by (cluster, namespace, pod) (kube_pod_status_phase{phase="Pending"}) > 0',
        "15m",
        "warning",
        "{{ $labels.pod }} in {{ $labels.namespace }} waits for a node",
        "`kubectl describe pod` names what no node has: memory, a volume in its zone; or the quota is used up.",
    ),
    Rule(
        "VolumeFilling",
        "min by (cluster, namespace, persistentvolumeclaim)"
        " (kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes) < 0.1",
        "15m",
        "critical",
        "Volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is nine tenths full",
        "Enlarge the disk of its engine in platform.yaml, if its storage class can, or let it keep less.",
    ),
    Rule(
        "NodeNotReady",
        'sum by (cluster, node) (kube_node_status_condition{condition="Ready",status="true"} == bool 0) > 0',
        "5m",
        "critical",
        "Node {{ $labels.node }} is not ready",
        "Its pods move after five minutes, those with volumes only within its zone. See the node's conditions.",
    ),
    Rule(
        "NodeMemoryShort",
        "min by (cluster, instance) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) < 0.05",
        "10m",
        "warning",
        "Node {{ $labels.instance }} has hardly any memory left",
        "Pods that ask for less than they take are ended first: compare what they use with what they ask for.",
    ),
    Rule(
        "AlertsNotDelivered",
        "sum by (cluster, integration) (rate(alertmanager_notifications_failed_total[5m])) > 0",
        "10m",
        "critical",
        "Alerts do not reach anybody by {{ $labels.integration }}",
        "Alertmanager's log has the answer of the other side. Most often the secret of the receiver is out of date.",
    ),
    Rule(
        "RulesFailing",
        "sum by (cluster, rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0",
        "10m",
        "warning",
        "Rules of {{ $labels.rule_group }} cannot be computed, so their alerts are silent",
        "Prometheus' page of rules shows the error of each. Two series with the same labels are the usual reason.",
    ),
)

_UPLOADS = Rule(
    "MetricsNotKept",
    "sum by (cluster) (increase(thanos_shipper_upload_failures_total[2h])) > 0",
    "15m",
    "warning",
    "Metrics of this cluster are not copied into the bucket",
    "The sidecar's log names the reason. Nothing is lost while Prometheus itself still keeps the samples.",
)

_PANELS = (
    Panel(
        "CPU by namespace",
        'sum by (cluster, namespace) (rate(container_cpu_usage_seconds_total{container!=""}[5m]))',
        "short",
        "{{cluster}} {{namespace}}",
    ),
    Panel(
        "Memory by namespace",
        'sum by (cluster, namespace) (container_memory_working_set_bytes{container!=""})',
        "bytes",
        "{{cluster}} {{namespace}}",
    ),
    Panel(
        "CPU of nodes in use",
        '1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
        "percentunit",
        "{{cluster}} {{instance}}",
    ),
    Panel(
        "Memory of nodes in use",
        "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
        "percentunit",
        "{{cluster}} {{instance}}",
    ),
    Panel(
        "Network of nodes, in",
        'sum by (cluster, instance) (rate(node_network_receive_bytes_total{device!="lo"}[5m]))',
        "Bps",
        "{{cluster}} {{instance}}",
    ),
    Panel(
        "Questions to the API server",
        "sum by (cluster, verb) (rate(apiserver_request_total[5m]))",
        "reqps",
        "{{cluster}} {{verb}}",
    ),
    Panel("Alerts that are loud", 'sum by (cluster, severity) (ALERTS{alertstate="firing"})', "short", "{{severity}}"),
    Panel(
        "Samples taken in",
        "sum by (cluster) (rate(prometheus_tsdb_head_samples_appended_total[5m]))",
        "short",
        "{{cluster}}",
    ),
)


def watch(site: ClusterSite, pods: Mapping[str, str], alert_pods: Mapping[str, str], *, thanos: bool) -> Watch:
    """Scrapes, alerts and panels. `pods` and `alert_pods` are the labels of Prometheus' and Alertmanager's pods."""
    sidecar = (Scrape("prometheus-sidecar", site.namespace, pods, "http"),) if thanos else ()
    scrapes = (
        Scrape("prometheus", site.namespace, pods, "web"),
        Scrape("prometheus-alertmanager", site.namespace, alert_pods, "web"),
        Scrape("prometheus-kube-state-metrics", operators.home(site, operators.STATES), STATE_METRICS, "http"),
        Scrape("prometheus-node-exporter", operators.home(site, operators.NODES), NODE_EXPORTER, "metrics"),
        Scrape(
            "prometheus-operator",
            operators.home(site, operators.OPERATOR),
            {"app": "kube-prometheus-stack-operator"},
            "http",
        ),
        *sidecar,
    )
    return Watch(scrapes, (*_RULES, _UPLOADS) if thanos else _RULES, _PANELS)
