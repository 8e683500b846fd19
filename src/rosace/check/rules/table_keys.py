"""What identifies a row of a table: columns that exist, are never null, and that Iceberg takes as identifier fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rosace.check.draft import Draft
from rosace.check.partitions import partitions
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType
from rosace.model.kinds import facts
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Span
from rosace.source.suggest import closest


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, table in draft.tables.items():
        said: set[str] = set()
        for word, place in draft.listed("tables", name, "key"):
            if word in said:
                message = f"`{word}` is twice in the key of `lake.{name}`"
                yield Diagnostic("table-key", message, labels=(Label(place),), hints=("take one out",))
            elif why := _wrong(draft, Ref("table", name), table.columns, word, place):
                yield why
            said.add(word)
        if said:
            yield from _partitions(draft, name, said)


def _wrong(draft: Draft, ref: Ref, columns: Mapping[str, ColumnType], word: str, place: Span) -> Diagnostic | None:
    """Iceberg's rules for identifier fields: required, and no floating point (Schema.validateIdentifierField 1.11)."""
    kind = columns.get(word)
    if kind is None:
        near = closest(word, columns)
        labels = (Label(place, "no such column"), Label(draft.columns_place(ref), f"columns of `{ref}`", primary=False))
        hints = (f"did you mean `{near}`?",) if near else ()
        return Diagnostic("unknown-column", f"`{word}` is no column of `{ref}`", labels=labels, hints=hints)
    labels = (Label(place), Label(draft.columns_place(ref, word), f"{kind}", primary=False))
    if not facts(kind.kind).identifies:
        why = "two values that look alike may differ"
        if facts(kind.kind).family != "number":
            why = "Iceberg takes no such column as an identifier field, or its readers do not compare it"
        message = f"`{word}` is a {kind.kind}: {why}, so it cannot identify a row"
        return Diagnostic("table-key", message, labels=labels, hints=("take a decimal, a number or a text",))
    if not kind.required:
        message = f"key column `{word}` of `{ref}` may be null: a row without a key cannot be found again"
        return Diagnostic("table-key", message, labels=labels, hints=(f"declare it `{kind}!`",))
    return None


def _partitions(draft: Draft, name: str, key: set[str]) -> Iterator[Diagnostic]:
    """A row is looked for in its own partition alone, so the key decides the partition (IcebergSink 1.11: "In UPSERT
    mode, source column '%s' of partition field '%s', should be included in equality fields")."""
    for index, part in enumerate(partitions(draft, Ref("table", name))):
        if part.column not in key:
            message = f"`lake.{name}` is partitioned by `{part.column}`, which is not part of its key"
            place = draft.value("tables", name, "partition", index)
            labels = (Label(place), Label(draft.value("tables", name, "key"), "the key", primary=False))
            hint = (
                "a row with the same key could lie in another partition: add the column to the key, or partition by key"
            )
            yield Diagnostic("table-key", message, labels=labels, hints=(hint,))
