"""Trino's SQL for sqlglot, which knows most of it.

Comes in: the text of queries in Trino 476's SQL. Goes out: sqlglot's tree. Must not: resolve names, be imported before
there is SQL to read (sqlglot is heavy), or be used to write SQL.

Grammar: core/trino-grammar/src/main/antlr4/io/trino/grammar/sql/SqlBase.g4 of Trino 476.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.dialect import DialectType
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import Token, TokenType

from rosace.kit.standard_sql import StandardParser


class RosaceTrinoParser(StandardParser, TrinoParser):
    """sqlglot's grammar of Trino with JSON functions, row patterns and table arguments as the standard has them."""

    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {**TrinoParser.FUNCTION_PARSERS, **StandardParser.JSON_FUNCTIONS}

    def _takes_table(self, following: TokenType) -> bool:
        return True

    def _parse_group(self, skip_group_by_token: bool = False) -> exp.Group | None:
        """GROUP BY AUTO, by all columns that are no aggregates, is what others call GROUP BY ALL."""
        group = super()._parse_group(skip_group_by_token)
        listed = group.expressions if group else []
        named = [one for one in listed if not (isinstance(one, exp.Column) and _is_word(one, "AUTO"))]
        if group and len(named) < len(listed):
            group.set("expressions", named)
            group.set("all", True)
        return group

    def _parse_column(self) -> exp.Expr | None:
        """A bare name before OVER is a measure of a window with a row pattern, and no column."""
        column = super()._parse_column()
        if isinstance(column, exp.Column) and not column.table and self._curr.token_type == TokenType.OVER:
            return self._parse_window(exp.var(column.name))
        return column

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        """A window with a row pattern in it is kept as text, as MATCH_RECOGNIZE is."""
        if not self._has_pattern("AS" if alias else "OVER"):
            return super()._parse_window(this, alias)
        self._advance(2)
        self.skip_to_closing()
        self._match_r_paren()
        return self.expression(exp.Window(this=this))

    def _has_pattern(self, word: str) -> bool:
        if self._curr.text.upper() != word or self._next.token_type != TokenType.L_PAREN:
            return False
        depth = 0
        for token in self._tokens[self._index + 1 :]:
            depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
            if not depth:
                return False
            if depth == 1 and token.text.upper() in ("PATTERN", "MEASURES"):
                return True
        return False


def _is_word(column: exp.Column, word: str) -> bool:
    name = column.this
    return not column.table and isinstance(name, exp.Identifier) and not name.quoted and name.name.upper() == word


_NUMBER = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*"
)
"""`INTEGER_VALUE` and `DECIMAL_VALUE`. A number with an exponent has no underscores."""


class RosaceTrino(Trino):
    """Trino as Rosace reads it."""

    Parser = RosaceTrinoParser
    # Which words are types is said in `sql`.
    SUPPORTS_USER_DEFINED_TYPES = True

    def tokenize(self, sql: str, dialect: DialectType = None) -> list[Token]:
        """`0xFF`, `0o17`, `0b101` and `1_000.5` are one number each; sqlglot cuts some of them into pieces."""
        tokens = super().tokenize(sql, dialect)
        return list(_joined(tokens, sql)) if _PIECES.search(sql) else tokens


LONGEST = 100
"""Characters of a number in another base whose value is looked at: a bigint has 66 at most."""
_PIECES = re.compile(r"\b0[xXoObB]|\d_")


def _joined(tokens: list[Token], sql: str) -> Iterator[Token]:
    ends = {token.end: at for at, token in enumerate(tokens)}
    at = 0
    while at < len(tokens):
        token, last = tokens[at], at
        if token.token_type in (TokenType.NUMBER, TokenType.HEX_STRING, TokenType.DOT):
            found = _NUMBER.match(sql, token.start)
            end = found.end() if found else 0
            whole = end - 1 in ends and not sql[end : end + 1].isalnum() and sql[end : end + 1] != "_"
            # Behind a name or another piece of one, a dot is no decimal point.
            if found and whole and not (token.token_type == TokenType.DOT and sql[token.start - 1].isalnum()):
                last = ends[end - 1]
                text = found[0].replace("_", "")
                based = text[:2].lower() in ("0x", "0o", "0b") and len(text) < LONGEST
                value = str(int(text, 0)) if based else text
                token = type(token)(TokenType.NUMBER, value, tokens[last].line, tokens[last].col, token.start, end - 1)
        yield token
        at = last + 1
