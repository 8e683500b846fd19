"""Answers one query over a running platform."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.engines.registry import offering
from rosace.local.home import Home
from rosace.local.prepare import prepare
from rosace.model.capabilities import SqlEndpoint
from rosace.model.checked import Checked, Fragment
from rosace.plan.deployment import sites
from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse
from rosace.source.span import Span
from rosace.source.suggest import closest
from rosace.source.yaml import display_path


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a query with their column names; `seconds` from question to last row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    seconds: float


def declared(checked: Checked, name: str) -> tuple[Fragment, Path]:
    """A declared query's text and file; refused with the nearest name where there is none."""
    found = checked.queries.get(name)
    if found is None:
        near = closest(name, checked.queries)
        hint = f"did you mean `{near}`?" if near else "declared are: " + (", ".join(checked.queries) or "none")
        raise refuse("unknown-query", f"no query is named `{name}`", hints=(hint,))
    return found.body, found.path


def run(checked: Checked, home: Home, body: Fragment, origin: Path | str) -> Answer:
    """Runs a piece of SQL where SQL is offered; raises Refused with the engine's own words when it fails."""
    places = sites(checked, prepare(checked, home, "", write=False).ground)
    endpoint = next((s.offered[SqlEndpoint] for s in places.values() if SqlEndpoint in s.offered), None)
    if not isinstance(endpoint, SqlEndpoint):
        raise refuse("no-sql-engine", "nothing in this platform answers SQL", hints=("declare a query, or a table",))
    engine = offering(SqlEndpoint)[0]
    live = engine.part("live")
    question = engine.part("sql").question(checked, body)
    begun = time.monotonic()
    try:
        result = live.query(endpoint.url, endpoint.user, question.text.strip().rstrip(";"))
    except live.QueryFailed as error:
        raise _refused(error, question, body, origin) from error
    return Answer(
        tuple(column.name for column in result.columns), tuple(map(tuple, result.rows)), time.monotonic() - begun
    )


def _refused(error: Any, question: Any, body: Fragment, origin: Path | str) -> Refused:
    """The engine's own words, at the place in the user's text that they are about."""
    if error.line is None:
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
