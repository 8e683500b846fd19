"""SQL that somebody types: read against a platform that was checked before.

Comes in: `Checked` and a text. Goes out: a `Fragment` to render for the engine that answers. Must not: run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rosace.check.sql.dialects import Language, language, language_of
from rosace.check.sql.relation import Column, Names, Problem, Relation
from rosace.check.sql.shapes import shape_of_kind
from rosace.contract.registry import engines
from rosace.kit.oracle_reach import OUTSIDE
from rosace.model.capabilities import SqlEndpoint
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Refused
from rosace.source.span import Lines

if TYPE_CHECKING:
    from rosace.check.draft import Draft
    from rosace.contract.engine import Engine
    from rosace.model.checked import Checked, Fragment


def language_of_queries(rooms: Iterable[Engine]) -> Language:
    """What the engine takes that answers questions; standard SQL where there is none."""
    for room in (*rooms, *engines().values()):
        if SqlEndpoint in room.offers:
            return language_of(room)
    return language("", "SQL")


def language_of_oracles() -> Language:
    """DuckDB's, without what it cannot reach as `verify` runs it."""
    return replace(language("duckdb", "DuckDB"), outside=OUTSIDE)


def names_of_sources(draft: Draft) -> Names:
    """Sources as an oracle names them: each has the columns that its target declares."""
    relations: dict[tuple[str, ...], Relation] = {}
    for name, source in draft.platform.sources.items():
        target = draft.ref(source.to)
        columns = draft.columns(target) if target else {}
        known = tuple(Column(column, shape_of_kind(kind.kind)) for column, kind in columns.items())
        relations[(name,)] = Relation(known or None)
    return Names(relations, "not a source: an oracle reads the sources' files")


def statements(checked: Checked, sql: str) -> list[tuple[int, int]]:
    """Where each statement of a text stands, for the engine that answers questions."""
    from rosace.check.sql.statements import parts

    rooms = engines()
    return parts(sql, language_of_queries(rooms[name] for name in checked.engines))


def relation_named(checked: Checked, name: tuple[str, ...]) -> Ref | None:
    """The topic or table that a name in SQL means: `departures`, `lake.departures`, whatever the case."""
    folded = tuple(part.lower() for part in name)
    for ref in (*(Ref("topic", one) for one in checked.topics), *(Ref("table", one) for one in checked.tables)):
        if folded == tuple(str(ref).lower().split(".", 1)):
            return ref
    return None


def free_query(checked: Checked, sql: str, origin: str = "--sql") -> Fragment:
    """One query over topics and tables. Raises `Refused` with every problem, placed in `origin`."""
    from rosace.check.sql.reading import read_query

    relations = {
        **{(name,): _relation(checked, Ref("topic", name)) for name in checked.topics},
        **{("lake", name): _relation(checked, Ref("table", name)) for name in checked.tables},
    }
    schema = checked.platform.platform.replace("-", "_")
    names = Names(relations, "neither a topic nor a table of the lake", foreign=True, schema=schema)
    rooms = engines()
    reading = read_query(sql, language_of_queries(rooms[name] for name in checked.engines), names)
    problems = list(reading.problems)
    lines = Lines(origin, sql)
    if problems:
        raise Refused(*(_told(one, lines) for one in problems), sources={origin: sql})
    if not reading.body.text.strip():
        place = Label(lines.span(0, len(sql)))
        raise Refused(Diagnostic("empty-file", "there is no query", labels=(place,)), sources={origin: sql})
    return reading.body


def _told(problem: Problem, lines: Lines) -> Diagnostic:
    label = Label(lines.span(problem.start, problem.end), problem.note)
    return Diagnostic(problem.code, problem.message, problem.severity, (label,), problem.hints)


def _relation(checked: Checked, ref: Ref) -> Relation:
    columns = tuple(Column(name, shape_of_kind(kind.kind)) for name, kind in checked.columns(ref).items())
    return Relation(columns, ref)
