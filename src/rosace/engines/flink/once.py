"""Tables that a job reads once, when it starts: who fills them, and who goes on to do so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rosace.model.checked import Checked, CheckedJob, Ref
from rosace.source.diagnostic import Diagnostic, Severity

_FOLLOWED = re.compile(r"\s*/\*\+[^/]*'streaming'\s*=\s*'true'", re.IGNORECASE)


def read_once(checked: Checked, job: CheckedJob) -> dict[Ref, list[str]]:
    """The tables that a job reads once, each with the sources and other jobs that fill it: Iceberg's source for Flink
    reads what a table holds when the job starts, and no more after that (1.11), unless a hint says `streaming`."""
    tables = {
        mention.ref
        for one in job.statements
        for mention in one.body.mentions
        if mention.ref.kind == "table" and not _FOLLOWED.match(one.body.text, mention.end)
    }
    return {
        ref: [
            *(name for name, source in checked.sources.items() if source.target == ref),
            *(name for name, other in checked.jobs.items() if ref in other.writes and name != job.name),
        ]
        for ref in sorted(tables, key=str)
    }


def ends(job: CheckedJob) -> bool:
    """Whether it comes to an end by itself: what it writes is awaited then."""
    return not job.spec.schedule if job.spec.batch else bool(job.finite_inputs)


def awaited(checked: Checked, job: CheckedJob) -> tuple[str, ...]:
    """The sources and jobs that have to be at their end before a job that reads what they fill starts."""
    names = {name for fillers in read_once(checked, job).values() for name in fillers}
    return tuple(sorted(name for name in names if name not in checked.jobs or ends(checked.jobs[name])))


def warned(checked: Checked) -> Iterator[Diagnostic]:
    """Warns of tables that grow while a job reads what they held when it started."""
    for job in checked.jobs.values():
        if job.spec.engine != "flink":
            continue
        for ref, others in read_once(checked, job).items():
            for other in others:
                if other in checked.jobs and not ends(checked.jobs[other]):
                    message = f"job `{job.name}` reads `{ref}` once, when it starts, and job `{other}` adds rows later"
                    yield Diagnostic(
                        "flink-reads-once",
                        message,
                        Severity.WARNING,
                        hints=(
                            "read the topic that the rows come from, or have them in a compacted topic",
                            "or let a Spark job with a `schedule` read the table",
                        ),
                        about=("jobs", job.name),
                    )
