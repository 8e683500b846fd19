"""Words that look like columns and are none.

Comes in: nodes and names. Goes out: whether they are such words. Must not: look anything up.
"""

from __future__ import annotations

from sqlglot import exp

_UNITS = frozenset(
    {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "EPOCH"}
)
_WORDS_OF_ENGINES = ("CURRENT_", "LOCAL", "SESSION_USER", "SYSTEM_USER", "USER", "ALL", "SYSDATE")


def is_word_of_engines(name: str) -> bool:
    """Whether an engine may give a bare word a meaning of its own, such as `current_user`."""
    return name.upper().startswith(_WORDS_OF_ENGINES)


def unit_of(node: exp.Expr) -> exp.Expr | None:
    """The first argument of a function unknown to sqlglot, where it is a unit of time and no column."""
    if isinstance(node, exp.Anonymous) and node.expressions:
        first = node.expressions[0]
        if isinstance(first, exp.Column) and not first.table and first.name.upper() in _UNITS:
            return first
    return None
