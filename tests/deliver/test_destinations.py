"""Pods reach who is declared, at the port that the address says, and at private addresses where somebody says them."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiled import written

from rosace.plan.clusters.links import Addresses, network

PLATFORM = """\
platform: shop
clusters: {{main: {{}}}}
delivery: {{maven: "{maven}"{more}}}
topics:
  orders: {{columns: {{id: int!}}, key: id}}
tables:
  orders: {{like: orders}}
producers: {{web: {{writes: orders}}}}
jobs:
  land: {{engine: spark, sql: land.sql}}
"""


@pytest.mark.parametrize(
    ("maven", "more", "reached"),
    [
        ("https://maven.example.com/maven2", "", {("0.0.0.0/0", (443,))}),
        ("https://maven.example.com:8443/maven2", "", {("0.0.0.0/0", (8443,))}),
        ("http://10.1.2.3:8081/maven2", "", {("10.1.2.3/32", (8081,))}),
        (
            "https://mirror.example.com:8443/maven2",
            ", destinations: {mirror.example.com: [10.1.2.3/32, 10.1.3.0/24]}",
            {("10.1.2.3/32", (8443,)), ("10.1.3.0/24", (8443,))},
        ),
    ],
)
def test_a_mirror_is_reached_where_it_is(
    tmp_path: Path, maven: str, more: str, reached: set[tuple[str, tuple[int, ...]]]
) -> None:
    (tmp_path / "land.sql").write_text("INSERT INTO lake.orders SELECT id FROM orders\n")
    links = network(written(tmp_path, PLATFORM.format(maven=maven, more=more)).estate).links
    mine = [link for link in links if getattr(link.source, "name", "") == "spark-land-driver"]
    outside = [link for link in mine if link.kind == "internet"]
    assert {(link.target.cidr, link.ports) for link in outside if isinstance(link.target, Addresses)} == reached
