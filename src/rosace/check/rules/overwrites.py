"""INSERT OVERWRITE replaces a table, or the partitions that get rows: one slice of time must not replace more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.check.partitions import kept, partitions
from rosace.check.texts import Text
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Severity

if TYPE_CHECKING:
    from sqlglot import exp

    from rosace.check.sql.reading import ReadStatement


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, reading in draft.jobs.items():
        text = draft.text(draft.platform.jobs[name].sql or "", "jobs", name, "sql")
        views: dict[str, exp.Expr] = {}
        for read in reading.statements if text is not None else ():
            target = read.statement.target
            if read.statement.kind == "view" and read.tree is not None:
                views[read.statement.view] = read.tree
            if text is None or target is None:
                continue
            if read.partition:
                yield from _named(draft, text, read, target)
            elif read.statement.overwrite and target.kind == "table" and target.name in draft.tables:
                yield from _slices(draft, text, read, target, views)


def _named(draft: Draft, text: Text, read: ReadStatement, target: Ref) -> Iterator[Diagnostic]:
    """The columns of a PARTITION clause are plain partitions of the table."""
    plain = {one.column for one in partitions(draft, target) if one.function == "identity"}
    for column in read.partition:
        if column.text not in plain:
            message = f"`{target}` is not partitioned by the column `{column.text}`"
            labels = (Label(text.span(column.start, column.end)), Label(draft.declared(target), primary=False))
            hints = _partitioned(draft, target, column.text, sorted(plain))
            yield Diagnostic("insert-partition", message, labels=labels, hints=hints)


def _partitioned(draft: Draft, target: Ref, column: str, plain: list[str]) -> tuple[str, ...]:
    """What to do where a PARTITION clause names a column by which the table has none."""
    if plain:
        return (f"it is by {', '.join(f'`{one}`' for one in plain)}",)
    if column not in draft.columns(target):
        return ("leave PARTITION out",)
    return (
        f"a table has such partitions by `partition: [{column}]`, written before it is made",
        f"or leave PARTITION out: the query then gives `{column}` too, and all that `{target}` is to hold",
    )


def _slices(
    draft: Draft, text: Text, read: ReadStatement, target: Ref, views: Mapping[str, exp.Expr]
) -> Iterator[Diagnostic]:
    from rosace.check.sql.slices import slices_of

    slices = slices_of(read.tree, views)
    if not slices or any(kept(draft, target, read, one) for one in slices):
        return
    worst = next((one for one in slices if one.run and one.bounded), slices[0])
    parts = draft.platform.tables[target.name].partition
    replaced = f"whole partitions by `{parts[0]}` of `{target}`" if parts else f"all of `{target}`"
    message = f"this query gives one slice (by `{worst.column}`), and would replace {replaced} by it"
    severity = Severity.ERROR if worst.run and worst.bounded else Severity.WARNING
    place = Label(text.span(*read.place), "overwritten", primary=False)
    labels = (Label(text.span(worst.start, worst.end), "a slice"), place)
    hints = (
        f"a new table that is partitioned by the column of the slice (`{worst.column}`) keeps every other slice",
        f"or take the condition out, so that the query gives all that `{target}` is to hold",
    )
    yield Diagnostic("overwrite-slice", message, severity, labels, hints)
