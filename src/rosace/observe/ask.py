"""Answers one query over a running platform, by the addresses that were given to what was started.

Comes in: a question, and what was deployed. Goes out: rows as they come. Must not: plan, hold all of an answer, or ask
whether memory suffices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.contract.parts import Asked
from rosace.contract.registry import engines, offering
from rosace.contract.sql import QueryFailed, Unreachable
from rosace.local.declared import Declared
from rosace.model.capabilities import SqlEndpoint
from rosace.model.checked import Checked, CheckedQuery, Fragment, Mention, Ref
from rosace.model.rendered import Rendered
from rosace.observe.deployed import Deployed
from rosace.plan.machine.deployment import Deployment
from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse
from rosace.source.span import Lines, Span
from rosace.source.suggest import closest
from rosace.source.yaml import display_path

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and the platform whose words it uses: what was deployed, or what the file says now.

    `whole` is the text in which `body` begins at its `start`, where that is no file. `shown` is a statement that only
    shows something, ready for the engine.
    """

    body: Fragment
    origin: Path | str
    checked: Checked
    whole: str = ""
    shown: Rendered | None = None


class Stream:
    """Rows of an answer as they come, with the columns they have. Read once; closed early it ends the query."""

    def __init__(self, asked: Asked, refused: Callable[[QueryFailed], Refused]) -> None:
        """Waits for the first rows. Raises Refused with the engine's own words when it fails."""
        self._refused, self._asked, self.begun = refused, asked, time.monotonic()
        self._pages = iter(asked)
        self._first = self._next()
        self.columns = asked.columns

    def pages(self) -> Iterator[list[tuple[Any, ...]]]:
        """Some rows at a time, to the last."""
        page, self._first = self._first, None
        while page is not None:
            if page:
                yield page
            page = self._next()

    def _next(self) -> list[tuple[Any, ...]] | None:
        try:
            return next(self._pages, None)
        except QueryFailed as error:
            raise self._refused(error) from error
        except Unreachable as error:
            hints = ("`rosace status` shows what is wrong with it",)
            raise refuse("engine-unreachable", str(error), hints=hints) from error

    def close(self) -> None:
        """Ends the query, if it is not at its end."""
        if isinstance(self._pages, Generator):
            self._pages.close()

    @property
    def seconds(self) -> float:
        """Since the question."""
        return time.monotonic() - self.begun


def named(deployed: Deployed, declared: Declared, name: str, tell: Tell) -> Question:
    """A declared query: of what was deployed, or of the file where it checks and only it has the name.

    `tell` hears which, where it is not simply what was deployed. Raises Refused, with the nearest name, where there is
    none, and where the query's own text has errors now.
    """
    if found := deployed.checked.queries.get(name):
        deployed.refuse_broken(found.path)
        if found.path in deployed.fresh:
            tell(f"{display_path(found.path)} has changed since the last `rosace up`: asked as it is now")
        return Question(found.body, found.path, deployed.checked)
    now, why = _now(declared)
    if now is not None and (found := now.queries.get(name)):
        tell(f"`{name}` was not deployed: taken from {display_path(declared.file)}")
        return Question(found.body, found.path, now)
    raise _unknown(name, {**deployed.checked.queries, **(now.queries if now else {})}, why)


def declared(platform: Checked, name: str) -> CheckedQuery:
    """A declared query; refused with the nearest name where there is none."""
    if found := platform.queries.get(name):
        return found
    raise _unknown(name, platform.queries, "")


def _now(declared: Declared) -> tuple[Checked | None, str]:
    try:
        return declared.examined().proven(), ""
    except Refused:
        return None, f"in what was deployed; {display_path(declared.file)} has errors: `rosace check` shows them"


def _unknown(name: str, known: Mapping[str, CheckedQuery], why: str) -> Refused:
    near = closest(name, known)
    hint = f"did you mean `{near}`?" if near else "declared are: " + (", ".join(known) or "none")
    return refuse("unknown-query", f"no query is named `{name}`" + (f" {why}" if why else ""), hints=(hint,))


def typed(checked: Checked, text: str, origin: str) -> list[Question]:
    """The statements of a text that somebody typed: queries, and what only shows something (SHOW, DESCRIBE, EXPLAIN).

    Raises Refused with every problem, placed in `origin`.
    """
    from rosace.check.sql.free import free_query, statements

    found = statements(checked, text)
    if not found:
        # It says what is missing.
        free_query(checked, text, origin)
    return [_typed(checked, text, origin, start, end) for start, end in found]


def _typed(checked: Checked, text: str, origin: str, start: int, end: int) -> Question:
    from rosace.check.sql.free import free_query

    questions = offering(SqlEndpoint)[0].questions
    look = questions.look(checked, text[start:end])
    if look is None:
        body = free_query(checked, _only(text, start, end), origin)
        return Question(body, origin, checked, text)
    alone = Fragment(text[start:end], (), start)
    if look.query is not None:
        body = free_query(checked, _only(text, start + look.query, end), origin)
        told = questions.question(checked, body).behind(text[start : start + look.query])
        return Question(body, origin, checked, text, told)
    if look.name is not None:
        alone = _about(checked, alone, *look.name, origin, text)
        return Question(alone, origin, checked, text, alone.rendered(lambda ref: questions.name(checked, ref)))
    return Question(alone, origin, checked, text, Rendered(look.text or alone.text, alone.text, ((0, 0),)))


def _only(text: str, start: int, end: int) -> str:
    """One statement where it stands, with blanks for all others, so that places stay what they are."""
    blank = "".join(letter if letter == "\n" else " " for letter in text[:start])
    return blank + text[start:end]


def _about(checked: Checked, alone: Fragment, start: int, end: int, origin: str, text: str) -> Fragment:
    """The statement with the topic or table that it is about; a name of another catalog is the engine's matter."""
    from rosace.check.sql.free import relation_named

    name = tuple(part.replace('"', "") for part in alone.text[start:end].split("."))
    if ref := relation_named(checked, name):
        return Fragment(alone.text, (Mention(ref, start, end),), alone.start)
    if len(name) > 2:
        return alone
    span = Lines(origin, text).span(alone.start + start, alone.start + end)
    near = closest(".".join(name), [*checked.topics, *(str(Ref("table", name)) for name in checked.tables)])
    hints = (f"did you mean `{near}`?" if near else "`SHOW TABLES` lists them all",)
    message = f"`{'.'.join(name)}` is neither a topic nor a table of the lake"
    label = Label(span, "not declared")
    raise Refused(Diagnostic("unknown-name", message, labels=(label,), hints=hints), sources={origin: text})


def asked(deployment: Deployment, question: Question) -> Stream:
    """Puts a question where SQL is offered; raises Refused with the engine's own words when it fails."""
    offer = deployment.offered(SqlEndpoint)
    if offer is None:
        raise refuse("no-sql-engine", "nothing in this platform answers SQL", hints=("declare a query, or a table",))
    engine, endpoint = engines()[offer[0]], offer[1]
    rendered = question.shown or engine.questions.question(question.checked, question.body)
    text = rendered.text.strip().rstrip(";")
    answer = engine.answers.Answer(str(endpoint.address), endpoint.user, text)
    return Stream(answer, lambda error: _refused(error, rendered, question))


def _refused(error: QueryFailed, rendered: Rendered, question: Question) -> Refused:
    """The engine's own words, at the place in the user's text that they are about."""
    origin, body = question.origin, question.body
    if error.line is None or error.column is None:
        return refuse("query-failed", f"{origin}: {error.message}")
    lead = len(rendered.text) - len(rendered.text.lstrip())
    first = rendered.text[:lead].count("\n")
    line, column = rendered.locate(error.line + first, error.column)
    text = Path(origin).read_text(encoding="utf-8") if isinstance(origin, Path) else question.whole or body.text
    before = text[: max(0, text.find(body.text)) if isinstance(origin, Path) else body.start]
    if line == 1:
        column += len(before) - (before.rfind("\n") + 1)
    line += before.count("\n")
    file = display_path(origin) if isinstance(origin, Path) else origin
    label = Label(Span(file, line, column, line, column + 1), "here, says the engine")
    return Refused(Diagnostic("query-failed", error.message, labels=(label,)), sources={file: text})
