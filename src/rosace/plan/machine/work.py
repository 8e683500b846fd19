"""What a job does, whatever the addresses: its text, and the shapes of what it reads and writes.

Comes in: a checked platform. Goes out: a text for each job and each file that is loaded. A run that ended is not
repeated while this stays the same: neither another port nor another engine's new settings are a reason. Must not: hold
a path of a process, a port or a secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from rosace.kit.requirements import together
from rosace.model.checked import Checked, CheckedJob, CheckedSource, Ref, Statement

MANNER = {"rate", "follow", "on_bad_record"}
"""Words of a source about how it is sent, and not what."""


def work_of(checked: Checked, name: str) -> str:
    """The work of the job, or of the load of a source, that is called `name`; empty where nothing is."""
    if (job := checked.jobs.get(name)) is not None:
        return _text(_job(checked, job))
    if (source := checked.sources.get(name)) is not None:
        return _text(source_work(checked, source))
    return ""


def digest_of(said: Any) -> str:
    """A short, stable digest of what a job or source does."""
    return hashlib.sha256(_text(said).encode()).hexdigest()[:16]


def _job(checked: Checked, job: CheckedJob) -> dict[str, Any]:
    return {
        "engine": job.spec.engine,
        "batch": job.spec.batch,
        "python": job.python,
        **({"requirements": together(job.spec.requirements)} if job.spec.requirements else {}),
        "statements": [statement_work(one) for one in job.statements],
        "shapes": _shapes(checked, (*job.reads, *job.writes)),
    }


def statement_work(one: Statement) -> dict[str, Any]:
    """All that one statement says, with its text as it is written."""
    return {
        "body": one.body.text,
        "view": one.view,
        "target": str(one.target or ""),
        "columns": one.columns,
        "overwrite": one.overwrite,
        "hint": one.hint,
        "partition": {column: value.text for column, value in one.partition},
    }


def source_work(checked: Checked, source: CheckedSource) -> dict[str, Any]:
    """What a source sends or loads: its own words, and the shape of its target."""
    return {
        # How it is replayed changes nothing of what comes out, nor does a word that nobody wrote.
        "source": source.spec.model_dump(mode="json", exclude=MANNER, exclude_defaults=True),
        "shapes": _shapes(checked, (source.target,)),
    }


def _shapes(checked: Checked, refs: Iterable[Ref]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ref in refs:
        if ref.kind == "topic":
            topic = checked.topics[ref.name]
            found[str(ref)] = {"columns": _columns(topic.columns), "key": topic.key}
        else:
            table = checked.tables[ref.name]
            found[str(ref)] = {"columns": _columns(table.columns), "key": table.key, "partition": table.partition}
    return found


def _columns(columns: Any) -> dict[str, str]:
    return {name: str(column) for name, column in columns.items()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
