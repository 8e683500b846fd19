"""Corpora of statements for the engines' own planners: how they are read, and how one is judged.

A corpus is a file of SQL, cut by lines `--- title`; what stands before the first is for readers. In a corpus of broken
statements a title says the line of the mistake, and may say words that the complaint must hold: `--- title | 3 | word`.
Topics are named bare and tables as `lake.<name>`, as users write them; `platform.yaml` beside this file declares both.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rosace.check.platform import check
from rosace.check.sql.dialects import language_of
from rosace.check.sql.parameters import parameters
from rosace.check.sql.statements import Parsed, parse_job
from rosace.contract.engine import Engine
from rosace.contract.planner import Bench, Owner, Program, Talk, Verdict
from rosace.contract.registry import engines
from rosace.kit import oracles
from rosace.local import workbench
from rosace.local.artifacts import cache_root
from rosace.local.talk import Conversation
from rosace.model.checked import (
    Checked,
    CheckedJob,
    CheckedQuery,
    CheckedSource,
    CheckedVerify,
    Fragment,
    Mention,
    Ref,
    Statement,
)
from rosace.model.columns import ColumnType
from rosace.model.platform import Job
from rosace.model.sources import Source
from rosace.source.load import load

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One text of a corpus. `line` is where it is broken, counted from 1; 0 where it is not."""

    title: str
    text: str
    line: int = 0
    words: str = ""


def corpus(*names: str) -> list[Case]:
    """The cases of files beside this one, in order."""
    return [case for name in names for case in _cases((HERE / f"{name}.sql").read_text("utf-8"))]


def _cases(text: str) -> Iterator[Case]:
    _, *pieces = re.split(r"^--- ", text, flags=re.MULTILINE)
    for piece in pieces:
        title, _, body = piece.partition("\n")
        said, line, words = (part.strip() for part in f"{title}||".split("|")[:3])
        yield Case(said, body.rstrip("\n"), int(line or 0), words)


@cache
def platform() -> Checked:
    """The corpora's platform, checked; it has no job and no query of its own."""
    return check(load(HERE / "platform.yaml"), HERE)


def jobs_of(engine: str, cases: Iterable[Case], *, batch: bool) -> dict[str, CheckedJob]:
    """A job for each case, not checked: what is tested is who has the last word. A query alone becomes a view."""
    language = language_of(engines()[engine])
    found: dict[str, CheckedJob] = {}
    for number, case in enumerate(cases):
        words = {"engine": engine, "sql": "case.sql", **({"schedule": "0 1 * * *"} if batch else {})}
        parsed, _ = parse_job(case.text, language)
        statements = tuple(
            replace(_statement(case.text, one), parameters=parameters(one, case.text, language)[0]) for one in parsed
        )
        if not statements or re.match(r"\s*(?:INSERT|CREATE)\b", case.text) is None:
            statements = (Statement("view", fragment(case.text), view="asked"),)
        reads = [found.ref for one in statements for found in one.body.mentions]
        writes = [one.target for one in statements if one.target]
        name = f"case-{number}"
        found[name] = CheckedJob(
            name=name,
            spec=Job.model_validate(words),
            path=HERE / "case.sql",
            statements=statements,
            reads=tuple(dict.fromkeys(reads)),
            writes=tuple(dict.fromkeys(writes)),
            finite_inputs=(),
        )
    return found


def _statement(text: str, one: Parsed) -> Statement:
    body = fragment(text[one.start : one.end], one.start)
    if one.kind == "view":
        return Statement("view", body, view=one.name[-1], place=one.place)
    name = ".".join(one.name)
    (target,) = (mention.ref for mention in fragment(f"INTO {name}").mentions)
    columns = tuple(column.text for column in one.columns)
    partition = tuple(
        (said.column.text, Fragment(text[said.start : said.end], (), said.start)) for said in one.partition
    )
    return Statement(
        "insert", body, target=target, columns=columns, overwrite=one.overwrite, partition=partition, place=one.place
    )


_BEFORE_NAMES = re.compile(r"(?:\b(?:FROM|JOIN|INTO|TABLE|ON)\s+|,\s*)$")


def fragment(text: str, start: int = 0) -> Fragment:
    """Text with the places where it names topics and tables: behind FROM, JOIN, INTO, TABLE, or a comma of theirs."""
    checked = platform()
    mentions: list[Mention] = []
    for found in re.finditer(r"(?<![\w.`\"'])(?:lake\.(?:\"(\w+\$\w+)\"|(\w+))|(\w+))", text):
        if found[1] or found[2] in checked.tables:
            mentions.append(Mention(Ref("table", found[1] or found[2]), *found.span()))
        elif found[3] in checked.topics and _BEFORE_NAMES.search(text[: found.start()]):
            mentions.append(Mention(Ref("topic", found[3]), *found.span()))
    return Fragment(text, tuple(mentions), start)


def queries_of(cases: Iterable[Case]) -> dict[str, CheckedQuery]:
    """A query for each case, not checked."""
    found: dict[str, CheckedQuery] = {}
    for number, case in enumerate(cases):
        body = fragment(case.text)
        reads = tuple(dict.fromkeys(mention.ref for mention in body.mentions))
        found[f"case-{number}"] = CheckedQuery(f"case-{number}", HERE / "case.sql", body, reads)
    return found


def oracle_misjudged(cases: list[Case], home: Path) -> list[str]:
    """Judges each case as the oracle of the table `totals`, over sources named like the topics."""
    checked = platform()
    sources = {name: _source(name, topic.columns) for name, topic in checked.topics.items()}
    out: list[str] = []
    with bench(None, replace(checked, sources=sources), home) as place:
        for case in cases:
            oracle = CheckedVerify(Ref("table", "totals"), HERE / "case.sql", case.text)
            asked = replace(place, checked=replace(place.checked, verify=(oracle,)))
            said = list(oracles.PLANNER.judge(asked, oracles.PLANNER.owners(asked.checked)))
            out += wrong([case], [said], [[Fragment(case.text)]])
    return out


def _source(name: str, columns: Mapping[str, ColumnType]) -> CheckedSource:
    spec = Source.model_validate({"file": f"{name}.csv", "to": name})
    return CheckedSource(name, spec, Ref("topic", name), columns, "csv", (HERE / f"{name}.csv",))


@contextmanager
def bench(engine: Engine | None, checked: Checked, home: Path) -> Generator[Bench]:
    """A bench on which an engine's planner works with the artifacts of the cache; None: one that needs none."""
    home.mkdir(parents=True, exist_ok=True)
    archives = cache_root() / "archives"
    with ExitStack() as stack:

        def start(program: Program) -> Talk:
            return stack.enter_context(Conversation(program, home, archives))

        yield Bench(
            checked=checked,
            spec=engine.spec() if engine else checked.platform,
            home=home,
            archives=archives,
            artifacts=workbench.artifacts(engine) if engine else {},
            python=sys.executable,
            cores=1,
            start=start,
        )


def verdicts(engine: Engine, checked: Checked, home: Path) -> dict[Owner, list[Verdict]]:
    """All that an engine's planner says of a platform."""
    assert engine.planning
    planner = engine.planning.PLANNER
    found: dict[Owner, list[Verdict]] = {}
    with bench(engine, checked, home) as place:
        for verdict in planner.judge(place, planner.owners(checked)):
            found.setdefault(verdict.owner, []).append(verdict)
    return found


def wrong(cases: list[Case], said: list[list[Verdict]], texts: list[list[Fragment]]) -> list[str]:
    """What the planner should have said otherwise, in words: nothing where a corpus is judged as it should be."""
    out: list[str] = []
    for case, verdicts_, fragments in zip(cases, said, texts, strict=True):
        refused = next((one for one in verdicts_ if one.message), None)
        if not case.line:
            out += [f"{case.title}: refused: {refused.message}"] if refused else []
            continue
        if refused is None:
            out.append(f"{case.title}: taken")
            continue
        body = fragments[refused.statement]
        line = case.text[: body.start + (refused.offset or 0)].count("\n") + 1
        if line != case.line:
            out.append(f"{case.title}: refused in line {line}, not {case.line}: {refused.message}")
        if case.words not in refused.message:
            out.append(f"{case.title}: `{case.words}` is not in: {refused.message}")
    return out


def misjudged(engine: str, cases: list[Case], home: Path, *, batch: bool = True, queries: bool = False) -> list[str]:
    """Judges each case as a job of the engine, or as a query, and says what came out wrong."""
    checked = platform()
    if queries:
        asked = queries_of(cases)
        checked = replace(checked, queries=asked)
        texts = [[one.body] for one in asked.values()]
        owners = [Owner("queries", name) for name in asked]
    else:
        jobs = jobs_of(engine, cases, batch=batch)
        checked = replace(checked, jobs=jobs)
        texts = [[one.body for one in job.statements] for job in jobs.values()]
        owners = [Owner("jobs", name) for name in jobs]
    said = verdicts(engines()[engine], checked, home)
    return wrong(cases, [said[owner] for owner in owners], texts)
