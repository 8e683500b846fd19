"""From words to Spark's configuration: what is decided, what is hidden, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from spark_platform import SECRETS, site

from rosace.engines.spark import ENGINE, settings, sql
from rosace.engines.spark.spec import SparkSpec, wanted
from rosace.model.columns import ColumnType
from rosace.model.platform import Platform


def test_secrets_are_in_files_that_only_the_user_reads_and_nowhere_else(tmp_path: Path) -> None:
    (driver,) = ENGINE.local.processes(site(tmp_path))
    outside = " ".join([*driver.argv, *driver.env.values(), str(driver.ready)])
    assert not [value for value in SECRETS.values() if value in outside]
    assert {file.mode for file in driver.files} == {0o600}
    properties = next(file.text for file in driver.files if file.path == "conf/spark.properties")
    assert "spark.hadoop.fs.s3a.secret.key=the-secret\n" in properties
    assert "spark.sql.catalog.lake.jdbc.password=the-password\n" in properties


def test_all_addresses_are_loopback(tmp_path: Path) -> None:
    (driver,) = ENGINE.local.processes(site(tmp_path))
    properties = next(file.text for file in driver.files if file.path == "conf/spark.properties")
    assert "spark.driver.bindAddress=127.0.0.1\n" in properties
    assert "spark.authenticate=true\n" in properties
    assert driver.env["SPARK_LOCAL_IP"] == "127.0.0.1"


def test_the_plan_needs_no_unpacked_artifact(tmp_path: Path) -> None:
    (driver,) = ENGINE.local.processes(site(tmp_path))
    classpath = driver.argv[driver.argv.index("-cp") + 1].split(":")
    assert classpath[-1] == "/artifacts/pyspark/deps/jars/*"
    assert driver.archive.startswith("spark-")


def test_properties_survive_java(tmp_path: Path) -> None:
    text = settings.properties_text({"spark.a": "/é à/b\\c", "spark.b": " #x", "k:e y": "1=2"})
    assert text == "spark.a=/é à/b\\\\c\nspark.b=\\ #x\nk\\:e\\ y=1=2\n"


@pytest.mark.parametrize("key", ["spark.master", "spark.hadoop.fs.s3a.endpoint", "spark.sql.catalog.lake.uri"])
def test_what_rosace_owns_cannot_be_set(key: str) -> None:
    with pytest.raises(ValidationError, match="cannot be set here"):
        SparkSpec.model_validate({"settings": {key: "x"}})


def test_settings_pass_and_win() -> None:
    spec = SparkSpec.model_validate({"cores": 3, "settings": {"spark.sql.shuffle.partitions": 8}})
    made = settings.platform_properties(spec, cores=2)
    assert made["spark.sql.shuffle.partitions"] == "8"
    assert made["spark.default.parallelism"] == "3"


def test_spark_is_wanted_for_jobs_and_for_loads() -> None:
    load = {"platform": "a", "sources": {"s": {"file": "x.csv", "to": "lake.t"}}}
    assert wanted(Platform.model_validate(load))
    assert not wanted(Platform.model_validate({"platform": "a", "sources": {"s": {"file": "x.csv", "to": "t"}}}))


@pytest.mark.parametrize(
    ("declared", "ddl", "read_as"),
    [
        ("timestamp(6)!", "TIMESTAMP_NTZ", "STRING"),
        ("date", "DATE", "STRING"),
        ("decimal(10,2)", "DECIMAL(10,2)", "DECIMAL(10,2)"),
        ("bigint", "BIGINT", "BIGINT"),
        ("smallint", "SMALLINT", "SMALLINT"),
        ("uuid!", "STRING", "STRING"),
        ("timestamptz(3)", "TIMESTAMP_LTZ", "STRING"),
        (
            "array<row<a date!, b map<string, binary>>>",
            "ARRAY<STRUCT<`a`: DATE, `b`: MAP<STRING, BINARY>>>",
            "ARRAY<STRUCT<`a`: STRING, `b`: MAP<STRING, BINARY>>>",
        ),
    ],
)
def test_column_types(declared: str, ddl: str, read_as: str) -> None:
    column = ColumnType.parse(declared)
    assert (sql.column_type(column), sql.json_type(column)) == (ddl, read_as)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("decimal(10,2)", "v"),
        ("binary", "v"),
        ("array<row<a int>>", "v"),
        ("timestamptz(3)", """date_format(v, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")"""),
        ("array<date>", "transform(v, x0 -> date_format(x0, 'yyyy-MM-dd'))"),
        ("map<string, date>", "transform_values(v, (k0, x0) -> date_format(x0, 'yyyy-MM-dd'))"),
        (
            "row<a int, b date>",
            "IF(v IS NULL, NULL, named_struct('a', v.`a`, 'b', date_format(v.`b`, 'yyyy-MM-dd')))",
        ),
    ],
)
def test_how_a_value_is_written_into_a_record(declared: str, text: str) -> None:
    assert sql.written("v", ColumnType.parse(declared)) == text


def test_partitions() -> None:
    assert sql.transform("month(at)") == "months(`at`)"
    assert sql.transform("bucket(16, carrier)") == "bucket(16, `carrier`)"
    assert sql.transform("carrier") == "`carrier`"
