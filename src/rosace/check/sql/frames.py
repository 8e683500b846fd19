"""The frames of windows: `ROWS BETWEEN CURRENT ROW AND 3 PRECEDING` ends before it begins.

Comes in: the tokens of one query. Goes out: the first frame that its engine does not take. Must not: parse its bounds.

Measured on Flink 2.1.3, Spark 4.1.1, Trino 476 and DuckDB 2.0.0 for each pair of bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.succession import Stop

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Habits

_UNITS = frozenset({"ROWS", "RANGE", "GROUPS"})
_RANKS = {
    "UNBOUNDED PRECEDING": 0,
    "PRECEDING": 1,
    "CURRENT ROW": 2,
    "FOLLOWING": 3,
    "UNBOUNDED FOLLOWING": 4,
}
_LONGEST = 40
"""Tokens of a bound that are looked at."""


def wrong_frame(tokens: list[Token], habits: Habits) -> Stop | None:
    """The first frame that cannot be, or None. Spark looks at the order of bounds only where it is written in numbers;
    there only what is unbounded on the wrong side is told."""
    for at, token in enumerate(tokens):
        if token.text.upper() not in _UNITS or at + 2 >= len(tokens):
            continue
        between = tokens[at + 1].token_type == T.BETWEEN
        first, end = _bound(tokens, at + 1 + between)
        if first == "":
            continue
        if not between:
            if first == "UNBOUNDED FOLLOWING":
                return Stop(token, f"a frame cannot begin with {first}")
            continue
        if end >= len(tokens) or tokens[end].token_type != T.AND:
            continue
        last, _ = _bound(tokens, end + 1)
        if last and (message := _message(first, last, habits)):
            return Stop(token, message)
    return None


def _message(first: str, last: str, habits: Habits) -> str:
    if first == "UNBOUNDED FOLLOWING":
        return f"a frame cannot begin with {first}"
    if last == "UNBOUNDED PRECEDING":
        return f"a frame cannot end with {last}"
    backwards = habits.frames_forward and _RANKS[first] > _RANKS[last]
    return f"a frame from {first} to {last} ends before it begins" if backwards else ""


def _bound(tokens: list[Token], at: int) -> tuple[str, int]:
    """What kind of bound begins at `at`, and where it ends; empty where it is none."""
    depth = 0
    for end in range(at, min(at + _LONGEST, len(tokens))):
        word = tokens[end].text.upper()
        depth += (word == "(") - (word == ")")
        if depth < 0:
            break
        if depth:
            continue
        before = tokens[end - 1].text.upper() if end > at else ""
        if word == "ROW" and before == "CURRENT" and end == at + 1:
            return "CURRENT ROW", end + 1
        if word in ("PRECEDING", "FOLLOWING") and end > at:
            return (f"UNBOUNDED {word}" if before == "UNBOUNDED" and end == at + 1 else word), end + 1
        if word == "AND":
            break
    return "", at
