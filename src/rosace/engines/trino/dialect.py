"""Trino's SQL for sqlglot, which knows most of it.

Comes in: the text of queries in Trino 476's SQL. Goes out: sqlglot's tree. Must not: resolve names, be imported before
there is SQL to read (sqlglot is heavy), or be used to write SQL.

Grammar: core/trino-grammar/src/main/antlr4/io/trino/grammar/sql/SqlBase.g4 of Trino 476.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import TokenType

from rosace.engines.standard_sql import StandardParser


class RosaceTrinoParser(StandardParser, TrinoParser):
    """sqlglot's grammar of Trino with JSON functions, row patterns and table arguments as the standard has them."""

    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {**TrinoParser.FUNCTION_PARSERS, **StandardParser.JSON_FUNCTIONS}

    def _takes_table(self, following: TokenType) -> bool:
        return True

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        """A window with a row pattern in it is kept as text, as MATCH_RECOGNIZE is."""
        if alias or not self._has_pattern():
            return super()._parse_window(this, alias)
        self._advance(2)
        self.skip_to_closing()
        self._match_r_paren()
        return self.expression(exp.Window(this=this))

    def _has_pattern(self) -> bool:
        if self._curr.text.upper() != "OVER" or self._next.token_type != TokenType.L_PAREN:
            return False
        depth = 0
        for token in self._tokens[self._index + 1 :]:
            depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
            if not depth:
                return False
            if depth == 1 and token.text.upper() in ("PATTERN", "MEASURES"):
                return True
        return False


class RosaceTrino(Trino):
    """Trino as Rosace reads it."""

    Parser = RosaceTrinoParser
