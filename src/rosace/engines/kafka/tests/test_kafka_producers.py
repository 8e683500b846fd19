"""Programs outside of the platform that write topics: rights, doors, ways, and what their owners are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiled import laid_out, written

from rosace.check.platform import examine
from rosace.deliver.build import Built
from rosace.plan.clusters.links import Addresses, network
from rosace.source.load import load

HEAD = """\
platform: shop
clusters: {main: {dns: data.example.com}}
projects: {tills: {members: {ann: owner}}}
topics:
  orders: {columns: {id: int!, amount: double}, key: id}
  returns: {columns: {id: int!}, key: id}
tables:
  orders: {like: orders}
producers:
"""


def _built(folder: Path, producer: str, *, dns: bool = True) -> Built:
    text = HEAD if dns else HEAD.replace("{dns: data.example.com}", "{}")
    return written(folder, f"{text}  shop: {producer}\n")


def _objects(built: Built) -> list[dict[str, Any]]:
    return [one for release in built.releases if release.chart == "streaming" for one in laid_out(release)]


def _listener(built: Built) -> dict[str, Any]:
    (kafka,) = (one for one in _objects(built) if one["kind"] == "Kafka")
    return next(one for one in kafka["spec"]["kafka"]["listeners"] if one["name"] == "producers")


def test_its_user_may_write_its_topics_and_no_more(tmp_path: Path) -> None:
    (user,) = (one for one in _objects(_built(tmp_path, "{writes: orders}")) if one["kind"] == "KafkaUser")
    assert user["metadata"]["name"] == "producer-shop"
    assert user["spec"]["authorization"]["acls"] == [
        {
            "resource": {"type": "topic", "name": "orders", "patternType": "literal"},
            "operations": ["Write", "Describe"],
        },
        {
            "resource": {"type": "transactionalId", "name": "producer-shop", "patternType": "prefix"},
            "operations": ["Write", "Describe"],
        },
    ]


def test_who_comes_from_outside_has_a_door_with_a_name(tmp_path: Path) -> None:
    built = _built(tmp_path, "{writes: orders, addresses: [203.0.113.0/24]}")
    told = _listener(built)
    assert (told["type"], told["port"], told["tls"]) == ("loadbalancer", 9095, True)
    assert told["authentication"] == {"type": "scram-sha-512"}
    said = told["configuration"]
    assert said["loadBalancerSourceRanges"] == ["203.0.113.0/24"]
    assert said["bootstrap"]["alternativeNames"] == ["kafka.data.example.com"]
    assert [one["advertisedHost"] for one in said["brokers"]] == [f"kafka-{n}.data.example.com" for n in range(3)]
    links = [link for link in network(built.estate).links if link.kind == "entrance"]
    assert [
        (link.source.cidr, str(link.target), link.ports) for link in links if isinstance(link.source, Addresses)
    ] == [("203.0.113.0/24", "kafka/kafka-broker", (9095,))]
    page = built.files["README.md"]
    assert "It begins with `kafka.data.example.com:9095`." in page
    assert "secret `kafka-producer-shop`, key `password`" in page


def test_a_port_of_the_nodes_by_one_word(tmp_path: Path) -> None:
    built = _built(tmp_path, "{writes: orders, by: node-port}", dns=False)
    told = _listener(built)
    assert told["type"] == "nodeport"
    assert "loadBalancerSourceRanges" not in told["configuration"]
    assert "kubectl get service -n kafka kafka-kafka-producers-bootstrap" in built.files["README.md"]


def test_one_in_a_project_finds_its_password_there(tmp_path: Path) -> None:
    built = _built(tmp_path, "{writes: [orders, returns], from: project, project: tills}")
    (kafka,) = (one for one in _objects(built) if one["kind"] == "Kafka")
    assert [one["name"] for one in kafka["spec"]["kafka"]["listeners"]] == ["clients"]
    links = network(built.estate).links
    mine = {str(link.target) for link in links if getattr(link.source, "name", "") == "producer-shop"}
    assert "kafka/kafka-broker" in mine
    (part,) = (part for part in built.estate.parts if part.engine.name == "kafka")
    needs = {(need.namespace, need.name) for need in part.engine.kubernetes.secrets(part.site)}
    assert {("tills", "kafka-producer-shop"), ("tills", "kafka-ca"), ("kafka", "kafka-producer-shop")} <= needs


@pytest.mark.parametrize(
    ("producer", "code", "hint"),
    [
        ("{writes: oders}", "unknown-name", "did you mean `orders`?"),
        ("{writes: lake.orders}", "producer-table", "let it write a topic, and a job the table"),
        ("{writes: orders, from: project}", "bad-value", ""),
        ("{writes: orders, from: project, project: till}", "unknown-name", "did you mean `tills`?"),
        ("{writes: []}", "", ""),
        ("{writes: orders}\n  tills: {writes: returns, by: node-port}", "producer-ways", "say the same `by` for all"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, producer: str, code: str, hint: str) -> None:
    (tmp_path / "platform.yaml").write_text(f"{HEAD}  shop: {producer}\n", encoding="utf-8")
    try:
        checked, found = examine(load(tmp_path / "platform.yaml"), tmp_path)
    except Exception as refused:
        found, checked = list(getattr(refused, "diagnostics", [])), None
    assert checked is None
    assert found and (not code or code in {one.code for one in found}), found
    assert not hint or any(hint in one for each in found for one in each.hints)
