"""Programs outside of the platform write topics that there are, from places that there are."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.check.rules.references import unknown
from rosace.source.diagnostic import Diagnostic, Label, Severity


def check(draft: Draft) -> Iterator[Diagnostic]:
    platform, ways = draft.platform, dict[str, str]()
    for name, producer in platform.producers.items():
        for word, place in draft.listed("producers", name, "writes"):
            ref = draft.ref(word)
            if ref is not None and ref.kind == "table":
                message = f"producer `{name}` writes `{ref}`, but tables are written by jobs and sources only"
                hint = "let it write a topic, and a job the table"
                yield Diagnostic("producer-table", message, labels=(Label(place),), hints=(hint,))
            elif word not in platform.topics:
                yield unknown(word, place, "no topic", platform.topics)
        if producer.project and producer.project not in platform.projects:
            place = draft.value("producers", name, "project")
            yield unknown(producer.project, place, "no project", platform.projects)
        if producer.from_ == "outside":
            ways.setdefault(producer.by, name)
            if platform.target == "kubernetes" and not producer.addresses:
                message = f"producer `{name}` says no addresses: Kafka's port is open to whoever finds it"
                hint = "say from where it comes: `addresses: [203.0.113.0/24]`"
                label = Label(draft.key("producers", name))
                yield Diagnostic("producer-anywhere", message, Severity.WARNING, (label,), (hint,))
    if len(ways) > 1:
        one, other = ways.values()
        labels = (
            Label(draft.key("producers", other), f"by {platform.producers[other].by}"),
            Label(draft.key("producers", one), f"by {platform.producers[one].by}", primary=False),
        )
        message = f"producers `{one}` and `{other}` come in by different ways: Kafka has one door for all of them"
        yield Diagnostic("producer-ways", message, labels=labels, hints=("say the same `by` for all",))
