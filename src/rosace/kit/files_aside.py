"""Rows of a source that were set aside since they do not fit: kept as JSON lines, and said to people.

Comes in: a connection in which `open_source` made its views. Goes out: a file with `row` and `reason` on each line, and
lines for a log. Must not: say more lines than a person reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rosace.kit.files import aside_of
from rosace.kit.files_sql import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAID = 1_000
"""So many rows are said one by one."""


def keep(connection: DuckDBPyConnection, view_name: str, file: Path) -> None:
    """Writes the rows that were set aside of the view's, in the file's order. Raises duckdb.Error."""
    rows = f'SELECT "row", reason FROM {identifier(aside_of(view_name))} ORDER BY "row"'
    connection.execute(f"COPY ({rows}) TO {literal(str(file))} (FORMAT json)")


def count(file: Path) -> int:
    """How many rows a file has that `keep` wrote; 0 where there is none."""
    if not file.exists():
        return 0
    with file.open("rb") as stream:
        return sum(1 for _ in stream)


def said(file: Path) -> Iterator[str]:
    """A line for each row that was set aside, the first `SAID` of them, and then how many more there are and where."""
    total = count(file)
    if not total:
        return
    with file.open(encoding="utf-8") as stream:
        for line in islice(stream, SAID):
            yield f"set aside: {json.loads(line)['reason']}"
    if total > SAID:
        yield f"set aside: {total - SAID:,} more, all in {file}"
