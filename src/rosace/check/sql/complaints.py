"""What to say of a name that leads nowhere.

Comes in: the name, its place, and why it was lost. Goes out: a `Problem`. Must not: look anything up but spellings.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from rosace.check.sql.dialects import Language
from rosace.check.sql.extent import extent
from rosace.check.sql.relation import Names, Problem
from rosace.check.sql.scope import Lost, Scope
from rosace.source.suggest import closest


def lost(name: str, start: int, end: int, why: Lost, scope: Scope, names: Names) -> Problem:
    """A column that no source of its query has."""
    if why.source:
        if table := _table((why.source, name), names):
            return _no_column(table, start, end, "it is not in FROM here", f"FROM {table}")
        return _unknown_alias(why.source, start, end, scope)
    if why.ambiguous:
        return _ambiguous(name, start, end, why.ambiguous)
    if not why.relation and not why.alias:
        if scope.fold(name) in scope.sources:
            columns = scope.sources[scope.fold(name)].names
            hint = f"`{name}.{columns[0]}`" if columns else f"`{name}.column`"
            return _no_column(name, start, end, "name one of its columns", hint)
        if table := _table((name,), names):
            return _no_column(table, start, end, "it is not in FROM here", f"FROM {table}")
    sources = [why.relation] if why.relation else list(scope.sources.values())
    near = closest(name, [column for relation in sources for column in relation.names])
    hints = (f"did you mean `{near}`?",) if near else ()
    if why.alias:
        hints = (f"`{name}` is an alias of SELECT: repeat its expression here",)
    about = sources[0].ref if len(sources) == 1 else None
    message = f"`{name}` is no column{f' of `{about}`' if about else ''}"
    return Problem("unknown-column", message, start, end, "no such column", hints, about)


def _table(parts: tuple[str, ...], names: Names) -> str:
    """The topic or table that is named as if it were a column."""
    return ".".join(parts) if names.find(parts, exact=True) else ""


def _no_column(table: str, start: int, end: int, why: str, instead: str) -> Problem:
    hint = f"{why}: {instead}"
    return Problem("unknown-column", f"`{table}` is a table, not a column", start, end, "a table", (hint,))


def unknown_name(
    parts: tuple[str, ...], start: int, end: int, names: Names, language: Language, others: Iterable[str]
) -> Problem:
    """A table in FROM that is nothing of the platform; `others` are views and common table expressions."""
    spelled, last = ".".join(parts), "".join(parts[-1:])
    message, near = f"`{spelled}` is {names.declared}", closest(spelled, [*names.spelled(), *others])
    hints = (f"did you mean `{near}`?",) if near else ()
    table = _about_table(parts, names, language)
    if names.foreign and len(parts) == 3 and language.catalogs and not table:
        message, hints = _elsewhere(parts, language)
    if ("lake", last) in names.relations and parts[:-1] != ("lake",):
        hints = (f"tables of the lake are named `lake.{last}`",)
    elif (last,) in names.relations and len(parts) > 1:
        hints = (f"topics are named without more: `{last}`",)
    elif table:
        near = closest(last.rpartition(language.metadata_mark)[2].casefold(), language.metadata)
        hints = (f"of `{table}` there is `{near}`" if near else f"there are {', '.join(sorted(language.metadata))}",)
    return Problem("unknown-name", message, start, end, "not declared", hints)


def _elsewhere(parts: tuple[str, ...], language: Language) -> tuple[str, tuple[str, ...]]:
    """What is wrong with a name of catalog, schema and table, and what could be meant."""
    catalog = parts[0].casefold()
    schemas = language.catalogs.get(catalog)
    if schemas is None:
        message, near = f"there is no catalog `{parts[0]}` on this platform", closest(catalog, language.catalogs)
    else:
        message, near = f"catalog `{parts[0]}` has no schema `{parts[1]}`", closest(parts[1], schemas)
    own = f"a query reads topics, tables as `lake.<name>`, and what is in {_own(language)}"
    return message, (f"did you mean `{near}`?" if near else own,)


def _own(language: Language) -> str:
    return ", ".join(f"`{name}`" for name in sorted(language.catalogs))


def _about_table(parts: tuple[str, ...], names: Names, language: Language) -> str:
    """The table of which a name wants something that it has not: `lake."t$snapshot"`."""
    if not language.metadata_mark or language.metadata_mark not in ".".join(parts[1:]):
        return ""
    base = parts[:-1] if language.metadata_mark == "." else (*parts[:-1], parts[-1].partition("$")[0])
    return ".".join(base) if base and names.find(base, exact=False) else ""


def bare_table(call: exp.Anonymous, names: Names) -> Problem | None:
    """`TUMBLE(events, ...)`: a windowing function reads a table, and is told so by a word."""
    first = call.expressions[0] if call.expressions else None
    place = extent(first) if first is not None else None
    if not isinstance(first, exp.Column) or place is None:
        return None
    name, function = ".".join(part.name for part in first.parts), call.name.upper()
    message = f"`{name}` stands here as a column: {function} reads a table"
    hint = f"write TABLE({function}(TABLE {name}, ...))"
    return Problem("sql-syntax", message, *place, hints=(hint,))


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
