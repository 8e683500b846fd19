"""Columns that other lines of `platform.yaml` name exist and have a type that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rosace.check.draft import Draft
from rosace.kit.lake import Partition, iceberg_partition
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span
from rosace.source.suggest import closest


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name in draft.platform.topics:
        yield from _topic(draft, name)
    for name in draft.tables:
        yield from _partitions(draft, name)
    for name, source in draft.platform.sources.items():
        target = draft.ref(source.to)
        columns = draft.columns(target) if target else {}
        for word, place in draft.listed("sources", name, "order"):
            if target and columns and word not in columns:
                yield _missing(draft, target, columns, word, place)


def _topic(draft: Draft, name: str) -> Iterator[Diagnostic]:
    topic, ref = draft.platform.topics[name], Ref("topic", name)
    said: set[str] = set()
    for word, place in draft.listed("topics", name, "key"):
        if word in said:
            message = f"the key of topic `{name}` names `{word}` twice"
            hint = "name each column once; was another one meant?"
            yield Diagnostic("key-twice", message, labels=(Label(place),), hints=(hint,))
            continue
        said.add(word)
        column = topic.columns.get(word)
        if column is None:
            yield _missing(draft, ref, topic.columns, word, place)
        elif facts(column.kind).family == "nested":
            message = f"key column `{word}` of topic `{name}` is {column}, whose bytes no two writers need agree on"
            labels = (Label(place), Label(draft.value("topics", name, "columns", word), "declared here", primary=False))
            yield Diagnostic("key-nested", message, labels=labels, hints=("take a column of one value",))
        elif not column.required:
            message = f"key column `{word}` of topic `{name}` may be null: such records all have the same key"
            labels = (Label(place), Label(draft.value("topics", name, "columns", word), "declared here", primary=False))
            yield Diagnostic("key-may-be-null", message, Severity.WARNING, labels, (f"declare it `{column}!`",))
    if topic.event_time is None:
        return
    word = topic.event_time.column
    short = draft.value("topics", name, "event-time")
    place = draft.value("topics", name, "event-time", "column") if _long(draft, name) else short
    column = topic.columns.get(word)
    if column is None:
        yield _missing(draft, ref, topic.columns, word, place)
    elif column.kind is not Kind.TIMESTAMP:
        message = f"event time is a timestamp, but `{word}` of topic `{name}` is {column}"
        other = Label(draft.value("topics", name, "columns", word), f"{column}", primary=False)
        hint = "declare the column `timestamp(3)!`, or name another one"
        yield Diagnostic("event-time-type", message, labels=(Label(place), other), hints=(hint,))


def _long(draft: Draft, topic: str) -> bool:
    return draft.tree.has(("topics", topic, "event-time", "column"))


def _partitions(draft: Draft, name: str) -> Iterator[Diagnostic]:
    ref, columns = Ref("table", name), draft.tables[name].columns
    for index, text in enumerate(draft.platform.tables[name].partition):
        place = draft.value("tables", name, "partition", index)
        try:
            partition = iceberg_partition(text)
        except ValueError as error:
            yield Diagnostic("bad-partition", str(error), labels=(Label(place),))
            continue
        if partition.column not in columns:
            yield _missing(draft, ref, columns, partition.column, place)
        else:
            yield from _fits(draft, ref, partition, columns[partition.column], place)


def _fits(draft: Draft, ref: Ref, partition: Partition, column: ColumnType, place: Span) -> Iterator[Diagnostic]:
    if partition.function not in facts(column.kind).transforms:
        wanted = " or ".join(kind.value for kind in Kind if partition.function in facts(kind).transforms)
        message = f"`{partition.function}` takes a {wanted}, but `{partition.column}` of `{ref}` is {column}"
        other = Label(draft.columns_place(ref, partition.column), f"{column}", primary=False)
        yield Diagnostic("bad-partition", message, labels=(Label(place), other))


def _missing(draft: Draft, ref: Ref, columns: Mapping[str, ColumnType], word: str, place: Span) -> Diagnostic:
    near = closest(word, columns)
    hints = (f"did you mean `{near}`?",) if near else ()
    labels = (Label(place, "no such column"), Label(draft.columns_place(ref), f"columns of `{ref}`", primary=False))
    return Diagnostic("unknown-column", f"`{word}` is no column of `{ref}`", labels=labels, hints=hints)
