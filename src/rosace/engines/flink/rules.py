"""What Flink cannot do, said before it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rosace.engines.flink import as_of, once
from rosace.engines.flink.spec import FlinkSpec
from rosace.kit.lake import iceberg_partition
from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic, Severity


def check(checked: Checked) -> list[Diagnostic]:
    """Refuses hidden partitions of a table that Flink would have to make: its DDL has only plain columns."""
    found = [*_lossy(checked), *_names(checked), *_hints(checked), *_slots(checked), *as_of.refused(checked)]
    found += once.warned(checked)
    for job in checked.jobs.values():
        if job.spec.engine != "flink":
            continue
        for ref in job.writes:
            if ref.kind != "table":
                continue
            hidden = [
                part for part in checked.tables[ref.name].partition if iceberg_partition(part).function != "identity"
            ]
            if hidden:
                found.append(
                    Diagnostic(
                        "flink-hidden-partition",
                        f"job `{job.name}` writes `{ref}`, whose partition `{hidden[0]}` Flink's DDL cannot make",
                        hints=("partition it by a plain column, or let a Spark job write it",),
                        about=("jobs", job.name),
                    )
                )
    return found


PROMISED = (
    "properties.group.id",
    "properties.isolation.level",
    "properties.transaction.timeout.ms",
    "sink.delivery-guarantee",
    "sink.transactional-id-prefix",
    "sink.transaction-naming-strategy",
)
"""What a topic's table says so that every record counts once (`sql.topic_table`)."""

_OPTIONS = re.compile(r"/\*\+.*?\*/", re.DOTALL)


def _hints(checked: Checked) -> Iterator[Diagnostic]:
    """Refuses hints that would break what the job promises, behind its target or inside its queries."""
    for job in checked.jobs.values():
        if job.spec.engine != "flink" or job.spec.delivery != "exactly-once":
            continue
        said = "\n".join(hint for one in job.statements for hint in _OPTIONS.findall(f"{one.hint}\n{one.body.text}"))
        for option in PROMISED:
            if f"'{option}'" in said:
                yield Diagnostic(
                    "flink-hint",
                    f"job `{job.name}` works exactly once by `{option}`, and a hint in its SQL sets that",
                    hints=("take it out of the hint", "or say `delivery: at-least-once`"),
                    about=("jobs", job.name),
                )


LONGEST = 45
"""Characters of a FlinkDeployment's name: services and pods are called after it (DefaultValidator, operator 1.15)."""


def _names(checked: Checked) -> list[Diagnostic]:
    """Names that only this machine would take."""
    if checked.platform.target != "kubernetes":
        return []
    return [
        Diagnostic(
            "flink-long-name",
            f"job `{job.name}` has {len(job.name)} characters, but Flink's operator takes {LONGEST} at most",
            hints=("give the job a shorter name",),
            about=("jobs", job.name),
        )
        for job in checked.jobs.values()
        if job.spec.engine == "flink" and len(job.name) > LONGEST
    ]


def _slots(checked: Checked) -> Iterator[Diagnostic]:
    """Refuses jobs that would wait for ever for slots which others never give back."""
    spec = checked.engines.get("flink")
    if checked.platform.target == "kubernetes" or not isinstance(spec, FlinkSpec) or not spec.slots:
        return
    jobs = [job for job in checked.jobs.values() if job.spec.engine == "flink"]
    # One that reads files to their end gives its slots back.
    endless = sum(job.spec.parallelism or 1 for job in jobs if not job.finite_inputs)
    needed = max(endless, *(job.spec.parallelism or 1 for job in jobs), 0)
    if needed > spec.slots:
        yield Diagnostic(
            "flink-slots",
            f"`slots: {spec.slots}` are too few: Flink's jobs take {needed} at the same time, one for each subtask",
            hints=(f"say `slots: {needed}`, or nothing: there are as many as the jobs need then",),
            about=("engines", "flink", "slots"),
        )


def _lossy(checked: Checked) -> list[Diagnostic]:
    """Warns of Iceberg's first sink: it loses the last files of a subtask that ends between two checkpoints."""
    spec = checked.engines.get("flink")
    if not isinstance(spec, FlinkSpec) or spec.settings.get("table.exec.iceberg.use-v2-sink", "true") != "false":
        return []
    return [
        Diagnostic(
            "flink-lossy-sink",
            "Iceberg's first sink for Flink is turned on, and it loses rows",
            Severity.WARNING,
            hints=("take `table.exec.iceberg.use-v2-sink` out of `engines.flink.settings`",),
            about=("engines", "flink", "settings", "table.exec.iceberg.use-v2-sink"),
        )
    ]
