"""Statements that show something and are no query. Pure.

Comes in: a text. Goes out: what it is about. Must not: let a statement through that changes anything.

Grammar: SqlBase.g4 of Trino 476, `statement`: those that begin with SHOW, DESC, DESCRIBE and EXPLAIN. `SHOW TABLES`
alone means the tables of a session's schema there; here it means what the platform has, by the names that queries use.
"""

from __future__ import annotations

import re

from rosace.contract.sql import Look

_NAME = r"""(?P<name>(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|[\w$]+))*)"""
_ABOUT = re.compile(
    rf"\s*(?:DESC|DESCRIBE|SHOW\s+COLUMNS\s+(?:FROM|IN)|SHOW\s+CREATE\s+(?:TABLE|VIEW)|SHOW\s+STATS\s+FOR)\s+{_NAME}"
    r"(?:\s+LIKE\s+'[^']*')?\s*",
    re.IGNORECASE,
)
_EXPLAIN = re.compile(r"\s*EXPLAIN\s+(?:ANALYZE\s+)?(?:VERBOSE\s+)?(?:\([^()']*\)\s*)?", re.IGNORECASE)
_TABLES = re.compile(r"\s*SHOW\s+TABLES\s*", re.IGNORECASE)
_SHOW = re.compile(r"\s*SHOW\s+\w+(?:\s+(?:[\w$.]+|\"[^\"]*\"|'[^']*'))*\s*", re.IGNORECASE)


def look(text: str, tables: str) -> Look | None:
    """What a text without its semicolon shows; None for what is no such statement. `tables` answers SHOW TABLES."""
    if _TABLES.fullmatch(text):
        return Look(text=tables)
    if found := _ABOUT.fullmatch(text):
        return Look(name=found.span("name"))
    if found := _EXPLAIN.match(text):
        return Look(query=found.end())
    return Look() if _SHOW.fullmatch(text) else None
