"""Flink's jobs on clusters: a cluster of its own for each, or a shared one. Decided here, laid out by the chart.

Sources: nightlies.apache.org/flink/flink-kubernetes-operator-docs-release-1.15 (FlinkDeployment, FlinkSessionJob);
flink-docs-release-2.1, "Native Kubernetes"; FLIP-480 (SQL in application mode): `SqlDriver` runs a script. The
operator wants exactly one jar of an application; the SQL gateway, which carries the script out, is that jar. Image:
github.com/apache/flink-docker, 2.1/scala_2.12-java17-ubuntu (user 9999; `ENABLE_BUILT_IN_PLUGINS` in its entry point).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from rosace.contract.cluster import ClusterSite, OfferedSite, PlacedSite
from rosace.contract.values import Environment, FromSecret, Mount
from rosace.contract.versions import versions
from rosace.engines.flink import memory, settings, sql
from rosace.engines.flink.jobs import script
from rosace.engines.flink.spec import FlinkSpec
from rosace.engines.flink.values import Application, Pods, Roles, Session, SessionJob, Share, Submission
from rosace.kit import jars
from rosace.kit.locality import placed
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, KafkaSecurity, S3Endpoint
from rosace.model.checked import CheckedJob
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)
DRIVER = "org.apache.flink.table.runtime.application.SqlDriver"
GATEWAY = f"local:///opt/flink/opt/flink-sql-gateway-{PINNED.version}.jar"
PLUGIN = f"flink-s3-fs-hadoop-{PINNED.version}"

LIBRARIES = "/opt/flink/lib/platform"
"""The class path is every jar below /opt/flink/lib (bin/config.sh, constructFlinkClassPath)."""

KAFKA = "/opt/rosace/kafka"
IN_IMAGE = ("flink-sql-gateway", "flink-s3-fs-hadoop", "flink-connector-files")
"""Jars of this machine that the image brings in /opt/flink/opt, or in /opt/flink/lib, which is
that of apache-flink-libraries."""

SESSION = "session"
JOB_MANAGER_MEMORY, TASK_MANAGER_MEMORY = Size.mebibytes(1536), Size.mebibytes(2048)


def spec_of(site: OfferedSite) -> FlinkSpec:
    """The words of the section `engines.flink`."""
    assert isinstance(site.spec, FlinkSpec)
    return site.spec


def jobs_of(site: PlacedSite) -> dict[str, CheckedJob]:
    """Flink's jobs of the platform, by name."""
    return site.jobs("flink")


def shared(job: CheckedJob) -> bool:
    """True for a job of the session cluster, which several share."""
    return job.spec.mode == SESSION


def application(site: ClusterSite, job: CheckedJob) -> Application:
    """A job with a cluster of its own."""
    text = sql_text(site, job)
    return {
        "namespace": site.namespace_of(job),
        "serviceAccount": f"flink-{job.name}",
        "files": {"job.sql": text, **_listed(site)},
        "config": {
            **common(site),
            **windows(site, [job], job.spec.resources),
            **of_job(site, job),
            **scaling(site, job),
            **places(site, job.name),
        },
        "job": _submission(site, job, GATEWAY, "job.sql"),
        **_roles(site, job.spec.resources),
        **_pods(site, f"flink-{job.name}", [job]),
        **placed(site, [job]),
    }


def session(site: ClusterSite, jobs: list[CheckedJob]) -> Session:
    """A cluster that jobs of one namespace share; each is submitted to it."""
    maven = site.checked.platform.delivery.maven
    gateway = PINNED.artifact("flink-sql-gateway")
    jar = jars.address(maven, gateway.coordinate, gateway.file)
    files, told = _listed(site), dict[str, SessionJob]()
    for job in jobs:
        text = sql_text(site, job)
        # A new text has a new name: the job is submitted again, and the cluster goes on for the others.
        name = f"{job.name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.sql"
        files[name] = text
        told[job.name] = {
            "config": {**of_job(site, job), **scaling(site, job)},
            "job": _submission(site, job, jar, name),
        }
    return {
        "serviceAccount": f"flink-{SESSION}",
        "files": files,
        "config": {**common(site), **windows(site, jobs, Resources()), **places(site, SESSION)},
        "jobs": told,
        **_roles(site, Resources()),
        **_pods(site, f"flink-{SESSION}", jobs),
        **placed(site, jobs),
    }


def sessions(site: PlacedSite) -> dict[str, list[CheckedJob]]:
    """Namespace to the jobs that share a cluster there."""
    found: dict[str, list[CheckedJob]] = {}
    for job in jobs_of(site).values():
        if shared(job):
            found.setdefault(site.namespace_of(job), []).append(job)
    return found


def sql_text(site: ClusterSite, job: CheckedJob) -> str:
    """The whole script: the same statements as on this machine, with this cluster's addresses and no secret."""
    secured = kafka_security(site, job)
    login = settings.kafka_login(f"{KAFKA}/ca.crt", _variable(job)) if secured else {}
    text = script(site, job, f"rosace.{site.platform}.{job.name}", login=login, secrets=False)
    told = {key: value for key, value in of_job(site, job).items() if key.startswith("table.")}
    lines = [f"{sql.setting(key, value)};" for key, value in sorted(told.items())]
    lines += [f"{statement};" for statement in text.declare]
    inserts = "\n".join(f"{insert};" for insert in text.inserts)
    return "\n".join([*lines, f"EXECUTE STATEMENT SET BEGIN\n{inserts}\nEND;"]) + "\n"


def kafka_security(site: ClusterSite, job: CheckedJob) -> KafkaSecurity | None:
    """Protocol and credentials for a job that touches topics; None where it touches none or Kafka is open."""
    return site.need(KafkaBootstrap).secured if touches(job, "topic") and site.has(KafkaBootstrap) else None


def touches(job: CheckedJob, kind: Literal["topic", "table"]) -> bool:
    """True where the job reads or writes a topic, or a table."""
    return any(ref.kind == kind for ref in (*job.reads, *job.writes))


def _variable(job: CheckedJob) -> str:
    """Several jobs may share a pod: each has variables of its own."""
    return f"KAFKA_JAAS_{job.name.upper().replace('-', '_')}"


def slots(site: ClusterSite) -> int:
    """Of one task manager: one, so that the more subtasks the more pods, unless somebody says another number."""
    return spec_of(site).slots or 1


def subtasks(site: ClusterSite, job: CheckedJob) -> int:
    """Where a job begins: as many as its fewest task managers have slots, else as on a machine of four cores."""
    if job.spec.autoscale and not job.spec.parallelism:
        return job.spec.autoscale.min * slots(site)
    return settings.parallelism(site.checked, 4)[job.name]


def scaling(site: ClusterSite, job: CheckedJob) -> dict[str, str]:
    """Settings of the operator's autoscaler, in subtasks; empty for a job that keeps its size."""
    scale = job.spec.autoscale
    return settings.autoscaler(scale.min * slots(site), scale.max * slots(site)) if scale else {}


def common(site: ClusterSite) -> dict[str, str]:
    """What holds for every Flink cluster of the platform."""
    return {
        **settings.cluster(site.need(S3Endpoint), None, slots(site)),
        **settings.network(),
        **settings.pods(),
    }


def windows(site: ClusterSite, jobs: list[CheckedJob], asked: Resources) -> dict[str, str]:
    """Managed memory of task managers where the tenth that they have of it (`settings.pods`) is too little for the
    windows of their jobs. Of a process Flink has what the JVM does not: metaspace, and a tenth or 192 MiB."""
    process = _worker(site, asked).memory or TASK_MANAGER_MEMORY
    share = (process - Size.mebibytes(256) - max(Size.mebibytes(192), process / 10)) / 10
    needed = memory.for_windows(jobs, slots(site))
    return {"taskmanager.memory.managed.size": f"{needed.mib}m"} if needed > share else {}


def of_job(site: ClusterSite, job: CheckedJob) -> dict[str, str]:
    """What is set for one job, by the same function as on this machine."""
    path = f"s3://checkpoints/flink/{site.platform}/{job.name}"
    told = settings.session(spec_of(site), site.checked.platform, job.spec, subtasks(site, job), path)
    # The operator says from where a job resumes, and with how many subtasks it begins.
    told.pop("parallelism.default")
    savepoints = f"s3://checkpoints/flink-savepoints/{site.platform}/{job.name}"
    return {**told, "execution.checkpointing.savepoint-dir": savepoints, "pipeline.name": job.name}


def places(site: ClusterSite, name: str) -> dict[str, str]:
    """Where a cluster keeps what the API server is too small for: its jobs' graphs."""
    return {"high-availability.storageDir": f"s3://checkpoints/flink-ha/{site.platform}/{name}"}


def _submission(site: ClusterSite, job: CheckedJob, jar: str, file: str) -> Submission:
    return {
        "jarURI": jar,
        "entryClass": DRIVER,
        "args": ["--scriptUri", f"file://{jars.JOB}/{file}"],
        "parallelism": subtasks(site, job),
        # A change takes a savepoint first, and resumes from it: nothing is lost and nothing doubled.
        "upgradeMode": "savepoint",
        "state": "running",
        "allowNonRestoredState": False,
    }


def _listed(site: ClusterSite) -> dict[str, str]:
    if spec_of(site).image:
        return {}
    from rosace.engines.flink import ENGINE

    return {"jars.txt": jars.maven_jars(ENGINE.folder, site.checked.platform.delivery.maven, IN_IMAGE)}


def _worker(site: ClusterSite, asked: Resources) -> Resources:
    ours = spec_of(site).task_manager
    return asked.model_copy(update={"cpu": asked.cpu or ours.cpu, "memory": asked.memory or ours.memory})


def _roles(site: ClusterSite, asked: Resources) -> Roles:
    spec, worker = spec_of(site), _worker(site, asked)
    return {
        "jobManager": {"replicas": 1, **_shape(spec.job_manager, "500m", JOB_MANAGER_MEMORY)},
        "taskManager": _shape(worker, "1", TASK_MANAGER_MEMORY),
    }


def _shape(asked: Resources, cpu: str, least: Size) -> Share:
    """In Flink's words: cores as a number, memory in mebibytes. Memory asked for is memory allowed."""
    text = str(asked.cpu or cpu)
    number = int(text[:-1]) / 1000 if text.endswith("m") else float(text)
    return {"cpu": int(number) if number == int(number) else number, "memory": f"{(asked.memory or least).mib}m"}


def _pods(site: ClusterSite, files: str, jobs: list[CheckedJob]) -> Pods:
    """What all pods of a cluster find: files, places to write, variables."""
    s3 = site.need(S3Endpoint)
    secrets: dict[str, FromSecret] = {
        "AWS_ACCESS_KEY_ID": {"secret": s3.secret, "key": "access-key"},
        "AWS_SECRET_ACCESS_KEY": {"secret": s3.secret, "key": "secret-key"},
    }
    plain = {
        "AWS_REGION": s3.region,
        "ENABLE_BUILT_IN_PLUGINS": f"{PLUGIN}.jar",
        "PGPASSFILE": jars.PASSWORDS,
    }
    authority = ""
    for job in jobs:
        secured = kafka_security(site, job)
        if not secured:
            continue
        authority, word = secured.ca, _variable(job)
        secrets[f"{word}_PASSWORD"] = {"secret": secured.secret(job.name), "key": "password"}
        plain[word] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required "
            f'username="{job.name}" password="$({word}_PASSWORD)";'
        )
    return {
        "volumes": _volumes(site, files, authority),
        "env": {"secrets": secrets, "plain": plain},
        "prepare": _preparation(site, jobs),
    }


def _volumes(site: ClusterSite, files: str, authority: str) -> list[Mount]:
    fetched: list[Mount] = [{"name": "jars", "path": LIBRARIES, "emptyDir": {"sizeLimit": "1Gi"}}]
    return [
        {"name": "job", "path": jars.JOB, "configMap": files},
        *([{"name": "kafka", "path": KAFKA, "secret": authority}] if authority else []),
        *([] if spec_of(site).image else fetched),
        {"name": "plugin", "path": f"/opt/flink/plugins/{PLUGIN}", "emptyDir": {}},
        {"name": "private", "path": jars.PRIVATE, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
        {"name": "tmp", "path": "/tmp", "emptyDir": {}},
        {"name": "log", "path": "/opt/flink/log", "emptyDir": {}},
    ]


def _preparation(site: ClusterSite, jobs: list[CheckedJob]) -> Environment:
    plain = {"PGPASSFILE": jars.PASSWORDS}
    if not spec_of(site).image:
        plain |= {"JARS": LIBRARIES, "LIST": f"{jars.JOB}/jars.txt"}
    if not any(touches(job, "table") for job in jobs):
        return {"plain": plain, "secrets": {}}
    secret = site.need(IcebergCatalog).database.secret
    return {"plain": plain, "secrets": {"LAKE_PASSWORD": {"secret": secret, "key": "password"}}}
