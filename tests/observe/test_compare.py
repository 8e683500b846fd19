"""The judge must be able to say no: every kind of damage, planted, is found and named."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from rosace.observe.verify.compare import Difference, compare

COLUMNS = ["carrier", "hour", "departures", "delay"]


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE expected AS SELECT chr(CAST(65 + i % 5 AS INTEGER)) AS carrier, i // 5 AS hour, "
            "i % 7 AS departures, CAST(i AS DOUBLE) / 3 AS delay FROM range(1000) t(i)"
        )
        connection.execute("CREATE TABLE actual AS FROM expected")
        yield connection


def judge(db: duckdb.DuckDBPyConnection, identity: tuple[str, ...] = ("carrier", "hour")) -> Difference:
    return compare(db, "expected", "actual", COLUMNS, identity=identity, key=("carrier",), doubles={"delay"})


def counts(found: Difference) -> tuple[int, int, int, int]:
    return found.lost, found.duplicated, found.altered, found.unexpected


def test_equal_multisets_are_equal(db: duckdb.DuckDBPyConnection) -> None:
    found = judge(db)
    assert counts(found) == (0, 0, 0, 0)
    assert found.digest_expected == found.digest_actual != ""
    assert found.keys == ()


def test_a_lost_row_is_lost_and_its_key_is_told(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("DELETE FROM actual WHERE carrier = 'C' AND hour = 7")
    found = judge(db)
    assert counts(found) == (1, 0, 0, 0)
    assert found.digest_expected != found.digest_actual
    assert found.keys == ({"key": "C", "expected": 200, "actual": 199},)
    assert "carrier=C, hour=7" in found.examples[0]


def test_a_row_twice_is_a_duplicate(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("INSERT INTO actual FROM (FROM expected WHERE carrier = 'A' AND hour = 1)")
    assert counts(judge(db)) == (0, 1, 0, 0)
    assert counts(judge(db, identity=())) == (0, 1, 0, 0)


@pytest.mark.parametrize("change", ["departures = departures + 1", "delay = delay + 0.001", "delay = NULL"])
def test_a_changed_value_is_altered(db: duckdb.DuckDBPyConnection, change: str) -> None:
    db.execute(f"UPDATE actual SET {change} WHERE carrier = 'B' AND hour = 3")
    found = judge(db)
    assert counts(found) == (0, 0, 1, 0)
    assert "came out as" in found.examples[0]


def test_a_row_from_nowhere_is_unexpected(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("INSERT INTO actual VALUES ('Z', 1, 1, 1.0)")
    assert counts(judge(db)) == (0, 0, 0, 1)


def test_rounding_of_a_sum_is_no_change_but_a_digit_is(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("UPDATE actual SET delay = delay * (1 + 2e-16) WHERE hour > 0")
    assert counts(judge(db)) == (0, 0, 0, 0)
    db.execute("UPDATE actual SET delay = delay * (1 + 1e-9) WHERE hour = 5")
    assert judge(db).altered == 5


def test_a_lost_and_a_doubled_row_do_not_cancel_out(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("DELETE FROM actual WHERE carrier = 'A' AND hour = 1")
    db.execute("INSERT INTO actual FROM (FROM expected WHERE carrier = 'A' AND hour = 2)")
    found = judge(db)
    assert counts(found) == (1, 1, 0, 0)
    assert found.expected == found.actual
