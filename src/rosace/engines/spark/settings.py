"""From the words of the platform to Spark's own configuration: pure, for every target.

Sources: spark.apache.org/docs/4.1.1/configuration, /structured-streaming-programming-guide and
/structured-streaming-kafka-integration; iceberg.apache.org/docs/1.11.0/spark-configuration; hadoop.apache.org/docs/
r3.4.2, module hadoop-aws. Where a value was chosen by measuring, its line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rosace.engines.lake import catalog_properties
from rosace.engines.spark.spec import SparkSpec
from rosace.model.capabilities import IcebergCatalog, S3Endpoint, Secret

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
    partitions = str(spec.cores or cores)
    return {
        # Jobs share one driver: fair pools, so that a batch job does not hold up the streams.
        "spark.scheduler.mode": "FAIR",
        "spark.sql.shuffle.partitions": partitions,
        "spark.default.parallelism": partitions,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.ansi.enabled": "true",
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
        **_timeouts(),
        **spec.settings,
    }


def _timeouts() -> dict[str, str]:
    """A peer that died is noticed in seconds: the job fails, its checkpoint stays, and it is started again."""
    return {"spark.network.timeout": "60s"}


def lake_properties(catalog: IcebergCatalog, s3: S3Endpoint, reveal: Callable[[Secret], str]) -> dict[str, str]:
    """The catalog of the lake. The result holds secrets: it belongs in a file of mode 0600."""
    prefix = f"spark.sql.catalog.{catalog.name}"
    told = {
        key: reveal(value) if isinstance(value, Secret) else value
        for key, value in catalog_properties(catalog, s3).items()
    }
    return {
        prefix: "org.apache.iceberg.spark.SparkCatalog",
        **{f"{prefix}.{key}": value for key, value in told.items()},
        # Spark would keep a table's metadata for 30 s and miss what Flink and Trino commit meanwhile.
        f"{prefix}.cache-enabled": "false",
        f"{prefix}.jdbc.connectTimeout": "5",
        f"{prefix}.jdbc.socketTimeout": "30",
        f"{prefix}.http-client.connection-timeout-ms": "5000",
        f"{prefix}.http-client.socket-timeout-ms": "20000",
        f"{prefix}.s3.retry.num-retries": "3",
        f"{prefix}.s3.retry.min-wait-ms": "100",
        f"{prefix}.s3.retry.max-wait-ms": "1000",
    }


def store_properties(s3: S3Endpoint, reveal: Callable[[Secret], str], scratch: str) -> dict[str, str]:
    """Hadoop's S3A file system, which keeps the checkpoints. The result holds secrets."""
    s3a = {
        "endpoint": s3.url,
        "endpoint.region": s3.region,
        "path.style.access": "true",
        "connection.ssl.enabled": str(s3.url.startswith("https:")).lower(),
        "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "access.key": reveal(s3.access_key),
        "secret.key": reveal(s3.secret_key),
        "buffer.dir": scratch,
        # Checkpoint files are small: no disk between, few threads.
        "fast.upload.buffer": "array",
        "threads.max": "8",
        # Every file has its own name: no look whether a folder or an older file is in the way.
        "create.performance": "true",
        "attempts.maximum": "3",
        "retry.limit": "3",
        "retry.interval": "200ms",
        "retry.throttle.limit": "5",
        "connection.timeout": "20s",
    }
    return {f"spark.hadoop.fs.s3a.{key}": value for key, value in s3a.items()}


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
