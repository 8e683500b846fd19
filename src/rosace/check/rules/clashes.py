"""Names that are different here and the same somewhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label

OWN_BUCKETS = ("lake", "checkpoints")
"""The buckets that every platform has."""


def check(draft: Draft) -> Iterator[Diagnostic]:
    platform = draft.platform
    yield from _folded(draft, ("tables",), platform.tables, "tables")
    for name, topic in platform.topics.items():
        yield from _folded(draft, ("topics", name, "columns"), topic.columns, "columns")
    for name, table in platform.tables.items():
        yield from _folded(draft, ("tables", name, "columns"), table.columns or (), "columns")
    for name in platform.sources:
        if name in platform.jobs:
            message = f"a source and a job are both called `{name}`: `after: {name}` could mean either"
            labels = (Label(draft.key("jobs", name)), Label(draft.key("sources", name), "the source", primary=False))
            yield Diagnostic("same-name", message, labels=labels, hints=("give one of them another name",))
    yield from _users(draft)
    for name in platform.storage.buckets:
        place = Label(draft.key("storage", "buckets", name))
        if name in OWN_BUCKETS:
            message = f"bucket `{name}` is made by Rosace itself"
            yield Diagnostic("bad-bucket", message, labels=(place,), hints=("take it out, or choose another name",))
        elif len(name) < 3:
            message = f"`{name}` is no bucket: S3 wants 3 to 63 letters"
            yield Diagnostic("bad-bucket", message, labels=(place,))


def _users(draft: Draft) -> Iterator[Diagnostic]:
    """A job comes to Kafka by its name, a source or a producer by its kind and its name."""
    platform = draft.platform
    for kind, section, names in (
        ("source", "sources", platform.sources),
        ("producer", "producers", platform.producers),
    ):
        for name in names:
            if (job := f"{kind}-{name}") in platform.jobs:
                message = (
                    f"job `{job}` and {kind} `{name}` would be one user of Kafka: each would have the other's rights"
                )
                labels = (
                    Label(draft.key("jobs", job)),
                    Label(draft.key(section, name), f"its user is `{job}`", primary=False),
                )
                yield Diagnostic("same-name", message, labels=labels, hints=("give one of them another name",))


def _folded(draft: Draft, path: tuple[str, ...], names: Iterable[str], what: str) -> Iterator[Diagnostic]:
    """Iceberg, Spark and Trino tell names apart by their letters, not by their case."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(name.casefold(), name)
        if other != name:
            message = f"{what} `{other}` and `{name}` differ in case only: most engines take them for the same"
            labels = (Label(draft.key(*path, name)), Label(draft.key(*path, other), "the first", primary=False))
            yield Diagnostic("same-name", message, labels=labels, hints=("give one of them another name",))
