"""Which words may stand behind which: what no engine's grammar takes, and sqlglot passes over.

Comes in: the tokens of one query. Goes out: the first place that cannot be right. Must not: refuse what any of Flink,
Spark and Trino takes; whatever is not sure here is left to the parser, and in the end to the engine.

Judged by: the parsers of Flink 2.1.3, Spark 4.1.1 and Trino 476, which were asked some ten thousand queries with one
word left out, doubled, moved or put in (see tests/check/test_check_grammar.py for one of each kind).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language

COMPARISONS = frozenset({T.EQ, T.NEQ, T.LT, T.GT, T.LTE, T.GTE, T.NULLSAFE_EQ})
_SETS = frozenset({T.UNION, T.EXCEPT, T.INTERSECT})
_BINARY = COMPARISONS | {T.SLASH, T.MOD, T.DPIPE, T.LIKE, T.ILIKE, T.RLIKE, T.SIMILAR_TO, T.BETWEEN, T.AND, T.OR, T.IN}
_CLAUSES = frozenset({T.FROM, T.WHERE, T.GROUP_BY, T.HAVING, T.ORDER_BY})
_CLOSINGS = frozenset({T.R_PAREN, T.R_BRACKET, T.COMMA})

_WAITS = frozenset(
    {*_BINARY, *_CLAUSES, *_SETS, T.SELECT, T.WITH, T.NOT, T.IS, T.COMMA, T.DOT, T.DCOLON, T.PLUS, T.DASH, T.ON}
    | {T.JOIN, T.USING, T.ALIAS, T.DISTINCT, T.PARTITION_BY, T.CASE, T.WHEN, T.THEN, T.ELSE, T.ESCAPE, T.ARROW}
)
"""Behind these something has to follow."""
_BEGINS_NOTHING = frozenset(
    {*_BINARY, *_CLAUSES, *_SETS, *_CLOSINGS, T.ON, T.JOIN, T.IS, T.ALIAS, T.USING, T.THEN, T.ELSE}
)
"""With these nothing begins that could follow there."""
_BEFORE_QUERY = frozenset({*_SETS, T.DISTINCT, T.ALIAS, T.DOT})
_BEHIND_NOT = frozenset({T.IN, T.LIKE, T.ILIKE, T.RLIKE, T.SIMILAR_TO, T.BETWEEN})
_TYPES = frozenset({T.ARRAY, T.MAP, T.STRUCT, T.NESTED})
_NAMES = frozenset({T.VAR, T.IDENTIFIER})
_BEFORE_SUBQUERY = frozenset({"ANY", "SOME", "ALL", "EXISTS", "LATERAL", "ARRAY", "MULTISET", "UNIQUE", "TABLE"})
_PAIRS = {T.R_PAREN: T.L_PAREN, T.R_BRACKET: T.L_BRACKET}


@dataclass(frozen=True, slots=True)
class Stop:
    """A token at which a query cannot go on, and why."""

    token: Token
    message: str
    hints: tuple[str, ...] = ()


def first_stop(tokens: list[Token], language: Language) -> Stop | None:
    """The first place that the engine does not take, or None."""
    tokens = list(without_patterns(tokens))
    stops = [_brackets(tokens), _neighbours(tokens, language), _operands(tokens, language)]
    return min((stop for stop in stops if stop), key=lambda stop: stop.token.start, default=None)


def without_patterns(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without what stands in `PATTERN (A B+ (C | D)*)`: its signs are quantifiers, not operators."""
    depth = 0
    for before, token in pairwise([None, *tokens]):
        if token is None:
            continue
        if depth or (before and before.text.upper() == "PATTERN" and token.token_type == T.L_PAREN):
            depth += (token.token_type == T.L_PAREN) - (token.token_type == T.R_PAREN)
            continue
        yield token


def _brackets(tokens: list[Token]) -> Stop | None:
    opened: list[Token] = []
    for token in tokens:
        if token.token_type in (T.L_PAREN, T.L_BRACKET):
            opened.append(token)
        elif opening := _PAIRS.get(token.token_type):
            if not opened:
                return Stop(token, f"nothing is open that this `{token.text}` could close")
            if opened.pop().token_type != opening:
                return Stop(token, f"`{token.text}` closes what was opened by another bracket")
    return Stop(opened[-1], f"`{opened[-1].text}` is never closed") if opened else None


def _neighbours(tokens: list[Token], language: Language) -> Stop | None:
    angles = cases = 0
    before: Token | None = None
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        kind = token.token_type
        if kind == T.LT and before and (before.token_type in _TYPES or before.text.upper() in ("ROW", "MULTISET")):
            angles += 1
        elif kind == T.GT and angles:
            angles -= 1
        elif before and before.token_type in (T.DOT, T.COLON):
            pass  # Whatever it is, behind a dot it is a name, and behind a colon a parameter or a field.
        else:
            cases += (kind == T.CASE) - (kind == T.END and cases > 0)
            stop = _stop(before, token, following, tokens[at + 2] if at + 2 < len(tokens) else None, language, cases)
            if stop:
                return stop
        before = token
    return None


def _stop(
    before: Token | None, token: Token, following: Token | None, after: Token | None, language: Language, cases: int
) -> Stop | None:
    kind = token.token_type
    if kind == T.L_PAREN and following:
        return _opens(before, token, following, after, language)
    if kind == T.L_BRACKET and following and following.token_type in (*_BINARY, T.COMMA):
        return Stop(token, f"nothing stands between `[` and `{following.text}`")
    waits = kind in _WAITS or (kind == T.STAR and before is not None and ends_operand(before))
    if not waits or (before and before.token_type == T.ALIAS and kind not in (T.SELECT, T.NOT)):
        return None
    if following is None:
        return None if kind == T.STAR else Stop(token, f"nothing follows this `{token.text}`")
    if _allowed(before, token, following, after, language, cases):
        return None
    what = "`,`" if kind == T.COMMA else f"`{token.text}`"
    return Stop(token, f"nothing follows this {what} but `{following.text}`")


def ends_operand(token: Token) -> bool:
    """Whether a value or a name may end with this token, so that `*` behind it multiplies."""
    return token.token_type in (T.R_PAREN, T.R_BRACKET, T.NUMBER, T.STRING, *_NAMES)


def _allowed(
    before: Token | None, token: Token, following: Token, after: Token | None, language: Language, cases: int
) -> bool:
    kind, then = token.token_type, following.token_type
    if (kind == T.COMMA and language.habits.friendly) or _calls(following, after, language):
        return True
    if kind == T.STAR:
        return then not in (*_BINARY, *_CLOSINGS, T.STAR, T.THEN, T.ELSE)
    if kind == T.DOT:
        return then not in (*_CLOSINGS, *COMPARISONS)
    if then == T.STAR:
        return kind in (T.SELECT, T.COMMA, T.DISTINCT, T.DOT, T.ALIAS, T.ON)
    if then in (T.LIMIT, T.OFFSET) and after and after.token_type == T.NUMBER:
        return False
    if then == T.DOT:
        return kind == T.DOT or (after is not None and after.token_type == T.NUMBER)
    if then in (T.WHEN, T.END):
        return not cases or kind == T.CASE or (then == T.WHEN and kind not in (T.WHEN, T.THEN, T.ELSE, T.COMMA))
    if kind == T.NOT:
        return then not in _BEGINS_NOTHING or then in _BEHIND_NOT
    if kind == T.IS:
        return then not in _BEGINS_NOTHING and not (then == T.NOT and after and after.token_type == T.NOT)
    if kind == T.DISTINCT and then == T.FROM:
        return bool(before and before.token_type in (T.IS, T.NOT))
    if kind == T.WITH:
        return then not in (*_CLAUSES, *_CLOSINGS)
    if then in (T.SELECT, T.WITH):
        return kind in _BEFORE_QUERY or (kind == T.FROM and then == T.WITH)
    if then == T.L_PAREN and after and after.token_type == T.R_PAREN:
        return kind in (T.COMMA, T.GROUP_BY, T.DISTINCT, T.ALIAS, T.SELECT, T.ARROW)
    return then not in _BEGINS_NOTHING or (kind == T.ALIAS and then not in (*_CLOSINGS, T.ALIAS))


def _calls(token: Token, following: Token | None, language: Language) -> bool:
    """Whether an operator's word names a function here, as in `WHERE REGEXP(b, 'x')` and Spark's `like(b, 'x')`.

    Spark 4.1 lists `like`, `ilike`, `regexp` and `rlike` among its functions (spark.apache.org/docs/4.1.1/api/sql),
    Flink 2.1 lists REGEXP (its "System (Built-in) Functions"); RLIKE and LIKE are reserved there.
    """
    if token.token_type not in (T.LIKE, T.ILIKE, T.RLIKE) or following is None or following.token_type != T.L_PAREN:
        return False
    name = token.text.upper()
    return name in language.functions.listed and name not in language.reserved


def _opens(
    before: Token | None, token: Token, following: Token, after: Token | None, language: Language
) -> Stop | None:
    """What stands first in parentheses."""
    then = following.token_type
    if then == T.WHERE and before is not None and before.token_type == T.FILTER:
        return None
    if then in (*_BINARY, *_SETS, T.COMMA, T.ON, T.JOIN, T.THEN, T.ELSE, T.HAVING, T.WHERE, T.IS, T.ALIAS):
        if _calls(following, after, language):
            return None
        return Stop(token, f"nothing stands between `(` and `{following.text}`")
    if then == T.STAR and after and after.token_type == T.R_PAREN and (before is None or before.token_type in _WAITS):
        return Stop(token, "`(*)` stands behind a function's name only")
    if then == T.R_PAREN and before and before.token_type in (T.VARCHAR, T.CHAR, T.DECIMAL):
        return Stop(token, f"`{before.text}` has no length between its parentheses")
    subquery = then == T.SELECT and before and before.token_type in _NAMES
    if before and subquery and not language.habits.from_first and before.text.upper() not in _BEFORE_SUBQUERY:
        return Stop(token, f"a query in parentheses cannot follow `{before.text}`")
    return None


_VALUES = frozenset({T.NUMBER, T.STRING})
_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"})
_BEHIND_STAR = frozenset({"EXCLUDE", "EXCEPT", "REPLACE", "RENAME", "LIKE", "ILIKE"})


def _operands(tokens: list[Token], language: Language) -> Stop | None:
    """Values and words next to each other of which only one could stand there."""
    for before, token, following in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if following is None:
            return None
        kind, then = token.token_type, following.token_type
        if then == T.NUMBER and kind in (*_VALUES, T.R_PAREN):
            return Stop(following, f"`{following.text}` cannot follow `{token.text}`")
        if then == T.STRING and kind in _VALUES and not (kind == T.STRING and _joined(token, following, language)):
            return Stop(following, "a text cannot follow a value directly")
        if message := _words(before, token, following, language):
            return Stop(token, message)
    return None


def _joined(one: Token, other: Token, language: Language) -> bool:
    """Whether two texts in a row are one: in Spark, and in standard SQL where they stand on lines of their own."""
    return not language.reserved or (language.habits.lines_join and one.line != other.line)


def _words(before: Token | None, token: Token, following: Token, language: Language) -> str:
    kind, then = token.token_type, following.token_type
    typed = before is not None and before.token_type == T.ALIAS
    unit = following.text.upper() in _UNITS and before is not None and not typed
    if kind == T.INTERVAL and (then == T.INTERVAL or unit):
        return f"`INTERVAL` is followed by a text and then a unit, not by `{following.text}`"
    if before and before.token_type == T.INTERVAL and kind == T.STRING and not _has_unit(token, following, language):
        return f"the interval `{token.text}` has no unit, such as DAY"
    if kind == T.NOT and then == T.NULL and before and before.token_type in _NAMES:
        return "`NOT NULL` asks nothing: write `IS NOT NULL`"
    if kind == T.OUTER and then == T.JOIN and before and "OUTER" in language.reserved:
        sided = before.token_type in (T.LEFT, T.RIGHT, T.FULL)
        return "" if sided else "`OUTER JOIN` needs LEFT, RIGHT or FULL before it"
    if kind == T.L_BRACKET and not language.habits.bare_lists and (before is None or before.token_type in _WAITS):
        return "" if before and before.token_type == T.DOT else "a list begins with `ARRAY`: brackets alone are none"
    star = kind == T.STAR and before is not None and before.token_type in (T.SELECT, T.COMMA)
    if star and then == T.VAR and following.text.upper() not in _BEHIND_STAR:
        return f"`{following.text}` cannot follow `*`"
    return ""


def _has_unit(value: Token, following: Token, language: Language) -> bool:
    if following.token_type not in (*_CLOSINGS, *_CLAUSES, *_BINARY, T.PLUS, T.DASH):
        return True
    # Spark takes the units inside of the text: INTERVAL '1 day'.
    return not language.reserved and not value.text.strip().isdigit()
