"""How the shape of one topic or table changed, and what that means for what is in it.

Comes in: the shape of before and of now. Goes out: a `ColumnEdit` for each difference, refused where rows that are
there do not fit. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from rosace.kit.lake import widens
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType
from rosace.plan.machine.lineage import Shape

Kind = Literal["additive", "rebuilds", "breaks readers", "loses data", "kept"]
"""`additive`: who reads it goes on. `rebuilds`: it is made anew. `breaks readers`: who reads it by the old name, or
counts on the old order, has to change. `loses data`: something cannot be read any more. `kept`: nobody declares it."""

REBUILD = "`rosace up --rebuild` makes it anew from what its jobs and sources read"


@dataclass(frozen=True, slots=True)
class ColumnEdit:
    """One difference. A `refused` one can be had only by making the topic or table anew."""

    why: str
    kind: Kind
    rows: str
    refused: str = ""
    hint: str = ""
    retypes: bool = False
    """Whoever keeps values of before in a state of its own cannot go on with them."""


def shape_edits(ref: Ref, old: Shape, new: Shape) -> tuple[ColumnEdit, ...]:
    """The differences, in the order of the declaration."""
    lake = ref.kind == "table"
    return (*_columns(ref, old, new, lake), *_dropped(old, new, lake), *_layout(ref, old, new, lake))


def renamed(old: Shape, new: Shape) -> dict[str, str]:
    """Column to the name it had: only where it has not been renamed before."""
    return {
        name: before
        for name, before in new.renamed.items()
        if before in old.columns and name not in old.columns and before not in new.columns
    }


def _columns(ref: Ref, old: Shape, new: Shape, lake: bool) -> Iterator[ColumnEdit]:
    was = renamed(old, new)
    for name, written in new.columns.items():
        now = ColumnType.parse(written)
        before = was.get(name, name)
        if before not in old.columns:
            yield _added(ref, name, now, lake)
            continue
        if before != name:
            yield _rename(ref, before, name, lake)
        if old.columns[before] != written:
            yield _retyped(ref, name, ColumnType.parse(old.columns[before]), now)


def _added(ref: Ref, name: str, now: ColumnType, lake: bool) -> ColumnEdit:
    why = f"column `{name}` is new"
    if now.required:
        said = f"`{ref}`: column `{name}` is new and never null, but what is there has no value for it"
        plain = str(now).removesuffix("!")
        return ColumnEdit(why, "rebuilds", "have no value", said, f"declare it as `{plain}`, or {REBUILD}")
    return ColumnEdit(why, "additive", "have null in it" if lake else "are read with null in it")


def _rename(ref: Ref, before: str, name: str, lake: bool) -> ColumnEdit:
    why = f"column `{before}` is now `{name}`"
    if lake:
        return ColumnEdit(why, "breaks readers", "keep its values under the new name")
    said = f"`{ref}`: {why}, but the records that are there say `{before}`"
    hint = f"keep the name `{before}` in the topic and rename it in SQL, or {REBUILD}"
    return ColumnEdit(why, "rebuilds", "have the old name", said, hint)


def _retyped(ref: Ref, name: str, old: ColumnType, now: ColumnType) -> ColumnEdit:
    why = f"column `{name}`: `{old}` is now `{now}`"
    if not widens(old, now):
        said = f"`{ref}`: {why}, and not each value that is there is one of the new type"
        return ColumnEdit(why, "rebuilds", "do not fit", said, f"declare `{name}: {old}`, or {REBUILD}")
    if now.required and not old.required:
        said = f"`{ref}`: {why}, and what is there may have none"
        return ColumnEdit(why, "rebuilds", "may have null in it", said, f"declare `{name}: {old}`, or {REBUILD}")
    kept = replace(old, required=now.required) == now
    return ColumnEdit(why, "additive", "stay as they are", retypes=not kept)


def _dropped(old: Shape, new: Shape, lake: bool) -> Iterator[ColumnEdit]:
    taken = set(renamed(old, new).values())
    for name in old.columns:
        if name not in new.columns and name not in taken:
            why = f"column `{name}` is no longer declared"
            if lake:
                yield ColumnEdit(why, "loses data", "keep all other values; those of this column can no longer be read")
            else:
                yield ColumnEdit(why, "breaks readers", "keep it; it is no longer read")


def _layout(ref: Ref, old: Shape, new: Shape, lake: bool) -> Iterator[ColumnEdit]:
    was = renamed(old, new)
    if tuple(was.get(name, name) for name in new.key) != old.key:
        why = f"its key was {_listed(old.key)}, it is now {_listed(new.key)}"
        said = f"`{ref}`: {why}, but what is there was written by the old one"
        yield ColumnEdit(why, "rebuilds", "lie by the old key", said, f"declare the key as it was, or {REBUILD}")
    if old.partition != new.partition:
        why = f"it was partitioned by {_listed(old.partition)}, it is now by {_listed(new.partition)}"
        yield ColumnEdit(why, "additive", "stay where they are; new ones are laid out by the new partitions")
    if new.partitions < old.partitions:
        why = f"{old.partitions} partitions are now {new.partitions}"
        said = f"`{ref}`: {why}, but Kafka cannot take partitions away"
        yield ColumnEdit(why, "rebuilds", "lie in all of them", said, f"declare {old.partitions}, or {REBUILD}")
    elif new.partitions > old.partitions:
        why = f"{old.partitions} partitions are now {new.partitions}"
        if new.key:
            rows = "stay; later ones of a key may lie in another partition, where their order is not that of before"
            yield ColumnEdit(why, "breaks readers", rows)
        else:
            yield ColumnEdit(why, "additive", "stay where they are")
    if not lake and old.compact != new.compact:
        yield ColumnEdit("it is compacted" if new.compact else "it is no longer compacted", "additive", "stay")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
