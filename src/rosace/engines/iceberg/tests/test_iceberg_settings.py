"""Where the lake is, in words that every engine takes."""

from __future__ import annotations

import pytest

from rosace.engines.iceberg import ENGINE, settings
from rosace.kit import lake
from rosace.model.capabilities import Address, IcebergCatalog, PostgresDatabase, S3Endpoint, Secret
from rosace.model.checked import Ref
from rosace.model.platform import Platform

DATABASE = PostgresDatabase(Address("127.0.0.1", 5432), "flights", "rosace", Secret("postgresql.password"))
CATALOG = IcebergCatalog("lake", "flights", "s3://lake/warehouse", DATABASE)
S3 = S3Endpoint(Address("127.0.0.1", 8333, "http"), "us-east-1", Secret("s3.access-key"), Secret("s3.secret-key"))


def test_wanted_where_there_are_tables() -> None:
    assert not ENGINE.wanted(Platform.model_validate({"platform": "p"}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", "tables": {"t": {"columns": {"a": "int"}}}}))


def test_namespace_needs_no_quoting() -> None:
    assert settings.namespace("new-york-2013") == "new_york_2013"


def test_properties_name_secrets_and_hold_none() -> None:
    said = lake.catalog_properties(CATALOG, S3)
    assert {key: value.name for key, value in said.items() if isinstance(value, Secret)} == {
        "jdbc.password": "postgresql.password",
        "s3.access-key-id": "s3.access-key",
        "s3.secret-access-key": "s3.secret-key",
    }
    assert said["uri"] == "jdbc:postgresql://127.0.0.1:5432/flights"
    assert said["jdbc.schema-version"] == "V1"


def test_table_names() -> None:
    assert lake.table_name(CATALOG, Ref("table", "delays")) == "lake.flights.delays"
    assert lake.table_name(CATALOG, Ref("table", "delays"), "`") == "`lake`.`flights`.`delays`"
    with pytest.raises(ValueError, match="is a topic"):
        lake.table_name(CATALOG, Ref("topic", "delays"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("carrier", ("identity", "carrier", None)),
        (" month( time_hour ) ", ("month", "time_hour", None)),
        ("day(x)", ("day", "x", None)),
        ("identity(x)", ("identity", "x", None)),
        ("bucket(16, flight)", ("bucket", "flight", 16)),
        ("bucket(flight,16)", ("bucket", "flight", 16)),
        ("truncate(4,tailnum)", ("truncate", "tailnum", 4)),
        ("month", ("identity", "month", None)),
    ],
)
def test_partitions(text: str, expected: tuple[str, str, int | None]) -> None:
    assert lake.iceberg_partition(text) == expected


@pytest.mark.parametrize("text", ["", "months(x)", "bucket(x)", "bucket(0, x)", "day(4, x)", "a b", "year(1)", "é"])
def test_what_is_no_partition_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a partition"):
        lake.iceberg_partition(text)
