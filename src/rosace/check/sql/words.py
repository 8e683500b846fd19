"""Words that look like columns and are none.

Comes in: nodes and names. Goes out: whether they are such words. Must not: look anything up.
"""

from __future__ import annotations

from sqlglot import exp

_UNITS = frozenset(
    {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "EPOCH"}
)
_WORDS_OF_ENGINES = ("CURRENT_", "LOCAL", "SESSION_USER", "SYSTEM_USER", "USER", "ALL", "SYSDATE")

_VALUES = """
CURRENT_CATALOG CURRENT_DATE CURRENT_DEFAULT_TRANSFORM_GROUP CURRENT_PATH CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME
CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP SESSION_USER SYSTEM_USER UNKNOWN USER
"""
VALUES = frozenset(_VALUES.split())
"""What standard SQL gives a value of its own where a column could stand (ISO/IEC 9075-2: general value specification,
datetime value function, boolean literal)."""


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
