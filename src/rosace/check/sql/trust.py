"""`-- rosace: trust the engine`: a statement about whose SQL nothing is said here.

Comes in: a text and the tokens of one statement. Goes out: whether it is so marked, and which names stand where tables
are named. Must not: judge them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_MARK = re.compile(r"(?:--|/\*)\s*rosace:\s*trust\s+the\s+engine\s*(?:$|\*/)", re.IGNORECASE | re.MULTILINE)
_BEFORE = frozenset({T.FROM, T.JOIN, T.TABLE, T.INTO})
_ENDS = frozenset({T.WHERE, T.GROUP_BY, T.HAVING, T.ORDER_BY, T.SELECT, T.LIMIT, T.ON, T.UNION, T.EXCEPT, T.INTERSECT})
_NAMES = frozenset({T.VAR, T.IDENTIFIER})


def is_trusted(text: str, begin: int, tokens: list[Token]) -> bool:
    """Whether the mark stands in front of a statement, from `begin` on, or between its words."""
    if not _MARK.search(text, begin, tokens[-1].end + 1):
        return False
    at = begin
    for token in tokens:
        if _MARK.search(text[at : token.start]):
            return True
        at = token.end + 1
    return False


def tables(tokens: list[Token]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Names behind FROM, JOIN, TABLE and the commas of FROM: their parts, and where they stand."""
    listing = [False]
    for at, token in enumerate(tokens):
        kind = token.token_type
        if kind == T.L_PAREN:
            listing.append(False)
        elif kind == T.R_PAREN:
            listing = listing[:-1] or [False]
        elif kind in _BEFORE or kind in _ENDS:
            listing[-1] = kind == T.FROM or (listing[-1] and kind not in _ENDS)
        if kind in _BEFORE or (kind == T.COMMA and listing[-1]):
            parts, end = _name(tokens, at + 1)
            if parts and not (end < len(tokens) and tokens[end].token_type == T.L_PAREN):
                yield parts, tokens[at + 1].start, tokens[end - 1].end + 1


def _name(tokens: list[Token], at: int) -> tuple[tuple[str, ...], int]:
    parts: list[str] = []
    while at < len(tokens) and tokens[at].token_type in _NAMES:
        parts.append(tokens[at].text)
        at += 1
        if at + 1 >= len(tokens) or tokens[at].token_type != T.DOT or tokens[at + 1].token_type not in _NAMES:
            break
        at += 1
    return tuple(parts), at
