"""DuckDB's own binder as the judge of oracles: plans each over empty tables, and runs none.

Comes in: statements that prepare DuckDB (a JSON list) on the command line, questions on standard input
(`rosace.contract.planner.Program`). Goes out: an answer for each: `taken`, or `refused` with the message in DuckDB's
words and, where it names one, the offset in the text. Must not: read a file, or ask a network.

A program of its own: a text of somebody else's may make the binder take any time and memory.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Sequence
from typing import Any

VIEW = "CREATE OR REPLACE TEMP VIEW oracle AS "
"""What binds a query and runs nothing, whatever semicolon or comment stands behind it."""


class Refusal(Exception):
    """What DuckDB does not take, at an offset of the text if it says where."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.said = [message] if offset is None else [message, str(offset)]


def main() -> None:
    """Answers until standard input ends."""
    import duckdb

    connection = duckdb.connect()
    for statement in json.loads(sys.argv[1]):
        connection.execute(statement)
    for line in sys.stdin:
        word, *texts = line.split()
        taken, said = _answer(connection, word, [base64.b64decode(text).decode("utf-8") for text in texts])
        told = [base64.b64encode(text.encode("utf-8")).decode("ascii") for text in said]
        print("taken" if taken else "refused", *told, flush=True)


def _answer(connection: Any, word: str, texts: Sequence[str]) -> tuple[bool, list[str]]:
    """To `oracle` with its text and, in JSON, the columns that are taken from it and their types; and `functions`."""
    if word == "functions":
        rows = connection.execute("SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY 1").fetchall()
        return True, [row[0] for row in rows]
    try:
        _judge(connection, texts[0], json.loads(texts[1]))
    except Refusal as refusal:
        return False, refusal.said
    return True, []


def _judge(connection: Any, text: str, columns: list[tuple[str, str]]) -> None:
    import duckdb

    try:
        statements = connection.extract_statements(text)
    except duckdb.Error as error:
        refusal = _refusal(error, text, 0)
        raise _with_word(connection, refusal, text) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Refusal("an oracle is one query")
    try:
        connection.execute(VIEW + text)
    except duckdb.Error as error:
        raise _refusal(error, text, len(VIEW)) from None
    casts = ", ".join(f'CAST("{name}" AS {kind})' for name, kind in columns)
    try:
        connection.execute(f"EXPLAIN SELECT {casts} FROM oracle")
    except duckdb.Error as error:
        raise _refusal(error, "", 0) from None


def _refusal(error: Exception, text: str, head: int) -> Refusal:
    """The message alone, and its place in `text`: DuckDB counts bytes, from the beginning of what it was given."""
    kind, _, told = str(error).partition(": ")
    try:
        said = json.loads(told)
    except ValueError:
        return Refusal(f"{kind}: {told}".strip())
    message = str(said["exception_message"]).partition("\n\tCandidate functions:")[0]
    place = int(said.get("position") or -1) - head
    if not text or place < 0:
        return Refusal(message)
    return Refusal(message, len(text.encode()[:place].decode("utf-8", "ignore")))


def _with_word(connection: Any, refusal: Refusal, text: str) -> Refusal:
    """The same, with the column's name that the parser took for a word of SQL: it stumbles at that, or behind it."""
    if len(refusal.said) == 1:
        return refusal
    message, place = refusal.said[0], int(refusal.said[1])
    bare = re.sub(r"--[^\n]*", lambda comment: " " * len(comment[0]), text)
    near = [*re.findall(r"\w+", bare[:place])[-1:], *re.findall(r"\w+", bare[place:])[:1]]
    known = (
        "SELECT column_name FROM duckdb_columns() JOIN duckdb_keywords() ON lower(column_name) = keyword_name"
        " WHERE keyword_category IN ('reserved', 'type_function')"
    )
    named = {row[0].lower(): row[0] for row in connection.execute(known).fetchall()}
    for word in near:
        if name := named.get(word.lower()):
            told = f"{message}; `{word}` is a word of DuckDB's SQL, and a column's name only as \"{name}\""
            return Refusal(told, place)
    return refusal


if __name__ == "__main__":
    main()
