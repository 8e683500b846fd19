"""Jobs go where their data is; topics live where they are written and are copied to where they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from check_outcome import Examine

from rosace.check.platform import check
from rosace.model.checked import Checked
from rosace.model.cluster_words import Cluster
from rosace.model.placement import Mirror, distance, nearest
from rosace.source.load import load

HOMES = "minio, postgresql, trino"
BASE = """platform: demo
topics:
  orders: {{columns: {{id: int!}}, cluster: west}}
  clicks: {{columns: {{id: int!}}, cluster: east}}
  seen: {{columns: {{id: int!}}}}
tables:
  orders: {{like: orders}}
jobs:
  first: {{engine: flink, sql: first.sql{first}}}
  second: {{engine: flink, sql: second.sql{second}}}
clusters:
  west: {{provider: aws, api: 10.1.0.0/16, region: eu-west-3, runs: [kafka, flink, spark, {homes}]}}
  east: {{provider: azure, api: 10.2.0.0/16, region: eu-west-3, runs: [{east}]}}
producers: {{others: {{writes: [orders, clicks]}}}}
"""
FILES = {
    "first.sql": "INSERT INTO seen SELECT id FROM clicks",
    "second.sql": "INSERT INTO lake.orders SELECT id FROM orders",
}


def text(first: str = "", second: str = "", east: str = "kafka, flink") -> str:
    return BASE.format(first=first, second=second, homes=HOMES, east=east)


def checked(folder: Path, platform: str, **files: str) -> Checked:
    for name, content in {**FILES, **{f"{name}.sql": one for name, one in files.items()}}.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "platform.yaml").write_text(platform, encoding="utf-8")
    return check(load(folder / "platform.yaml"), folder)


def test_a_job_goes_where_its_data_is(tmp_path: Path) -> None:
    jobs = checked(tmp_path, text()).placement.jobs
    assert (jobs["first"].cluster, jobs["first"].why) == ("east", "`clicks` is there")
    assert (jobs["second"].cluster, jobs["second"].why) == ("west", "`orders` is there")
    assert jobs["first"].refused == {"west": "farther from its data: nothing that it reads is near"}


def test_what_is_said_wins(tmp_path: Path) -> None:
    placement = checked(tmp_path, text(second=", cluster: east")).placement
    assert (placement.jobs["second"].cluster, placement.jobs["second"].why) == ("east", "`cluster: east` says so")
    assert placement.mirrors == (Mirror("orders", "west", "east"),)
    assert placement.visits == {"west": ("east",)}


def test_a_topic_lives_beside_its_writer_and_is_copied_to_its_readers(tmp_path: Path) -> None:
    placement = checked(
        tmp_path, text(second=", cluster: west"), second="INSERT INTO lake.orders SELECT id FROM seen"
    ).placement
    assert placement.topics == {"orders": "west", "clicks": "east", "seen": "east"}
    assert placement.mirrors == (Mirror("seen", "east", "west"),)
    assert placement.topics_on("west") == {"orders", "seen"}
    assert placement.topics_on("east") == {"clicks", "seen"}
    assert placement.uses_streams_of("second", "west")
    assert not placement.uses_streams_of("second", "east")


def test_without_a_kafka_of_its_own_a_cluster_visits_the_nearest(tmp_path: Path) -> None:
    platform = text(east="flink").replace(", cluster: east", "")
    placement = checked(tmp_path, platform.replace("first.sql", "first.sql, cluster: east")).placement
    assert placement.streams == {"west": "west", "east": "west"}
    assert (placement.mirrors, placement.visits) == ((), {"west": ("east",)})


def test_of_two_as_near_the_one_with_fewer_jobs(tmp_path: Path) -> None:
    both = "INSERT INTO lake.orders SELECT orders.id FROM orders JOIN clicks ON orders.id = clicks.id"
    jobs = checked(tmp_path, text(), second=both).placement.jobs
    assert jobs["second"].cluster == "west"
    assert jobs["second"].refused == {"east": "as near, but runs 1 more already"}


def test_one_cluster_has_everything(tmp_path: Path) -> None:
    platform = text().replace(", cluster: west", "").replace(", cluster: east", "").partition("clusters:")[0]
    placement = checked(tmp_path, platform).placement
    assert {placed.cluster for placed in placement.jobs.values()} == {"main"} == set(placement.topics.values())
    assert (placement.mirrors, placement.visits) == ((), {})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"first": ", cluster: north"}, "unknown-name"),
        ({"first": ", cluster: east", "east": "kafka"}, "job-elsewhere"),
        ({"first": ", cluster: east", "east": "flink"}, "topic-elsewhere"),
        ({"east": "kafka, flink, minio"}, "two-homes"),
    ],
)
def test_what_cannot_be_placed_is_told(examined: Examine, change: dict[str, Any], code: str) -> None:
    assert code in examined(text(**change), FILES).errors


def test_a_writer_away_from_its_topic_is_told_with_both_places(examined: Examine) -> None:
    platform = text(first=", cluster: west").replace(
        "seen: {columns: {id: int!}}", "seen: {columns: {id: int!}, cluster: east}"
    )
    found = examined(platform, FILES).one("topic-elsewhere")
    assert found.message == "job `first` runs on `west` and cannot write topic `seen`, which lives on `east`"
    assert [label.span.line for label in found.labels] == [9, 5]


def test_near_is_the_same_then_the_region_then_the_provider() -> None:
    clusters = {
        "here": Cluster(provider="aws", region="eu-west-3"),
        "beside": Cluster(provider="aws", region="eu-west-3"),
        "abroad": Cluster(provider="aws", region="us-east-1"),
        "other": Cluster(provider="gcp", region="eu-west-3"),
        "nowhere": Cluster(provider="aws"),
    }
    assert [distance(clusters, "here", name) for name in clusters] == [0, 1, 2, 3, 2]
    assert nearest(["other", "abroad", "beside"], clusters, "here") == "beside"
    assert nearest(["nowhere", "abroad"], clusters, "here") == "nowhere"
