"""What may be lost is held against what is kept: shorter memories than that make a copy useless."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft, at
from rosace.model import outages
from rosace.model.capabilities import S3Endpoint
from rosace.model.platform import Platform
from rosace.source.diagnostic import Diagnostic, Label, Severity


def check(draft: Draft) -> Iterator[Diagnostic]:
    platform = draft.platform
    if platform.target != "kubernetes" or platform.backups is None:
        return
    yield from _topics(draft, platform)
    yield from _forgotten(draft, platform)
    words = platform.backups
    if words.etcd.every > words.rpo and at(draft.tree, ("backups", "etcd", "every")) is not None:
        message = f"snapshots of etcd every {words.etcd.every} may lose more than `rpo: {words.rpo}`"
        hint = "what Git holds comes back by itself; the rest (secrets that operators made, states) is as old as that"
        label = Label(draft.value("backups", "etcd", "every"))
        yield Diagnostic("etcd-behind-rpo", message, Severity.NOTE, labels=(label,), hints=(hint,))
    copying = [room.title for room in draft.rooms.values() if room.backs_up]
    if copying and not any(S3Endpoint in room.offers for room in draft.rooms.values()):
        message = f"`backups:` are asked for, and nothing keeps objects: {', '.join(copying)} cannot be copied anywhere"
        hint = "write a store under `engines:`, or take `backups:` out"
        label = Label(draft.key("backups"))
        yield Diagnostic("backup-no-store", message, Severity.WARNING, labels=(label,), hints=(hint,))


def _topics(draft: Draft, platform: Platform) -> Iterator[Diagnostic]:
    """After a restore, what came since the copy is read again from topics: as long as they remember it."""
    assert platform.backups is not None
    rpo = platform.backups.rpo
    for name, topic in platform.topics.items():
        if not topic.compact and topic.retention < rpo:
            message = f"topic `{name}` forgets after {topic.retention}: what a copy lacks (`rpo: {rpo}`) it lacks too"
            hint = f"keep records for {rpo} at least, better for as long as recovery takes, too"
            label = Label(draft.value("topics", name, "retention"))
            yield Diagnostic("retention-below-rpo", message, Severity.WARNING, labels=(label,), hints=(hint,))


def _forgotten(draft: Draft, platform: Platform) -> Iterator[Diagnostic]:
    """While nobody reads, others go on writing: a topic remembers for longer than an outage may take."""
    rto = outages.survived(platform)
    for job, reads in draft.flow.reads.items():
        for name in sorted(ref.name for ref in reads if ref.kind == "topic" and ref.name in platform.topics):
            topic = platform.topics[name]
            if topic.compact or topic.retention > rto:
                continue
            message = (
                f"`rto: {rto}` cannot hold: topic `{name}` forgets after {topic.retention}, so what comes at the "
                f"beginning of an outage is gone before job `{job}` is back to read it"
            )
            labels = (
                Label(draft.value("backups", "rto"), "how long recovery may take"),
                Label(draft.value("topics", name, "retention"), "what the topic remembers", primary=False),
            )
            hint = f"keep records for longer than {rto}, better for `rpo` and `rto` together, or a shorter `rto`"
            yield Diagnostic("rto-too-long", message, labels=labels, hints=(hint,))
            return
