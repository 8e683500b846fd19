"""What a change does: the ordered typed steps from what runs to what should run.

The executor, `rosace plan` and its JSON are all readers of the same list, so an explanation cannot lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, ProcessSpec
from rosace.model.events import Subject
from rosace.plan.machine.deployment import Deployment

Change = Literal["start", "restart", "stop", "apply", "submit", "resubmit", "cancel", "fetch"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `subject` is `process/kafka`; `why` says what asks for it; `after` what must be ready first."""

    change: Change
    subject: Subject
    why: str
    after: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON."""
        return asdict(self)


def steps(desired: Deployment, running: Mapping[Subject, str], *, old: Deployment | None = None) -> tuple[Step, ...]:
    """The steps from `running` (subject -> fingerprint, empty when nothing runs) to `desired`, in order of start.

    Stops come first, in reverse order of start; then starts, where each follows what it waits for.
    """
    wanted = desired.fingerprints()
    gone = [subject for subject in running if subject not in wanted]
    out = [Step("cancel" if s.kind == "job" else "stop", s, "no longer declared") for s in reversed(gone)]
    for item in ordered(desired):
        subject = subject_of(item)
        if running.get(subject) == wanted[subject]:
            continue
        known = subject in running
        why = "its settings changed" if known else "declared, not running"
        if known and old is not None:
            why = difference(old, desired, subject) or why
        change: Change
        if isinstance(item, ProcessSpec):
            change = "restart" if known else "start"
        elif isinstance(item, Action):
            change = "apply"
        else:
            change = "resubmit" if known else "submit"
        after = item.needs if isinstance(item, JobOrder) else item.after
        out.append(Step(change, subject, why, after))
    return tuple(out)


def subject_of(item: ProcessSpec | Action | JobOrder) -> Subject:
    """`process/kafka`, `action/kafka:topics`, `job/land-departures`."""
    return Subject({ProcessSpec: "process", Action: "action", JobOrder: "job"}[type(item)], item.name)


def ordered(deployment: Deployment) -> list[ProcessSpec | Action | JobOrder]:
    """Everything of a deployment, each after what it waits for; raises `graphlib.CycleError` on a cycle."""
    from graphlib import TopologicalSorter

    items: dict[str, ProcessSpec | Action | JobOrder] = {
        item.name: item for item in (*deployment.processes, *deployment.actions)
    }
    sorter = TopologicalSorter({name: [dep for dep in _after(item) if dep in items] for name, item in items.items()})
    return [*(items[name] for name in sorter.static_order()), *deployment.jobs]


def _after(item: ProcessSpec | Action | JobOrder) -> tuple[str, ...]:
    return item.needs if isinstance(item, JobOrder) else item.after


def difference(old: Deployment, new: Deployment, subject: Subject) -> str:
    """In a few words, which part of a subject changed: a file by its name, never its text (it may hold secrets)."""
    before, after = _by_subject(old).get(subject), _by_subject(new).get(subject)
    if isinstance(before, JobOrder) and isinstance(after, JobOrder) and before.seen != after.seen:
        return "changed: its files"
    if not isinstance(before, ProcessSpec) or not isinstance(after, ProcessSpec):
        return ""
    parts: list[str] = []
    if before.argv != after.argv or before.env != after.env:
        parts.append("command line")
    old_files, new_files = ({file.path: file for file in spec.files} for spec in (before, after))
    parts += [path for path in {**old_files, **new_files} if old_files.get(path) != new_files.get(path)]
    if before.heap != after.heap:
        parts.append(f"heap {before.heap} -> {after.heap}")
    parts += ["its files"] if before.seen != after.seen else []
    parts += [name for name in ("ports", "setup", "archive") if getattr(before, name) != getattr(after, name)]
    return "changed: " + ", ".join(parts) if parts else ""


def _by_subject(deployment: Deployment) -> dict[Subject, ProcessSpec | Action | JobOrder]:
    return {subject_of(item): item for item in (*deployment.processes, *deployment.actions, *deployment.jobs)}
