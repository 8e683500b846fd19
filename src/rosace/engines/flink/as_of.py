"""`FOR SYSTEM_TIME AS OF`: which joins with a version Flink cannot make of what a platform has. Pure.

Flink 2.1.3 joins with versions of what has a primary key and event time (TemporalJoinRewriteWithUniqueKeyRule,
StreamPhysicalTemporalJoinRule), and looks up what a connector gives by key (LookupTableSource). Of a platform's things
only compacted topics have both keys and versions; neither Kafka's connector nor Iceberg's (1.11, IcebergTableSource)
looks anything up, and a join by the machine's clock is "not supported yet" (StreamExecTemporalJoin).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rosace.model.checked import Checked, CheckedJob, Ref
from rosace.source.diagnostic import Diagnostic

_AS_OF = re.compile(
    r"\s*(?:/\*\+.*?\*/\s*)?\bFOR\s+SYSTEM_TIME\s+AS\s+OF\s+(?P<moment>PROCTIME\s*\(\s*\)|[\w.`]+)",
    re.IGNORECASE | re.DOTALL,
)
_CLOCK = re.compile(r"\bPROCTIME\s*\(\s*\)(?:\s+AS)?\s+(?P<name>[A-Za-z_]\w*|`[^`]+`)", re.IGNORECASE)

PLAIN = "join it without `FOR SYSTEM_TIME`: `JOIN {0} ON ...`"
VERSIONS = (
    "or join with a view of its newest rows, which has versions: `SELECT ... FROM (SELECT *, ROW_NUMBER() OVER "
    "(PARTITION BY key ORDER BY time DESC) AS n FROM {0}) WHERE n = 1`"
)


def refused(checked: Checked) -> Iterator[Diagnostic]:
    """Each topic or table of whose versions a job asks although it has none."""
    for job in checked.jobs.values():
        if job.spec.engine != "flink":
            continue
        clocks = {found["name"].strip("`") for one in job.statements for found in _CLOCK.finditer(one.body.text)}
        for one in job.statements:
            for mention in one.body.mentions:
                if not (found := _AS_OF.match(one.body.text, mention.end)):
                    continue
                moment = found["moment"]
                clock = "(" in moment or moment.rpartition(".")[2].strip("`") in clocks
                if why := _why(checked, mention.ref, clock):
                    yield _told(job, mention.ref, *why)


def _why(checked: Checked, ref: Ref, clock: bool) -> tuple[str, tuple[str, ...]] | None:
    """Why there is no such join, and what to do."""
    if ref.kind == "table":
        topic = "or read what changes from a compacted topic with `event-time`"
        return "it reads a table of the lake once, and knows no versions of it", (PLAIN.format(ref), topic)
    topic = checked.topics[ref.name]
    if clock:
        other = "or say `FOR SYSTEM_TIME AS OF` the event time of the rows that are joined"
        return "it makes no join with what is newest by the machine's clock", (PLAIN.format(ref), other)
    if not topic.compact:
        key = (
            f"give topic `{ref}` a key and `compact: true`"
            if not topic.key
            else f"say `compact: true` of topic `{ref}`"
        )
        return "the topic is not compacted, so no row of it ends an earlier one", (key, VERSIONS.format(ref))
    if not topic.event_time:
        return "the topic has no event time, so no row of it says since when it holds", (
            f"say `event-time:` of topic `{ref}`",
            PLAIN.format(ref),
        )
    return None


def _told(job: CheckedJob, ref: Ref, why: str, hints: tuple[str, ...]) -> Diagnostic:
    message = f"job `{job.name}` joins `{ref}` as of a time, which Flink cannot do: {why}"
    return Diagnostic("flink-as-of", message, hints=hints, about=("jobs", job.name))
