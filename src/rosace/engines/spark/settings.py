"""From the words of the platform to Spark's own configuration: pure, for every target.

Sources: spark.apache.org/docs/4.1.1/configuration, /structured-streaming-programming-guide and
/structured-streaming-kafka-integration; iceberg.apache.org/docs/1.11.0/spark-configuration; hadoop.apache.org/docs/
r3.4.2, module hadoop-aws. Where a value was chosen by measuring, its line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rosace.engines.spark.spec import SparkSpec
from rosace.kit.lake import catalog_properties
from rosace.model.capabilities import IcebergCatalog, S3Endpoint, Secret

RPC, BLOCKS, UI = 7078, 7079, 4040
"""Ports on clusters: the driver's own protocol, blocks between all, the web interface that also shows metrics."""

MASTER, WORKER, CONNECT = 7077, 7078, 15002
MASTER_UI, WORKER_UI = 8080, 8081
"""Ports of a cluster of Spark's own, and of its Connect server."""

OPERATOR_METRICS, OPERATOR_WEBHOOK = 8080, 9443
"""Ports of the operator (charts/spark-operator-chart, values.yaml)."""

CHECKPOINTS = "s3a://checkpoints/spark"
"""Where streaming jobs keep what they have read and written: `<platform>/<job>/<target>` below it."""

RECORDS_PER_BATCH = 300_000
"""The most records of all topics that one micro-batch takes: bounds memory and what a crash makes it redo, and is big
enough that the fixed cost of a batch (a second, mostly commits) does not count (measured on the flights example)."""

MANAGER = "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager"
"""How checkpoint files are written: one PUT that the store makes visible whole or not at all. The default renames a
temporary file, which S3 can only do by copying: also whole or not at all, but three requests more for each file, and
orphans of crashes stay for ever."""


def platform_properties(spec: SparkSpec, cores: int) -> dict[str, str]:
    """What holds wherever the driver runs."""
    # After the first of them, as they have always been: servers whose files are in another order are started anew.
    return {"spark.scheduler.mode": "", **parallel_properties(spec, cores), **shared_properties(spec)}


def parallel_properties(spec: SparkSpec, cores: int) -> dict[str, str]:
    """What follows from the cores that one driver has, as far as the user's own settings do not say it."""
    partitions = str(spec.cores or cores)
    told = {"spark.sql.shuffle.partitions": partitions, "spark.default.parallelism": partitions}
    return {key: value for key, value in told.items() if key not in spec.settings}


def shared_properties(spec: SparkSpec) -> dict[str, str]:
    """What all drivers of a platform are told alike."""
    return {
        # Jobs share one driver: fair pools, so that a batch job does not hold up the streams.
        "spark.scheduler.mode": "FAIR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.ansi.enabled": "true",
        # INSERT OVERWRITE replaces the partitions that get rows; Spark's own default would empty the table first. SQL
        # jobs do it by themselves (runner/tables.py): this is for what Python jobs and people say.
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.sql.warehouse.dir": "spark-warehouse",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        # Within one process nothing is gained by remembering which task wrote what where.
        "spark.eventLog.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.killEnabled": "false",
        "spark.redaction.regex": "(?i)secret|password|token|access.?key",
        # A stream that runs for weeks must not fill the heap with the history of its batches.
        "spark.ui.retainedJobs": "50",
        "spark.ui.retainedStages": "50",
        "spark.ui.retainedTasks": "500",
        "spark.sql.ui.retainedExecutions": "20",
        "spark.sql.streaming.ui.retainedProgressUpdates": "20",
        "spark.sql.streaming.ui.retainedQueries": "20",
        "spark.sql.streaming.numRecentProgressUpdates": "50",
        "spark.sql.streaming.stopTimeout": "10000",
        "spark.sql.streaming.checkpointFileManagerClass": MANAGER,
        # A second file with a checksum for each checkpoint file, two PUTs that a crash can fall between; the store
        # keeps checksums of its own.
        "spark.sql.streaming.checkpoint.fileChecksum.enabled": "false",
        **spec.settings,
    }


Reveal = Callable[[Secret], str | None]
"""Gives a secret's value; None where the engine finds it elsewhere (environment, password file): it is left out."""


def unrevealed(secret: Secret) -> None:
    """On clusters: S3's keys are in the environment, the lake's password is in a password file."""
    del secret


def lake_properties(catalog: IcebergCatalog, s3: S3Endpoint, reveal: Reveal) -> dict[str, str]:
    """The catalog of the lake. Where secrets are revealed the result holds them: it belongs in a file of mode 0600."""
    prefix = f"spark.sql.catalog.{catalog.name}"
    told = {
        key: reveal(value) if isinstance(value, Secret) else value
        for key, value in catalog_properties(catalog, s3).items()
    }
    return {
        prefix: "org.apache.iceberg.spark.SparkCatalog",
        **{f"{prefix}.{key}": value for key, value in told.items() if value is not None},
        # Spark would keep a table's metadata for 30 s and miss what Flink and Trino commit meanwhile.
        f"{prefix}.cache-enabled": "false",
    }


def one_machine(catalog: IcebergCatalog) -> dict[str, str]:
    """Times of a machine where no network lies between anybody: a peer that died is noticed in seconds, the job fails,
    its checkpoint stays, and it is started again. On clusters Spark's, Hadoop's and Iceberg's own hold, which wait for
    a store or a catalog that moves to another node."""
    lake, s3a = f"spark.sql.catalog.{catalog.name}", "spark.hadoop.fs.s3a"
    return {
        "spark.network.timeout": "60s",
        f"{lake}.jdbc.connectTimeout": "5",
        f"{lake}.jdbc.socketTimeout": "30",
        f"{lake}.http-client.connection-timeout-ms": "5000",
        f"{lake}.http-client.socket-timeout-ms": "20000",
        f"{lake}.s3.retry.num-retries": "3",
        f"{lake}.s3.retry.min-wait-ms": "100",
        f"{lake}.s3.retry.max-wait-ms": "1000",
        f"{s3a}.attempts.maximum": "3",
        f"{s3a}.retry.limit": "3",
        f"{s3a}.retry.interval": "200ms",
        f"{s3a}.retry.throttle.limit": "5",
        f"{s3a}.connection.timeout": "20s",
    }


def network(catalog: IcebergCatalog) -> dict[str, str]:
    """Times of clusters, in seconds: PostgreSQL's driver would wait for ever for a node that is gone without a word."""
    lake = f"spark.sql.catalog.{catalog.name}"
    return {f"{lake}.jdbc.connectTimeout": "30", f"{lake}.jdbc.socketTimeout": "300"}


def planning_properties(catalog: str) -> dict[str, str]:
    """A driver that plans statements and runs none: one thread, no page, the lake's catalog in its own memory."""
    prefix = f"spark.sql.catalog.{catalog}"
    return {
        "spark.app.name": "rosace-planner",
        "spark.master": "local[1]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.authenticate": "true",
        "spark.ui.enabled": "false",
        prefix: "org.apache.iceberg.spark.SparkCatalog",
        f"{prefix}.catalog-impl": "org.apache.iceberg.inmemory.InMemoryCatalog",
        f"{prefix}.warehouse": "memory",
        f"{prefix}.cache-enabled": "false",
    }


GIVEN_KEYS = "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"
KEYS_IN_ENVIRONMENT = "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"
"""Where S3A finds its keys: in its properties, or in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""


def store_properties(s3: S3Endpoint, reveal: Reveal, scratch: str) -> dict[str, str]:
    """Hadoop's S3A file system, which keeps the checkpoints. The result holds secrets where they are revealed."""
    access, secret = reveal(s3.access_key), reveal(s3.secret_key)
    s3a = {
        "endpoint": str(s3.address),
        "endpoint.region": s3.region,
        "path.style.access": "true",
        "connection.ssl.enabled": str(s3.address.scheme == "https").lower(),
        "aws.credentials.provider": KEYS_IN_ENVIRONMENT if access is None else GIVEN_KEYS,
        "access.key": access,
        "secret.key": secret,
        "buffer.dir": scratch,
        # Checkpoint files are small: no disk between, few threads.
        "fast.upload.buffer": "array",
        "threads.max": "8",
        # Every file has its own name: no look whether a folder or an older file is in the way.
        "create.performance": "true",
    }
    s3a |= {f"bucket.{bucket}.endpoint": str(address) for bucket, address in sorted(s3.elsewhere.items())}
    return {f"spark.hadoop.fs.s3a.{key}": value for key, value in s3a.items() if value is not None}


def kafka_source(servers: str) -> dict[str, str]:
    """Options of a topic that is read, streaming or not: only committed records, and none may have been lost."""
    return {
        "kafka.bootstrap.servers": servers,
        "kafka.isolation.level": "read_committed",
        "startingOffsets": "earliest",
        "failOnDataLoss": "true",
        # A partition that has stopped to answer (default: spark.network.timeout).
        "kafkaConsumer.pollTimeoutMs": "30000",
    }


def kafka_sink(servers: str) -> dict[str, str]:
    """Options of a topic that is written; Spark's Kafka sink knows no transactions (delivery at-least-once)."""
    return {"kafka.bootstrap.servers": servers, "kafka.acks": "all", "kafka.enable.idempotence": "true"}


def table_sink(job: str) -> dict[str, str]:
    """Options of a table that is written by a stream.

    Nulls in columns that are never null are refused by the runner, which says which column; Iceberg's own check
    looks at types only, and a column read from JSON may always be null. `rosace.job` in each snapshot tells whose
    rows these are.
    """
    return {"fanout-enabled": "true", "check-nullability": "false", "snapshot-property.rosace.job": job}


def properties_text(properties: Mapping[str, str]) -> str:
    """A Java properties file, which Spark reads as UTF-8 (Utils.getPropertiesFromFile, Spark 4.1.1)."""
    return "".join(f"{_key(name)}={_escaped(value)}\n" for name, value in properties.items())


def _key(text: str) -> str:
    return _escaped(text).replace(":", "\\:").replace("=", "\\=").replace(" ", "\\ ")


def _escaped(text: str) -> str:
    out = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    out = out.replace("\f", "\\f")
    return f"\\{out}" if out[:1] in (" ", "#", "!") else out


LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_OUT
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSS}{UTC}Z %p %c{1}: %m%n%ex{12}
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def logging(quiet: Mapping[str, str]) -> str:
    """Log4j 2's configuration: warnings to stdout; `quiet` maps loggers to the least level that is shown."""
    lines = [LOG4J]
    for number, (name, level) in enumerate(quiet.items()):
        lines.append(f"logger.q{number}.name = {name}\nlogger.q{number}.level = {level}\n")
    return "".join(lines)


QUIET = {
    # Says at each start that a native library is missing, which nothing here uses.
    "org.apache.hadoop.util.NativeCodeLoader": "error",
    "org.apache.hadoop.metrics2.impl.MetricsConfig": "error",
    # Says for each query that a fair scheduler file is missing: the pools' defaults are what is wanted.
    "org.apache.spark.scheduler.FairSchedulableBuilder": "error",
    # Says for each stream that adaptive execution is not for streams.
    "org.apache.spark.sql.execution.streaming.runtime.ResolveWriteToStream": "error",
    # Say that a stream reads as fast as it can, and that a query which is stopped had no task running.
    "org.apache.spark.sql.execution.streaming.runtime.ProcessingTimeExecutor": "error",
    "org.apache.spark.scheduler.DAGScheduler": "error",
    # Prints its whole configuration, and that it does not know Spark's own keys.
    "org.apache.kafka": "error",
    "org.apache.spark.sql.kafka010.KafkaDataConsumer": "error",
}


def kafka_login(ca: str) -> dict[str, str]:
    """SCRAM over TLS, as options of a topic: a client of Kafka fills `${env:...}` in itself, wherever it runs, so that
    no plan and no log holds a password (KIP-421, KIP-887; kafka-clients 3.9). `ca` is the authority's certificate."""
    return {
        "kafka.security.protocol": "SASL_SSL",
        "kafka.sasl.mechanism": "SCRAM-SHA-512",
        "kafka.sasl.jaas.config": "${env:KAFKA_JAAS}",
        "kafka.config.providers": "env",
        "kafka.config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
        "kafka.ssl.truststore.type": "PEM",
        "kafka.ssl.truststore.location": ca,
    }


def cluster_properties() -> dict[str, str]:
    """What holds on clusters besides: ports that network policies can name, secrecy between pods, metrics.

    Metrics in Prometheus' words: docs/4.1.1/monitoring, "Executor Metrics" and "Metrics" (PrometheusServlet).
    """
    return {
        "spark.authenticate": "true",
        "spark.network.crypto.enabled": "true",
        "spark.driver.port": str(RPC),
        "spark.driver.blockManager.port": str(BLOCKS),
        "spark.blockManager.port": str(BLOCKS),
        "spark.ui.port": str(UI),
        "spark.ui.prometheus.enabled": "true",
        "spark.metrics.conf.*.sink.prometheusServlet.class": "org.apache.spark.metrics.sink.PrometheusServlet",
        "spark.metrics.conf.*.sink.prometheusServlet.path": "/metrics/prometheus",
        # By what people call the job, not by an id that is new at each start.
        "spark.metrics.namespace": "${spark.app.name}",
        "spark.sql.streaming.metricsEnabled": "true",
        # Executors that go hand their blocks to those that stay.
        "spark.decommission.enabled": "true",
        "spark.storage.decommission.enabled": "true",
        "spark.storage.decommission.shuffleBlocks.enabled": "true",
        "spark.storage.decommission.rddBlocks.enabled": "true",
    }
