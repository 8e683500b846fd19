"""Tree in, proof out: the one place that makes `Checked`.

Comes in: the merged tree and the folder of `platform.yaml`. Goes out: `Checked` and what is worth saying, or all
errors at once. Must not: stop at the first error, or raise anything but `Refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rosace.check.deep import deep
from rosace.check.draft import Draft, names_of
from rosace.check.keys import keys_of
from rosace.check.rooms import rooms_of, sections_of
from rosace.check.size import too_many
from rosace.check.texts import Text, Texts
from rosace.model.checked import (
    _TOKEN,  # pyright: ignore[reportPrivateUsage] - this is the place it is for
    Checked,
    CheckedJob,
    CheckedQuery,
    CheckedSource,
    CheckedTable,
    CheckedVerify,
)
from rosace.model.platform import Platform
from rosace.source.diagnostic import Diagnostic, Label, Refused, Severity

if TYPE_CHECKING:
    from rosace.check.sql.reading import JobReading, QueryReading
    from rosace.check.sql.relation import Names
    from rosace.source.tree import Tree


Told = Callable[[int, int], None]
"""Hears how many jobs, queries and oracles are read, and of how many."""


def check(tree: Tree, root: Path) -> Checked:
    """The checked platform. Raises `Refused` with every error and warning, in the order of files and lines."""
    checked, diagnostics = examine(tree, root)
    if checked is None:
        raise Refused(*diagnostics, sources=tree.sources)
    return checked


def examine(
    tree: Tree, root: Path, also: Sequence[Path] = (), texts: Texts | None = None, told: Told | None = None
) -> tuple[Checked | None, list[Diagnostic]]:
    """The checked platform, None where there are errors, and all diagnostics in the order of files and lines.

    `root` is the folder of `platform.yaml`: names of files are relative to it, and none is read that is neither in it
    nor in one of the folders `also`, links followed. Whoever gives `texts`, made of the same, can see what was read.
    `told` hears how far the reading of SQL is, which with a file for each job is most of the work.
    """
    from rosace.source.pydantic_errors import diagnose

    try:
        platform = Platform.model_validate(tree.value)
    except ValidationError as error:
        found = diagnose(error, tree, keys=keys_of(Platform))
        return None, _sorted([*found, *sections_of(tree)[1]])
    if excess := too_many(platform, tree):
        return None, [excess]
    draft, problems = _draft(platform, tree, texts or Texts(root.absolute(), also), told)
    from rosace.check.rules import RULES

    with deep():
        for rule in RULES:
            problems += rule(draft)
    if _errors(problems):
        return None, _sorted(problems)
    checked = _proven(draft)
    with deep():
        for room in draft.rooms.values():
            if rules := room.rules:
                problems += (_placed(found, tree) for found in rules.check(checked))
    return (None if _errors(problems) else checked), _sorted(problems)


@dataclass(frozen=True, slots=True)
class Restored:
    """A platform that was checked before. `problems` are those of texts that were written since, by their files."""

    checked: Checked
    problems: Mapping[Path, tuple[Diagnostic, ...]]


def restore(tree: Tree, texts: Texts) -> Restored:
    """The `Checked` of a platform that was checked when its deployment was made, from what was kept of it.

    No rule is asked again and no file of data looked at: they were, and may have changed since. `texts` are those of
    that time; queries and oracles, which nothing runs by itself, may be as they are now. Raises `Refused` where this
    Rosace does not read what another one kept.
    """
    from rosace.source.pydantic_errors import diagnose

    try:
        platform = Platform.model_validate(tree.value)
    except ValidationError as error:
        raise Refused(*diagnose(error, tree), sources=tree.sources) from None
    draft, problems = _draft(platform, tree, texts)
    if _errors(problems):
        raise Refused(*problems, sources=tree.sources)
    named = [
        *((platform.queries[name].sql, reading) for name, reading in draft.queries.items()),
        *((platform.verify[target].sql, reading) for target, reading in draft.verify.items()),
    ]
    held = {texts.path(written): tuple(_told(draft, written, reading)) for written, reading in named}
    with deep():
        return Restored(_proven(draft), {path: found for path, found in held.items() if found})


def _told(draft: Draft, written: str, reading: QueryReading) -> Iterator[Diagnostic]:
    text = draft.texts.read(written, draft.value("platform"))
    if isinstance(text, Text):
        told = (draft.told(problem, text) for problem in reading.problems)
        yield from (problem for problem in told if problem.severity is Severity.ERROR)


def _errors(problems: list[Diagnostic]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _placed(problem: Diagnostic, tree: Tree) -> Diagnostic:
    """Rooms know no places: what they speak of is a path, told where it is written, or as far as it is."""
    about = problem.about if tree.has(problem.about[:1]) else ("platform",)
    return replace(problem, labels=problem.labels or (Label(tree.key_span(about)),))


def _sorted(problems: list[Diagnostic]) -> list[Diagnostic]:
    def place(problem: Diagnostic) -> tuple[str, int, int, str]:
        span = problem.span
        return (span.file, span.line, span.column, problem.code) if span else ("", 0, 0, problem.code)

    return sorted(dict.fromkeys(problems), key=place)


def _draft(platform: Platform, tree: Tree, texts: Texts, told: Told | None = None) -> tuple[Draft, list[Diagnostic]]:
    rooms = rooms_of(platform, tree)
    draft = Draft(tree, texts.root, platform, rooms.used, rooms.sections, _tables(platform), texts)
    number, whole = count(), len(platform.jobs) + len(platform.queries) + len(platform.verify)

    def begun() -> None:
        if told:
            told(next(number), whole)

    _read_jobs(draft, begun)
    _read_queries(draft, begun)
    _read_oracles(draft, begun)
    return draft, rooms.problems


def _tables(platform: Platform) -> dict[str, CheckedTable]:
    """The tables whose columns are known."""
    found: dict[str, CheckedTable] = {}
    for name, table in platform.tables.items():
        like = platform.topics.get(table.like or "")
        columns = table.columns if table.columns is not None else like.columns if like else None
        if columns is not None:
            found[name] = CheckedTable(name, dict(columns), table.partition, table.key)
    return found


def _read_jobs(draft: Draft, begun: Callable[[], None]) -> None:
    from rosace.contract.registry import engines

    known: dict[tuple[Path, str, bool], JobReading] = {}
    names: Names | None = None
    for name, job in draft.platform.jobs.items():
        begun()
        room = engines().get(job.engine)
        text = draft.text(job.sql, "jobs", name, "sql") if job.sql is not None else None
        if room is None or text is None or "sql" not in room.runs:
            continue
        # Jobs may share a file: it is read once for each engine.
        one = (text.path, job.engine, job.schedule is None)
        if one not in known:
            from rosace.check.sql.dialects import language_of
            from rosace.check.sql.parameters import NOT_HERE
            from rosace.check.sql.reading import read_job

            names = names or names_of(draft)
            instead = "" if job.schedule is not None else NOT_HERE
            known[one] = read_job(text.text, language_of(room), names, instead)
        draft.jobs[name] = known[one]


def _read_queries(draft: Draft, begun: Callable[[], None]) -> None:
    known: dict[Path, QueryReading] = {}
    names: Names | None = None
    for name, query in draft.platform.queries.items():
        begun()
        text = draft.text(query.sql, "queries", name, "sql")
        if text is None:
            continue
        if text.path not in known:
            from rosace.check.sql.free import language_of_queries
            from rosace.check.sql.reading import read_query

            names = names or names_of(draft, foreign=True)
            language = language_of_queries(draft.rooms.values())
            known[text.path] = read_query(text.text, language, names)
        draft.queries[name] = known[text.path]


def _read_oracles(draft: Draft, begun: Callable[[], None]) -> None:
    known: dict[Path, QueryReading] = {}
    names: Names | None = None
    for target, oracle in draft.platform.verify.items():
        begun()
        text = draft.text(oracle.sql, *draft.verify_path(target))
        if text is None:
            continue
        if text.path not in known:
            from rosace.check.sql.free import language_of_oracles, names_of_sources
            from rosace.check.sql.reading import read_query

            names = names or names_of_sources(draft)
            known[text.path] = read_query(text.text, language_of_oracles(), names)
        draft.verify[target] = known[text.path]


def _proven(draft: Draft) -> Checked:
    from rosace.check.graph import graph_of

    platform = draft.platform
    oracles = (
        (ref, draft.texts.path(oracle.sql), draft.text(oracle.sql, *draft.verify_path(target)))
        for target, oracle in platform.verify.items()
        if (ref := draft.ref(target))
    )
    return Checked(
        platform=platform,
        root=draft.root,
        topics=platform.topics,
        tables=draft.tables,
        jobs={name: _job(draft, name) for name in platform.jobs},
        sources={name: source for name in platform.sources if (source := _source(draft, name))},
        queries={
            name: CheckedQuery(name, draft.texts.path(platform.queries[name].sql), reading.body, reading.reads)
            for name, reading in draft.queries.items()
        },
        verify=tuple(CheckedVerify(ref, path, text.text) for ref, path, text in oracles if text),
        engines={name: draft.sections[name] for name in draft.rooms},
        graph=graph_of(draft),
        placement=draft.placement,
        token=_TOKEN,
    )


def _job(draft: Draft, name: str) -> CheckedJob:
    spec, reading = draft.platform.jobs[name], draft.jobs.get(name)
    python = draft.text(spec.python, "jobs", name, "python") if spec.python else None
    inputs = draft.flow.finite_inputs(name)
    followed = any(draft.platform.sources[source].follow for source in inputs)
    return CheckedJob(
        name=name,
        spec=spec,
        path=draft.texts.path(spec.sql or spec.python or ""),
        statements=tuple(read.statement for read in reading.statements) if reading else (),
        reads=draft.flow.reads[name],
        writes=draft.flow.writes[name],
        finite_inputs=() if followed else inputs,
        follows=inputs if followed else (),
        python=python.text if python else "",
    )


def _source(draft: Draft, name: str) -> CheckedSource | None:
    from rosace.check.rules.sources import format_of

    spec = draft.platform.sources[name]
    target, format = draft.ref(spec.to), format_of(spec, draft.texts)
    if target is None or format is None:
        return None
    files = draft.texts.files(spec.file) if isinstance(spec.file, str) else ()
    paths = tuple(draft.texts.path(file) for file in files)
    return CheckedSource(name, spec, target, draft.columns(target), format, paths)
