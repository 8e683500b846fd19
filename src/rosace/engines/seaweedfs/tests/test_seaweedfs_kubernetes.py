"""SeaweedFS on clusters: as many copies as were asked for, the words of this machine, and nobody let in by accident."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.engines.seaweedfs import components, settings
from rosace.engines.seaweedfs.kubernetes import KUBERNETES
from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.model.capabilities import S3Endpoint
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

PLATFORM = """
platform: shop
clusters: {main: {}}
storage: {provider: seaweedfs, nodes: 4, erasure: 4+2, buckets: {raw: {}}, tenants: {spark: {buckets: {more: {}}}}}
"""


def part(tmp_path: Path) -> Part:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    return next(one for one in estate.parts if one.engine.name == "seaweedfs")


@pytest.mark.parametrize(
    ("erasure", "nodes", "copies"), [("4+2", 4, 3), ("2+1", 4, 2), ("2+2", 2, 2), ("4+2", 1, 1), ("8+4", 8, 5)]
)
def test_as_many_copies_as_survive_what_the_code_would(erasure: str, nodes: int, copies: int) -> None:
    assert components.copies(erasure, nodes) == copies
    assert f"-defaultReplication=00{copies - 1}" in components.master(SeaweedfsSpec(), ["a", "b", "c"], copies)


def test_servers_are_told_what_they_are_told_on_this_machine(tmp_path: Path) -> None:
    site = part(tmp_path).site
    told = {role: words["arguments"] for role, words in KUBERNETES.values(site)["components"].items()}
    assert {f"-{word}" for word in settings.volumes(SeaweedfsSpec())} <= set(told["master"])
    assert {f"-{word}" for word in settings.room(SeaweedfsSpec())} <= set(told["volume"])
    assert {f"-s3.{word}" for word in settings.S3_ONLY} <= set(told["filer"])
    assert KUBERNETES.configuration(site)["seaweedfs"]["filer.toml"] == settings.FILER
    assert str(site.need(S3Endpoint).address) == "http://seaweedfs-s3.seaweedfs.svc.cluster.local:8333"


def test_buckets_of_tenants_are_buckets(tmp_path: Path) -> None:
    section = KUBERNETES.values(part(tmp_path).site)
    assert section["setup"]["buckets"] == ["checkpoints", "lake", "more", "raw"]


def test_every_server_that_has_another_may_be_taken_down_alone(tmp_path: Path) -> None:
    objects = of_section("storage", "seaweedfs", KUBERNETES.values(part(tmp_path).site))
    replicas = {one["metadata"]["name"]: one["spec"]["replicas"] for one in objects if one["kind"] == "StatefulSet"}
    assert replicas == {"seaweedfs-master": 3, "seaweedfs-volume": 4, "seaweedfs-filer": 1}
    budgets = {one["metadata"]["name"] for one in objects if one["kind"] == "PodDisruptionBudget"}
    assert budgets == {name for name, number in replicas.items() if number > 1}


@pytest.mark.parametrize("clients", [(), ("operations", "analytics")])
def test_nobody_is_let_in_without_an_identity(tmp_path: Path, clients: tuple[str, ...]) -> None:
    """With no identity at all the gateway would take any key: there is always one, which may do nothing."""
    for client in clients:
        folder = tmp_path / "secrets" / client
        folder.mkdir(parents=True)
        (folder / "access-key").write_text(f"key-of-{client}")
        (folder / "secret-key").write_text("hidden")
        (tmp_path / f"actions-{client}.json").write_text(json.dumps(components.actions(["lake"], ["checkpoints"])))
    told = {"PATH": "/usr/bin:/bin", "SECRETS": str(tmp_path / "secrets"), "ACTIONS": str(tmp_path)}
    told["IDENTITIES"] = str(tmp_path / "s3.json")
    subprocess.run(["sh", "-c", components.MAKE_IDENTITIES], env=told, check=True)
    nobody, *found = json.loads((tmp_path / "s3.json").read_text())["identities"]
    assert nobody["actions"] == []
    assert len(nobody["credentials"][0]["secretKey"]) == 48
    assert sorted(one["name"] for one in found) == sorted(clients)
    for one in found:
        assert one["actions"] == [
            "Read:lake",
            "List:lake",
            "Read:checkpoints",
            "List:checkpoints",
            "Tagging:checkpoints",
            "Write:checkpoints",
        ]
        assert one["credentials"] == [{"accessKey": f"key-of-{one['name']}", "secretKey": "hidden"}]
