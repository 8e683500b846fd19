"""Standard SQL that sqlglot reads only in part: JSON functions, row pattern recognition, tables as arguments.

Comes in: a dialect's parser as the other base of a class. Goes out: trees in which names can be found. Must not: know
an engine, or be imported before there is SQL to read (sqlglot is heavy).

Source: ISO/IEC 9075-2:2016, 6.27 to 6.34 (JSON), 7.7 (row pattern), 10.4 (table arguments); spelled alike in Flink 2.1
(Calcite) and Trino 476 (SqlBase.g4: `jsonExpression`, `patternRecognition`, `tableArgument`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp, parser
from sqlglot.expressions.core import Expression
from sqlglot.tokenizer_core import TokenType

_WORDS = """
ABSENT ARRAY CONDITIONAL EMPTY ENCODING ERROR FALSE FORMAT JSON KEEP KEYS NULL OBJECT OMIT ON QUOTES SCALAR STRING
TRUE UNCONDITIONAL UNIQUE UNKNOWN UTF16 UTF32 UTF8 WITH WITHOUT WRAPPER
"""
_BEHIND = frozenset(_WORDS.split())
"""Words that may stand behind a value in a JSON function, and are no value themselves."""
_LEADS = frozenset({"VALUE", "PASSING", "DEFAULT", "AS"})


class TableArgument(Expression):
    """`TABLE t PARTITION BY k` as an argument of a table function; `this` is the table or a query."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "partition_by": False, "order": False}


def _json_function(name: str) -> Any:
    def parse(reader: StandardParser) -> exp.Expr:
        return reader.parse_json_function(name)

    return parse


class StandardParser(parser.Parser):
    """To be mixed into the parser of a dialect, in front of it."""

    JSON_FUNCTIONS: ClassVar[dict[str, Any]] = {
        name: _json_function(name)
        for name in (
            *("JSON_ARRAY", "JSON_ARRAYAGG", "JSON_EXISTS", "JSON_OBJECT", "JSON_OBJECTAGG", "JSON_QUERY"),
            "JSON_VALUE",
        )
    }

    def parse_json_function(self, name: str) -> exp.Expr:
        """Its values; what stands behind each (`RETURNING INT NULL ON EMPTY`) is read and left out."""
        arguments: list[Any] = []
        while self._curr.token_type != TokenType.R_PAREN:
            self._match_text_seq("KEY")
            arguments.append(self._parse_disjunction())
            self._behind_value(arguments)
            if not self._match(TokenType.COMMA):
                break
        return self.expression(exp.Anonymous(this=name, expressions=[one for one in arguments if one]))

    def _behind_value(self, arguments: list[Any]) -> None:
        while self._curr and self._curr.token_type not in (TokenType.COMMA, TokenType.R_PAREN):
            word = "" if self._curr.token_type in (TokenType.STRING, TokenType.IDENTIFIER) else self._curr.text.upper()
            if word == "RETURNING":
                self._advance()
                self._parse_types()
            elif word in _LEADS or word == ":":
                self._advance()
                arguments.append(self._parse_id_var() if word == "AS" else self._parse_disjunction())
                if word == "AS":
                    arguments.pop()
            elif word in _BEHIND:
                self._advance()
            else:
                self.raise_error("Expecting )")

    def skip_to_closing(self) -> None:
        """Goes to the parenthesis that closes the one already read, and stops before it."""
        depth = 0
        while self._curr:
            if self._curr.token_type == TokenType.L_PAREN:
                depth += 1
            elif self._curr.token_type == TokenType.R_PAREN:
                depth -= 1
                if depth < 0:
                    return
            self._advance()
        self.raise_error("Expecting )")

    def parse_table_argument(self) -> exp.Expr:
        """What stands behind TABLE: a table, or one or a query in parentheses, and how it is dealt out."""
        wrapped = self._match(TokenType.L_PAREN)
        query = wrapped and self._curr.token_type in (TokenType.SELECT, TokenType.WITH)
        table = self._parse_select() if query else self._parse_table_parts()
        if wrapped:
            self._match_r_paren()
        self._parse_table_alias()
        keys: list[Any] = []
        if self._match(TokenType.PARTITION_BY):
            listed = self._match(TokenType.L_PAREN)
            keys = self._parse_csv(self._parse_column) if listed else [self._parse_column()]
            if listed:
                self._match_r_paren()
        while self._curr and self._curr.text.upper() in ("PRUNE", "KEEP", "WHEN", "EMPTY"):
            self._advance()
        order = self._parse_order()
        return self.expression(TableArgument(this=table, partition_by=keys, order=order))

    def _parse_lambda(self, alias: bool = False) -> exp.Expr | None:
        following = self._next.token_type
        if self._curr.token_type == TokenType.TABLE and self._takes_table(following):
            self._advance()
            return self.parse_table_argument()
        if self._curr.text.upper() == "MODEL" and following in (TokenType.VAR, TokenType.IDENTIFIER):
            self._advance(2)
            return exp.var(f"MODEL {self._prev.text}")
        if following == TokenType.FARROW:
            name = exp.var(self._curr.text)
            self._advance(2)
            return self.expression(exp.Kwarg(this=name, expression=self._parse_lambda()))
        return super()._parse_lambda(alias)

    def _takes_table(self, following: TokenType) -> bool:
        """Whether TABLE, with this behind it, begins an argument."""
        return following != TokenType.L_PAREN

    def _parse_match_recognize(self) -> exp.MatchRecognize | None:
        """Kept as text: sqlglot's own grammar lacks WITHIN, SUBSET and more, and nothing here looks inside."""
        if not self._match(TokenType.MATCH_RECOGNIZE):
            return None
        self._match_l_paren()
        start = self._curr
        self.skip_to_closing()
        text = self._find_sql(start, self._prev)
        self._match_r_paren()
        return self.expression(exp.MatchRecognize(pattern=exp.var(text), alias=self._parse_table_alias()))
