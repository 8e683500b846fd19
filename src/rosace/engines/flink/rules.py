"""What Flink cannot do, said before it is asked."""

from __future__ import annotations

from rosace.engines.lake import iceberg_partition
from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic


def check(checked: Checked) -> list[Diagnostic]:
    """Refuses hidden partitions of a table that Flink would have to make: its DDL has only plain columns."""
    found: list[Diagnostic] = []
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
                    )
                )
    return found
