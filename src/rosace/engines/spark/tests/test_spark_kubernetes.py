"""Spark's cluster side: what is decided for jobs, for people, and that no secret passes through."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.contract.workload import API_SERVER, Needs, Outside
from rosace.deliver.charts import charts_folder
from rosace.engines.spark import ENGINE, pods, settings
from rosace.engines.spark.runner import single, views
from rosace.engines.spark.runner.moments import of_run
from rosace.model.capabilities import BatchSession, KafkaBootstrap
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: shop
producers: {others: {writes: [sales]}}
topics:
  sales: {columns: {id: string!, amount: double!, at: timestamp(3)!}, key: id, partitions: 12}
tables:
  sales: {like: sales, partition: [day(at)]}
  totals: {columns: {day: date!, total: double}}
  models: {columns: {day: date!, total: double}}
jobs:
  land: {engine: spark, sql: land.sql, project: operations, autoscale: {min: 2, max: 8}}
  daily: {engine: spark, sql: daily.sql, schedule: "0 5 * * *", parallelism: 6, resources: {cpu: 2, memory: 4Gi}}
  learn: {engine: spark, python: learn.py, schedule: "0 6 * * *", reads: [lake.sales], writes: [lake.models]}
notebooks: {team: {project: analytics}}
projects: {operations: {}, analytics: {}}
clusters: {main: {}}
"""


TOTAL = "INSERT OVERWRITE lake.totals SELECT CAST(at AS DATE) AS day, SUM(amount) AS total FROM lake.sales GROUP BY 1"


def write(folder: Path, more: str = "", total: str = TOTAL, platform: str = PLATFORM) -> ClusterSite:
    (folder / "platform.yaml").write_text(platform + more, "utf-8")
    (folder / "land.sql").write_text("INSERT INTO lake.sales SELECT * FROM sales", "utf-8")
    (folder / "daily.sql").write_text(total, "utf-8")
    (folder / "learn.py").write_text("def run(spark):\n    pass\n", "utf-8")
    estate = estate_of(check(load(folder / "platform.yaml", [], []), folder), "prod")
    return next(part.site for part in estate.parts if part.engine.name == "spark")


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    return write(tmp_path)


def objects(site: ClusterSite) -> dict[tuple[str, str], dict[str, Any]]:
    room = ENGINE.kubernetes
    return {(one["kind"], one["metadata"]["name"]): one for one in of_section("processing", "spark", room.values(site))}


def test_a_stream_is_an_application_in_its_project_that_always_comes_back(site: ClusterSite) -> None:
    found = objects(site)[("SparkApplication", "land")]
    assert found["metadata"]["namespace"] == "operations"
    spec = found["spec"]
    assert spec["restartPolicy"]["type"] == "OnFailure"
    # The n-th attempt waits n times the interval (Spark operator 2.5.1, TimeUntilNextRetryDue): an hour in all.
    retries, interval = (spec["restartPolicy"][f"onFailure{one}"] for one in ("Retries", "RetryInterval"))
    assert sum(number * interval for number in range(1, retries + 1)) >= 3600
    assert spec["dynamicAllocation"] == {
        "enabled": True,
        "initialExecutors": 2,
        "minExecutors": 2,
        "maxExecutors": 8,
        "shuffleTrackingEnabled": True,
    }
    assert spec["mainApplicationFile"] == "local:///opt/rosace/runner/boot.py"
    assert spec["arguments"] == ["/opt/rosace/job/order.json", "single"]


def test_a_schedule_is_kept_in_utc_and_never_twice_at_once(site: ClusterSite) -> None:
    spec = objects(site)[("ScheduledSparkApplication", "daily")]["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("0 5 * * *", "UTC", "Forbid")
    assert spec["template"]["executor"]["instances"] == 3
    assert spec["template"]["executor"]["cores"] == 2
    assert spec["template"]["restartPolicy"]["type"] == "OnFailure"


def test_a_run_that_is_tried_again_is_the_same_run(site: ClusterSite) -> None:
    driver = objects(site)[("ScheduledSparkApplication", "daily")]["spec"]["template"]["driver"]
    (container,) = driver["template"]["spec"]["containers"]
    run = next(one for one in container["env"] if one["name"] == "ROSACE_RUN")
    assert run["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['sparkoperator.k8s.io/app-name']"


def read_in_the_pod(site: ClusterSite, name: str, folder: Path) -> dict[str, Any]:
    """A job's order as its driver reads it, out of the ConfigMap that Helm laid out."""
    for file, text in objects(site)[("ConfigMap", f"spark-{name}")]["data"].items():
        (folder / file).write_text(text, "utf-8")
    return single.whole(folder / "order.json")


def test_the_order_is_the_one_of_this_machine_with_addresses_of_the_cluster(site: ClusterSite, tmp_path: Path) -> None:
    order = read_in_the_pod(site, "land", tmp_path)
    assert order["kind"] == "stream"
    assert order["checkpoint"] == "s3a://checkpoints/spark/shop/land"
    (topic,) = views.topics_of(order)
    assert topic["source"]["kafka.isolation.level"] == "read_committed"
    assert topic["source"]["kafka.security.protocol"] == "SASL_SSL"
    assert topic["source"]["kafka.sasl.jaas.config"] == "${env:KAFKA_JAAS}"
    assert topic["source"]["groupIdPrefix"] == "rosace.shop.land"
    assert topic["limit"] == {"maxOffsetsPerTrigger": str(settings.RECORDS_PER_BATCH)}
    assert topic["sink"]["kafka.acks"] == "all"
    assert topic["sink"]["kafka.sasl.mechanism"] == "SCRAM-SHA-512"
    assert "groupIdPrefix" not in topic["sink"]
    assert "control" not in order


def test_how_topics_are_reached_is_said_once_for_all_jobs(site: ClusterSite, tmp_path: Path) -> None:
    values = ENGINE.kubernetes.values(site)
    assert not [job for job in values["jobs"].values() if "bootstrap" in job["files"]["order.json"]]
    assert read_in_the_pod(site, "daily", tmp_path)["kafka"] == {}


def test_a_python_job_brings_its_file(site: ClusterSite) -> None:
    data = objects(site)[("ConfigMap", "spark-learn")]["data"]
    assert json.loads(data["order.json"])["file"] == "/opt/rosace/job/job.py"
    assert data["job.py"].startswith("def run(spark)")


def test_secrets_are_named_and_never_said(site: ClusterSite) -> None:
    values = ENGINE.kubernetes.values(site)
    job = values["jobs"]["land"]
    assert job["driver"]["env"]["secrets"]["KAFKA_PASSWORD"] == {"secret": "kafka-land", "key": "password"}
    assert job["driver"]["prepare"]["secrets"]["LAKE_PASSWORD"]["key"] == "password"
    assert "LAKE_PASSWORD" not in job["executor"]["prepare"]["secrets"]
    config = {**values["common"]["config"], **job["config"]}
    assert not [key for key in config if key.endswith((".jdbc.password", ".access-key-id", "access.key", "secret.key"))]
    assert config["spark.hadoop.fs.s3a.aws.credentials.provider"].endswith("EnvironmentVariableCredentialsProvider")
    assert config["spark.authenticate"] == config["spark.network.crypto.enabled"] == "true"


def test_what_all_jobs_are_told_is_said_once(site: ClusterSite) -> None:
    """A thousand jobs are eight kilobytes smaller each; in their objects they have all of it."""
    values = ENGINE.kubernetes.values(site)
    common, jobs = values["common"], values["jobs"]
    assert {"jars.txt", "log4j2.properties"} <= set(common["files"])
    assert not [job for job in jobs.values() if {*job["files"], *job["config"]} & {*common["files"], *common["config"]}]
    made = objects(site)
    for name, job in jobs.items():
        kind = "ScheduledSparkApplication" if "schedule" in job else "SparkApplication"
        spec = made[(kind, name)]["spec"]
        assert spec.get("template", spec)["sparkConf"] == {**common["config"], **job["config"]}
        assert made[("ConfigMap", f"spark-{name}")]["data"] == {**common["files"], **job["files"]}


def test_what_a_user_says_of_all_jobs_wins(tmp_path: Path) -> None:
    site = write(tmp_path, "engines: {spark: {settings: {spark.default.parallelism: '7', spark.app.x: y}}}\n")
    values = ENGINE.kubernetes.values(site)
    told = {**values["common"]["config"], **values["jobs"]["land"]["config"]}
    assert (told["spark.default.parallelism"], told["spark.app.x"]) == ("7", "y")
    assert told["spark.sql.shuffle.partitions"] != "7"


def test_only_drivers_speak_to_the_api_server(site: ClusterSite) -> None:
    spec = objects(site)[("SparkApplication", "land")]["spec"]
    assert spec["driver"]["template"]["spec"]["automountServiceAccountToken"] is True
    assert spec["executor"]["template"]["spec"]["automountServiceAccountToken"] is False
    peers = {one.name: one for one in ENGINE.kubernetes.workloads(site)}
    assert API_SERVER in peers["spark-land-driver"].uses
    assert API_SERVER not in peers["spark-land-executor"].uses
    assert Needs(KafkaBootstrap) in peers["spark-land-executor"].uses
    assert Needs(KafkaBootstrap) not in peers["spark-daily-driver"].uses


def test_the_shared_cluster_follows_the_load(site: ClusterSite) -> None:
    found = objects(site)
    scaler = found[("HorizontalPodAutoscaler", "spark-shared-worker")]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 10)
    assert scaler["metrics"][0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 70}
    worker = found[("Deployment", "spark-shared-worker")]["spec"]
    assert "replicas" not in worker, "the autoscaler's to say"
    (container,) = worker["template"]["spec"]["containers"]
    assert container["resources"]["requests"]["cpu"] == "2", "without a request there is no utilisation"
    assert found[("StatefulSet", "spark-shared-master")]["spec"]["replicas"] == 1
    assert found[("PodDisruptionBudget", "spark-shared-worker")]["spec"]["maxUnavailable"] == 1


def test_the_shared_cluster_can_be_left_out_and_shaped(tmp_path: Path) -> None:
    without = write(tmp_path, "engines: {spark: {shared: {enabled: false}}}\n")
    assert not [name for kind, name in objects(without) if kind == "HorizontalPodAutoscaler"]
    assert not [need for need in ENGINE.kubernetes.secrets(without) if need.name == "spark-shared"]
    shaped = write(tmp_path, "engines: {spark: {shared: {min: 3, max: 20, cpu: 60}}}\n")
    assert ENGINE.kubernetes.values(shaped)["shared"]["autoscaling"]["max"] == 20


def test_a_project_with_notebooks_has_a_server_of_its_own(site: ClusterSite) -> None:
    found = objects(site)
    (connect,) = (one for (kind, _), one in found.items() if kind == "SparkConnect")
    # Whatever it is told, people find it by one name.
    assert re.fullmatch(r"analytics-connect-[0-9a-f]{8}", connect["metadata"]["name"])
    service = found[("Service", "analytics-connect-server")]["spec"]
    labels = connect["spec"]["server"]["template"]["metadata"]["labels"]
    assert service["selector"].items() <= labels.items()
    ports = connect["spec"]["server"]["template"]["spec"]["containers"][0]["ports"]
    served = {(one["targetPort"], one["port"]) for one in service["ports"]}
    assert {(one["name"], one["containerPort"]) for one in ports} >= served
    assert connect["metadata"]["namespace"] == "analytics"
    assert connect["spec"]["dynamicAllocation"]["maxExecutors"] == 4
    (offered,) = ENGINE.kubernetes.offers(site, site.offered)
    assert isinstance(offered, BatchSession)
    assert str(offered.control) == "sc://spark-shared-connect.spark.svc.cluster.local:15002"
    assert str(dict(offered.projects)["analytics"]).startswith("sc://analytics-connect-server.analytics.svc")


def test_packages_that_a_job_asks_for_are_the_images_matter(tmp_path: Path) -> None:
    assert "packages of Python" not in str(ENGINE.kubernetes.parity(write(tmp_path)))
    own = "engines: {spark: {image: registry.example.com/data/spark:4.1.1-7}}\n"
    asked = write(tmp_path, own, platform=PLATFORM.replace("learn.py,", "learn.py, requirements: [pandas],"))
    assert "learn: packages of Python" in str(ENGINE.kubernetes.parity(asked))


def test_an_own_image_brings_its_jars(tmp_path: Path) -> None:
    site = write(tmp_path, "engines: {spark: {image: registry.example.com/data/spark:4.1.1-7}}\n")
    values = ENGINE.kubernetes.values(site)
    assert values["image"] == "registry.example.com/data/spark:4.1.1-7"
    for told in (values["common"], values["jobs"]["land"]):
        assert "jars.txt" not in told["files"]
        assert "spark.driver.extraClassPath" not in told["config"]
    uses = [use for one in ENGINE.kubernetes.workloads(site) for use in one.uses]
    assert not [use for use in uses if isinstance(use, Outside)]


@pytest.mark.parametrize("asked", ["1Gi", "4Gi", "64Gi"])
def test_heap_and_what_is_beside_it_are_the_pods_memory(asked: str) -> None:
    shape = pods.shape(Resources(memory=Size.parse(asked)), Resources(), "1", Size.parse("2Gi"))
    heap, beside = (int(shape[key].removesuffix("m")) for key in ("memory", "memoryOverhead"))
    assert abs(heap + beside - Size.parse(asked).mib) <= 1
    assert beside >= 384


def test_the_charts_runner_is_this_rooms() -> None:
    """`python tools/charts.py` makes them the same again; the first line of a copy says so."""
    heads, copies = dict[str, str](), dict[str, str]()
    for path in (charts_folder() / "processing/files/spark-runner").glob("*"):
        heads[path.name], _, copies[path.name] = path.read_text("utf-8").partition("\n")
    assert all(f"runner/{name} by tools/charts.py" in head for name, head in heads.items())
    assert copies == {path.name: path.read_text("utf-8") for path in (ENGINE.folder / "runner").glob("*.py")}


def test_a_changed_order_makes_a_new_driver(tmp_path: Path) -> None:
    def told(site: ClusterSite) -> str:
        return objects(site)[("SparkApplication", "land")]["spec"]["driver"]["annotations"]["rosace.io/sum"]

    before = told(write(tmp_path))
    assert told(write(tmp_path)) == before
    assert told(write(tmp_path, "delivery: {maven: https://maven.example.org/m2}\n")) != before


@pytest.mark.parametrize("asked", ["1Gi", "4Gi", "16Gi"])
def test_a_shared_worker_holds_its_executor_and_itself(tmp_path: Path, asked: str) -> None:
    site = write(tmp_path, f"engines: {{spark: {{shared: {{resources: {{memory: {asked}}}}}}}}}\n")
    worker = ENGINE.kubernetes.values(site)["shared"]["worker"]
    heap = int(worker["command"][worker["command"].index("--memory") + 1].removesuffix("m"))
    whole = Size.parse(worker["resources"]["limits"]["memory"]).mib
    assert heap >= 472
    assert heap + 384 + 512 <= whole


def test_the_moments_of_a_run_come_from_its_name(site: ClusterSite) -> None:
    order = json.loads(objects(site)[("ConfigMap", "spark-daily")]["data"]["order.json"])
    assert of_run(order["ticks"], "daily-1714543385250000000")["run_time"] == "2024-05-01T05:00:00"
    assert "ticks" not in json.loads(objects(site)[("ConfigMap", "spark-land")]["data"]["order.json"])
    assert "`:day`" not in str(ENGINE.kubernetes.parity(site))


def test_a_job_that_names_its_day_is_told_apart_in_the_parity(tmp_path: Path) -> None:
    total = "INSERT OVERWRITE lake.totals SELECT :day AS day, SUM(amount) AS total FROM lake.sales"
    site = write(tmp_path, total=total)
    assert "daily: `:day` and its like" in str(ENGINE.kubernetes.parity(site))
    order = json.loads(objects(site)[("ConfigMap", "spark-daily")]["data"]["order.json"])
    assert order["statements"][0]["parameters"] == ["day"]
