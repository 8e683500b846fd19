"""Who reads a topic whose unfit records are to be left out or set aside can do that, where the platform runs."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.contract.registry import engines, offering
from rosace.model.capabilities import SqlEndpoint
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    target = draft.platform.target
    for name, topic in draft.platform.topics.items():
        if topic.on_bad_record == "stop":
            continue
        ref = Ref("topic", name)
        for job, read in draft.flow.reads.items():
            room = engines().get(draft.platform.jobs[job].engine)
            if ref in read and room and target not in room.sets_aside:
                where = "on clusters" if "local" in room.sets_aside else "here"
                yield _refused(draft, name, f"{room.title}, which runs job `{job}`, cannot do that {where}")
        for query, reading in draft.queries.items():
            if ref in reading.reads:
                title = offering(SqlEndpoint)[0].title
                yield _refused(draft, name, f"{title}, which answers query `{query}`, cannot do that")
        for export, said in draft.platform.exports.items():
            if said.from_ == name:
                yield _refused(draft, name, f"Kafka Connect, which carries out export `{export}`, cannot do that")


def _refused(draft: Draft, name: str, why: str) -> Diagnostic:
    topic = draft.platform.topics[name]
    message = f"topic `{name}` says `on-bad-record: {topic.on_bad_record}`: {why}"
    hint = "say `on-bad-record: stop`, or let only those read it that can: jobs of " + ", ".join(
        one.title for one in engines().values() if draft.platform.target in one.sets_aside
    )
    stop = "say `on-bad-record: stop`: on clusters nobody leaves records out yet"
    place = Label(draft.value("topics", name, "on-bad-record"))
    return Diagnostic(
        "bad-records-read",
        message,
        labels=(place,),
        hints=(stop if draft.platform.target == "kubernetes" else hint,),
    )
