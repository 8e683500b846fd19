"""MinIO on clusters: what is decided of tenants, users, lifecycles and tiers; and the script that brings them about."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.registry import engines, offering
from rosace.engines.minio import settings
from rosace.engines.minio.kubernetes import KUBERNETES
from rosace.kit.buckets import Rights
from rosace.model.capabilities import S3Endpoint
from rosace.model.platform import Platform
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

VISION = """
platform: shop
clusters: {main: {dns: storage.example.com}}
storage:
  nodes: 4
  erasure: 4+2
  cache: {medium: nvme, size: 240Gi}
  tenants:
    spark: {buckets: {raw-data: {transition: {after: 30d, to: glacier}, versioning: true}, processed: {}}}
    flink: {buckets: {streams: {}, checkpoints: {}, state: {expire: 7d}}}
backups: {}
"""


def part(tmp_path: Path, text: str, engine: str = "minio") -> Part:
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    return next(one for one in estate.parts if one.engine.name == engine)


def values(tmp_path: Path, text: str = VISION) -> dict[str, Any]:
    return KUBERNETES.values(part(tmp_path, text).site)


@pytest.mark.parametrize(
    ("storage", "clusters", "taken"),
    [({}, {}, ["seaweedfs"]), ({}, {"main": {}}, ["minio"]), ({"provider": "seaweedfs"}, {"main": {}}, ["seaweedfs"])],
)
def test_clusters_take_minio_where_nobody_is_named(
    storage: dict[str, Any], clusters: dict[str, Any], taken: list[str]
) -> None:
    words = {"platform": "p", "clusters": clusters, "storage": {**storage, "buckets": {"raw": None}}}
    platform = Platform.model_validate(words)
    assert [room.name for room in offering(S3Endpoint) if room.wanted(platform)] == taken


def test_tenants_are_those_of_the_vision(tmp_path: Path) -> None:
    section = values(tmp_path)
    tenants = {
        one["metadata"]["name"]: one for one in of_section("storage", "minio", section) if one["kind"] == "Tenant"
    }
    assert {name: [bucket["name"] for bucket in one["spec"]["buckets"]] for name, one in tenants.items()} == {
        "spark": ["processed", "raw-data"],
        "flink": ["checkpoints", "state", "streams"],
        "platform": ["backups", "lake", "warm"],
    }
    assert {one["metadata"]["namespace"] for one in tenants.values()} == {"minio", "minio-spark", "minio-flink"}
    for one in tenants.values():
        (pool,) = one["spec"]["pools"]
        assert (pool["servers"], pool["volumesPerServer"]) == (4, 3)
        told = {entry["name"]: entry["value"] for entry in one["spec"]["env"]}
        assert told["MINIO_ERASURE_SET_DRIVE_COUNT"] == "6"
        assert told["MINIO_STORAGE_CLASS_STANDARD"] == "EC:2"
        assert pool["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "DoNotSchedule"


def test_buckets_of_tenants_have_an_address_of_their_own(tmp_path: Path) -> None:
    offered = part(tmp_path, VISION).site.need(S3Endpoint)
    assert str(offered.address) == "http://minio.minio.svc.cluster.local"
    assert str(offered.elsewhere["raw-data"]) == "http://minio.minio-spark.svc.cluster.local"
    assert str(offered.elsewhere["checkpoints"]) == "http://minio.minio-flink.svc.cluster.local"
    assert "lake" not in offered.elsewhere


def test_hot_buckets_lie_on_the_fast_medium_and_move_on(tmp_path: Path) -> None:
    tenants = values(tmp_path)["tenants"]
    assert tenants["spark"]["storage"] == {"size": "40Gi", "class": "local-nvme"}
    assert "class" not in tenants["platform"]["storage"]
    moves = {
        bucket: [(rule.get("Transition"), rule.get("Expiration")) for rule in rules["Rules"]]
        for name in ("spark", "flink")
        for bucket, rules in tenants[name]["lifecycles"].items()
    }
    warm = ({"Days": 7, "StorageClass": "WARM"}, None)
    assert moves == {
        "raw-data": [({"Days": 30, "StorageClass": "GLACIER"}, None)],
        "processed": [warm],
        "streams": [warm],
        "checkpoints": [warm],
        "state": [(None, {"Days": 7})],
    }
    assert tenants["platform"]["lifecycles"] == {}
    assert tenants["spark"]["tiers"]["GLACIER"]["storageClass"] == "GLACIER_IR"
    assert tenants["spark"]["tiers"]["WARM"]["endpoint"] == "http://minio.minio.svc.cluster.local"
    assert "GLACIER" not in tenants["flink"]["tiers"]


def test_secrets_lie_where_they_are_read(tmp_path: Path) -> None:
    needs = KUBERNETES.secrets(part(tmp_path, VISION).site)
    found = {(need.namespace, need.name): need.copies_of for need in needs}
    assert found[("minio-spark", "minio-spark")] == ""
    assert found[("minio-flink", "s3-tier-warm")] == "minio/s3-tier-warm"
    assert found[("minio", "s3-tier-warm")] == ""
    assert len(found) == len(needs)
    read = {
        (one["metadata"]["namespace"], source["secret"]["name"])
        for one in of_section("storage", "minio", values(tmp_path))
        if one["kind"] == "Job"
        for volume in one["spec"]["template"]["spec"]["volumes"]
        for source in volume.get("projected", {}).get("sources", ())
    }
    assert read <= set(found)


def test_policies_hold_what_is_asked_for_and_nothing_else() -> None:
    mine = frozenset({"lake", "checkpoints", "raw"})
    told = settings.policy(Rights(("lake",), ("checkpoints", "elsewhere")), mine)
    assert told is not None
    allowed = {
        (action, resource)
        for one in told["Statement"]
        if one["Effect"] == "Allow"
        for action in one["Action"]
        for resource in one["Resource"]
    }
    assert ("s3:PutObject", "arn:aws:s3:::checkpoints/*") in allowed
    assert ("s3:GetObject", "arn:aws:s3:::lake/*") in allowed
    assert ("s3:PutObject", "arn:aws:s3:::lake/*") not in allowed
    assert not [one for one in allowed if "raw" in one[1] or "elsewhere" in one[1] or "*" in one[0]]
    assert settings.policy(Rights((), ("elsewhere",)), mine) is None


def test_the_job_is_another_one_when_its_work_changes(tmp_path: Path) -> None:
    section = values(tmp_path)
    before = {one["metadata"]["name"] for one in of_section("storage", "minio", section) if one["kind"] == "Job"}
    section["tenants"]["spark"]["buckets"]["more"] = {"versioning": False}
    after = {one["metadata"]["name"] for one in of_section("storage", "minio", section) if one["kind"] == "Job"}
    assert len(before) == 3
    assert len(before & after) == 2


def test_the_script_says_to_the_client_what_the_files_say(tmp_path: Path) -> None:
    """Runs it with a client that writes down what it is asked."""
    section = values(tmp_path)
    section["tenants"]["spark"]["clients"] = {"operations": {"secret": "s3-operations", "policy": {"Statement": []}}}
    objects = of_section("storage", "minio", section)
    (files,) = (
        one["data"]
        for one in objects
        if one["kind"] == "ConfigMap" and one["metadata"]["name"].startswith("spark-setup-")
    )
    for name, text in files.items():
        _write(tmp_path / "setup" / name, text)
    _write(tmp_path / "secrets/root/config.env", "export MINIO_ROOT_USER=root\nexport MINIO_ROOT_PASSWORD=hidden\n")
    for folder in ("operations", "tier-GLACIER", "tier-WARM"):
        _write(tmp_path / "secrets" / folder / "access-key", f"key-of-{folder}")
        _write(tmp_path / "secrets" / folder / "secret-key", "hidden")
    client = tmp_path / "bin/mc"
    _write(client, f'#!/bin/sh\necho "mc $*" >>{tmp_path}/said\ncase "$*" in *"tier info"*) exit 1 ;; esac\n')
    client.chmod(0o755)
    told = {"PATH": f"{client.parent}:/usr/bin:/bin", "ENDPOINT": "http://minio", "PAUSE": "0"}
    told |= {"SETUP": str(tmp_path / "setup"), "SECRETS": str(tmp_path / "secrets")}
    done = subprocess.run(["sh", tmp_path / "setup/setup.sh"], env=told, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert "mc mb --ignore-existing store/raw-data" in said
    assert "mc version enable store/raw-data" in said
    assert "mc version enable store/processed" not in said
    assert "mc ilm rule import store/raw-data" in said
    assert (
        "mc ilm tier add s3 store GLACIER --access-key key-of-tier-GLACIER --secret-key hidden "
        "--endpoint https://s3.amazonaws.com --bucket shop-glacier --prefix spark/ --storage-class GLACIER_IR"
    ) in said
    assert "mc admin policy attach store operations --user key-of-operations" in said
    assert not [line for line in said if "user add" in line and "hidden" in line]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_room_is_of_clusters_only() -> None:
    assert engines()["minio"].targets == ("kubernetes",)
