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
from sqlglot.tokenizer_core import TokenType

from rosace.kit.standard_sql import StandardParser

WINDOW_COLUMNS = ("window_start", "window_end", "window_time")
"""What every windowing table function adds to the columns of its table (window-tvf, "Window Functions")."""


def _timestamp_difference(args: list[exp.Expr]) -> exp.Expr:
    unit, start, end = (*args, None, None, None)[:3]
    return exp.TimestampDiff(this=end, expression=start, unit=exp.var(unit.name) if unit else None)


def _table_of_rows(args: list[exp.Expr]) -> exp.Expr:
    return exp.TableFromRows(this=args[0] if args else None)


def _timestamp_addition(args: list[exp.Expr]) -> exp.Expr:
    unit, amount, start = (*args, None, None, None)[:3]
    return exp.TimestampAdd(this=start, expression=amount, unit=exp.var(unit.name) if unit else None)


class FlinkParser(StandardParser):
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
        **StandardParser.JSON_FUNCTIONS,
    }

    def _parse_types(self, *args: Any, **kwargs: Any) -> exp.Expr | None:
        """With `MULTISET<INT>`, `INT MULTISET` and `BINARY VARYING(3)`, of which nothing more is known."""
        if self._curr.text.upper() == "MULTISET" and self._next.token_type == TokenType.LT:
            self._advance(2)
            self._parse_types()
            if not self._match(TokenType.GT):
                self.raise_error("Expecting >")
            return exp.DataType(this=exp.DType.USERDEFINED, kind="MULTISET")
        found = super()._parse_types(*args, **kwargs)
        if isinstance(found, exp.DataType) and self._match_text_seq("VARYING") and self._match(TokenType.L_PAREN):
            self._parse_number()
            self._match_r_paren()
        if isinstance(found, exp.DataType) and self._match_text_seq("MULTISET"):
            return exp.DataType(this=exp.DType.USERDEFINED, kind="MULTISET")
        return found

    def _parse_primary(self) -> exp.Expr | None:
        if self._curr.text.upper() == "MAP" and self._next.token_type == TokenType.L_BRACKET:
            return self._parse_map()
        return super()._parse_primary()

    def _parse_map(self) -> exp.Expr:
        """`MAP['a', 1]`."""
        self._advance(2)
        values = self._parse_csv(self._parse_disjunction)
        if not self._match(TokenType.R_BRACKET):
            self.raise_error("Expecting ]")
        return self.expression(exp.Anonymous(this="MAP", expressions=values))


class Flink(Dialect):
    """Registered with sqlglot under the name `flink`, once this module is imported."""

    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_SENSITIVE
    TYPED_DIVISION = True

    # Calcite's default conformance knows no aliases in GROUP BY; LogicalTypeCasts.supportsImplicitCast only widens;
    # RichSqlInsert takes a hint between the table and the columns. WHERE needs a FROM, LIMIT stands before OFFSET, JOIN
    # needs a condition, and texts on lines of their own are one (Calcite's grammar, as Flink 2.1.3's parser answers).
    HABITS: ClassVar[dict[str, Any]] = {
        "group_alias": False,
        "select_alias": False,
        "target_hints": True,
        "widens_only": True,
        "from_less": False,
        "lines_join": True,
        "limit_first": True,
        "join_condition": True,
        "text_apart": "mostly",
        "one_value": True,
        "names_all": True,
        "frames_forward": True,
        "arithmetic": "plain",
    }

    class Tokenizer(tokens.Tokenizer):
        """Flink's literals and quotes (Calcite's, with backticks for identifiers)."""

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
