"""What to say of a name that leads nowhere.

Comes in: the name, its place, and why it was lost. Goes out: a `Problem`. Must not: look anything up but spellings.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.check.sql.relation import Names, Problem
from rosace.check.sql.scope import Lost, Scope
from rosace.source.suggest import closest


def lost(name: str, start: int, end: int, why: Lost, scope: Scope) -> Problem:
    """A column that no source of its query has."""
    if why.source:
        return _unknown_alias(why.source, start, end, scope)
    if why.ambiguous:
        return _ambiguous(name, start, end, why.ambiguous)
    sources = [why.relation] if why.relation else list(scope.sources.values())
    near = closest(name, [column for relation in sources for column in relation.names])
    hints = (f"did you mean `{near}`?",) if near else ()
    if why.alias:
        hints = (f"`{name}` is an alias of SELECT: repeat its expression here",)
    about = sources[0].ref if len(sources) == 1 else None
    message = f"`{name}` is no column{f' of `{about}`' if about else ''}"
    return Problem("unknown-column", message, start, end, "no such column", hints, about)


def unknown_name(spelled: str, start: int, end: int, names: Names, others: Iterable[str]) -> Problem:
    """A table in FROM that is nothing of the platform; `others` are views and common table expressions."""
    near = closest(spelled, [*names.spelled(), *others])
    hints = (f"did you mean `{near}`?",) if near else ()
    if ("lake", spelled) in names.relations:
        hints = (f"tables of the lake are named `lake.{spelled}`",)
    return Problem("unknown-name", f"`{spelled}` is {names.declared}", start, end, "not declared", hints)


def long_column(table: str, column: str, start: int, end: int) -> Problem:
    """`lake.departures.carrier`."""
    hint = "or give the table an alias and use that"
    message = f"a column is named by its table alone: `{table}.{column}`"
    return Problem("long-column", message, start, end, "", (hint,))


def _unknown_alias(source: str, start: int, end: int, scope: Scope) -> Problem:
    # Sources without a name of their own are kept under one with a space.
    known = [alias for alias in scope.sources if " " not in alias]
    near = closest(source, known)
    listed = ", ".join(f"`{alias}`" for alias in known)
    hints = (f"did you mean `{near}`?",) if near else (f"here are {listed}",) if listed else ()
    return Problem("unknown-alias", f"`{source}` is no table or alias of this query", start, end, "", hints)


def _ambiguous(name: str, start: int, end: int, aliases: tuple[str, ...]) -> Problem:
    named = [alias for alias in aliases if " " not in alias]
    both = " and of ".join(f"`{alias}`" for alias in named) or "several sources"
    both += " and of a source without alias" if len(named) == 1 else ""
    hints = (f"write which one: `{named[0]}.{name}`",) if named else ("give them aliases, and write which one",)
    return Problem("ambiguous-column", f"`{name}` is a column of {both}", start, end, "which one?", hints)
