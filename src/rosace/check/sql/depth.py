"""Bounds of what is read: how long a text may be, and how deep.

Comes in: a text, its tokens. Goes out: the place from where on it is too much. Must not: parse.

sqlglot parses in Python by descending into itself, some twenty calls for a pair of parentheses (sqlglot 30.30,
measured), and needs some 30 microseconds for a token. What is longer or deeper no person wrote; rows that lean to one
side (a thousand ORs, UNIONs or sums) are no depth.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.relation import Problem

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

MOST_CHARACTERS = 400_000
MOST_TOKENS = 20_000
"""So many are read and judged in some 1.5 CPU seconds, whatever they say (tests/cli/test_cli_hostile_sql.py)."""
MOST_LEVELS = 100
_OPENS = frozenset({T.L_PAREN, T.L_BRACKET, T.L_BRACE, T.CASE})
_CLOSES = frozenset({T.R_PAREN, T.R_BRACKET, T.R_BRACE, T.END})
_REPEATED = frozenset({T.NOT, T.DASH, T.PLUS, T.TILDE})


def too_long(text: str) -> Problem | None:
    """A text that would take too long to cut into words."""
    if len(text) <= MOST_CHARACTERS:
        return None
    message = f"this text has {len(text):,} characters; {MOST_CHARACTERS:,} are read"
    return _problem(message, MOST_CHARACTERS, MOST_CHARACTERS + 1)


def too_much(tokens: list[Token]) -> Problem | None:
    """Tokens that are too many, or too deep inside each other."""
    if len(tokens) > MOST_TOKENS:
        token = tokens[MOST_TOKENS]
        message = f"this text has {len(tokens):,} words and signs; {MOST_TOKENS:,} are read"
        return _problem(message, token.start, token.end + 1)
    depth = 0
    row = 0
    for before, token in pairwise([None, *tokens]):
        if token is None:
            continue
        kind = token.token_type
        name = before is not None and before.token_type in (T.DOT, T.ALIAS)
        depth += 0 if name else (kind in _OPENS) - (kind in _CLOSES and depth > 0)
        row = row + 1 if kind in _REPEATED or (kind == T.DOT and row) or (before and before.token_type == T.DOT) else 0
        row = max(row, 1) if kind == T.DOT else row
        if depth > MOST_LEVELS or row > 2 * MOST_LEVELS:
            message = f"this is more than {MOST_LEVELS} levels deep"
            return _problem(message, token.start, token.end + 1)
    return None


def too_deep_at(start: int) -> Problem:
    """What is to be said of a query that begins at `start`, where Python itself gives up."""
    return _problem("this is nested too deeply to be read", start, start + 1)


def _problem(message: str, start: int, end: int) -> Problem:
    hint = "give parts of it names: WITH, or temporary views; put long lists into a table"
    return Problem("sql-too-large", message, start, end, hints=(hint,))
