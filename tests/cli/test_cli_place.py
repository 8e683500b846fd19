"""`rosace place`: where everything runs, for people and for programs."""

from __future__ import annotations

import pytest
from command_line import CommandLine, example

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return example(tmp_path_factory.mktemp("place"), "clouds")


def test_each_job_and_topic_says_why_it_is_where_it_is(clouds: CommandLine) -> None:
    rows = {(row["what"], row["name"]): row for row in clouds.run("place", "--env", "prod", "-o", "json").json()}
    assert rows["job", "land-clicks"]["cluster"] == "amsterdam"
    assert rows["job", "land-clicks"]["why"] == "`clicks` is there"
    assert rows["job", "land-clicks"]["others"].startswith("paris: farther from its data")
    assert rows["topic", "payments"]["others"] == "copied to amsterdam, where it is read"
    assert rows["topic", "spending"]["why"] == "written by `spending`"


def test_a_table_for_people(clouds: CommandLine) -> None:
    shown = clouds.run("place", "--env", "prod")
    assert "amsterdam" in shown.out
    assert shown.err == ""


def test_without_clusters_it_says_so(clouds: CommandLine) -> None:
    assert clouds.run("place", "-o", "json").json() == []
    shown = clouds.run("place")
    assert shown.out == ""
    assert "everything runs on this machine" in shown.err


def test_what_is_moved_by_hand_takes_its_topic_along(clouds: CommandLine) -> None:
    moved = clouds.run("place", "--env", "prod", "--set", "jobs.purchases.cluster=paris", "-o", "json").json()
    topics = {row["name"]: row for row in moved if row["what"] == "topic"}
    assert topics["purchases"]["cluster"] == "paris"
    assert topics["clicks"]["others"] == "copied to paris, where it is read"


def test_what_cannot_be_is_refused(clouds: CommandLine) -> None:
    done = clouds.run("place", "--env", "prod", "--set", "topics.purchases.cluster=paris", code=2)
    assert "topic-elsewhere" in done.err
    assert "env/prod.yaml" in done.err or "platform.yaml" in done.err
