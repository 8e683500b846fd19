"""The clauses of a SELECT in their order.

Comes in: the tokens of one query. Goes out: the first clause that is out of place. Must not: parse what stands in them.

Sources: Flink 2.1's parser (Calcite's `SqlSelect`, `OrderedQueryOrExpr`), Spark 4.1's SqlBaseParser.g4
(`querySpecification`, `queryOrganization`), Trino 476's SqlBase.g4 (`querySpecification`, `queryNoWith`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.succession import Stop, ends_operand

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Habits

_RANKS = {
    T.SELECT: 0,
    T.FROM: 1,
    T.WHERE: 3,
    T.GROUP_BY: 4,
    T.HAVING: 5,
    T.WINDOW: 6,
    T.QUALIFY: 7,
    T.ORDER_BY: 8,
    T.LIMIT: 10,
    T.OFFSET: 10,
    T.FETCH: 12,
}
_SETS = frozenset({T.UNION, T.EXCEPT, T.INTERSECT})
_WORDS = {T.GROUP_BY: "GROUP BY", T.ORDER_BY: "ORDER BY"}
_JOIN, _END = 2, 8
_UNSURE = frozenset({T.WINDOW, T.LIMIT, T.OFFSET, T.FETCH, T.QUALIFY})
"""Words that some engine takes for names: a clause only where what follows says so."""


@dataclass(slots=True)
class _Frame:
    """What was said so far inside one pair of parentheses; `rank` is None where no SELECT was."""

    rank: int | None = None
    said: str = ""
    limited: str = ""
    joins: list[Token] = field(default_factory=list["Token"])


def out_of_place(tokens: list[Token], habits: Habits) -> Stop | None:
    """The first clause that stands where no query can have it, or None."""
    frames = [_Frame()]
    for at, token in enumerate(tokens):
        if token.token_type == T.L_PAREN:
            frames.append(_Frame())
            continue
        if token.token_type == T.R_PAREN:
            frame = frames.pop() if len(frames) > 1 else frames[0]
            if frame.joins:
                return _unconditional(frame)
            continue
        before = tokens[at - 1] if at else None
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if message := _message(frames[-1], token, before, following, habits):
            return Stop(token, message)
        if habits.join_condition and _joined(frames[-1], token, tokens[max(at - 3, 0) : at]):
            return _unconditional(frames[-1])
    return _unconditional(frames[-1]) if frames[-1].joins else None


def _joined(frame: _Frame, token: Token, before: list[Token]) -> bool:
    """Takes note of joins and their conditions; whether a clause begins while one of them has none."""
    kind = token.token_type
    if kind == T.JOIN and frame.rank == 1:
        if not any(one.token_type in (T.CROSS, T.NATURAL) for one in before):
            frame.joins.append(token)
    elif kind in (T.ON, T.USING) and frame.joins:
        frame.joins.pop()
    return bool(frame.joins) and (frame.rank is None or frame.rank > _JOIN)


def _unconditional(frame: _Frame) -> Stop:
    return Stop(frame.joins[-1], "this `JOIN` has no ON or USING")


def _message(frame: _Frame, token: Token, before: Token | None, following: Token | None, habits: Habits) -> str:
    kind = token.token_type
    if before and before.token_type in (T.DOT, T.ALIAS, T.COLON):
        return ""
    if kind in _SETS:
        if kind == T.EXCEPT and before and before.token_type == T.STAR:
            return ""
        if frame.rank is not None and frame.rank >= _END:
            return f"`{token.text}` stands behind `{frame.said}`: put the query before it in parentheses"
        frame.rank, frame.said, frame.limited = None, "", ""
        return ""
    if kind == T.SELECT:
        if frame.rank is not None:
            return "a second SELECT begins here"
        frame.rank, frame.said = 0, "SELECT"
        return ""
    if frame.rank is None:
        return ""
    if kind == T.JOIN:
        return "" if frame.rank == 1 else f"`JOIN` stands behind `{frame.said}`"
    return _clause(frame, token, before, following, habits) if _is_clause(token, before, following) else ""


def _is_clause(token: Token, before: Token | None, following: Token | None) -> bool:
    kind = token.token_type
    if kind not in _RANKS or (kind == T.FROM and before and before.token_type == T.DISTINCT):
        return False
    if kind not in _UNSURE:
        return True
    if before is None or not (ends_operand(before) or before.token_type in (T.END, T.NULL, T.ASC, T.DESC)):
        return False
    if kind in (T.WINDOW, T.QUALIFY):
        return following is not None and following.token_type in (T.VAR, T.IDENTIFIER)
    return following is not None and following.token_type in (T.NUMBER, T.ALL, T.FIRST, T.NEXT, T.PLACEHOLDER)


def _clause(frame: _Frame, token: Token, before: Token | None, following: Token | None, habits: Habits) -> str:
    assert frame.rank is not None
    kind = token.token_type
    rank, word = _RANKS[kind], _WORDS.get(kind, token.text)
    other = kind in (T.LIMIT, T.OFFSET) and frame.rank == rank and word.upper() != frame.said.upper()
    if other and frame.limited != "both":
        frame.limited = "both"
        if habits.limit_first is not None and habits.limit_first != (kind == T.OFFSET):
            return f"`{word}` stands behind `{frame.said}`: here it comes first"
        frame.said = word
        return ""
    if frame.rank == 0 and rank > 1 and rank < _END and not habits.from_less:
        return f"`{word}` has no `FROM` before it"
    if rank == frame.rank:
        return f"`{word}` is said twice"
    if rank < frame.rank:
        return f"`{word}` stands behind `{frame.said}`"
    frame.rank, frame.said = rank, word
    return ""
