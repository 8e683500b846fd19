"""A run's own parameters: `:day` is a date that is never null, what has no value is refused where it stands."""

from __future__ import annotations

import pytest
from check_outcome import Examine, Outcome

from rosace.model.checked import Ref
from rosace.observe.verify.flows import writers

PLATFORM = """\
platform: demo
topics:
  clicks: {{columns: {{at: timestamp(3)!, day: date!}}}}
  copies: {{columns: {{at: timestamp(3)!, day: date!}}}}
tables:
  events: {{columns: {{at: timestamp(6)!, day: date!, shop: string!, amount: bigint!}}}}
  daily: {{columns: {{day: date!, shop: string!, amount: bigint!}}, partition: [day]}}
  runs: {{columns: {{at: timestamp(3)!, before: timestamp(3)!, day: date!}}, key: [at]}}
sources:
  events: {{file: events.csv, to: lake.events}}
jobs:
  daily: {{engine: {engine}, sql: daily.sql{when}}}
"""
FILES = {"events.csv": "at,day,shop,amount\n2024-05-01T10:00:00,2024-05-01,Lyon,3\n"}
DAILY = ', schedule: "0 5 * * *"'
OVERWRITE = (
    "INSERT OVERWRITE lake.daily SELECT day, shop, SUM(amount) FROM lake.events WHERE {where} GROUP BY day, shop"
)


def asked(examined: Examine, text: str, when: str = DAILY, engine: str = "spark") -> Outcome:
    return examined(PLATFORM.format(when=when, engine=engine), {**FILES, "daily.sql": text})


@pytest.mark.parametrize(
    "text",
    [
        OVERWRITE.format(where="day = :day"),
        OVERWRITE.format(where="day = date_sub(:day, 1)"),
        OVERWRITE.format(where="day = CAST(:run_time AS DATE)"),
        OVERWRITE.format(where="day = :day AND shop <> ':yesterday' -- :tomorrow\n"),
        OVERWRITE.format(where="day = :day /* :tomorrow ? */"),
        "INSERT OVERWRITE lake.daily PARTITION (day = :day)\n"
        "SELECT shop, SUM(amount) FROM lake.events WHERE day = :day GROUP BY shop",
        "INSERT OVERWRITE lake.daily PARTITION (day = date_sub(:day, 1))\n"
        "SELECT shop, SUM(amount) FROM lake.events WHERE day = date_sub(:day, 1) GROUP BY shop",
        "INSERT INTO lake.runs SELECT DISTINCT :run_time, :previous_run_time, :day FROM lake.events",
        "CREATE TEMPORARY VIEW today AS SELECT * FROM lake.events WHERE day = :day;\n"
        "INSERT OVERWRITE lake.daily SELECT day, shop, amount FROM today",
    ],
)
def test_a_scheduled_job_names_its_run(examined: Examine, text: str) -> None:
    assert asked(examined, text).errors == set()


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (OVERWRITE.format(where="at >= :previous_run_time AND at < :run_time"), {"overwrite-slice"}),
        (OVERWRITE.format(where="day = :day AND shop = :day"), set()),
        (OVERWRITE.format(where="day = :day AND amount = :day"), {"unlike-types"}),
        (
            "INSERT INTO lake.runs SELECT DISTINCT :day, :previous_run_time, :run_time FROM lake.events",
            {"insert-narrows"},
        ),
    ],
)
def test_they_have_types(examined: Examine, text: str, errors: set[str]) -> None:
    assert asked(examined, text).errors == errors


@pytest.mark.parametrize("marker", [":yesterday", ":Day", "?", ":days"])
def test_one_that_there_is_not_is_refused_where_it_stands(examined: Examine, marker: str) -> None:
    found = asked(examined, OVERWRITE.format(where=f"shop = ':x' AND\n  day = {marker}"))
    problem = found.one("unknown-parameter")
    assert problem.span is not None
    assert problem.span.file.endswith("daily.sql")
    assert (problem.span.line, problem.span.column) == (2, 9)
    assert "`:run_time`, `:previous_run_time`, `:day`" in " ".join(problem.hints)


def test_in_a_partition_too(examined: Examine) -> None:
    text = "INSERT OVERWRITE lake.daily PARTITION (day = :today)\nSELECT shop, amount FROM lake.events"
    problem = asked(examined, text).one("unknown-parameter")
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == (1, 46)


@pytest.mark.parametrize("when", [", after: [events]", ""])
def test_a_job_without_a_schedule_has_none(examined: Examine, when: str) -> None:
    found = asked(examined, OVERWRITE.format(where="day = :day"), when)
    problem = found.one("unknown-parameter")
    assert "schedule" in problem.hints[0]


def test_nor_has_a_stream_or_a_query(examined: Examine) -> None:
    stream = "INSERT INTO copies SELECT at, day FROM clicks WHERE day = :day"
    assert "unknown-parameter" in asked(examined, stream, "", "flink").errors
    words = PLATFORM.format(when=DAILY, engine="spark") + "queries:\n  q: {sql: q.sql}\n"
    files = {
        **FILES,
        "daily.sql": OVERWRITE.format(where="day = :day"),
        "q.sql": "SELECT * FROM lake.daily WHERE day = ?",
    }
    assert examined(words, files).errors == {"unknown-parameter"}


UNLIKE = ["0 5 L * *", "0 5 * * 5#2", "0 5 * * 7", "0 5 * * 5-7", "0 5 */2 * 1", "0 5 1 * */2", "0 5 1,* * 1"]


@pytest.mark.parametrize("line", [*UNLIKE, "0 5 * * 1/2", "0 5-5/2 * * *"])
def test_a_schedule_means_the_same_on_both_targets(examined: Examine, line: str) -> None:
    found = asked(examined, OVERWRITE.format(where="day = :day"), f', schedule: "{line}"')
    assert "bad-schedule" in found.codes
    assert "bad-schedule" not in found.errors


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("INSERT OVERWRITE lake.daily SELECT day, shop, amount FROM lake.events WHERE day = :day", False),
        ("INSERT OVERWRITE lake.daily PARTITION (day = :day) SELECT shop, amount FROM lake.events", False),
        ("INSERT OVERWRITE lake.daily SELECT :day, shop, amount FROM lake.events", False),
        ("INSERT OVERWRITE lake.daily SELECT day, shop, amount FROM lake.events", True),
    ],
)
def test_what_depends_on_the_days_that_ran_is_not_compared(examined: Examine, text: str, compared: bool) -> None:
    """Without an oracle: `verify` says "not compared" of a flow that has no basis."""
    ((_, basis),) = writers(asked(examined, text).proof(), Ref("table", "daily"))
    assert (basis is not None) == compared


@pytest.mark.parametrize(
    "line", ["0 5 * * */7", "0 5 * * 1-5/2", "0 5 1 * *", "0 5 */1 * 1", "*/7 5 * * *", "0 5 1 * 1"]
)
def test_a_schedule_that_all_read_alike_is_fine(examined: Examine, line: str) -> None:
    """Asked of robfig/cron v3.0.1, which a step of seven and a star of every day do not trouble."""
    assert "bad-schedule" not in asked(examined, OVERWRITE.format(where="day = :day"), f', schedule: "{line}"').codes


@pytest.mark.parametrize(("line", "fine"), [("0 5 * * 7", False), ("0 5 L * *", False), ("0 5 */2 * 1", True)])
def test_a_window_is_kept_by_argo_cd_alone(examined: Examine, line: str, fine: bool) -> None:
    window = f'{{schedule: "{line}", duration: 1h}}'
    words = f"platform: p\ntopics: {{t: {{columns: {{a: int}}}}}}\ndelivery: {{windows: [{window}]}}\n"
    assert ("bad-schedule" not in examined(words, {}).errors) is fine
