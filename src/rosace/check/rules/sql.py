"""What is wrong inside SQL texts, at its line: syntax, names, columns, statements that no job may say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic
from rosace.source.tree import Path

if TYPE_CHECKING:
    from rosace.check.sql.relation import Problem


def check(draft: Draft) -> Iterator[Diagnostic]:
    # Two names may lead to the same text: what is said twice is told once.
    yield from dict.fromkeys(_all(draft))


def _all(draft: Draft) -> Iterator[Diagnostic]:
    for written, path, problems in _readings(draft):
        text = draft.text(written, *path)
        if text is not None:
            yield from (draft.told(problem, text) for problem in problems)


def _readings(draft: Draft) -> Iterator[tuple[str, Path, tuple[Problem, ...]]]:
    for name, reading in draft.jobs.items():
        yield draft.platform.jobs[name].sql or "", ("jobs", name, "sql"), reading.problems
    for name, reading in draft.queries.items():
        yield draft.platform.queries[name].sql, ("queries", name, "sql"), reading.problems
    for target, reading in draft.verify.items():
        yield draft.platform.verify[target].sql, draft.verify_path(target), reading.problems
