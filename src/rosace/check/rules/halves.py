"""Two INSERTs, of one job or of two, that each write other columns of a record with a key: each makes null what the
other wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.check.texts import Text
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from rosace.check.sql.reading import ReadStatement


def check(draft: Draft) -> Iterator[Diagnostic]:
    inserts: dict[Ref, list[tuple[ReadStatement, Text]]] = {}
    for name, reading in draft.jobs.items():
        text = draft.text(draft.platform.jobs[name].sql or "", "jobs", name, "sql")
        for read in reading.statements if text is not None else ():
            if text is not None and read.statement.target is not None:
                inserts.setdefault(read.statement.target, []).append((read, text))
    for target in sorted(inserts, key=str):
        if len(inserts[target]) > 1 and _keyed(draft, target):
            yield from _differing(draft, target, inserts[target])


def _differing(draft: Draft, target: Ref, reads: list[tuple[ReadStatement, Text]]) -> Iterator[Diagnostic]:
    """The first INSERT and one that leaves out what it writes, where a record replaces the one of its key."""
    first, text = reads[0]
    written = _written(draft, target, first)
    for read, other_text in reads[1:]:
        other = _written(draft, target, read)
        if other == written:
            continue
        lost = ", ".join(f"`{column}`" for column in draft.columns(target) if column in written ^ other)
        message = f"two INSERTs write other columns of `{target}`: each puts null where the other wrote ({lost})"
        labels = (
            Label(other_text.span(*read.place), "replaces whole records"),
            Label(text.span(*first.place), "and so does this", primary=False),
        )
        hint = "join both queries by the key into one INSERT, or give each a target of its own and join when reading"
        yield Diagnostic("insert-nulls", message, labels=labels, hints=(hint,))
        return


def _keyed(draft: Draft, target: Ref) -> bool:
    if target.kind == "table":
        return bool(draft.platform.tables[target.name].key)
    return draft.platform.topics[target.name].compact


def _written(draft: Draft, target: Ref, read: ReadStatement) -> frozenset[str]:
    """The columns that an INSERT gives a value: those it lists, without those to which its query gives NULL."""
    from sqlglot import exp

    listed = list(read.statement.columns) or list(draft.columns(target))
    items = read.tree.expressions if isinstance(read.tree, exp.Select) else []
    if len(items) != len(listed):
        return frozenset(listed)
    values = (item.this if isinstance(item, exp.Alias) else item for item in items)
    return frozenset(column for column, value in zip(listed, values, strict=True) if not _is_null(value))


def _is_null(value: object) -> bool:
    from sqlglot import exp

    while isinstance(value, exp.Cast | exp.Paren):
        value = value.this
    return isinstance(value, exp.Null)
