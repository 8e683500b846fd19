"""How Spark is watched on clusters: garbage collection, shuffles, tasks, and jobs that fail.

Names of metrics: spark.apache.org/docs/4.1.1/monitoring ("Executor Task Metrics" as /metrics/executors/prometheus shows
them, PrometheusResource) and github.com/kubeflow/spark-operator v2.5.1, pkg/common/metrics.go.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.contract.cluster import ClusterSite
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch

_GC = "sum by (application_name) (rate(metrics_executor_totalGCTime_seconds_total[5m]))"
_TIME = "sum by (application_name) (rate(metrics_executor_totalDuration_seconds_total[5m]))"
_TASKS = "sum by (application_name) (rate(metrics_executor_totalTasks_total[5m]))"


def watch(namespaces: Iterable[str], people: Iterable[str], operator: str, shared: ClusterSite | None) -> Watch:
    """Scrapes, alerts and panels. Drivers show their own metrics, and those of all their executors."""
    scrapes: list[Scrape] = []
    for namespace in namespaces:
        labels = {"app.kubernetes.io/name": "spark", "app.kubernetes.io/component": "driver"}
        scrapes += [
            Scrape(f"spark-executors-{namespace}", namespace, labels, "spark-ui", "/metrics/executors/prometheus"),
            Scrape(f"spark-drivers-{namespace}", namespace, labels, "spark-ui", "/metrics/prometheus"),
        ]
    if shared is not None:
        labels = {"app.kubernetes.io/name": "spark-shared"}
        connect = {**labels, "app.kubernetes.io/component": "connect"}
        scrapes.append(Scrape("spark-shared", shared.namespace, connect, "metrics", "/metrics/executors/prometheus"))
        for role in ("master", "worker"):
            some = {**labels, "app.kubernetes.io/component": role}
            scrapes.append(Scrape(f"spark-shared-{role}", shared.namespace, some, "metrics", "/metrics/prometheus"))
    for namespace in people:
        labels = {"app.kubernetes.io/name": "spark", "app.kubernetes.io/component": "connect-server"}
        scrapes.append(
            Scrape(f"spark-connect-{namespace}", namespace, labels, "metrics", "/metrics/executors/prometheus")
        )
    scrapes.append(Scrape("spark-operator", operator, {"app.kubernetes.io/name": "spark-operator"}, "metrics"))
    return Watch(tuple(scrapes), _RULES, _PANELS)


_BY = "sum by (cluster, namespace, pod)"
_FAILED = " or ".join(
    (
        # A stream is started again: to its operator it never fails for good, but its driver's pod does.
        f'{_BY} (max_over_time(kube_pod_status_phase{{phase="Failed",pod=~".+-driver"}}[15m])) > 0',
        f"{_BY} (increase(spark_application_failure_count[15m])) > 0",
        # The first failure makes the counter, of which there is no increase then.
        f"{_BY} (spark_application_failure_count unless spark_application_failure_count offset 15m) > 0",
    )
)
"""By kube-state-metrics, which shows every pod, and by the operator's counter (v2.5.1, sparkapplication_metrics.go: it
counts in the state FAILED alone, which an application with `restartPolicy: Always` never has)."""

_RULES = (
    Rule(
        "SparkJobFailed",
        _FAILED,
        "0m",
        "critical",
        "A Spark job failed",
        "`kubectl describe sparkapplication` says why; its driver's log has the cause. A stream resumes from its "
        "checkpoint when it is applied again, a batch run leaves out what it has committed.",
    ),
    Rule(
        "SparkGarbageCollection",
        f"{_GC} / {_TIME} > 0.15",
        "15m",
        "warning",
        "Executors of {{ $labels.application_name }} spend more than 15 % of their time collecting garbage",
        "Give the job's executors more memory (`resources.memory`), or more executors (`autoscale.max`).",
    ),
    Rule(
        "SparkTasksFailing",
        "sum by (application_name) (increase(metrics_executor_failedTasks_total[15m])) > 10",
        "5m",
        "warning",
        "Many tasks of {{ $labels.application_name }} fail and are tried again",
        "Look at the executors' logs: memory, the object store, or a record that cannot be read.",
    ),
)

_PANELS = (
    Panel("GC pressure", f"{_GC} / {_TIME}", "percentunit", "{{application_name}}"),
    Panel(
        "Shuffle read",
        "sum by (application_name) (rate(metrics_executor_totalShuffleRead_bytes_total[5m]))",
        "Bps",
        "{{application_name}}",
    ),
    Panel(
        "Shuffle write",
        "sum by (application_name) (rate(metrics_executor_totalShuffleWrite_bytes_total[5m]))",
        "Bps",
        "{{application_name}}",
    ),
    Panel("Task duration", f"{_TIME} / {_TASKS}", "s", "{{application_name}}"),
    Panel("Active tasks", "sum by (application_name) (metrics_executor_activeTasks)", legend="{{application_name}}"),
    Panel(
        "Executors",
        'count by (application_name) (metrics_executor_memoryUsed_bytes{executor_id!="driver"})',
        legend="{{application_name}}",
    ),
    Panel("Jobs running", "sum(spark_application_running_count)"),
    Panel("Jobs failed", "sum(increase(spark_application_failure_count[1h]))"),
)
