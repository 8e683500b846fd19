"""Joins with versions: what the check refuses of the corpus is what Flink's planner refuses for want of versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_flink_corpus import BROKEN, VALID, corpus

from rosace.engines.flink import as_of, once
from rosace.model.checked import Checked

WITHOUT_VERSIONS = {
    "a temporal join without a key",
    "a lookup join of a topic",
    "a lookup join of a table of the lake",
    "a temporal join of a table of the lake",
    "a temporal join by the clock",
}
"""Of the broken statements; the planner is asked about them in `test_flink_corpus`."""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return corpus(
        VALID | {kind: text for kind, text in BROKEN.items() if "SYSTEM_TIME" in text}, tmp_path_factory.mktemp("as-of")
    )


def test_what_has_no_versions_is_refused_and_nothing_else(checked: Checked) -> None:
    found = list(as_of.refused(checked))
    assert {one.about[1] for one in found} == WITHOUT_VERSIONS
    assert all(one.code == "flink-as-of" and len(one.hints) == 2 for one in found)


def test_a_topic_without_event_time_has_no_versions(checked: Checked) -> None:
    rates = checked.topics["rates"].model_copy(update={"event_time": None})
    found = list(as_of.refused(replace(checked, topics={**checked.topics, "rates": rates})))
    assert {"temporal join", "left temporal join"} <= {one.about[1] for one in found}


def test_tables_that_a_job_follows_are_not_read_once(checked: Checked) -> None:
    def tables(kind: str) -> list[str]:
        return [str(ref) for ref in once.read_once(checked, checked.jobs[kind])]

    assert tables("a table of the lake is read") == ["lake.dim"]
    (followed,) = [kind for kind, text in VALID.items() if "'streaming'='true'" in text]
    assert tables(followed) == []
