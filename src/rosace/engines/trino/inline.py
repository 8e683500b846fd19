"""Functions that a query brings along: `WITH FUNCTION ... SELECT ...`. Pure.

Comes in: a query's text. Goes out: where its functions end and the query proper begins. Must not: judge what stands in
them, which Trino does.

Grammar: SqlBase.g4 of Trino 476, `rootQuery`, `functionSpecification`, `controlStatement`. In a function no query can
stand but in parentheses, so that the first word outside of any that begins a query is the query's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s+|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$|'(?:[^']|'')*'|"(?:[^"]|"")*"|[^\W\d]\w*|\d\w*|.""", re.DOTALL | re.VERBOSE
)
_SPACE = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_BEGINS = re.compile(rf"{_SPACE}*WITH{_SPACE}+FUNCTION\b", re.DOTALL | re.IGNORECASE)
_QUERY = frozenset({"SELECT", "WITH", "VALUES", "TABLE"})


class Functions(NamedTuple):
    """The text from `start` to `end` defines functions of these names, in capitals; the query begins at `end`."""

    start: int
    end: int
    names: frozenset[str]


def functions(text: str) -> Functions | None:
    """What stands in front of a query; None where that is nothing, or nothing that can be read."""
    if not _BEGINS.match(text):
        return None
    words = [(found[0], found.start()) for found in _TOKEN.finditer(text) if not _is_space(found[0])]
    names: set[str] = set()
    depth = 0
    for at, (word, start) in enumerate(words[1:], 1):
        before, after = words[at - 1][0].upper(), words[at + 1][0] if at + 1 < len(words) else ""
        if not depth and word.upper() == "FUNCTION" and before in ("WITH", ","):
            names.add(after.strip('"').upper())
        elif not depth and _begins_query(word.upper(), before, after.upper()):
            return Functions(words[0][1], start, frozenset(names))
        depth += (word == "(") - (word == ")")
    return None


def _is_space(token: str) -> bool:
    return token.isspace() or token.startswith(("--", "/*"))


def _begins_query(word: str, before: str, after: str) -> bool:
    if word == "(":
        # Behind IN a query stands in parentheses, within the function.
        return after in _QUERY and before not in ("IN", "EXISTS", "ANY", "SOME", "ALL")
    # `WITH (name = value)` are properties of the function.
    return word in _QUERY and not (word == "WITH" and after == "(")
