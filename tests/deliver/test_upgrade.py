"""An upgrade's dangers are named: renamed, immutable, replaced, at risk; harmless changes are not called dangers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiled import objects, written

from rosace.deliver.build import Built
from rosace.deliver.upgrade import Change, compare

TEXT = """
platform: shop
topics:
  orders: {{columns: {{id: int!}}, partitions: {partitions}}}
engines: {{kafka: {{replicas: {brokers}, disk: {{size: {size}}}}}}}
clusters: {{main: {{}}}}
"""


def built(folder: Path, partitions: int = 12, brokers: int = 3, size: str = "10Gi") -> Built:
    return written(folder, TEXT.format(partitions=partitions, brokers=brokers, size=size))


def changes(old: Built, new: Built) -> dict[str, Change]:
    found = compare({"main": objects(old)}, {"main": objects(new)})
    return {change.object: change for change in found}


def test_nothing_differs(tmp_path: Path) -> None:
    assert compare({"main": objects(built(tmp_path))}, {"main": objects(built(tmp_path))}) == []


def test_growing_is_a_change_and_shrinking_a_danger(tmp_path: Path) -> None:
    small, large = built(tmp_path), built(tmp_path, partitions=24, brokers=6, size="20Gi")
    grown, shrunk = changes(small, large), changes(large, small)
    for name in ("KafkaTopic kafka/orders", "KafkaNodePool kafka/broker"):
        assert grown[name].kind == "changed"
        assert shrunk[name].kind == "immutable"
    assert shrunk["KafkaTopic kafka/orders"].paths == ("spec.partitions",)
    assert "never takes any away" in shrunk["KafkaTopic kafka/orders"].why


def thing(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec}


def only(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Change:
    (change,) = compare({"main": before}, {"main": after})
    return change


def test_a_selector_cannot_change() -> None:
    change = only([thing("Deployment", "web", selector={"a": "b"})], [thing("Deployment", "web", selector={"a": "c"})])
    assert (change.kind, change.paths) == ("immutable", ("spec.selector.a",))


def test_a_job_is_replaced() -> None:
    change = only([thing("Job", "load", template={"image": "a"})], [thing("Job", "load", template={"image": "b"})])
    assert change.kind == "replaced"


def test_a_new_name_is_a_loss() -> None:
    change = only([thing("StatefulSet", "db", size=1)], [thing("StatefulSet", "database", size=1)])
    assert (change.kind, change.to) == ("renamed", "StatefulSet shop/database")


def test_what_holds_data_is_at_risk() -> None:
    assert only([thing("StatefulSet", "db", size=1)], []).kind == "at risk"
    assert only([thing("Deployment", "web", size=1)], []).kind == "removed"
    assert only([], [thing("Deployment", "web", size=1)]).kind == "added"


def test_dangers_come_first() -> None:
    before = [thing("Deployment", "a", x=1), thing("StatefulSet", "db", size=1)]
    after = [thing("Deployment", "a", x=2), thing("Deployment", "z", x=9)]
    assert [change.kind for change in compare({"main": before}, {"main": after})] == ["at risk", "changed", "added"]
