"""The real driver, alone: it starts below an odd path, runs a Python job with its own workers, and dies as one."""

from __future__ import annotations

import ast
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from spark_driver import Driver, driving

from rosace.engines.spark.imports import installed, missing
from rosace.kit.requirements import meant, together
from rosace.local.requirements import Wanted, install

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


FRAMES = """
import numpy
import pandas
from pyspark.sql import functions as F

def run(spark):
    halves = F.pandas_udf(lambda n: pandas.Series(numpy.asarray(n) / 2), "double")
    found = spark.range(10).select(halves("id").alias("h")).toPandas()["h"].sum()
    if (found, pandas.__version__) != (22.5, "{pandas}"):
        raise ValueError(f"{{found}} with {{pandas.__version__}}")
"""


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


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One with its home below an odd path, for all tests of this module."""
    folder = tmp_path_factory.mktemp("spark")
    (folder / "near.py").write_text("", encoding="utf-8")
    packages = Wanted(together(["pandas"]), folder / "packages")
    install(packages, folder / "requirements.txt", lambda: False)
    scripts = {
        "frames": FRAMES.format(pandas=meant("pandas")),
        "good": WORK.format(expected=90),
        "bad": WORK.format(expected=91),
        "fresh": FRESH.format(f"file://{folder}"),
        "lacks": "import no_such_module\n" + WORK.format(expected=90),
        "beside": "import near\n" + WORK.format(expected=90),
    }
    with driving(folder, scripts, packages.folder) as found:
        yield found


def test_a_stream_starts_afresh_as_often_as_it_is_asked(driver: Driver) -> None:
    """Its own deletions are nobody's rows, and rows of others that are gone do not count any more."""
    driver.start("fresh")
    report = driver.outcome("fresh")
    assert (report.state, report.detail) == ("finished", "")


def test_a_job_has_the_packages_that_it_asks_for_in_driver_and_workers(driver: Driver) -> None:
    driver.start("frames")
    report = driver.outcome("frames")
    assert (report.state, report.detail) == ("finished", "")


@pytest.mark.parametrize("name", ["lacks", "beside"])
def test_a_job_that_the_check_refuses_for_an_import_fails(driver: Driver, name: str) -> None:
    """What is not installed, and what lies in the job's own folder."""
    text = Path(driver.orders[name]["file"]).read_text(encoding="utf-8")
    (told,) = missing(ast.parse(text), installed)
    driver.start(name)
    report = driver.outcome(name)
    assert report.state == "failed"
    assert f"No module named '{told.lacks}'" in report.detail


def test_python_jobs_run_and_the_driver_ends_whole(driver: Driver) -> None:
    """Last in this module: the driver is killed."""
    for name in ("good", "bad"):
        driver.start(name)
    assert driver.outcome("good").state == "finished"
    refused = driver.outcome("bad")
    assert (refused.state, refused.detail) == ("failed", "ValueError: the sum is 90")
    assert driver.observe("good", run="2").state == "absent"
    python = psutil.Process(driver.running.who.pid).children()
    os.kill(driver.running.who.pid, signal.SIGKILL)
    driver.running.child.wait(10)
    gone, alive = psutil.wait_procs(python, timeout=5)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert len(gone) + len(alive) >= 1
