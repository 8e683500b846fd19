"""Answers one query over a running platform, by the addresses that were given to what was started.

Comes in: a question, and what was deployed. Goes out: rows. Must not: plan, or ask whether memory suffices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.contract.registry import engines
from rosace.contract.sql import QueryFailed, Unreachable
from rosace.local.declared import Declared
from rosace.model.capabilities import SqlEndpoint
from rosace.model.checked import Checked, CheckedQuery, Fragment
from rosace.model.rendered import Rendered
from rosace.observe.deployed import Deployed
from rosace.plan.machine.deployment import Deployment
from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse
from rosace.source.span import Span
from rosace.source.suggest import closest
from rosace.source.yaml import display_path

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and the platform whose words it uses: what was deployed, or what the file says now."""

    body: Fragment
    origin: Path | str
    checked: Checked


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a query with their column names; `seconds` from question to last row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    seconds: float


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


def run(deployment: Deployment, question: Question) -> Answer:
    """Runs a piece of SQL where SQL is offered; raises Refused with the engine's own words when it fails."""
    offer = deployment.offered(SqlEndpoint)
    if offer is None:
        raise refuse("no-sql-engine", "nothing in this platform answers SQL", hints=("declare a query, or a table",))
    engine, endpoint = engines()[offer[0]], offer[1]
    asked = engine.questions.question(question.checked, question.body)
    begun = time.monotonic()
    try:
        result = engine.answers.query(str(endpoint.address), endpoint.user, asked.text.strip().rstrip(";"))
    except QueryFailed as error:
        raise _refused(error, asked, question.body, question.origin) from error
    except Unreachable as error:
        hints = ("`rosace status` shows what is wrong with it",)
        raise refuse("engine-unreachable", str(error), hints=hints) from error
    return Answer(
        tuple(column.name for column in result.columns), tuple(map(tuple, result.rows)), time.monotonic() - begun
    )


def _refused(error: QueryFailed, question: Rendered, body: Fragment, origin: Path | str) -> Refused:
    """The engine's own words, at the place in the user's text that they are about."""
    if error.line is None or error.column is None:
        return refuse("query-failed", f"{origin}: {error.message}")
    lead = len(question.text) - len(question.text.lstrip())
    first = question.text[:lead].count("\n")
    line, column = question.locate(error.line + first, error.column)
    text = Path(origin).read_text(encoding="utf-8") if isinstance(origin, Path) else body.text
    skipped = text[: max(0, text.find(body.text))].count("\n")
    file = display_path(origin) if isinstance(origin, Path) else origin
    span = Span(file, line + skipped, column, line + skipped, column + 1)
    label = Label(span, "here, says the engine")
    return Refused(Diagnostic("query-failed", error.message, labels=(label,)), sources={file: text})
