"""The types that CAST names.

Comes in: the tokens of one query. Goes out: the first type that its engine does not have. Must not: know which those
are, or judge what is inside of a ROW.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.succession import Stop
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language

_CASTS = frozenset({"CAST", "TRY_CAST"})
_OF_OTHERS = frozenset({"ARRAY", "MAP", "MULTISET"})
_OPENS, _CLOSES = frozenset({"(", "<"}), frozenset({")", ">"})


def unknown_type(tokens: list[Token], language: Language) -> Stop | None:
    """The first type that the engine does not have, or None."""
    for at in _types(tokens) if language.types else ():
        token = tokens[at]
        named = token.token_type == T.IDENTIFIER or (at + 1 < len(tokens) and tokens[at + 1].token_type == T.DOT)
        if named or not token.text.isidentifier() or token.text.upper() in language.types:
            continue
        near = closest(token.text.upper(), language.types)
        hints = (f"did you mean `{near}`?",) if near else ()
        return Stop(token, f"`{token.text}` is no type", hints)
    return None


def _types(tokens: list[Token]) -> Iterator[int]:
    """Where types begin: behind the AS of a CAST and behind `::`, and those of which a list or map is."""
    casts: list[int] = []
    depth = 0
    for at, token in enumerate(tokens):
        if token.token_type == T.L_PAREN:
            depth += 1
            if at and tokens[at - 1].text.upper() in _CASTS:
                casts.append(depth)
        elif token.token_type == T.R_PAREN:
            casts = [one for one in casts if one < depth]
            depth -= 1
        elif token.token_type == T.ALIAS and casts and casts[-1] == depth:
            yield from _within(tokens, at + 1)
        elif token.token_type == T.DCOLON and at + 1 < len(tokens) and token.start != tokens[at + 1].start:
            # sqlglot makes a cast of `1L`, whose parts all stand at one place.
            yield from _within(tokens, at + 1)


def _within(tokens: list[Token], at: int) -> Iterator[int]:
    if at >= len(tokens):
        return
    yield at
    while tokens[at].text.upper() in _OF_OTHERS and at + 2 < len(tokens) and tokens[at + 1].text in _OPENS:
        at += 2
        yield at
