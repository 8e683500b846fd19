"""Flink's SQL for sqlglot, which has no such dialect.

Comes in: the text of queries in Flink 2.1's SQL. Goes out: sqlglot's tree, in which a windowing table function is a
table over another one. Must not: resolve names, be imported before there is SQL to read (sqlglot is heavy), or be
used to write SQL: it only reads, and leaves out what nobody looks at.

Grammar: nightlies.apache.org/flink/flink-docs-release-2.1, "Table API & SQL": Queries (window-tvf, joins, hints,
match_recognize), Data Types, Built-in Functions. Flink's parser is Calcite's with the lexical policy JAVA: names are
case-sensitive and quoted with backticks, text is in single quotes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy
from sqlglot.expressions.core import Expression
from sqlglot.tokenizer_core import TokenType

WINDOW_COLUMNS = ("window_start", "window_end", "window_time")
"""What every windowing table function adds to the columns of its table (window-tvf, "Window Functions")."""

WINDOW_FUNCTIONS = frozenset({"TUMBLE", "HOP", "CUMULATE", "SESSION"})


class TableArgument(Expression):
    """`TABLE t PARTITION BY k` as an argument of a table function; `this` is the table."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "partition_by": False, "order": False}


def _timestamp_difference(args: list[exp.Expr]) -> exp.Expr:
    unit, start, end = (*args, None, None, None)[:3]
    return exp.TimestampDiff(this=end, expression=start, unit=exp.var(unit.name) if unit else None)


def _table_of_rows(args: list[exp.Expr]) -> exp.Expr:
    return exp.TableFromRows(this=args[0] if args else None)


def _json_function(name: str) -> Any:
    def parse(reader: FlinkParser) -> exp.Expr:
        return reader.parse_json_function(name)

    return parse


def _timestamp_addition(args: list[exp.Expr]) -> exp.Expr:
    unit, amount, start = (*args, None, None, None)[:3]
    return exp.TimestampAdd(this=start, expression=amount, unit=exp.var(unit.name) if unit else None)


class FlinkParser(parser.Parser):
    """The standard grammar with table arguments, `TABLE(...)` around table functions and Flink's own functions."""

    VALUES_FOLLOWED_BY_PAREN = False

    FUNCTIONS: ClassVar[dict[str, Any]] = {
        **parser.Parser.FUNCTIONS,
        "ROW": exp.Struct.from_arg_list,
        "TABLE": _table_of_rows,
        "TIMESTAMPADD": _timestamp_addition,
        "TIMESTAMPDIFF": _timestamp_difference,
    }

    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        **parser.Parser.FUNCTION_PARSERS,
        **{name: _json_function(name) for name in ("JSON_EXISTS", "JSON_QUERY", "JSON_VALUE")},
    }

    def parse_json_function(self, name: str) -> exp.Expr:
        """The arguments of a JSON function, without what follows them (`RETURNING INT NULL ON EMPTY`)."""
        arguments = self._parse_csv(self._parse_disjunction)
        self._skip_to_closing()
        return self.expression(exp.Anonymous(this=name, expressions=arguments))

    def _skip_to_closing(self) -> None:
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

    def _parse_lambda(self, alias: bool = False) -> exp.Expr | None:
        following = self._next.token_type
        if self._curr.token_type == TokenType.TABLE and following != TokenType.L_PAREN:
            return self._parse_table_argument()
        if self._curr.text.upper() == "MODEL" and following in (TokenType.VAR, TokenType.IDENTIFIER):
            self._advance(2)
            return exp.var(f"MODEL {self._prev.text}")
        if following == TokenType.FARROW:
            name = exp.var(self._curr.text)
            self._advance(2)
            return self.expression(exp.Kwarg(this=name, expression=self._parse_lambda()))
        return super()._parse_lambda(alias)

    def _parse_table_argument(self) -> exp.Expr:
        self._advance()
        table = self._parse_table_parts()
        keys: list[Any] = []
        if self._match(TokenType.PARTITION_BY):
            wrapped = self._match(TokenType.L_PAREN)
            keys = self._parse_csv(self._parse_column) if wrapped else [self._parse_column()]
            if wrapped:
                self._match_r_paren()
        order = self._parse_order()
        return self.expression(TableArgument(this=table, partition_by=keys, order=order))

    def _parse_match_recognize(self) -> exp.MatchRecognize | None:
        """Kept as text: sqlglot's own grammar has no `WITHIN`, and nothing here looks inside."""
        if not self._match(TokenType.MATCH_RECOGNIZE):
            return None
        self._match_l_paren()
        start = self._curr
        self._skip_to_closing()
        text = self._find_sql(start, self._prev)
        self._match_r_paren()
        return self.expression(exp.MatchRecognize(pattern=exp.var(text), alias=self._parse_table_alias()))


class Flink(Dialect):
    """Registered with sqlglot under the name `flink`, once this module is imported."""

    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_SENSITIVE
    TYPED_DIVISION = True

    # Calcite's default conformance knows no aliases in GROUP BY; LogicalTypeCasts.supportsImplicitCast only widens;
    # RichSqlInsert takes a hint between the table and the columns. WHERE needs a FROM, LIMIT stands before OFFSET, JOIN
    # needs a condition, and texts on lines of their own are one (Calcite's grammar, as Flink 2.1.3's parser answers).
    HABITS: ClassVar[dict[str, bool]] = {
        "group_alias": False,
        "select_alias": False,
        "target_hints": True,
        "widens_only": True,
        "from_less": False,
        "lines_join": True,
        "limit_first": True,
        "join_condition": True,
    }

    class Tokenizer(tokens.Tokenizer):
        QUOTES: ClassVar[list[Any]] = ["'"]
        IDENTIFIERS: ClassVar[list[Any]] = ["`"]
        STRING_ESCAPES: ClassVar[list[str]] = ["'"]
        IDENTIFIER_ESCAPES: ClassVar[list[str]] = ["`"]
        HEX_STRINGS: ClassVar[list[Any]] = [("x'", "'"), ("X'", "'")]
        UNICODE_STRINGS: ClassVar[list[Any]] = [("U&'", "'"), ("u&'", "'")]
        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **{word: kind for word, kind in tokens.Tokenizer.KEYWORDS.items() if word != "SESSION"},
            "BYTES": TokenType.VARBINARY,
            "MATCH_RECOGNIZE": TokenType.MATCH_RECOGNIZE,
            "ROW": TokenType.STRUCT,
        }

    Parser = FlinkParser
