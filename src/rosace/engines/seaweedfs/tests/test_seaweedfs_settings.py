"""The store's configuration, without a store."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from rosace.engines.seaweedfs import ENGINE, settings
from rosace.engines.seaweedfs.health import ready
from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.model.platform import Platform

TABLE = {"tables": {"t": {"columns": {"a": "int"}}}}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, False),
        ({"topics": {"t": {"columns": {"a": "int"}}}}, False),
        (TABLE, True),
        ({"jobs": {"j": {"engine": "flink", "sql": "j.sql"}}}, True),
        ({"storage": {"buckets": {"raw": None}}}, True),
        ({**TABLE, "storage": {"provider": "seaweedfs"}}, True),
        ({**TABLE, "storage": {"provider": "minio"}}, False),
    ],
)
def test_wanted_where_something_is_kept_and_nobody_else_keeps_it(words: dict[str, Any], expected: bool) -> None:
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", **words})) is expected


def test_a_bucket_named_twice_is_made_once() -> None:
    platform = Platform.model_validate({"platform": "p", "storage": {"buckets": {"lake": None, "raw": None}}})
    assert settings.buckets(platform) == ("lake", "checkpoints", "raw")


def test_arguments_hold_no_path_and_every_port() -> None:
    ports = {name: 20000 + number for number, name in enumerate(settings.PORTS)}
    said = settings.arguments(SeaweedfsSpec.model_validate({"keep-free": "2Gi", "volume": "1Gi"}), ports)
    assert not [part for part in said if "=/" in part]
    assert all(any(part.endswith(f"={port}") for part in said) for port in ports.values())
    assert {"-volume.minFreeSpace=2048MiB", "-master.volumeSizeLimitMB=1024"} <= set(said)


def test_files_are_what_their_names_say() -> None:
    assert tomllib.loads(settings.MASTER)["master"]["volume_growth"]["copy_1"] == 2
    assert tomllib.loads(settings.FILER)["leveldb2"]["enabled"]
    assert tomllib.loads(settings.SECURITY) == {}
    signing = tomllib.loads(settings.security(("vw", "vr", "fw", "fr")))["jwt"]
    assert [signing["signing"]["key"], signing["signing"]["read"]["key"]] == ["vw", "vr"]
    assert [signing["filer_signing"]["key"], signing["filer_signing"]["read"]["key"]] == ["fw", "fr"]
    (one,) = json.loads(settings.identities("a", "s"))["identities"]
    assert one["credentials"] == [{"accessKey": "a", "secretKey": "s"}]


def test_an_amount_below_a_hundred_would_be_read_as_a_percentage() -> None:
    with pytest.raises(ValueError, match="keep-free"):
        SeaweedfsSpec.model_validate({"keep-free": "10"})


def test_not_ready_where_nobody_listens(tmp_path: Any) -> None:
    keys = tmp_path / "s3.json"
    keys.write_text(settings.identities("a", "s"))
    said = ready("127.0.0.1:9", "us-east-1", str(keys), "https://127.0.0.1:9", str(tmp_path))
    assert said == "nothing listens on 127.0.0.1:9 yet"
