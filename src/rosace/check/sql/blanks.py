"""White space between words that looks like a blank and is none to the engine: U+00A0, as pages and documents have it.

Comes in: a text, its tokens, the white space that its engine takes. Goes out: the first that it does not take. Must
not: look into texts in quotes or comments, where any sign may stand.

What the planners say of each sign (asked of Flink 2.1.3, Spark 4.1.1 and Trino 476): Spark takes what Unicode calls
spaces, Flink of these only the form feed, Trino none. sqlglot takes all of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

from rosace.check.sql.relation import Problem

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language

_ODD = re.compile(r"[^\S \t\r\n]")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def odd_blank(text: str, tokens: list[Token], language: Language) -> Problem | None:
    """The first white space outside of quotes and comments that the engine takes for none, or None."""
    if language.blanks is None:
        return None
    starts: list[int] = []
    for found in _ODD.finditer(text):
        if found[0] in language.blanks:
            continue
        starts = starts or [token.start for token in tokens]
        behind = bisect_right(starts, found.start())
        if behind and found.start() <= tokens[behind - 1].end:
            continue
        begin = tokens[behind - 1].end + 1 if behind else 0
        end = tokens[behind].start if behind < len(tokens) else len(text)
        if any(one.start() <= found.start() - begin < one.end() for one in _COMMENT.finditer(text[begin:end])):
            continue
        name = f"U+{ord(found[0]):04X}"
        if called := unicodedata.name(found[0], ""):
            name = f"{name} ({called.lower()})"
        message = f"{name} is no blank, as {language.title} reads SQL"
        return Problem(
            "sql-syntax", message, *found.span(), hints=("type a blank in its place: it only looks like one",)
        )
    return None
