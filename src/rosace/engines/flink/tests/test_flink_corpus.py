"""Flink's planner on a corpus: whatever is broken is refused at its line, whatever is valid is taken.

`corpus/valid.sql` and `corpus/broken.sql` hold the texts of jobs, each behind its kind (`-- #`). In a broken one the
line that has to be named ends in `-- <<`; where Flink names no place, that is the line of the statement itself.
"""

from __future__ import annotations

import re
import resource
from dataclasses import replace
from pathlib import Path

import pytest
from planner.corpus import corpus as planner_corpus
from planner.corpus import misjudged

from rosace.check.draft import names_of
from rosace.check.platform import _draft  # pyright: ignore[reportPrivateUsage] - texts that no check lets through
from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_job
from rosace.contract.planner import Owner
from rosace.engines.flink import ENGINE
from rosace.engines.flink.planner import PLANNER
from rosace.local import judging, workbench
from rosace.model.checked import Checked, CheckedJob, CheckedTable, Ref
from rosace.model.platform import Job, Platform
from rosace.source.load import load

pytestmark = pytest.mark.live

CORPUS = Path(__file__).with_name("corpus")
_ENTRY = re.compile(r"^-- # (.*)\n((?:(?!-- # ).*\n)+)", re.MULTILINE)


def entries(name: str) -> dict[str, str]:
    return {kind: text.rstrip() for kind, text in _ENTRY.findall((CORPUS / name).read_text(encoding="utf-8"))}


VALID, BROKEN = entries("valid.sql"), entries("broken.sql")


def corpus(texts: dict[str, str], folder: Path) -> Checked:
    """A platform of which each text is a job, whether or not the quick check would let it through."""
    tree = load(CORPUS / "platform.yaml")
    platform = Platform.model_validate(tree.value)
    names = names_of(_draft(platform, tree, CORPUS)[0])
    tables = {name: CheckedTable(name, dict(table.columns or {}), ()) for name, table in platform.tables.items()}
    refs = (*(Ref("topic", name) for name in platform.topics), *(Ref("table", name) for name in tables))
    jobs: dict[str, CheckedJob] = {}
    for number, (kind, text) in enumerate(texts.items()):
        path = folder / f"{number}.sql"
        path.write_text(text, encoding="utf-8")
        read = read_job(text, language_of(ENGINE), names)
        jobs[kind] = CheckedJob(
            name=kind,
            spec=Job.model_validate({"engine": "flink", "sql": path.name}),
            path=path,
            statements=tuple(one.statement for one in read.statements),
            reads=refs,
            writes=(),
            finite_inputs=(),
        )
    bare = workbench.unchecked(tree.value, ENGINE)  # pyright: ignore[reportArgumentType]
    return replace(bare, jobs=jobs, tables=tables)


def judged(texts: dict[str, str], folder: Path) -> judging.Judged:
    workbench.artifacts(ENGINE)
    checked = corpus(texts, folder)
    assert all(job.statements for job in checked.jobs.values())
    owners = tuple(Owner("jobs", name) for name in texts)
    needed = tuple(item for item in judging.of_engine(ENGINE) if item.name in PLANNER.artifacts)
    seat = judging.Seat("flink", "Flink", PLANNER, folder, checked.engines["flink"], needed, owners)
    done = judging.judge(checked, [seat])
    assert not done.unasked
    return done


def test_the_corpus_is_large_enough() -> None:
    assert len(VALID) >= 110
    assert len(BROKEN) >= 45


def test_nothing_valid_is_refused(tmp_path: Path) -> None:
    done = judged(VALID, tmp_path)
    kinds = list(VALID)
    told = [(kinds[int(Path(one.span.file).stem)], one.span.line, one.message) for one in done.diagnostics if one.span]
    assert told == []


def test_everything_broken_is_refused_at_its_line(tmp_path: Path) -> None:
    done = judged(BROKEN, tmp_path)
    told: dict[str, list[int]] = {kind: [] for kind in BROKEN}
    for one in done.diagnostics:
        assert one.span
        told[list(BROKEN)[int(Path(one.span.file).stem)]].append(one.span.line)
    assert told == {kind: [line_of(text)] for kind, text in BROKEN.items()}


def test_it_is_quick(tmp_path: Path) -> None:
    """The first statement within six CPU seconds with the class-data archive, each further one within 0.3."""
    judged(dict([*VALID.items()][:1]), tmp_path)
    seconds: list[float] = []
    for texts in (dict([*VALID.items()][:1]), VALID):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        judged(texts, tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert seconds[0] <= 6.0
    assert (seconds[1] - seconds[0]) / (len(VALID) - 1) <= 0.3


def line_of(text: str) -> int:
    marked = [at for at, line in enumerate(text.splitlines(), 1) if line.endswith("-- <<")]
    return marked[0] if marked else 1


def test_counts_and_kinds_of_all_engines(tmp_path: Path) -> None:
    cases = planner_corpus("counts-valid", "counts-broken", "flink-broken")
    assert misjudged("flink", cases, tmp_path, batch=False) == []
