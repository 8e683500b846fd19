"""What the pods of a Spark job get on clusters: memory, volumes, environment. Decided here, laid out by the chart.

Sources: spark.apache.org/docs/4.1.1/running-on-kubernetes and /monitoring; the image's Dockerfile
(github.com/apache/spark-docker, 4.1.1/scala2.13-java17-ubuntu): user 185, work folder /opt/spark/work-dir.
"""

from __future__ import annotations

import math
from functools import cache

from rosace.contract.cluster import ClusterSite, PlacedSite
from rosace.contract.values import Environment, FromSecret, Mount
from rosace.engines.spark.spec import SparkSpec
from rosace.engines.spark.values import DynamicAllocation, Share
from rosace.kit import jars
from rosace.kit.alike import alike
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, KafkaSecurity, S3Endpoint
from rosace.model.checked import CheckedJob
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

USER = 185
"""`spark_uid` in the image's Dockerfile."""

JARS = "/opt/rosace/jars"
RUNNER = "/opt/rosace/runner"
KAFKA = "/opt/rosace/kafka"
WORK = "/opt/spark/work-dir"

LEAST_OVERHEAD = Size.mebibytes(384)
"""What Spark leaves beside the heap at least (spark.executor.memoryOverhead, docs/4.1.1/configuration)."""


def spec_of(site: PlacedSite) -> SparkSpec:
    """The words of the section `engines.spark`."""
    assert isinstance(site.spec, SparkSpec)
    return site.spec


def shape(asked: Resources, less: Resources, cpu: str, memory: Size) -> Share:
    """What a driver or executor gets: a heap and what is beside it, which together are the pod's memory.

    Beside the heap: a sixth for the JVM itself, for buffers and for Python, at least Spark's own least.
    """
    whole = asked.memory or less.memory or memory
    beside = max(LEAST_OVERHEAD, Size(whole // 6))
    wanted = str(asked.cpu or less.cpu or cpu)
    found: Share = {
        "cores": max(1, math.ceil(cores(wanted))),
        "coreRequest": wanted,
        "memory": f"{Size(whole - beside).mib}m",
        "memoryOverhead": f"{beside.mib}m",
    }
    if limit := asked.cpu_limit or less.cpu_limit:
        found["coreLimit"] = str(limit)
    return found


def allocation(least: int, most: int) -> DynamicAllocation:
    """Between so many executors."""
    return {
        "enabled": True,
        "initialExecutors": least,
        "minExecutors": least,
        "maxExecutors": most,
        # Pods have no shuffle service: executors whose shuffle files are still needed are kept.
        "shuffleTrackingEnabled": True,
    }


def cores(text: str) -> float:
    """Cores as a number: `500m` is a half."""
    return int(text[:-1]) / 1000 if text.endswith("m") else float(text)


def kafka_security(site: ClusterSite, job: CheckedJob) -> KafkaSecurity | None:
    """How a job proves who it is to Kafka; None where it touches no topic, or nobody asks."""
    touches = any(ref.kind == "topic" for ref in (*job.reads, *job.writes))
    return site.need(KafkaBootstrap).secured if touches and site.has(KafkaBootstrap) else None


def volumes(site: ClusterSite, job: CheckedJob) -> list[Mount]:
    """Everything that driver and executors of a job find in files."""
    secured = kafka_security(site, job)
    return [
        {"name": "job", "path": jars.JOB, "configMap": f"spark-{job.name}"},
        {"name": "runner", "path": RUNNER, "configMap": "spark-runner"},
        *([{"name": "kafka", "path": KAFKA, "secret": secured.ca}] if secured else []),
        *writable(site),
    ]


def writable(site: ClusterSite) -> list[Mount]:
    """Where a pod may write; the root of its file system is read only."""
    return list(_writable(fetched=not spec_of(site).image))


@cache
def _writable(*, fetched: bool) -> tuple[Mount, ...]:
    kept: tuple[Mount, ...] = (
        {"name": "private", "path": jars.PRIVATE, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
        {"name": "tmp", "path": "/tmp", "emptyDir": {}},
        {"name": "work", "path": WORK, "emptyDir": {}},
    )
    here: Mount = {"name": "jars", "path": JARS, "emptyDir": {"sizeLimit": "1Gi"}}
    return tuple(alike(one) for one in ((here, *kept) if fetched else kept))


def environment(site: ClusterSite, job: CheckedJob, *, driver: bool) -> Environment:
    """Variables of a driver or executor. Kafka's client puts KAFKA_JAAS in by itself (settings.kafka_login)."""
    told = store_environment(site)
    if secured := kafka_security(site, job):
        told["secrets"]["KAFKA_PASSWORD"] = {"secret": secured.secret(job.name), "key": "password"}
        told["plain"]["KAFKA_JAAS"] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required "
            f'username="{job.name}" password="$(KAFKA_PASSWORD)";'
        )
    if driver:
        told["plain"]["PGPASSFILE"] = jars.PASSWORDS
        # The name of the application stays the same when one run is tried again, and is new for each run of a schedule.
        told["fields"] = {"ROSACE_RUN": "metadata.labels['sparkoperator.k8s.io/app-name']"}
    return told


def store_environment(site: ClusterSite) -> Environment:
    """What reaches the object store, and keeps Python from writing beside its sources."""
    s3 = site.need(S3Endpoint)
    return {
        "secrets": {
            "AWS_ACCESS_KEY_ID": alike({"secret": s3.secret, "key": "access-key"}),
            "AWS_SECRET_ACCESS_KEY": alike({"secret": s3.secret, "key": "secret-key"}),
        },
        "plain": {"AWS_REGION": s3.region, "PYTHONDONTWRITEBYTECODE": "1"},
    }


def preparation(site: ClusterSite, *, lake: bool) -> Environment:
    """What the init container is told: where jars go, and the lake's password for those that commit to it."""
    plain = {"PGPASSFILE": jars.PASSWORDS}
    if not spec_of(site).image:
        plain |= {"JARS": JARS, "LIST": f"{jars.JOB}/jars.txt"}
    secret = site.need(IcebergCatalog).database.secret
    secrets: dict[str, FromSecret] = {"LAKE_PASSWORD": {"secret": secret, "key": "password"}} if lake else {}
    return {"plain": plain, "secrets": secrets}
