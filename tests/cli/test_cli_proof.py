"""The last line of a proof says what its table says, and not more."""

from __future__ import annotations

from rosace.cli.proof import lines
from rosace.observe.verify.report import Flow, Report


def last(*flows: Flow) -> str:
    return list(lines(Report("demo", flows, 1.0), color=False))[-1]


EXACT = Flow("source a", "a", "files", 3, 3, result="exact")
UNKNOWN = Flow("spark b", "lake.b", "", result="not compared", reason="no oracle")


def test_all_exact() -> None:
    assert last(EXACT, EXACT) == "EXACT: 2 flows compared, 0 lost, 0 duplicated, 0 altered (1.0 s)"


def test_exact_is_not_said_of_what_was_not_compared() -> None:
    assert last(EXACT, UNKNOWN, EXACT) == "2 of 3 flows exact, 1 not compared: 0 lost, 0 duplicated, 0 altered (1.0 s)"


def test_a_row_that_nothing_explains_is_in_both() -> None:
    wrong = Flow("source c", "c", "files", 3, 4, lost=1, altered=2, unexpected=3, result="wrong")
    shown = list(lines(Report("demo", (EXACT, wrong, UNKNOWN), 1.0), color=False))
    assert shown[2].split()[-4:-1] != [] and "  5  " in shown[2]
    assert shown[-1] == "NOT EXACT: 1 of 3 flows exact, 1 not compared: 1 lost, 0 duplicated, 5 altered (1.0 s)"


def test_nothing_compared_is_not_exact() -> None:
    assert last(UNKNOWN).startswith("NOT EXACT: 0 of 1 flow exact, 1 not compared")


def test_at_100_columns_nothing_is_left_out_of_the_example() -> None:
    names = (
        ("source flights", "departures"),
        ("spark land-departures", "lake.departures"),
        ("spark r", "lake.daily_report"),
    )
    flows = tuple(
        Flow(name, into, "files", 336_776, 336_776, digest_in="b3404b9e77", digest_out="b3404b9e77", result="exact")
        for name, into in names
    )
    for room, said in ((160, "b3404b9e = b3404b9e"), (100, "0  b3404b9e  exact"), (80, "336,776")):
        shown = list(lines(Report("demo", flows, 1.0), color=False, room=room))
        assert said in shown[1]
        assert max(map(len, shown)) <= room
    assert "DIGEST" not in shown[0]


def test_of_what_was_not_compared_nothing_is_known() -> None:
    row = list(lines(Report("demo", (UNKNOWN,), 1.0), color=False))[1]
    assert row.split() == ["spark", "b", "lake.b", "-", "-", "-", "-", "-", "-", "not", "compared"]
