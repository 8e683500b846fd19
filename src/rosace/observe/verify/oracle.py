"""An oracle as DuckDB runs it: one query over the sources' rows, shut off from files, network and settings.

Comes in: a user's text. Goes out: the query alone. Must not: run anything.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rosace.kit.oracle_reach import EXCUSE
from rosace.source.diagnostic import refuse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def query(db: DuckDBPyConnection, name: str, text: str) -> str:
    """The one query of `text`, without what may end it: semicolons and comments. Raises `Refused` where it is none."""
    import duckdb

    with told(name):
        statements = db.extract_statements(text)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise refuse("oracle-failed", f"{name} is not one query", hints=("write one SELECT over the sources",))
    raw, end = text.encode(), len(text.encode())
    for offset, kind in reversed(duckdb.tokenize(text)):
        if kind != duckdb.token_type.comment and raw[offset : offset + 1] != b";":
            break
        end = offset
    return raw[:end].decode()


@contextmanager
def told(name: str) -> Generator[None]:
    """What DuckDB refuses in an oracle is told in its words, as `Refused`."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error).split("\n", 1)[0]
        raise refuse("oracle-failed", f"DuckDB cannot answer {name}: {said}", hints=(EXCUSE,)) from None
