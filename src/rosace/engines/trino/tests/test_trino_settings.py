"""The configuration that Trino is given, and a question in its words."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlglot import parse_one
from sqlglot.expressions import With
from trino_platform import checked, fragment

from rosace.contract.locked import parse_artifacts
from rosace.engines.trino import ENGINE, columns, rules, settings, sql
from rosace.engines.trino.dialect import RosaceTrino
from rosace.engines.trino.local import LOCAL
from rosace.engines.trino.spec import TrinoSpec
from rosace.kit.lake import catalog_properties
from rosace.local import workbench
from rosace.model.capabilities import Address, IcebergCatalog, KafkaBootstrap, PostgresDatabase, S3Endpoint, Secret
from rosace.model.columns import ColumnType
from rosace.model.platform import Platform
from rosace.model.quantity import Size

DATABASE = PostgresDatabase(Address("127.0.0.1", 5432), "air_lines", "rosace", Secret("postgresql.password"))
CATALOG = IcebergCatalog("lake", "air_lines", "s3://lake/warehouse", DATABASE)
STORE = S3Endpoint(Address("127.0.0.1", 9000, "http"), "us-east-1", Secret("s3.access-key"), Secret("s3.secret-key"))
KAFKA = KafkaBootstrap((Address("127.0.0.1", 9092),))
FILES = {"jre25": Path("/cache/jre"), "trino-server": Path("/cache/été en €/trino")}


def test_is_wanted_where_there_is_something_to_ask() -> None:
    assert not ENGINE.wanted(Platform.model_validate({"platform": "p"}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", "queries": {"q": {"sql": "q.sql"}}}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", "tables": {"t": {"columns": {"a": "int"}}}}))


def test_secrets_are_in_closed_files_and_nowhere_else(tmp_path: Path) -> None:
    site = workbench.site_of(
        ENGINE, {"platform": "air-lines"}, tmp_path, offered=(CATALOG, STORE, DATABASE), files=FILES
    )
    secrets = {name: f"SECRET of {name}" for name in ("postgresql.password", "s3.access-key", "s3.secret-key")}
    assert isinstance(site.secrets, dict)
    site.secrets.update(secrets)
    (spec,) = LOCAL.processes(site)
    assert "SECRET" not in repr((spec.argv, spec.env, spec.setup, spec.ready))
    holding = [file for file in spec.files if "SECRET" in file.text]
    assert [file.path for file in holding] == ["conf/catalog/lake.properties"]
    assert all(file.mode == 0o600 for file in spec.files)
    assert all(value in holding[0].text for value in secrets.values())


def test_without_a_lake_or_topics_there_is_no_such_catalog(tmp_path: Path) -> None:
    site = workbench.site_of(ENGINE, {"platform": "air-lines"}, tmp_path, offered=(KAFKA,), files=FILES)
    (spec,) = LOCAL.processes(site)
    assert not [file.path for file in spec.files if "conf/catalog/" in file.path or "kafka" in file.path]


def test_the_lake_is_the_same_place_as_for_other_engines() -> None:
    given_ = settings.lake("lake", catalog_properties(CATALOG, STORE), lambda secret: secret.name)
    assert given_["iceberg.jdbc-catalog.default-warehouse-dir"] == CATALOG.warehouse
    assert given_["iceberg.jdbc-catalog.catalog-name"] == CATALOG.name
    assert given_["iceberg.jdbc-catalog.connection-url"] == DATABASE.jdbc
    with pytest.raises(ValueError, match=r"no counterpart.*s3\.new-thing"):
        settings.lake("lake", {"s3.new-thing": "x"}, lambda secret: secret.name)


def test_memory_of_a_query_and_headroom_fit_the_heap() -> None:
    for heap in (Size.mebibytes(512), Size.mebibytes(768), Size.mebibytes(4096)):
        server = settings.server(TrinoSpec(), platform="a-b", port=1, heap=heap, plugins="p")
        sizes = [int(server[key].removesuffix("MB")) for key in server if key.endswith("-per-node")]
        assert len(sizes) == 2 and sum(sizes) < heap.mib


def test_settings_pass_but_for_those_that_rosace_owns() -> None:
    spec = TrinoSpec.model_validate({"settings": {"spill-enabled": True, "query.max-history": 9}})
    server = settings.server(spec, platform="p", port=1, heap=Size.mebibytes(512), plugins="p")
    assert (server["spill-enabled"], server["query.max-history"]) == ("true", "9")
    for key in ("node.id", "plugin.dir", "http-server.http.port", "catalog.management"):
        with pytest.raises(ValidationError, match="cannot be set here"):
            TrinoSpec.model_validate({"settings": {key: "x"}})


def test_a_topic_is_described_with_what_the_decoder_knows() -> None:
    topic = checked().topics["every-type"]
    fields = json.loads(settings.description("every-type", topic))["message"]["fields"]
    assert {field["name"]: (field["mapping"], field["type"], field.get("dataFormat")) for field in fields} == {
        "id": ("Id", "INTEGER", None),
        "big": ("big", "BIGINT", None),
        "ratio": ("ratio", "DOUBLE", None),
        "flag": ("flag", "BOOLEAN", None),
        "day": ("day", "DATE", "iso8601"),
        "at": ("at", "TIMESTAMP(3)", "iso8601"),
        "exact_at": ("exact_at", "VARCHAR", None),
        "amount": ("amount", "VARCHAR", None),
        "name": ("name", "VARCHAR", None),
    }


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_properties_hold_any_text(value: str) -> None:
    text = settings.properties({"key": value})
    assert text.isascii() and text.count("\n") == 1
    assert _read(text.removeprefix("key=").removesuffix("\n")) == value


def _read(line: str) -> str:
    """A value as java.util.Properties reads it: leading blanks do not count, a backslash escapes."""

    def meant(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)) if escape[1] else _MEANT.get(escape[2], escape[2])

    units = re.sub(r"\\(?:u([0-9a-f]{4})|(.))", meant, line.lstrip(" "))
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


_MEANT = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def test_a_table_and_a_plain_topic_go_by_their_names() -> None:
    asked = sql.question(checked(), fragment("SELECT *\nFROM lake.delays JOIN plain USING (x)", "lake.delays", "plain"))
    assert asked.text == ('SELECT *\nFROM "lake"."air_lines"."delays" JOIN "kafka"."default"."plain" USING (x)')
    assert asked.locate(2, asked.text.splitlines()[1].index("USING") + 1) == (
        2,
        len("FROM lake.delays JOIN plain ") + 1,
    )
    assert asked.locate(2, 8) == (2, 8)
    assert asked.locate(1, 8) == (1, 8)
    # The end of Trino's longer name is still in the user's shorter one.
    assert asked.locate(2, len('FROM "lake"."air_lines"."delays')) == (2, len("FROM lake.delays"))


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("SELECT * FROM latest", 'WITH "latest" AS (SELECT'),
        ("-- with care\n /* with */ SELECT * FROM latest", '-- with care\n /* with */ WITH "latest" AS (SELECT'),
        ("with a AS (SELECT * FROM latest) SELECT * FROM a", 'with "latest" AS (SELECT'),
        ("WITH RECURSIVE a AS (SELECT * FROM latest) SELECT 1", 'WITH RECURSIVE "latest" AS (SELECT'),
    ],
)
def test_a_compacted_topic_means_its_last_records(written: str, begins: str) -> None:
    asked = sql.question(checked(), fragment(written, "latest"))
    assert asked.text.startswith(begins)
    assert isinstance(parse_one(asked.text, read=RosaceTrino).args.get("with_"), With)
    last, here = written.splitlines()[-1], asked.text.splitlines()
    assert asked.locate(len(here), len(here[-1])) == (len(written.splitlines()), len(last))


@pytest.mark.parametrize("query", ["SELECT f(1) FROM latest", "WITH a AS (SELECT * FROM latest) SELECT f(1) FROM a"])
def test_a_compacted_topic_stands_behind_the_functions_of_a_query(query: str) -> None:
    functions = "WITH FUNCTION f(x bigint) RETURNS bigint RETURN x, -- with\nFUNCTION g() RETURNS int RETURN 1\n"
    asked = sql.question(checked(), fragment(functions + query, "latest"))
    assert asked.text.startswith(functions)
    inner = asked.text.removeprefix(functions)
    assert inner.startswith('WITH "latest" AS (SELECT')
    assert isinstance(parse_one(inner, read=RosaceTrino).args.get("with_"), With)


def test_types_for_tables() -> None:
    types = {
        text: columns.column_type(ColumnType.parse(text)) for text in ("string!", "timestamp", "decimal(9,2)", "int")
    }
    assert types == {
        "string!": "varchar",
        "timestamp": "timestamp(3)",
        "decimal(9,2)": "decimal(9,2)",
        "int": "integer",
    }


def test_columns_that_trino_cannot_tell_apart_are_refused() -> None:
    clash = checked(topics={"t": {"columns": {"A": "int", "a": "int", "_Key": "int"}}})
    assert [found.code for found in rules.check(clash)] == ["trino-same-column", "trino-internal-column"]
    assert rules.check(checked()) == []


def test_every_artifact_is_locked() -> None:
    table = tomllib.loads((ENGINE.folder / "versions.toml").read_text())
    names = {one.name for one in parse_artifacts(table["artifact"])}
    assert names == {"trino-server", "jre25", "h2", "py4j"}
    assert table["engine"]["version"] == "476"
