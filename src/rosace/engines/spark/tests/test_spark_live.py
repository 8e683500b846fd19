"""The real driver, alone: it starts below an odd path, runs a Python job with its own workers, and dies as one."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from spark_platform import job, site

from rosace.engines.contract import JobReport
from rosace.engines.spark import ENGINE, live
from rosace.local import workbench

pytestmark = pytest.mark.live

WORK = """
from pyspark.sql import functions as F

def double(x):
    return 2 * x

def run(spark):
    total = spark.range(10).select(F.udf(double, "bigint")("id").alias("n")).agg(F.sum("n")).first()[0]
    if total != {expected}:
        raise ValueError(f"the sum is {{total}}")
"""


def test_python_jobs_run_and_the_driver_ends_whole(tmp_path: Path) -> None:
    good, bad = tmp_path / "good é.py", tmp_path / "bad.py"
    good.write_text(WORK.format(expected=90))
    bad.write_text(WORK.format(expected=91))
    jobs = [
        job(name=path.stem.split()[0], path=str(path), schedule="0 0 1 1 *", delivery="at-least-once")
        for path in (good, bad)
    ]
    place = site(tmp_path / "état d'esprit" / "spark", *jobs, files=False)
    (spec,) = ENGINE.local.processes(place)
    running = workbench.start(spec, place.home, {"LANG": "C"})
    try:
        running.await_ready(120)
        orders = {order.name: {**order.order, "run": "1"} for order in ENGINE.local.jobs(place, tuple(jobs))}
        for name in ("good", "bad"):
            live.start(orders[name], place.secrets, fresh=False)
        assert outcome(orders["good"], place.secrets).state == "finished"
        refused = outcome(orders["bad"], place.secrets)
        assert (refused.state, refused.detail) == ("failed", "ValueError: the sum is 90")
        assert live.observe({**orders["good"], "run": "2"}, place.secrets).state == "absent"
        python = psutil.Process(running.who.pid).children()
        os.kill(running.who.pid, signal.SIGKILL)
        running.child.wait(10)
        gone, alive = psutil.wait_procs(python, timeout=5)
        assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
        assert len(gone) + len(alive) >= 1
    finally:
        running.stop()


FRESH = """
from types import SimpleNamespace
from rosace_spark_runner.checkpoints import Checkpoint
from rosace_spark_runner.faults import Refused
from rosace_spark_runner.streams import only_once

def run(spark):
    catalog = {{"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop", ".warehouse": "{0}/lake"}}
    for name, value in catalog.items():
        spark.conf.set(f"spark.sql.catalog.alone{{name}}", value)
    spark.sql("CREATE TABLE alone.n.t (a BIGINT) USING iceberg TBLPROPERTIES ('format-version' = '2')")
    job = SimpleNamespace(name="mine", fresh=True)

    def write(who):
        spark.range(3).toDF("a").writeTo("alone.n.t").option("snapshot-property.rosace.job", who).append()

    def begin():
        only_once(spark, job, Checkpoint(spark, "{0}/checkpoint"), {{"table": "alone.n.t", "target": "t"}})
        assert spark.table("alone.n.t").isEmpty()

    for _ in range(3):
        write("mine")
        begin()
    write("mine")
    write("another's")
    try:
        begin()
    except Refused as refused:
        assert "another's" in str(refused) and "no job" not in str(refused), refused
    else:
        raise AssertionError("rows of others were deleted")
    spark.sql("DELETE FROM alone.n.t")
    write("mine")
    begin()
"""


def test_a_stream_starts_afresh_as_often_as_it_is_asked(tmp_path: Path) -> None:
    """Its own deletions are nobody's rows, and rows of others that are gone do not count any more."""
    path = tmp_path / "fresh.py"
    path.write_text(FRESH.format(f"file://{tmp_path}"))
    work = job(name="fresh", path=str(path), schedule="0 0 1 1 *", delivery="at-least-once")
    place = site(tmp_path / "spark", work, files=False)
    (spec,) = ENGINE.local.processes(place)
    running = workbench.start(spec, place.home, {"LANG": "C"})
    try:
        running.await_ready(120)
        found = next(order for order in ENGINE.local.jobs(place, (work,)) if order.name == "fresh")
        order = {**found.order, "run": "1"}
        live.start(order, place.secrets, fresh=False)
        report = outcome(order, place.secrets)
        assert (report.state, report.detail) == ("finished", "")
    finally:
        running.stop()


def outcome(order: dict[str, object], secrets: dict[str, str]) -> JobReport:
    until = time.monotonic() + 60
    while (report := live.observe(order, secrets)).state in ("starting", "running") and time.monotonic() < until:
        time.sleep(0.1)
    return report
