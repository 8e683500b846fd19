"""Sources into topics on clusters: what is decided of their pods, rights and ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from compiled import written

from rosace.deliver.build import Built
from rosace.deliver.parity import rows
from rosace.plan.clusters.links import Addresses, network

SHA = "0" * 64
HEAD = """\
platform: shop
clusters: {main: {}}
delivery: {registry: registry.example.com}
storage: {buckets: {raw: }}
topics:
  orders: {columns: {id: int!, amount: double}, key: id}
sources:
"""
PACKAGE = f"{{package: orders==1.0, path: orders/orders.csv, sha256: '{SHA}'}}"
URL = f"{{url: 'https://data.example.com:8443/shop/orders.csv', sha256: '{SHA}'}}"


def _built(folder: Path, file: str, more: str = "") -> Built:
    return written(folder, f"{HEAD}  web: {{file: {file}, to: orders{more}}}\n")


def of_section(built: Built, name: str) -> dict[str, Any]:
    return next(dict(one.values[name]) for one in built.releases if name in one.values)


def _rows(built: Built) -> list[str]:
    return [row["verdict"] for row in rows(built.estate) if row["setting"] == "source web"]


def _fed(built: Built) -> dict[str, Any]:
    return of_section(built, "sources")["sources"]["web"]


def _order(built: Built) -> dict[str, Any]:
    return json.loads(_fed(built)["files"]["send.json"])


@pytest.mark.parametrize(
    ("file", "kind", "pattern"),
    [
        (PACKAGE, "package", "/opt/rosace/files/orders.csv"),
        (URL, "url", "/opt/rosace/files/orders.csv"),
        ("{s3: 'raw/orders/*.csv'}", "s3", "/opt/rosace/files/raw/orders/*.csv"),
        ("{volume: incoming, path: 'orders/*.csv'}", "", "/opt/rosace/files/orders/*.csv"),
    ],
)
def test_files_come_from_where_they_are(tmp_path: Path, file: str, kind: str, pattern: str) -> None:
    built = _built(tmp_path, file)
    fed = _fed(built)
    assert fed["kind"] == "Job"
    assert _order(built)["several"] == pattern
    assert ("fetch" in fed) == bool(kind)
    if kind:
        assert json.loads(fed["files"]["bring.json"])["kind"] == kind
    assert _rows(built) == ["same"]


def test_a_source_that_is_followed_keeps_what_it_knows(tmp_path: Path) -> None:
    built = _built(tmp_path, "{s3: 'raw/orders/*.csv'}", ", follow: true")
    fed = _fed(built)
    assert (fed["kind"], fed["object"], fed["claim"]["size"]) == ("Deployment", "source-web", "10Gi")
    assert (_order(built)["pattern"], _order(built)["several"]) == ("/opt/rosace/files/raw/orders/*.csv", "")


def test_a_changed_source_is_another_job(tmp_path: Path) -> None:
    one, other = (_fed(_built(tmp_path, "{volume: incoming, path: a.csv}", more)) for more in ("", ", rate: 5/s"))
    assert one["object"] != other["object"]


def test_its_user_may_do_what_the_replay_asks_and_no_more(tmp_path: Path) -> None:
    users = of_section(_built(tmp_path, URL), "kafka")["users"]
    told = {
        (one["resource"]["type"], one["resource"]["patternType"], one["resource"]["name"]): set(one["operations"])
        for one in users["source-web"]["acls"]
    }
    assert told == {
        ("topic", "literal", "orders"): {"Read", "Write", "Describe"},
        ("group", "literal", "rosace.source.web"): {"Read", "Describe"},
        ("transactionalId", "literal", "rosace.shop.source.web"): {"Write", "Describe"},
    }


def test_ways_lead_to_the_brokers_and_to_the_file(tmp_path: Path) -> None:
    links = [
        link
        for link in network(_built(tmp_path, URL).estate).links
        if getattr(link.source, "name", "") == "source-web" and link.kind != "dns"
    ]
    outside = [link for link in links if isinstance(link.target, Addresses)]
    assert {(link.ports, link.kind) for link in outside} == {((8443,), "internet")}
    assert {str(link.target) for link in links if link not in outside} == {"kafka/kafka-broker"}


def test_a_store_of_the_platform_lets_it_read_its_bucket(tmp_path: Path) -> None:
    built = _built(tmp_path, "{s3: 'raw/orders/*.csv'}")
    fed = _fed(built)
    assert fed["fetch"]["env"]["secrets"]["ACCESS_KEY"] == {"secret": "s3-credentials", "key": "access-key"}
    links = network(built.estate).links
    mine = {str(link.target) for link in links if getattr(link.source, "name", "") == "source-web"}
    assert any("minio" in target or "seaweedfs" in target for target in mine), mine


def test_a_file_of_this_machine_stays_here(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("id,amount\n1,2\n")
    built = _built(tmp_path, "orders.csv")
    assert not any("sources" in release.values for release in built.releases)
    assert _rows(built) == ["not representable"]
