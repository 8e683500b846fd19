"""Flink's cluster side: what is decided for jobs, and that no secret passes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.contract.workload import Within
from rosace.engines.flink import ENGINE, clusters, settings
from rosace.engines.flink.kubernetes import REST
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.quantity import Duration
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: shop
producers: {others: {writes: [sales]}}
topics:
  sales: {columns: {id: string!, amount: double!, at: timestamp(3)!}, key: id, event-time: at, partitions: 12}
  totals: {columns: {id: string!, total: double}, key: id, compact: true, partitions: 12}
  counts: {columns: {id: string!, n: bigint!}, key: id, compact: true, partitions: 12}
tables:
  totals: {like: totals}
jobs:
  totals: {engine: flink, sql: totals.sql, checkpoint: 5s, project: operations, autoscale: {min: 2, max: 8}}
  counts: {engine: flink, sql: counts.sql, mode: session}
projects: {operations: {}}
clusters: {main: {}}
"""
TOTALS = """\
INSERT INTO totals SELECT id, SUM(amount) AS total FROM sales GROUP BY id;
INSERT INTO lake.totals SELECT id, amount AS total FROM sales;
"""


def write(folder: Path, more: str = "", sql: str = TOTALS, platform: str = PLATFORM) -> ClusterSite:
    (folder / "platform.yaml").write_text(platform + more, "utf-8")
    (folder / "totals.sql").write_text(sql, "utf-8")
    (folder / "counts.sql").write_text("INSERT INTO counts SELECT id, COUNT(*) AS n FROM sales GROUP BY id", "utf-8")
    estate = estate_of(check(load(folder / "platform.yaml", [], []), folder), "prod")
    return next(part.site for part in estate.parts if part.engine.name == "flink")


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    return write(tmp_path)


def objects(site: ClusterSite) -> dict[tuple[str, str], dict[str, Any]]:
    room = ENGINE.kubernetes
    return {(one["kind"], one["metadata"]["name"]): one for one in of_section("processing", "flink", room.values(site))}


def test_a_job_has_a_native_cluster_of_its_own_in_its_project(site: ClusterSite) -> None:
    found = objects(site)[("FlinkDeployment", "totals")]
    assert found["metadata"]["namespace"] == "operations"
    spec = found["spec"]
    assert (spec["mode"], spec["flinkVersion"]) == ("native", "v2_1")
    assert spec["job"]["upgradeMode"] == "savepoint"
    assert spec["job"]["entryClass"] == clusters.DRIVER
    assert spec["job"]["args"] == ["--scriptUri", "file:///opt/rosace/job/job.sql"]
    assert spec["job"]["allowNonRestoredState"] is False


def test_exactly_once_is_set_as_on_this_machine(site: ClusterSite) -> None:
    config = objects(site)[("FlinkDeployment", "totals")]["spec"]["flinkConfiguration"]
    assert config["execution.checkpointing.mode"] == "EXACTLY_ONCE"
    assert config["execution.checkpointing.interval"] == "5000 ms"
    assert config["execution.checkpointing.dir"] == "s3://checkpoints/flink/shop/totals"
    assert config["execution.checkpointing.savepoint-dir"] == "s3://checkpoints/flink-savepoints/shop/totals"
    assert config["high-availability.type"] == "kubernetes"
    assert config["table.exec.iceberg.use-v2-sink"] == "true"
    assert all(isinstance(value, str) for value in config.values())


def test_no_job_begins_anew_without_its_last_checkpoint(site: ClusterSite) -> None:
    """The operator starts a job that failed for good only where it is told to, and then from a savepoint that may be
    days old (FLINK-35857). Flink itself starts it again, from its last checkpoint, for as long as an outage takes."""
    for one in ENGINE.kubernetes.values(site)["jobs"].values():
        assert not [key for key in one["config"] if key.startswith("kubernetes.operator.job.restart")]
        assert one["config"]["restart-strategy.type"] == "exponential-delay"
        assert waited(one["config"]) >= 3600


def waited(config: Mapping[str, str]) -> float:
    """How many seconds attempts take that all fail (FLIP-364: each waits as many times longer, up to the longest)."""
    said = {key.rpartition(".")[2]: value for key, value in config.items() if key.startswith("restart-strategy.")}
    units = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}
    first, most = (float(n) * units[u] for n, u in (said[f"{one}-backoff"].split() for one in ("initial", "max")))
    attempts, times = int(said["attempts-before-reset-backoff"]), float(said["backoff-multiplier"])
    return sum(min(most, first * times**number) for number in range(attempts))


@pytest.mark.parametrize(("rto", "often"), [("1h", ""), ("6h", ", checkpoint: 5m"), ("2m", "")])
def test_exactly_once_outlives_an_outage_of_the_rto(tmp_path: Path, rto: str, often: str) -> None:
    """A transaction that was open when all went down is open when it is back, whatever checkpoints failed before."""
    platform = PLATFORM.replace(", checkpoint: 5s", often)
    site = write(tmp_path, f"backups: {{rpo: 1m, rto: {rto}}}\n", platform=platform)
    job = ENGINE.kubernetes.values(site)["jobs"]["totals"]
    script, config = job["files"]["job.sql"], job["config"]
    asked = {int(number) for number in re.findall(r"'properties.transaction.timeout.ms' = '(\d+)'", script)}
    interval, patience = (int(config[f"execution.checkpointing.{name}"].split()[0]) for name in ("interval", "timeout"))
    failures = int(config["execution.checkpointing.tolerable-failed-checkpoints"])
    outage = Duration.parse(rto).ms
    assert min(asked) >= outage + (failures + 1) * (interval + patience)
    granted = site.need(KafkaBootstrap).transaction_max_timeout_ms
    assert max(asked) <= granted
    assert waited(config) * 1000 >= outage
    assert interval == (300_000 if often else 60_000)


def test_times_of_a_laptop_stay_there(site: ClusterSite) -> None:
    config = ENGINE.kubernetes.values(site)["jobs"]["totals"]["config"]
    hasty = {**settings.one_machine(), **settings.again(10)}
    assert not {key for key, value in hasty.items() if config.get(key) == value} - {
        "restart-strategy.type",
        "restart-strategy.exponential-delay.backoff-multiplier",
    }


def test_windows_have_managed_memory_in_every_slot(tmp_path: Path, site: ClusterSite) -> None:
    def told(place: ClusterSite) -> str | None:
        config = objects(place)[("FlinkDeployment", "totals")]["spec"]["flinkConfiguration"]
        return config.get("taskmanager.memory.managed.size")

    window = "TABLE(TUMBLE(TABLE sales, DESCRIPTOR(`at`), INTERVAL '1' HOUR))"
    sql = f"INSERT INTO lake.totals SELECT a.id, b.amount FROM {window} AS a JOIN {window} AS b ON a.id = b.id;\n"
    assert told(site) is None
    assert told(write(tmp_path, "engines: {flink: {slots: 2}}\n", sql=TOTALS + sql)) is None
    # Two windows, two operators each, 2 MiB in each of 32 slots: more than a tenth of what Flink has of two gibibytes.
    assert told(write(tmp_path, "engines: {flink: {slots: 32}}\n", sql=TOTALS + sql)) == "256m"


def test_the_operator_scales_between_the_two_numbers(site: ClusterSite) -> None:
    spec = objects(site)[("FlinkDeployment", "totals")]["spec"]
    config = spec["flinkConfiguration"]
    assert spec["job"]["parallelism"] == 2
    assert config["taskmanager.numberOfTaskSlots"] == "1"
    assert config["job.autoscaler.vertex.min-parallelism"] == "2"
    assert config["job.autoscaler.vertex.max-parallelism"] == "8"
    assert config["jobmanager.scheduler"] == "adaptive"


def test_the_script_holds_everything_but_secrets(site: ClusterSite) -> None:
    script = objects(site)[("ConfigMap", "flink-totals")]["data"]["job.sql"]
    assert script.startswith("SET 'table.exec.iceberg.use-v2-sink' = 'true';\n")
    assert script.endswith("\nEND;\n")
    assert script.count("INSERT INTO") == 2
    assert "'properties.group.id' = 'rosace.shop.totals'" in script
    assert "'sink.transactional-id-prefix' = 'rosace.shop.totals/totals/1/'" in script
    assert "'properties.sasl.jaas.config' = '${env:KAFKA_JAAS_TOTALS}'" in script
    assert "jdbc.password" not in script
    assert "secret:" not in script


def test_each_sink_of_a_job_has_a_name_of_its_own(tmp_path: Path) -> None:
    more = "INSERT INTO totals SELECT 'all', 1e0 FROM sales;\nINSERT INTO lake.totals (id) SELECT id FROM sales;\n"
    script = objects(write(tmp_path, sql=TOTALS + more))[("ConfigMap", "flink-totals")]["data"]["job.sql"]
    first, second, third, fourth = [line for line in script.splitlines() if line.startswith("INSERT")]
    assert "OPTIONS" not in first + second
    assert " `totals` /*+ OPTIONS('sink.transactional-id-prefix' = 'rosace.shop.totals/totals/2/') */ SELECT" in third
    assert "`totals` /*+ OPTIONS('uid-suffix' = 'totals-2') */ (`id`) SELECT" in fourth


def test_passwords_come_from_secrets_of_the_jobs_own(site: ClusterSite) -> None:
    job = ENGINE.kubernetes.values(site)["jobs"]["totals"]
    assert job["env"]["secrets"]["KAFKA_JAAS_TOTALS_PASSWORD"] == {"secret": "kafka-totals", "key": "password"}
    assert 'password="$(KAFKA_JAAS_TOTALS_PASSWORD)"' in job["env"]["plain"]["KAFKA_JAAS_TOTALS"]
    assert "s3.access-key" not in job["config"]
    assert job["prepare"]["secrets"]["LAKE_PASSWORD"]["key"] == "password"


def test_jobs_that_share_a_cluster_are_submitted_to_it(site: ClusterSite) -> None:
    found = objects(site)
    assert "job" not in found[("FlinkDeployment", "session")]["spec"]
    job = found[("FlinkSessionJob", "counts")]
    assert job["spec"]["deploymentName"] == "session"
    assert job["metadata"]["namespace"] == found[("FlinkDeployment", "session")]["metadata"]["namespace"] == "flink"
    (name,) = [name for name in found[("ConfigMap", "flink-session")]["data"] if name.endswith(".sql")]
    assert job["spec"]["job"]["args"][1].endswith(f"/{name}")


def test_pods_keep_to_themselves(site: ClusterSite) -> None:
    pod = objects(site)[("FlinkDeployment", "totals")]["spec"]["podTemplate"]["spec"]
    assert pod["securityContext"]["runAsUser"] == 9999
    assert all(one["securityContext"]["readOnlyRootFilesystem"] for one in (*pod["containers"], *pod["initContainers"]))
    peers = {one.name: one for one in ENGINE.kubernetes.workloads(site)}
    assert peers["flink-totals-jobmanager"].labels == {"app": "totals", "component": "jobmanager"}
    (operator,) = ENGINE.kubernetes.operators(site)
    assert operator.workload and Within("flink-totals-jobmanager", REST) in operator.workload.uses
    assert operator.watched == ("flink", "operations")


def test_jars_are_checked_by_their_sums(site: ClusterSite) -> None:
    lines = objects(site)[("ConfigMap", "flink-totals")]["data"]["jars.txt"].splitlines()
    assert all(len(line.split()[0]) == 64 and line.endswith(".jar") for line in lines)
    assert not [line for line in lines if "flink-sql-gateway" in line or "s3-fs-hadoop" in line]


def test_an_own_image_brings_its_jars(tmp_path: Path) -> None:
    site = write(tmp_path, "engines: {flink: {image: registry.example.com/data/flink:2.1.3-2, slots: 2}}\n")
    job = ENGINE.kubernetes.values(site)["jobs"]["totals"]
    assert list(job["files"]) == ["job.sql"]
    assert job["job"]["parallelism"] == 4
    assert "JARS" not in job["prepare"]["plain"]
