"""A query that changes rows it gave before writes only where rows can be replaced: into what has a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.check.texts import Text
from rosace.contract.changelog import ChangelogReader, Update
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from rosace.check.sql.reading import ReadStatement


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, reading in draft.jobs.items():
        job, room = draft.platform.jobs[name], draft.rooms.get(draft.platform.jobs[name].engine)
        if room is None or job.batch or (part := room.changelog) is None:
            continue
        text = draft.text(job.sql or "", "jobs", name, "sql")
        if text is not None:
            changelog: ChangelogReader = part.Changelog(text.text, draft.platform.topics)
            for read in reading.statements:
                yield from _statement(draft, text, read, changelog)


def _statement(draft: Draft, text: Text, read: ReadStatement, changelog: ChangelogReader) -> Iterator[Diagnostic]:
    target = read.statement.target
    if read.tree is None:
        return
    if read.statement.kind == "view":
        changelog.view(read.statement.view, read.tree)
    elif target is not None and not _replaces(draft, target) and (updates := changelog.updates(read.tree)):
        yield _refused(draft, text, target, updates)


def _replaces(draft: Draft, target: Ref) -> bool:
    """Whether a target takes a row in place of another one."""
    if target.kind == "table":
        return bool(draft.platform.tables[target.name].key)
    return draft.platform.topics[target.name].compact


_MOST_TOLD = 10
"""Places of one query that are shown: whoever mends these finds the others."""


def _refused(draft: Draft, text: Text, target: Ref, updates: tuple[Update, ...]) -> Diagnostic:
    first = updates[0]
    message = f"{first.word} changes rows that it gave before, but `{target}` only takes new ones"
    labels = [
        Label(text.span(update.start, update.end), "updates" if update == first else "updates too", primary=not n)
        for n, update in enumerate(updates[:_MOST_TOLD])
    ]
    kind = "keeps every record" if target.kind == "topic" else "a table without a `key`"
    labels.append(Label(draft.declared(target), kind, primary=False))
    table = "a table with a `key: [...]`, where a row takes the place of the one with the same key"
    topic = "a compacted topic (`key: [...]` and `compact: true`), which keeps the last record of each key"
    ways = (topic, table) if target.kind == "topic" else (table, topic)
    hints = (f"write to {ways[0]}", f"or to {ways[1]}", *((f"or {first.instead}",) if first.instead else ()))
    return Diagnostic("updating-query", message, labels=tuple(labels), hints=hints)
