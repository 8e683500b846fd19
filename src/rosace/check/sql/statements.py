"""A text cut into statements, each with its head read and its query parsed.

Comes in: the text of an `.sql` file and its language. Goes out: `Parsed` statements and problems by offset.
Must not: resolve names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from rosace.check.sql.parsing import ALLOWED, Unreadable, chunks_of, query_of, same_for_all, tokens_of
from rosace.check.sql.relation import Problem
from rosace.check.sql.trust import is_trusted, tables

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
class Assigned:
    """`column = value` of a PARTITION clause; the value stands at `[start, end)`."""

    column: Written
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement: a view or an insert with the name it gives or writes, or a query alone.

    The query stands at `[start, end)`; `tree` is None where it could not be parsed. `hint` is the target's. Of a
    `trusted` one nothing is said but what its engine says; then `tables` are the names that stand as tables in it.
    `functions` are those that it brings along.
    """

    kind: Literal["view", "insert", "query"]
    start: int
    end: int
    tree: exp.Expr | None
    name: tuple[str, ...] = ()
    place: tuple[int, int] = (0, 0)
    columns: tuple[Written, ...] = ()
    overwrite: bool = False
    hint: str = ""
    partition: tuple[Assigned, ...] = ()
    trusted: bool = False
    tables: tuple[tuple[tuple[str, ...], int, int], ...] = ()
    functions: frozenset[str] = frozenset()


_REASONS = {
    "EXECUTE": "all INSERTs of a job run as one statement set: leave `EXECUTE STATEMENT SET BEGIN` and `END` out",
    "BEGIN": "all INSERTs of a job run together: leave `BEGIN` and `END` out",
    "SET": "settings of a job are written in `platform.yaml`, such as `checkpoint` and `parallelism`",
    "CREATE": "topics and tables are declared in `platform.yaml`; a job may only create temporary views",
    "SELECT": "a job writes what it computes: put `INSERT INTO <topic or lake.table>` before the query",
    "WITH": "put `INSERT INTO <topic or lake.table>` before WITH",
    "MERGE": "INSERT INTO a table with a `key:` puts each row in place of the one with the same key",
    "UPDATE": "a job gives rows: INSERT OVERWRITE puts them in place of all that a table, or a partition, holds",
    "DELETE": "a job gives rows: INSERT OVERWRITE puts them in place of all that a table, or a partition, holds",
    "USE": "topics are named bare and tables as `lake.<name>`: there is nothing to switch to",
}

_FUNCTIONS = (
    "a job calls the functions that its engine has; what they cannot do, a Spark job in Python does (`python:`)"
)


def parse_job(text: str, language: Language) -> tuple[list[Parsed], list[Problem]]:
    """The statements of a job's text, in order."""
    tokens, problems = tokens_of(text, language)
    statements: list[Parsed] = []
    wrapped = False
    end = 0
    for chunk in chunks_of(tokens):
        begin, end = end, chunk[-1].end + 1
        if wrapped and chunk[0].text.upper() == "END":
            continue
        wrapped = wrapped or chunk[0].text.upper() in ("EXECUTE", "BEGIN")
        try:
            statements.append(_Head(chunk, text, language, problems, begin).read())
        except Unreadable as unreadable:
            problems.append(unreadable.problem)
    return statements, problems


def parse_query(text: str, language: Language) -> tuple[Parsed | None, list[Problem]]:
    """The one query that a text holds. What it defines in front is part of it and not looked into."""
    own = language.prelude(text)
    tokens, problems = tokens_of(_blank(text, own.start, own.end) if own else text, language)
    chunks = chunks_of(tokens)
    if problems or not chunks:
        return None, problems
    if len(chunks) > 1:
        start, end = chunks[1][0].start, chunks[1][-1].end + 1
        return None, [Problem("sql-statement", "only one query is asked at a time", start, end, "a second one")]
    place = (own.start if own else chunks[0][0].start, _end(text, chunks[0][-1]))
    if is_trusted(text, 0, chunks[0]):
        return Parsed("query", *place, None, trusted=True, tables=tuple(tables(chunks[0]))), []
    try:
        query = query_of(chunks[0], text, language, "write a SELECT")
    except Unreadable as unreadable:
        return None, [unreadable.problem]
    return Parsed("query", *place, query, functions=own.names if own else frozenset()), []


def parts(text: str, language: Language) -> list[tuple[int, int]]:
    """Where each statement of a text of several stands, without its semicolon. One that cannot be read is the rest."""
    found: list[tuple[int, int]] = []
    at = 0
    while True:
        own = language.prelude(text[at:])
        tokens, problems = tokens_of(_blank(text, 0, at + own.end if own else at), language)
        chunks = chunks_of(tokens)
        if problems:
            return [*found, (at, len(text))]
        if not chunks:
            return found
        found.append((at + own.start if own else chunks[0][0].start, _end(text, chunks[0][-1])))
        if len(chunks) == 1:
            return found
        at = chunks[1][0].start


def _blank(text: str, start: int, end: int) -> str:
    """The text with a part of it as blanks, all else in its place."""
    return text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]


_HINT = re.compile(r"\s*/\*\+.*?\*/", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def _end(text: str, last: Token) -> int:
    """Where a statement ends: a hint behind its last word is a comment to the tokenizer, and an order to the engine."""
    end = last.end + 1
    while hint := _HINT.match(text, end):
        end = hint.end()
    return end


class _Head:
    """Reads what stands before the query of one statement."""

    def __init__(self, tokens: list[Token], text: str, language: Language, problems: list[Problem], begin: int) -> None:
        self.trusted = is_trusted(text, begin, tokens)
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
        raise self._refused(f"`{word}` is no statement of a job", _REASONS.get(word, ALLOWED))

    def _view(self) -> Parsed:
        if self._takes("OR"):
            self._takes("REPLACE")
        if "FUNCTION" in (self._peek(), self._peek(1), self._peek(2)):
            self.at += 1
            raise self._refused("a job creates nothing but temporary views", _FUNCTIONS)
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
        partition = self._partition() if self._peek() == "PARTITION" else ()
        target = self.at - 1
        columns = self._columns()
        found = self._parsed("insert", name, place, columns, overwrite=overwrite, target=target)
        return replace(found, partition=partition)

    def _partition(self) -> tuple[Assigned, ...]:
        """`PARTITION (day = DATE '2024-05-01')`: the one partition that is written, by values."""
        if not self.language.habits.partitions:
            raise self._refused(
                "a partition is not named when writing", "every row finds its own: write the column in the query"
            )
        self.at += 1
        if not self._takes("("):
            raise self._expected("(")
        found: list[Assigned] = []
        while True:
            column = self._word()
            if not self._takes("="):
                hint = "write its value, or leave it out: every row finds its own partition by what the query gives"
                raise Unreadable(
                    Problem("insert-partition", "this has no value", column.start, column.end, hints=(hint,))
                )
            first = self.at
            depth = 0
            while self.at < len(self.tokens) and (depth or self._peek() not in (",", ")")):
                depth += {"(": 1, ")": -1}.get(self._peek(), 0)
                self.at += 1
            if first == self.at or self.at >= len(self.tokens):
                raise self._expected("a value")
            found.append(self._value(column, self.tokens[first : self.at]))
            if self._takes(")"):
                return tuple(found)
            self._takes(",")

    def _value(self, column: Written, tokens: list[Token]) -> Assigned:
        """A value that is the same for all rows; raises where it is none."""
        start, end = tokens[0].start, tokens[-1].end + 1
        if not same_for_all(self.text[start:end], self.language):
            hint = "a partition is named by a value, such as DATE '2024-05-01'"
            raise Unreadable(Problem("insert-partition", "this is not one value", start, end, hints=(hint,)))
        return Assigned(column, start, end)

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
        target: int | None = None,
    ) -> Parsed:
        rest = self.tokens[self.at :]
        if not rest:
            raise self._expected("a query")
        hint = self._hint(target)
        tree, listed = None, ()
        if self.trusted:
            listed = tuple(tables(rest))
        else:
            try:
                tree = query_of(rest, self.text, self.language)
            except Unreadable as unreadable:
                self.problems.append(unreadable.problem)
        start, end = rest[0].start, _end(self.text, rest[-1])
        return Parsed(
            kind, start, end, tree, name, place, columns, overwrite, hint, trusted=self.trusted, tables=listed
        )

    def _hint(self, target: int | None) -> str:
        """The hint behind the token `target`. To the tokenizer all hints are comments: of others it is said that the
        engine would not take them."""
        kept = ""
        for at, (token, following) in enumerate(pairwise(self.tokens[: self.at + 1])):
            for found in _COMMENT.finditer(self.text, token.end + 1, following.start):
                if not found[0].startswith("/*+"):
                    continue
                if at == target and not kept and self.language.habits.target_hints:
                    kept = found[0]
                    continue
                message = f"a hint does not belong here, as {self.language.title} reads SQL"
                self.problems.append(Problem("sql-syntax", message, *found.span()))
        return kept

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

    def _expected(self, what: str) -> Unreadable:
        at = min(self.at, len(self.tokens) - 1)
        token = self.tokens[at]
        spelled = f"`{what}`" if what.isupper() or not what[0].isalpha() else what
        where = "here" if self.at < len(self.tokens) else "after this"
        return Unreadable(Problem("sql-syntax", f"expected {spelled} {where}", token.start, token.end + 1))

    def _refused(self, message: str, hint: str) -> Unreadable:
        start, end = self.tokens[0].start, self.tokens[max(self.at - 1, 0)].end + 1
        return Unreadable(Problem("sql-statement", message, start, end, hints=(hint,)))
