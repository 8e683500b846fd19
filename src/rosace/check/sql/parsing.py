"""Text to tokens to a query, with a place for whatever does not make sense.

Comes in: text and its language. Goes out: tokens, sqlglot's tree, or `Unreadable` with the problem.
Must not: know what a job may say.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from rosace.check.deep import deep
from rosace.check.sql.blanks import odd_blank
from rosace.check.sql.clauses import out_of_place
from rosace.check.sql.depth import too_deep_at, too_long, too_much
from rosace.check.sql.frames import wrong_frame
from rosace.check.sql.functions import ARGUMENTS
from rosace.check.sql.relation import Problem
from rosace.check.sql.signs import strange_sign
from rosace.check.sql.succession import first_stop
from rosace.check.sql.types import unknown_type

if TYPE_CHECKING:
    from sqlglot.parser import Parser
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language

ALLOWED = "a job may say CREATE TEMPORARY VIEW, INSERT INTO and INSERT OVERWRITE"


_NAMES = (TokenType.VAR, TokenType.IDENTIFIER)


class Unreadable(Exception):
    """A text stops making sense where the problem says."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def tokens_of(text: str, language: Language) -> tuple[list[Token], list[Problem]]:
    """The tokens of a text; none, and the reason, where a quote or comment is never closed, or where it is too long."""
    if problem := too_long(text):
        return [], [problem]
    try:
        tokens = language.dialect.tokenize(text)
        for token, following in pairwise(tokens):
            # `window(...)`, `window.start`: sqlglot takes it for the clause WINDOW, which only a name follows.
            if token.token_type == TokenType.WINDOW and following.token_type not in _NAMES:
                token.token_type = TokenType.VAR
        problem = too_much(tokens) or odd_blank(text, tokens, language)
        return ([], [problem]) if problem else (tokens, [])
    except TokenError:
        at, what = _unclosed(text)
        return [], [Problem("sql-syntax", f"{what} is opened here and never closed", at, at + 1)]


def _unclosed(text: str) -> tuple[int, str]:
    """Where the quote or comment starts that runs to the end of the text."""
    at = 0
    closings = {"'": "'", '"': '"', "`": "`", "--": "\n", "/*": "*/"}
    while at < len(text):
        opening = text[at : at + 2] if text[at : at + 2] in closings else text[at]
        if opening not in closings:
            at += 1
            continue
        end = text.find(closings[opening], at + len(opening))
        if end < 0 and opening != "--":
            return at, "a comment" if opening == "/*" else f"a quote `{opening}`"
        at = len(text) if end < 0 else end + len(closings[opening])
    return max(len(text) - 1, 0), "something"


def chunks_of(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each statement."""
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            chunks.append([])
        else:
            chunks[-1].append(token)
    return [chunk for chunk in chunks if chunk]


def query_of(tokens: list[Token], text: str, language: Language, instead: str = ALLOWED) -> exp.Expr:
    """Parse a query; raises `Unreadable` at the token where it stops making sense."""
    _order(tokens, language)
    try:
        trees = _trees(tokens, text, language)
    except ParseError as error:
        raise Unreadable(_syntax(error, tokens, language)) from None
    except TokenError:
        # What stands in a hint is cut into tokens only now.
        hint = next((token for token in tokens if token.token_type == TokenType.HINT), tokens[0])
        raise Unreadable(_stops(hint, language, "a quote in this hint is never closed")) from None
    except RecursionError:
        raise Unreadable(too_deep_at(tokens[0].start)) from None
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        # sqlglot's own slips on broken text; which token it was cannot be known.
        raise Unreadable(_stops(tokens[0], language, "this cannot be read")) from None
    tree = trees[0] if trees else None
    if isinstance(tree, exp.Query | exp.Values | exp.Table | exp.Pivot):
        return tree
    if isinstance(tree, exp.Expr) and not isinstance(tree, _NO_QUERIES):
        raise Unreadable(_stops(tokens[0], language, f"`{tokens[0].text}` does not begin a query"))
    start, end = tokens[0].start, tokens[-1].end + 1
    raise Unreadable(Problem("sql-statement", "a query is expected here", start, end, hints=(instead,)))


def same_for_all(text: str, language: Language) -> bool:
    """Whether a text is one value, of no column and no query."""
    try:
        (tree,) = language.dialect.parse(f"SELECT {text}")
    except (ParseError, TokenError, ValueError):
        return False
    if not isinstance(tree, exp.Select) or [key for key, value in tree.args.items() if value] != ["expressions"]:
        return False
    (value, *more) = tree.expressions
    return not more and value.find(exp.Column, exp.Query, exp.Alias) is None


_NO_QUERIES = (exp.Create, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Drop, exp.Command, exp.Set, exp.Use)


def _trees(tokens: list[Token], text: str, language: Language) -> list[exp.Expr | None]:
    parser = _patient(language.dialect.parser_class)
    with deep():
        return parser(dialect=language.dialect, error_level=ErrorLevel.IMMEDIATE).parse(_selecting(tokens), text)


def _selecting(tokens: list[Token]) -> list[Token]:
    """`TABLE t` for a whole query, which sqlglot does not know, as `SELECT * FROM t`."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        following = tokens[at + 1].token_type if at + 1 < len(tokens) else None
        if token.token_type == TokenType.TABLE and following in _NAMES and _begins_query(tokens, at):
            for kind, said in ((TokenType.SELECT, "SELECT"), (TokenType.STAR, "*"), (TokenType.FROM, "FROM")):
                out.append(type(token)(kind, said, token.line, token.col, token.start, token.end))
        else:
            out.append(token)
    return out


def _begins_query(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1].token_type if at else None
    sets = (TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT)
    if before in (None, *sets) or (before in (TokenType.ALL, TokenType.DISTINCT) and tokens[at - 2].token_type in sets):
        return True
    opened = tokens[at - 2].token_type if at > 1 else None
    return before == TokenType.L_PAREN and opened in (None, TokenType.FROM, TokenType.JOIN, TokenType.ALIAS, *sets)


_GRAMMAR = (exp.Connector, exp.Binary, exp.Case, exp.If, exp.Cast, exp.Not, exp.Extract)
"""To sqlglot these are functions too; what is missing in them is a word, not an argument."""


@cache
def _patient(base: type[Parser]) -> type[Parser]:
    """A dialect's parser that takes a function with any arguments: an engine's, or a user's, may well have others than
    sqlglot's of the same name."""

    def validate_expression(self: Parser, expression: Any, args: list[Any] | None = None) -> Any:
        if isinstance(expression, exp.Func) and args is not None:
            # What was written is gone in sqlglot's tree: `NVL` becomes `COALESCE`.
            expression.meta[ARGUMENTS] = args
        if isinstance(expression, exp.Func) and not isinstance(expression, _GRAMMAR):
            return expression
        return base.validate_expression(self, expression, args)

    return type(base.__name__, (base,), {"validate_expression": validate_expression})


def _order(tokens: list[Token], language: Language) -> None:
    """What stands where it cannot, and sqlglot lets pass."""
    habits = language.habits
    signs = strange_sign(tokens, language)
    checks = (first_stop(tokens, language), out_of_place(tokens, habits), wrong_frame(tokens, habits))
    for stop in (signs, *checks, unknown_type(tokens, language)):
        if stop:
            hints = stop.hints or _quoting(tokens, tokens.index(stop.token), language)
            raise Unreadable(_stops(stop.token, language, stop.message, hints))


def _syntax(error: ParseError, tokens: list[Token], language: Language) -> Problem:
    detail = error.errors[0] if error.errors else {}
    place = (detail.get("line"), detail.get("col"))
    at = next((n for n, token in enumerate(tokens) if (token.line, token.col) == place), len(tokens) - 1)
    token, said = tokens[at], str(detail.get("description", ""))
    hints = _quoting(tokens, at, language)
    if said.startswith("Expecting ") and len(said) < 40:
        return _stops(token, language, f"`{said.removeprefix('Expecting ')}` is missing here", hints)
    if said.startswith("Expected END"):
        return _stops(token, language, "`CASE` is not closed by `END`", hints)
    if at == len(tokens) - 1:
        return _stops(token, language, f"something is missing after `{token.text}`, or it does not belong here", hints)
    return _stops(token, language, f"`{token.text}` does not belong here", hints)


def _quoting(tokens: list[Token], at: int, language: Language) -> tuple[str, ...]:
    """The usual reasons: quotes of another engine, and names that need some."""
    near = tokens[max(at - 2, 0) : at + 4]
    if any(token.token_type == TokenType.UNKNOWN and token.text in ('"', "`") for token in near):
        return (f"text is written in single quotes, a name that needs quotes as {language.quoted('name')}",)
    for left, dash, right in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if dash in near and dash.text == "-" and left.end + 1 == dash.start and dash.end + 1 == right.start:
            return (f"a name with a dash is quoted: {language.quoted(f'{left.text}-{right.text}')}",)
    return ()


def _stops(token: Token, language: Language, message: str, hints: tuple[str, ...] = ()) -> Problem:
    text = f"{message}, as {language.title} reads SQL"
    return Problem("sql-syntax", text, token.start, token.end + 1, hints=hints)
