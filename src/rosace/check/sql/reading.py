"""A whole text read: what a job's or a query's file says, in the terms of the model.

Comes in: text, language, names. Goes out: `JobReading` or `QueryReading`. Must not: read files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rosace.check.deep import deep
from rosace.check.sql.depth import too_deep_at
from rosace.check.sql.parameters import OF_JOBS, parameters
from rosace.check.sql.reader import Reader
from rosace.check.sql.relation import OPAQUE, Findings, Names, Problem, Relation, Use, Windowing
from rosace.check.sql.reserved import reserved
from rosace.check.sql.statements import Parsed, Written, parse_job, parse_query
from rosace.model.checked import Fragment, Mention, Ref, Statement
from rosace.source.diagnostic import Severity
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from sqlglot import exp

    from rosace.check.sql.dialects import Language


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement with the relation that its query gives and the places of its target and listed columns.

    `partition` are the columns of its PARTITION clause. `tree` is its query as parsed; None where it could not be.
    """

    statement: Statement
    output: Relation
    place: tuple[int, int]
    columns: tuple[Written, ...] = ()
    tree: exp.Expr | None = field(default=None, compare=False, repr=False)
    partition: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class JobReading:
    """A job's text. `whole` is False where a part could not be read: then what it touches is not all known.

    `widens_only` is a habit of its engine (see `Habits`), `raises` one of its decimals.
    """

    statements: tuple[ReadStatement, ...] = ()
    problems: tuple[Problem, ...] = ()
    uses: tuple[Use, ...] = ()
    windows: tuple[Windowing, ...] = ()
    whole: bool = True
    widens_only: bool = False
    raises: bool = False

    @property
    def reads(self) -> tuple[Ref, ...]:
        """The topics and tables that its statements read, each once, in the order of the text."""
        return tuple(dict.fromkeys(use.ref for use in self.uses))

    @property
    def writes(self) -> tuple[Ref, ...]:
        """The topics and tables that its statements write, each once, in the order of the text."""
        found = (read.statement.target for read in self.statements)
        return tuple(dict.fromkeys(ref for ref in found if ref))


@dataclass(frozen=True, slots=True)
class QueryReading:
    """A query's text, what it reads and what it gives."""

    body: Fragment
    reads: tuple[Ref, ...] = ()
    output: Relation = OPAQUE
    problems: tuple[Problem, ...] = ()
    uses: tuple[Use, ...] = ()


def read_query(text: str, language: Language, names: Names) -> QueryReading:
    """Read the one query in `text`; its names are located but not the less reported."""
    parsed, problems = parse_query(text, language)
    if parsed is None:
        return QueryReading(Fragment(""), problems=tuple(problems))
    problems += parameters(parsed, text, language, OF_JOBS)[1]
    reader = Reader(language.knowing(parsed.functions), names)
    output = _output(parsed, reader, problems)
    found = reader.found
    reads = tuple(dict.fromkeys(use.ref for use in found.uses))
    body = _fragment(text, parsed, found.uses)
    return QueryReading(body, reads, output, (*problems, *found.problems), tuple(found.uses))


def read_job(text: str, language: Language, names: Names, instead: str = "") -> JobReading:
    """Read every statement in `text`, in order: a view is known to those after it.

    `instead` says why its runs have no parameters; empty where they have some.
    """
    parsed, problems = parse_job(text, language)
    reader = Reader(language, names)
    statements: list[ReadStatement] = []
    views: dict[str, Parsed] = {}
    for one in parsed:
        before = len(reader.found.uses)
        output = _output(one, reader, problems)
        body = _fragment(text, one, reader.found.uses[before:])
        named, unknown = parameters(one, text, language, instead)
        problems += unknown
        if one.kind == "view":
            _define(one, output, reader, views)
            statement = Statement("view", body, view=one.name[-1], place=one.place, parameters=named)
        else:
            target = _target(one, reader)
            listed = tuple(column.text for column in one.columns)
            statement = Statement(
                "insert",
                body,
                target=target,
                columns=listed,
                overwrite=one.overwrite,
                hint=one.hint,
                place=one.place,
                partition=tuple(
                    (said.column.text, Fragment(text[said.start : said.end], (), said.start)) for said in one.partition
                ),
                parameters=named,
            )
        partition = tuple(said.column for said in one.partition)
        statements.append(ReadStatement(statement, output, one.place, one.columns, one.tree, partition))
    found = reader.found
    problems += [*found.problems, *_unused(views, found)]
    whole = bool(statements) and not any(problem.severity is Severity.ERROR for problem in problems)
    habits = language.habits
    return JobReading(
        tuple(statements),
        tuple(problems),
        tuple(found.uses),
        tuple(found.windows),
        whole,
        habits.widens_only,
        raises=habits.decimals is not None and habits.decimals.raises,
    )


def _output(statement: Parsed, reader: Reader, problems: list[Problem]) -> Relation:
    """What a statement's query gives."""
    if statement.trusted:
        reader.name(statement.tables)
    if statement.tree is None:
        return OPAQUE
    try:
        with deep():
            output = reader.read(statement.tree)
    except RecursionError:
        problems.append(too_deep_at(statement.start))
        return OPAQUE
    problems += reserved(statement.tree, reader)
    return output


def _fragment(text: str, parsed: Parsed, uses: list[Use]) -> Fragment:
    start = parsed.start
    named = ((Ref(use.ref.kind, use.ref.name + use.part), use) for use in uses)
    mentions = (Mention(ref, use.start - start, use.end - start) for ref, use in named)
    return Fragment(text[start : parsed.end], tuple(sorted(mentions, key=lambda found: found.start)), start)


def _define(view: Parsed, output: Relation, reader: Reader, views: dict[str, Parsed]) -> None:
    said = view.name[-1]
    name = reader.fold(said)
    problems = reader.found.problems
    if len(view.name) > 1:
        message = "a temporary view has a name without a dot"
        problems.append(Problem("sql-statement", message, *view.place))
    elif name in views:
        problems.append(Problem("view-twice", f"view `{said}` is created twice", *view.place))
    elif reader.names.find(view.name, exact=reader.language.habits.case_sensitive):
        message = f"view `{said}` has the name of a topic: nothing after it could read the topic"
        problems.append(Problem("view-hides-topic", message, *view.place, about=Ref("topic", said)))
    views.setdefault(name, view)
    reader.views[name] = Relation(output.columns)


def _target(insert: Parsed, reader: Reader) -> Ref | None:
    """The topic or table that an INSERT writes."""
    name = tuple(insert.name[0].split(".", 1)) if len(insert.name) == 1 else insert.name
    found = reader.names.find(name, exact=reader.language.habits.case_sensitive)
    if found is not None:
        return found.ref
    spelled = ".".join(name)
    if reader.fold(spelled) in reader.views:
        message, hints = f"`{spelled}` is a view: it cannot be written", ()
    else:
        near = closest(spelled, reader.names.spelled())
        message = f"`{spelled}` is {reader.names.declared}"
        hints = (f"did you mean `{near}`?",) if near else ("declare it under `topics:` or `tables:`",)
    reader.found.problems.append(Problem("unknown-name", message, *insert.place, "not declared", hints))
    return None


def _unused(views: dict[str, Parsed], found: Findings) -> list[Problem]:
    return [
        Problem("unused-view", f"view `{view.name[-1]}` is never read", *view.place, severity=Severity.WARNING)
        for name, view in views.items()
        if name not in found.views_used
    ]
