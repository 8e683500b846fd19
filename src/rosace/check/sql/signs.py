"""Signs that no engine's SQL has: those of templates and shells, typographic quotes, characters that nobody sees.

Comes in: the tokens of one query, which sqlglot takes for parameters, structs and names. Goes out: the first that
cannot be right. Must not: refuse what any of Flink, Spark and Trino takes.

Source: the lexers of Spark 4.1 (SqlBaseLexer.g4), Trino 476 (SqlBase.g4) and Calcite (Parser.jj, read with the lexical
policy JAVA, in which `$` may be part of a name). `{d '2024-05-01'}` and `{fn ...}` are JDBC's and Calcite's, and Spark
puts settings in place of `${spark.name}`.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.succession import Stop, without_patterns

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language

_QUOTES = frozenset("“”„‟‘’‚‛«»‹›＂＇")
_ESCAPES = frozenset({"FN", "D", "T", "TS"})
_RUNS = (
    "nothing is put into a text before it runs; a job with a `schedule` has the values of its run as `:day` and such"
)


def strange_sign(tokens: list[Token], language: Language) -> Stop | None:
    """The first sign that is none of SQL's, or None."""
    if language.habits.friendly:
        return None  # DuckDB has structs in braces, `@` for the absolute value, and names of any sign.
    known = list(without_patterns(tokens))
    for at, token in enumerate(known):
        if token.token_type == T.VAR and not token.text.isascii() and (stop := _name(token, language)):
            return stop
        before = known[at - 1].text if at else ""
        if token.token_type in (T.PARAMETER, T.L_BRACE) and _template(before, known[at : at + 3]):
            return Stop(token, f"`{token.text}` is no sign of SQL's", (_RUNS,))
    return None


def _name(token: Token, language: Language) -> Stop | None:
    if quote := next((sign for sign in token.text if sign in _QUOTES), ""):
        hint = f"text is written in single quotes, 'so', a name that needs quotes as {language.quoted('name')}"
        return Stop(token, f"`{quote}` is no quote in SQL", (hint,))
    if unseen := next((sign for sign in token.text if unicodedata.category(sign) == "Cf"), ""):
        return Stop(token, f"this name holds U+{ord(unseen):04X}, which editors hide", ("remove it",))
    return None


def _template(before: str, tokens: list[Token]) -> bool:
    """Whether `@day`, `$day`, `${day}`, `{day}` or `{{ day }}` begins with the first of these."""
    then, last = ([token.token_type for token in tokens[1:]] + [T.SEMICOLON] * 2)[:2]
    if tokens[0].text == "@":
        return True
    if tokens[0].text == "$":
        return then == T.VAR and last != T.PARAMETER
    if before == "$":
        return then == T.VAR and last == T.R_BRACE
    return then == T.L_BRACE or (then == T.VAR and tokens[1].text.upper() not in _ESCAPES)
