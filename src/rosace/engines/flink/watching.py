"""How Flink is watched on clusters: restarts, checkpoints, back-pressure, lag.

Names of metrics: nightlies.apache.org/flink/flink-docs-release-2.1, "Metrics", as its Prometheus reporter writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.contract.monitoring import Panel, Rule, Scrape, Watch


def watch(namespaces: Iterable[str]) -> Watch:
    """Scrapes, alerts and panels of all jobs."""
    labels = {"app.kubernetes.io/name": "flink"}
    scrapes = tuple(Scrape(f"flink-{namespace}", namespace, labels, "metrics") for namespace in namespaces)
    return Watch(scrapes, _RULES, _PANELS)


_RULES = (
    Rule(
        "FlinkJobRestarting",
        "increase(flink_jobmanager_job_numRestarts[15m]) > 3",
        "0m",
        "critical",
        "Flink job {{ $labels.job_name }} restarts again and again",
        "`kubectl describe flinkdeployment` and the job manager's log have the cause. What was committed stays; it "
        "resumes from its newest checkpoint.",
    ),
    Rule(
        "FlinkNoCheckpoint",
        "increase(flink_jobmanager_job_numberOfCompletedCheckpoints[10m]) == 0",
        "5m",
        "critical",
        "Flink job {{ $labels.job_name }} has completed no checkpoint for ten minutes, so nothing is committed",
        "Look for back-pressure, for the object store, and for Kafka transactions that time out "
        "(transaction.max.timeout.ms).",
    ),
    Rule(
        "FlinkBackPressure",
        "max by (job_name) (flink_taskmanager_job_task_backPressuredTimeMsPerSecond) > 700",
        "15m",
        "warning",
        "Flink job {{ $labels.job_name }} cannot keep up",
        "Raise `autoscale.max` or `parallelism`, up to the partitions of its topics.",
    ),
)

_PANELS = (
    Panel(
        "Records in",
        "sum by (job_name) (rate(flink_taskmanager_job_task_numRecordsIn[5m]))",
        "reqps",
        "{{job_name}}",
    ),
    Panel(
        "Back-pressure",
        "max by (job_name) (flink_taskmanager_job_task_backPressuredTimeMsPerSecond) / 1000",
        "percentunit",
        "{{job_name}}",
    ),
    Panel(
        "Records too late for their windows",
        "sum by (job_name) (rate(flink_taskmanager_job_task_operator_numLateRecordsDropped[5m]))",
        "reqps",
        "{{job_name}}",
    ),
    Panel("Checkpoint duration", "flink_jobmanager_job_lastCheckpointDuration", "ms", "{{job_name}}"),
    Panel("Checkpoint size", "flink_jobmanager_job_lastCheckpointSize", "bytes", "{{job_name}}"),
    Panel(
        "Heap in use",
        "sum by (host) (flink_taskmanager_Status_JVM_Memory_Heap_Used)",
        "bytes",
        "{{host}}",
    ),
    Panel(
        "GC pressure",
        "sum by (host) (rate(flink_taskmanager_Status_JVM_GarbageCollector_All_Time[5m])) / 1000",
        "percentunit",
        "{{host}}",
    ),
    Panel("Task managers", "sum by (namespace) (flink_jobmanager_numRegisteredTaskManagers)", legend="{{namespace}}"),
)
