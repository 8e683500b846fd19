"""A text cut into statements, each with its head read and its query parsed.

Comes in: the text of an `.sql` file and its language. Goes out: `Parsed` statements and problems by offset.
Must not: resolve names.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from rosace.check.sql.relation import Problem

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from rosace.check.sql.dialects import Language


@dataclass(frozen=True, slots=True)
class Written:
    """A word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement: a view or an insert with the name it gives or writes, or a query alone.

    The query stands at `[start, end)`; `tree` is None where it could not be parsed.
    """

    kind: Literal["view", "insert", "query"]
    start: int
    end: int
    tree: exp.Expr | None
    name: tuple[str, ...] = ()
    place: tuple[int, int] = (0, 0)
    columns: tuple[Written, ...] = ()
    overwrite: bool = False


_REASONS = {
    "EXECUTE": "all INSERTs of a job run as one statement set: leave `EXECUTE STATEMENT SET BEGIN` and `END` out",
    "BEGIN": "all INSERTs of a job run together: leave `BEGIN` and `END` out",
    "SET": "settings of a job are written in `platform.yaml`, such as `checkpoint` and `parallelism`",
    "CREATE": "topics and tables are declared in `platform.yaml`; a job may only create temporary views",
    "SELECT": "a job writes what it computes: put `INSERT INTO <topic or lake.table>` before the query",
    "WITH": "put `INSERT INTO <topic or lake.table>` before WITH",
    "MERGE": "a job that may be run again has to give the same result: use INSERT OVERWRITE",
    "UPDATE": "a job that may be run again has to give the same result: use INSERT OVERWRITE",
    "DELETE": "a job that may be run again has to give the same result: use INSERT OVERWRITE",
    "USE": "topics are named bare and tables as `lake.<name>`: there is nothing to switch to",
}
_ALLOWED = "a job may say CREATE TEMPORARY VIEW, INSERT INTO and INSERT OVERWRITE"


def parse_job(text: str, language: Language) -> tuple[list[Parsed], list[Problem]]:
    """The statements of a job's text, in order."""
    tokens, problems = _tokens(text, language)
    statements: list[Parsed] = []
    wrapped = False
    for chunk in _chunks(tokens):
        if wrapped and chunk[0].text.upper() == "END":
            continue
        wrapped = wrapped or chunk[0].text.upper() in ("EXECUTE", "BEGIN")
        try:
            statements.append(_Head(chunk, text, language, problems).read())
        except _Unreadable as unreadable:
            problems.append(unreadable.problem)
    return statements, problems


def parse_query(text: str, language: Language) -> tuple[Parsed | None, list[Problem]]:
    """The one query that a text holds."""
    tokens, problems = _tokens(text, language)
    chunks = _chunks(tokens)
    if problems or not chunks:
        return None, problems
    if len(chunks) > 1:
        start, end = chunks[1][0].start, chunks[1][-1].end + 1
        return None, [Problem("sql-statement", "only one query is asked at a time", start, end, "a second one")]
    try:
        query = _query(chunks[0], text, language, "write a SELECT")
    except _Unreadable as unreadable:
        return None, [unreadable.problem]
    return Parsed("query", chunks[0][0].start, chunks[0][-1].end + 1, query), []


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _tokens(text: str, language: Language) -> tuple[list[Token], list[Problem]]:
    try:
        tokens = language.dialect.tokenize(text)
        for token, following in pairwise(tokens):
            # `GROUP BY window(...)`: sqlglot takes it for the clause WINDOW, which is never followed so.
            if token.token_type == TokenType.WINDOW and following.token_type == TokenType.L_PAREN:
                token.token_type = TokenType.VAR
        return tokens, []
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


def _chunks(tokens: list[Token]) -> list[list[Token]]:
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            chunks.append([])
        else:
            chunks[-1].append(token)
    return [chunk for chunk in chunks if chunk]


class _Head:
    """Reads what stands before the query of one statement."""

    def __init__(self, tokens: list[Token], text: str, language: Language, problems: list[Problem]) -> None:
        self.tokens = tokens
        self.text = text
        self.language = language
        self.problems = problems
        self.at = 0

    def read(self) -> Parsed:
        if self._takes("CREATE"):
            return self._view()
        if self._takes("INSERT"):
            return self._insert()
        word = self.tokens[0].text.upper()
        raise self._refused(f"`{word}` is no statement of a job", _REASONS.get(word, _ALLOWED))

    def _view(self) -> Parsed:
        if self._takes("OR"):
            self._takes("REPLACE")
        if not (self._takes("TEMPORARY") or self._takes("TEMP")) or not self._takes("VIEW"):
            raise self._refused("a job creates nothing but temporary views", _REASONS["CREATE"])
        if self._takes("IF"):
            self._takes("NOT")
            self._takes("EXISTS")
        name, place = self._name()
        if self._peek() == "(":
            raise self._refused("a view's columns are named by its query", "write `AS name` in its SELECT")
        if not self._takes("AS"):
            raise self._expected("AS")
        return self._parsed("view", name, place)

    def _insert(self) -> Parsed:
        overwrite = self._takes("OVERWRITE")
        if not overwrite and not self._takes("INTO"):
            raise self._expected("INTO")
        self._takes("TABLE")
        name, place = self._name()
        if self._peek() == "PARTITION":
            raise self._refused(
                "a partition is not named when writing", "every row finds its own: write the column in the query"
            )
        columns = self._columns()
        return self._parsed("insert", name, place, columns, overwrite=overwrite)

    def _columns(self) -> tuple[Written, ...]:
        if self._peek() != "(" or self._peek(1) in ("SELECT", "WITH", "(", "VALUES", "FROM"):
            return ()
        self.at += 1
        columns: list[Written] = []
        while True:
            columns.append(self._word())
            if self._takes(")"):
                return tuple(columns)
            if not self._takes(","):
                raise self._expected(")")

    def _parsed(
        self,
        kind: Literal["view", "insert"],
        name: tuple[str, ...],
        place: tuple[int, int],
        columns: tuple[Written, ...] = (),
        *,
        overwrite: bool = False,
    ) -> Parsed:
        rest = self.tokens[self.at :]
        if not rest:
            raise self._expected("a query")
        tree = None
        try:
            tree = _query(rest, self.text, self.language)
        except _Unreadable as unreadable:
            self.problems.append(unreadable.problem)
        return Parsed(kind, rest[0].start, rest[-1].end + 1, tree, name, place, columns, overwrite)

    def _name(self) -> tuple[tuple[str, ...], tuple[int, int]]:
        words = [self._word()]
        while self._takes("."):
            words.append(self._word())
        return tuple(word.text for word in words), (words[0].start, words[-1].end)

    def _word(self) -> Written:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or not (token.token_type == TokenType.IDENTIFIER or token.text.isidentifier()):
            raise self._expected("a name")
        self.at += 1
        return Written(token.text, token.start, token.end + 1)

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        if at >= len(self.tokens) or self.tokens[at].token_type in (TokenType.IDENTIFIER, TokenType.STRING):
            return ""
        return self.tokens[at].text.upper()

    def _takes(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self.at += 1
        return True

    def _expected(self, what: str) -> _Unreadable:
        at = min(self.at, len(self.tokens) - 1)
        token = self.tokens[at]
        spelled = f"`{what}`" if what.isupper() or not what[0].isalpha() else what
        where = "here" if self.at < len(self.tokens) else "after this"
        return _Unreadable(Problem("sql-syntax", f"expected {spelled} {where}", token.start, token.end + 1))

    def _refused(self, message: str, hint: str) -> _Unreadable:
        start, end = self.tokens[0].start, self.tokens[max(self.at - 1, 0)].end + 1
        return _Unreadable(Problem("sql-statement", message, start, end, hints=(hint,)))


def _query(tokens: list[Token], text: str, language: Language, instead: str = _ALLOWED) -> exp.Expr:
    """Parse a query; raises `_Unreadable` at the token where it stops making sense."""
    _commas(tokens, language)
    try:
        trees = language.dialect.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, text)
    except ParseError as error:
        raise _Unreadable(_syntax(error, tokens, language)) from None
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        # sqlglot's own slips on broken text; which token it was cannot be known.
        raise _Unreadable(_stops(tokens[0], language, "this cannot be read")) from None
    tree = trees[0] if trees else None
    if isinstance(tree, exp.Query | exp.Values | exp.Table | exp.Pivot):
        return tree
    if isinstance(tree, exp.Expr) and not isinstance(tree, _NO_QUERIES):
        raise _Unreadable(_stops(tokens[0], language, f"`{tokens[0].text}` does not begin a query"))
    start, end = tokens[0].start, tokens[-1].end + 1
    raise _Unreadable(Problem("sql-statement", "a query is expected here", start, end, hints=(instead,)))


_NO_QUERIES = (exp.Create, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Drop, exp.Command, exp.Set, exp.Use)


def _commas(tokens: list[Token], language: Language) -> None:
    """A comma too many: sqlglot lets it pass, engines other than DuckDB do not."""
    for token, following in () if language.habits.trailing_comma else pairwise(tokens):
        if token.token_type == TokenType.COMMA and following.token_type in (TokenType.FROM, TokenType.R_PAREN):
            raise _Unreadable(_stops(token, language, f"nothing follows this comma but `{following.text}`"))


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
    quote = next(iter(language.dialect.tokenizer_class.IDENTIFIERS), '"')
    opening = quote[0] if isinstance(quote, tuple) else str(quote)
    near = tokens[max(at - 2, 0) : at + 2]
    if any(token.token_type == TokenType.UNKNOWN and token.text in ('"', "`") for token in near):
        return (f"text is written in single quotes, a name that needs quotes as {opening}name{opening}",)
    for left, dash, right in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if dash in near and dash.text == "-" and left.end + 1 == dash.start and dash.end + 1 == right.start:
            return (f"a name with a dash is quoted: {opening}{left.text}-{right.text}{opening}",)
    return ()


def _stops(token: Token, language: Language, message: str, hints: tuple[str, ...] = ()) -> Problem:
    text = f"{message}, as {language.title} reads SQL"
    return Problem("sql-syntax", text, token.start, token.end + 1, hints=hints)
