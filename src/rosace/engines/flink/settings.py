"""Flink's own configuration, from the platform: pure, the same for every target.

Sources: nightlies.apache.org/flink/flink-docs-release-2.1, Deployment: Configuration, Memory;
DataStream: checkpointing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rosace.engines.flink.spec import FlinkSpec
from rosace.kit.java import EXPORTS_17, OPENS_17
from rosace.model import outages
from rosace.model.capabilities import S3Endpoint
from rosace.model.checked import Checked
from rosace.model.platform import Job, Platform
from rosace.model.quantity import Duration

OPERATOR_HEALTH = 8085
"""Where the operator says whether it is well (helm/flink-kubernetes-operator, values.yaml)."""


MOST = 4
"""The most subtasks of a job that does not say how many."""


def parallelism(checked: Checked, cores: int, slots: int | None = None) -> dict[str, int]:
    """Job -> subtasks: what the user said, else one per core up to four, never more than its topics' partitions, nor
    than its equal part of the `slots` that the user said."""
    jobs = [job for job in checked.jobs.values() if job.spec.engine == "flink"]
    share = slots // len(jobs) if slots and jobs else MOST
    found: dict[str, int] = {}
    for job in jobs:
        partitions = [checked.topics[ref.name].partitions for ref in job.reads if ref.kind == "topic"]
        found[job.name] = job.spec.parallelism or max(1, min(cores, MOST, share, *partitions))
    return found


AHEAD = 4
"""The least slots of a task manager on this machine, and the least operators with buffers that a slot has room for."""


def ahead(number: int) -> int:
    """As many as are there for `number` to come: the next power of two, and of many the next multiple of sixteen.
    Another job mostly fits into what is there, and the task manager, with all jobs that run in it, is not started again
    for it."""
    return max(AHEAD, 1 << max(0, number - 1).bit_length()) if number <= 16 else -(-number // 16) * 16


def slots(checked: Checked, spec: FlinkSpec, cores: int) -> int:
    """Enough that all jobs run at once, and some ahead: operators of one job share slots, so a job takes its
    parallelism."""
    return spec.slots or ahead(sum(parallelism(checked, cores).values()))


def cluster(s3: S3Endpoint, keys: tuple[str, str] | None, count: int) -> dict[str, str]:
    """What holds for every Flink cluster of a platform, wherever it runs.

    Checkpoints are kept when a job is cancelled or its cluster dies: the next run resumes from them. How often a job is
    started again, each job says (`again`). `keys` are S3's; None where they are in the environment.
    """
    return {
        "taskmanager.numberOfTaskSlots": str(count),
        "state.backend.type": "hashmap",
        "execution.checkpointing.mode": "EXACTLY_ONCE",
        "execution.checkpointing.storage": "filesystem",
        "execution.checkpointing.dir": "s3://checkpoints/flink/default",
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "execution.checkpointing.num-retained": "3",
        "s3.endpoint": str(s3.address),
        "s3.path.style.access": "true",
        **({"s3.access-key": keys[0], "s3.secret-key": keys[1]} if keys else {}),
        **{f"s3.bucket.{bucket}.endpoint": str(address) for bucket, address in sorted(s3.elsewhere.items())},
        # Iceberg, its AWS bundle and Hadoop are on the class path of the cluster, not shipped with each job.
        "classloader.resolve-order": "parent-first",
        "classloader.check-leaked-classloader": "false",
        "table.local-time-zone": "UTC",
    }


def one_machine() -> dict[str, str]:
    """Times of a machine where no network lies between anybody, and a peer that was killed is back in seconds. The job
    manager notices a dead task manager after `heartbeat.timeout` (ms)."""
    return {
        "execution.checkpointing.tolerable-failed-checkpoints": "1000",
        "execution.checkpointing.timeout": "60s",
        "heartbeat.interval": "1000",
        "heartbeat.timeout": "8000",
        "slot.request.timeout": "120000",
        "cluster.registration.initial-timeout": "100",
        "cluster.registration.max-timeout": "1000",
        "cluster.registration.error-delay": "1000",
        "cluster.registration.refused-registration-delay": "1000",
        "taskmanager.registration.timeout": "60 min",
    }


def network() -> dict[str, str]:
    """Times of clusters, where a network is slow for a while and a pod is moved: Flink's own (heartbeats of 10 s, 50 s
    until somebody is dead), and checkpoints that fit a transaction (`rosace.model.outages`)."""
    return {
        "execution.checkpointing.tolerable-failed-checkpoints": str(outages.TOLERATED),
        "execution.checkpointing.timeout": f"{outages.PATIENCE.ms} ms",
    }


KEYSTORE_SECRET = "flink.keystore"
REST, RPC, BLOB, TASK_RPC, DATA, METRICS = 8081, 6123, 6124, 6122, 6121, 9249
"""Ports of the pods on clusters, all of them Flink's defaults but for that of metrics, which is its reporter's."""

STORE_KEYS = ("s3.access-key", "s3.secret-key")


def closed(store: str, trust: str, password: str) -> dict[str, str]:
    """Ports that speak to nobody without the platform's own certificate, REST and SQL gateway included.

    Nothing less closes them to pages in a browser. Of an open Flink 2.1.3 with its defaults, asked with `Origin:
    http://page.example` by requests that need no preflight: it answers each with `Access-Control-Allow-Origin: *`; it
    takes a jar (`POST /jars/upload`, a form) and runs it (`POST /jars/:id/run`, text/plain: the job finished); its
    gateway opens a session, shows `SET` and runs an INSERT; and `POST /jobs`, a form with the file that Flink's own
    client sends, was 202 and the job ran. TLS 1.3 since the key is one of an elliptic curve, for which the default, 1.2
    with ciphers of RSA, has none.
    """
    stores = {"keystore": store, "truststore": trust}
    words = {
        f"security.ssl.{side}.{name}{suffix}": value
        for side in ("rest", "internal")
        for name, path in stores.items()
        for suffix, value in (("", path), ("-password", password))
    }
    return {
        **words,
        "security.ssl.rest.enabled": "true",
        "security.ssl.rest.authentication-enabled": "true",
        "security.ssl.rest.key-password": password,
        "security.ssl.internal.enabled": "true",
        "security.ssl.internal.key-password": password,
        "security.ssl.protocol": "TLSv1.3",
        "security.ssl.algorithms": "TLS_AES_128_GCM_SHA256",
        "web.access-control-allow-origin": "https://nobody.invalid",
        "web.submit.enable": "false",
    }


def again(retries: int) -> dict[str, str]:
    """When and how often Flink starts a job again that failed: soon, then ever later, then no more until it has worked
    for a minute in between. All of it or nothing: a job that says the type says all (Flink 2.1,
    RestartBackoffTimeStrategyFactoryLoader)."""
    return _delayed("500 ms", "20 s", "1 min", retries) if retries else {"restart-strategy.type": "disable"}


def anew(retries: int, outage: Duration) -> dict[str, str]:
    """The same on clusters, where nobody else starts a job again that Flink gave up: as often as the job says, and at
    least for as long as an outage may take. Each attempt waits twice as long as the one before, up to a minute; what
    has worked for an hour begins to count anew."""
    if not retries:
        return {"restart-strategy.type": "disable"}
    waits, attempts = 0, 0
    while waits < outage:
        waits += min(60, 1 << min(attempts, 6))
        attempts += 1
    return _delayed("1 s", "1 min", "1 h", max(retries, attempts))


def _delayed(first: str, longest: str, calm: str, attempts: int) -> dict[str, str]:
    """Waits between attempts: twice as long each, from `first` to `longest`; they count anew after a `calm` time."""
    strategy = "restart-strategy.exponential-delay"
    return {
        "restart-strategy.type": "exponential-delay",
        f"{strategy}.initial-backoff": first,
        f"{strategy}.max-backoff": longest,
        f"{strategy}.backoff-multiplier": "2.0",
        f"{strategy}.reset-backoff-threshold": calm,
        f"{strategy}.attempts-before-reset-backoff": str(attempts),
    }


def session(spec: FlinkSpec, platform: Platform, job: Job, subtasks: int, path: str) -> dict[str, str]:
    """What is `SET` for one job. `path` is the S3 address that holds its checkpoints, and nothing else's.

    The second Iceberg sink is not Flink's default; the first one was seen to lose rows when subtasks end on either
    side of a checkpoint (Iceberg 1.11.0 with Flink 2.1.3; docs/adr/0005).

    Windows take each record itself (`ONE_PHASE`), and so count each one that is too late. By default they are handed
    sums of several, and count a late sum as one (2.1, LocalSlicingWindowAggOperator, AbstractSliceWindowAggProcessor).
    """
    return {
        "parallelism.default": str(subtasks),
        "execution.checkpointing.dir": path,
        "execution.checkpointing.interval": f"{platform.commits(job).ms} ms",
        "execution.state-recovery.claim-mode": "NO_CLAIM",
        "table.exec.iceberg.use-v2-sink": "true",
        "table.optimizer.agg-phase-strategy": "ONE_PHASE",
        **(again(job.retries) if platform.target == "local" else anew(job.retries, outages.survived(platform))),
        **spec.settings,
    }


def transaction_timeout(platform: Platform, job: Job) -> Duration:
    """How long a Kafka transaction may stay open. On clusters for as long as an outage takes and the checkpoints before
    it, which the broker there grants. On this machine ten checkpoints, at least ten minutes, so that an engine may be
    down for a while, and at most the broker's fifteen (transaction.max.timeout.ms)."""
    if platform.target == "kubernetes":
        return outages.transaction(platform, job)
    return Duration(min(900.0, max(600.0, 10 * float(platform.commits(job)))))


def kafka_login(ca: str, variable: str) -> dict[str, str]:
    """SCRAM over TLS for Kafka's clients: they fill `${env:...}` in themselves, in every pod, so that no script and no
    plan holds a password (KIP-421, KIP-887; kafka-clients 4.1). `ca` is the authority's certificate."""
    return {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.jaas.config": f"${{env:{variable}}}",
        "config.providers": "env",
        "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": ca,
    }


def pods() -> dict[str, str]:
    """What holds on Kubernetes besides: leaders and jobs are kept there, ports that network policies can name, metrics
    in Prometheus' words, and what the image's own configuration says of Java 17 (it is not read there)."""
    return {
        "high-availability.type": "kubernetes",
        "jobmanager.rpc.port": str(RPC),
        "blob.server.port": str(BLOB),
        "taskmanager.rpc.port": str(TASK_RPC),
        "taskmanager.data.port": str(DATA),
        "rest.port": str(REST),
        "io.tmp.dirs": "/tmp",
        "env.java.opts.all": " ".join((*EXPORTS_17, *OPENS_17)),
        "metrics.reporters": "prom",
        "metrics.reporter.prom.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
        "metrics.reporter.prom.port": str(METRICS),
        # State lies in the heap: little managed memory is needed, for windows and sorting alone.
        "taskmanager.memory.managed.fraction": "0.1",
        "kubernetes.operator.savepoint.history.max.count": "5",
        "kubernetes.operator.pod-template.merge-arrays-by-name": "true",
    }


def autoscaler(least: int, most: int) -> dict[str, str]:
    """Between how many subtasks the operator scales each vertex, by lag and by how busy it is (Flink Kubernetes
    operator 1.15, "Autoscaler"). The adaptive scheduler takes a new number without a new deployment; state may be
    split into 720 parts, a number that many others divide."""
    return {
        "jobmanager.scheduler": "adaptive",
        "pipeline.max-parallelism": "720",
        "job.autoscaler.enabled": "true",
        "job.autoscaler.vertex.min-parallelism": str(least),
        "job.autoscaler.vertex.max-parallelism": str(most),
        "job.autoscaler.stabilization.interval": "1m",
        "job.autoscaler.metrics.window": "5m",
        "job.autoscaler.target.utilization": "0.7",
    }


def yaml(values: Mapping[str, str]) -> str:
    """`config.yaml`: every value a JSON string, which YAML 1.2 reads as it is."""
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())


LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.name = console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
logger.kafka.name = org.apache.kafka
logger.kafka.level = WARN
logger.hadoop.name = org.apache.hadoop
logger.hadoop.level = WARN
"""
