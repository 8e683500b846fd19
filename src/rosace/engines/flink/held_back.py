"""Jobs that hold back what they have read until time has passed it: what becomes of that at their end. Pure."""

from __future__ import annotations

import re

from rosace.model.checked import Checked, CheckedJob

_IN_TIME = re.compile(
    r"\b(?:TUMBLE|HOP|CUMULATE|SESSION|MATCH_RECOGNIZE)\s*\(|\bOVER\s*\(|\bFOR\s+SYSTEM_TIME\b"
    r"|\b(?:LEFT|RIGHT|FULL)\s+(?:OUTER\s+)?JOIN\b",
    re.IGNORECASE,
)


def timed(checked: Checked, job: CheckedJob) -> bool:
    """Whether a job holds back what it has read until time has passed it."""
    told = any(checked.topics[ref.name].event_time for ref in job.reads if ref.kind == "topic")
    return told and any(_IN_TIME.search(one.body.text) for one in job.statements)


def closes(checked: Checked, job: CheckedJob) -> str:
    """Why a job whose sources had ended cannot take what they have got since; empty where it can.

    At the end of its sources it is told that time is over, and gives what it still held back: windows that are not
    full. Given again when they are, they take the place of the first ones only where rows have keys.
    """
    if not timed(checked, job):
        return ""
    for ref in job.writes:
        keyed = checked.topics[ref.name].compact if ref.kind == "topic" else bool(checked.tables[ref.name].key)
        if not keyed:
            return (
                f"its sources have got more since they ended, when it gave what it still held back to `{ref}`, which "
                f"keeps that: `rosace rebuild {job.name}` makes it anew; rows with a key would be replaced "
                "(`compact: true` on a topic, `key` on a table), and a source with `follow: true` does not end"
            )
    return ""
