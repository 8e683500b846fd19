"""Spark's jobs on clusters: one application each, by the Spark operator. Decided here, laid out by the chart.

Sources: github.com/kubeflow/spark-operator, api/v1beta2 (v2.5.1); spark.apache.org/docs/4.1.1/running-on-kubernetes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import orjson

from rosace.contract.cluster import ClusterSite, OfferedSite
from rosace.engines.spark import pods, settings
from rosace.engines.spark.jobs import Places, order_of, reached
from rosace.engines.spark.runner import SHARED
from rosace.engines.spark.values import Common, Executor, Job, Restart, Submission
from rosace.kit import jars
from rosace.kit.alike import alike
from rosace.kit.locality import placed
from rosace.kit.moments import ticks
from rosace.model import outages
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, S3Endpoint
from rosace.model.checked import CheckedJob
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Duration, Size

DRIVER_MEMORY, EXECUTOR_MEMORY = Size.mebibytes(1536), Size.mebibytes(2048)


def jobs_of(site: OfferedSite) -> dict[str, CheckedJob]:
    """Spark's jobs of the platform, by name."""
    return site.jobs("spark")


def application(site: ClusterSite, job: CheckedJob) -> Job:
    """Everything about one job."""
    scale = job.spec.autoscale
    share = pods.shape(job.spec.resources, pods.spec_of(site).executor, "1", EXECUTOR_MEMORY)
    many = scale.max if scale else math.ceil((job.spec.parallelism or 2 * share["cores"]) / share["cores"])
    executor: Executor = {
        **share,
        "env": pods.environment(site, job, driver=False),
        "prepare": alike(pods.preparation(site, lake=False)),
    }
    told: Job = {
        "namespace": site.namespace_of(job),
        "serviceAccount": f"spark-{job.name}",
        "files": files(site, job),
        "arguments": [f"{jars.JOB}/order.json", "single"],
        "config": own_properties(site, job.name, many * share["cores"]),
        "volumes": pods.volumes(site, job),
        "driver": {
            **pods.shape(pods.spec_of(site).driver, Resources(), "500m", DRIVER_MEMORY),
            "env": pods.environment(site, job, driver=True),
            "prepare": alike(pods.preparation(site, lake=True)),
        },
        "executor": executor,
        "restart": alike(restart(job, outages.survived(site.checked.platform))),
        **placed(site, [job]),
    }
    if scale:
        told["dynamicAllocation"] = pods.allocation(scale.min, scale.max)
    else:
        executor["instances"] = many
    if job.spec.schedule:
        told["schedule"] = job.spec.schedule
    return told


def restart(job: CheckedJob, outage: Duration) -> Restart:
    """As often as the job's `retries` say, a batch run each time as the same run, and a stream at least for as long as
    an outage may take; n times the interval passes before the n-th. The operator counts for as long as its object
    lives, and forgets nothing after a time without failures."""
    if not job.spec.retries:
        return {"type": "Never", "onFailureRetryInterval": 60, **_SUBMISSION}
    interval = 60 if job.spec.batch else 10
    # 1 + 2 + ... + n intervals.
    lasting = 0 if job.spec.batch else math.ceil(math.sqrt(2 * outage / interval))
    return {
        "type": "OnFailure",
        "onFailureRetries": max(job.spec.retries, lasting),
        "onFailureRetryInterval": interval,
        **_SUBMISSION,
    }


_SUBMISSION: Submission = {"onSubmissionFailureRetries": 5, "onSubmissionFailureRetryInterval": 30}


def common(site: ClusterSite) -> Common:
    """What all jobs are told alike."""
    told = common_files(site)
    if site.has(KafkaBootstrap):
        # What each job adds to it is in its order; the runner joins them (`whole` in runner/single.py).
        told[SHARED] = _text(reached(Places(site, "", _login(site))))
    return {"files": told, "config": common_properties(site)}


def common_files(site: ClusterSite) -> dict[str, str]:
    """What every driver finds in its folder, also those that people connect to."""
    told = {"log4j2.properties": settings.logging(settings.QUIET)}
    return told if pods.spec_of(site).image else {**told, "jars.txt": jar_list(site)}


def order(site: ClusterSite, job: CheckedJob) -> dict[str, Any]:
    """The job in the runner's words: the same functions as on this machine, with this cluster's addresses, and without
    what `common` says of all topics."""
    body = {key: value for key, value in order_of(Places(site, ""), job).order.items() if key != "control"}
    if body["kafka"]:
        # Kafka lets a job's user into groups that begin so.
        group = {"groupIdPrefix": f"rosace.{site.platform}.{job.name}"}
        body["kafka"] = {"source": group if pods.kafka_security(site, job) else {}}
    if job.spec.schedule:
        # Its operator says when a run was started, and not which moment of the schedule that is.
        body["ticks"] = ticks(job.spec.schedule)
    return {**body, "file": f"{jars.JOB}/job.py"} if job.spec.python else body


def _login(site: ClusterSite) -> dict[str, str]:
    """How a client of Kafka proves who it is; nothing where nobody asks."""
    secured = site.need(KafkaBootstrap).secured
    return settings.kafka_login(f"{pods.KAFKA}/ca.crt") if secured else {}


def files(site: ClusterSite, job: CheckedJob) -> dict[str, str]:
    """What the job finds in its folder besides what all find there."""
    told = {"order.json": _text(order(site, job))}
    if job.spec.python:
        # Of line breaks at the end Helm keeps one (`toYaml | indent`, Helm 3.22).
        told["job.py"] = job.python.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    return told


def _text(told: Mapping[str, Any]) -> str:
    """As JSON that people can read."""
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def jar_list(site: ClusterSite) -> str:
    """The connectors' jars by address and checksum; Spark's own are in its image."""
    from rosace.engines.spark import ENGINE

    return jars.maven_jars(ENGINE.folder, site.checked.platform.delivery.maven)


def properties(site: ClusterSite, name: str, cores: int) -> dict[str, str]:
    """All of Spark's own configuration for a driver whose executors have so many cores together."""
    return {**_properties(site, settings.platform_properties(pods.spec_of(site), cores)), "spark.app.name": name}


def own_properties(site: ClusterSite, name: str, cores: int) -> dict[str, str]:
    """What one driver is told besides what all are."""
    return {**settings.parallel_properties(pods.spec_of(site), cores), "spark.app.name": name}


def common_properties(site: ClusterSite) -> dict[str, str]:
    """What all drivers are told."""
    return _properties(site, settings.shared_properties(pods.spec_of(site)))


def _properties(site: ClusterSite, everywhere: dict[str, str]) -> dict[str, str]:
    """What holds everywhere, and what a pod needs."""
    spec = pods.spec_of(site)
    s3, catalog = site.need(S3Endpoint), site.need(IcebergCatalog)
    fetched = (
        {}
        if spec.image
        else {
            "spark.driver.extraClassPath": f"{pods.JARS}/*",
            "spark.executor.extraClassPath": f"{pods.JARS}/*",
        }
    )
    logging = f"-Dlog4j2.configurationFile=file:{jars.JOB}/log4j2.properties -Duser.timezone=UTC"
    return {
        **settings.store_properties(s3, settings.unrevealed, "/tmp"),
        **settings.lake_properties(catalog, s3, settings.unrevealed),
        **settings.network(catalog),
        **settings.cluster_properties(),
        **everywhere,
        **fetched,
        "spark.driver.extraJavaOptions": logging,
        "spark.executor.extraJavaOptions": logging,
    }
