"""Two multisets of rows compared value by value, in DuckDB.

Comes in: two relations with the same columns, and the columns that identify a row. Goes out: counts of what differs,
with examples. Floating-point values are equal when they are the same, or, for rows that differ in nothing else, when
they agree to 12 significant digits: sums of doubles depend on the order of addition (IEEE 754).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOLERANCE = 1e-12
DETAIL = 200_000
"""Rows that differ beyond this number are counted but not explained one by one."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How `actual` differs from `expected`; all zero means equal."""

    expected: int
    actual: int
    lost: int
    duplicated: int
    altered: int
    unexpected: int
    examples: tuple[str, ...]
    digest_expected: str
    digest_actual: str
    keys: tuple[dict[str, Any], ...]


def compare(
    db: DuckDBPyConnection,
    expected: str,
    actual: str,
    columns: Sequence[str],
    *,
    identity: Sequence[str],
    key: Sequence[str],
    doubles: set[str],
) -> Difference:
    """Compares two relations by name.

    `identity` are the columns that say which row a row is; empty: the row without its doubles is its own identity.
    `key` are the columns by which digests are summed and differences are told.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    short = _surplus(db, expected, actual, names)
    over = _surplus(db, actual, expected, names)
    where = [index for index, name in enumerate(columns) if (name in identity if identity else name not in doubles)]
    kinds, examples = _explain(db, short, over, (actual, expected), columns, where, doubles)
    digests = [_digest(db, relation, columns, key) for relation in (expected, actual)]
    differs = bool(short or over) and (kinds["lost"] or kinds["duplicated"] or kinds["altered"] or kinds["unexpected"])
    return Difference(
        expected=_count(db, expected),
        actual=_count(db, actual),
        lost=kinds["lost"],
        duplicated=kinds["duplicated"],
        altered=kinds["altered"],
        unexpected=kinds["unexpected"],
        examples=tuple(examples[:10]),
        digest_expected=digests[0],
        digest_actual=digests[1],
        keys=_by_key(db, expected, actual, columns, key) if differs and key else (),
    )


def _count(db: DuckDBPyConnection, relation: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _surplus(db: DuckDBPyConnection, left: str, right: str, names: str) -> Counter[Row]:
    """Rows of `left` beyond those of `right`, with how many times each."""
    rows = db.execute(f"SELECT {names} FROM {left} EXCEPT ALL SELECT {names} FROM {right} LIMIT {DETAIL}").fetchall()
    return Counter(rows)


def _explain(
    db: DuckDBPyConnection,
    short: Counter[Row],
    over: Counter[Row],
    relations: tuple[str, str],
    columns: Sequence[str],
    where: Sequence[int],
    doubles: set[str],
) -> tuple[Counter[str], list[str]]:
    """Sorts what is missing and what is too much into lost, duplicated, altered and unexpected."""
    kinds: Counter[str] = Counter()
    examples: list[str] = []
    missing: dict[Row, list[Row]] = defaultdict(list)
    for row in short.elements():
        missing[tuple(row[i] for i in where)].append(row)
    floating = [index for index, name in enumerate(columns) if name in doubles]
    for row in over.elements():
        identity = tuple(row[i] for i in where)
        candidates = missing.get(identity)
        if candidates:
            twin = candidates.pop()
            if _same(row, twin, floating):
                continue
            kinds["altered"] += 1
            examples.append(f"altered: {_show(columns, twin)} came out as {_show(columns, row)}")
        elif _known(db, relations[1], columns, where, identity):
            kinds["duplicated"] += 1
            examples.append(f"once too often: {_show(columns, row)}")
        else:
            kinds["unexpected"] += 1
            examples.append(f"unexpected: {_show(columns, row)}")
    for rows in missing.values():
        for row in rows:
            kinds["lost"] += 1
            if len(examples) < 20:
                examples.append(f"lost: {_show(columns, row)}")
    return kinds, examples


def _known(db: DuckDBPyConnection, relation: str, columns: Sequence[str], where: Sequence[int], identity: Row) -> bool:
    tests = " AND ".join(f'"{columns[i]}" IS NOT DISTINCT FROM ?' for i in where) or "true"
    row = db.execute(f"SELECT count(*) FROM {relation} WHERE {tests}", list(identity)).fetchone()
    return bool(row and row[0])


def _same(one: Row, other: Row, floating: Sequence[int]) -> bool:
    for index, (a, b) in enumerate(zip(one, other, strict=True)):
        if a == b:
            continue
        if index not in floating or a is None or b is None or not math.isclose(a, b, rel_tol=TOLERANCE):
            return False
    return True


def _show(columns: Sequence[str], row: Row) -> str:
    parts = [f"{name}={value}" for name, value in zip(columns, row, strict=True) if value is not None]
    return "{" + ", ".join(parts[:8]) + (", ..." if len(parts) > 8 else "") + "}"


def _keyed(relation: str, columns: Sequence[str], key: Sequence[str]) -> str:
    values = ", ".join(f'"{column}"' for column in columns)
    keys = ", ".join(f'coalesce(CAST("{column}" AS VARCHAR), chr(0))' for column in key) or "''"
    hashed = f"sum(CAST(hash({values}) AS HUGEINT)) AS h"
    return f"SELECT concat_ws('|', {keys}) AS k, count(*) AS n, {hashed} FROM {relation} GROUP BY k"


def _digest(db: DuckDBPyConnection, relation: str, columns: Sequence[str], key: Sequence[str]) -> str:
    inner = _keyed(relation, columns, key)
    row = db.execute(f"SELECT md5(string_agg(concat(k, ':', n, ':', h), ';' ORDER BY k)) FROM ({inner})").fetchone()
    return str(row[0])[:16] if row and row[0] else ""


def _by_key(
    db: DuckDBPyConnection, expected: str, actual: str, columns: Sequence[str], key: Sequence[str]
) -> tuple[dict[str, Any], ...]:
    rows = db.execute(
        f"SELECT coalesce(e.k, a.k), coalesce(e.n, 0), coalesce(a.n, 0) FROM ({_keyed(expected, columns, key)}) e "
        f"FULL JOIN ({_keyed(actual, columns, key)}) a USING (k) "
        "WHERE e.h IS DISTINCT FROM a.h ORDER BY 1 LIMIT 20"
    ).fetchall()
    return tuple({"key": k, "expected": n, "actual": m} for k, n, m in rows)
