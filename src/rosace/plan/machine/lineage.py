"""What flows from where to where, in which shape, and for the how manieth time from the beginning.

Comes in: a checked platform. Goes out: the `Shape` of each topic and table, the `Flow` of each job and source: plain
data that a deployment keeps, so that the next one can be compared with it. A *generation* counts how often something
was made anew: engines keep the durable state of one apart from that of another. Must not: know an engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rosace.contract.registry import engines
from rosace.kit.requirements import together
from rosace.model.checked import Checked, CheckedJob, KeptRef, Ref
from rosace.model.columns import ColumnType
from rosace.plan.machine.work import digest_of, source_work, statement_work


@dataclass(frozen=True, slots=True)
class Shape:
    """A topic or table as declared. `columns` are spelled as in the file; `renamed` maps a column to its old name."""

    columns: Mapping[str, str]
    key: tuple[str, ...] = ()
    partition: tuple[str, ...] = ()
    partitions: int = 0
    compact: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """A job, or the sending or loading of a source. `does` is a digest of what it makes of what it reads.

    `kind`: a `stream` goes on, a `batch` runs once its inputs are there, a `scheduled` job runs by the clock and adds
    to what is there; a `replay` sends a file into a topic, a `load` replaces a table by a file. `swaps` says that its
    first run of a generation can replace what it wrote before in one commit.
    """

    kind: Literal["stream", "batch", "scheduled", "replay", "load"]
    does: str
    reads: tuple[KeptRef, ...] = ()
    writes: tuple[KeptRef, ...] = ()
    swaps: bool = False
    generation: int = 0


def shapes_of(checked: Checked) -> dict[Ref, Shape]:
    """Of each topic and table."""
    found: dict[Ref, Shape] = {}
    for name, topic in checked.topics.items():
        found[Ref("topic", name)] = Shape(
            _spelled(topic.columns), topic.key, (), topic.partitions, topic.compact, _renamed(topic.columns)
        )
    for name, table in checked.tables.items():
        found[Ref("table", name)] = Shape(
            _spelled(table.columns), table.key, table.partition, renamed=_renamed(table.columns)
        )
    return found


def _spelled(columns: Mapping[str, ColumnType]) -> dict[str, str]:
    return {name: str(column) for name, column in columns.items()}


def _renamed(columns: Mapping[str, ColumnType]) -> dict[str, str]:
    return {name: column.renamed_from for name, column in columns.items() if column.renamed_from}


def flows_of(checked: Checked) -> dict[str, Flow]:
    """Of each job and source, by its name."""
    found = {name: _job(checked, job) for name, job in checked.jobs.items()}
    for name, source in checked.sources.items():
        kind = "replay" if source.target.kind == "topic" else "load"
        found[name] = Flow(kind, digest_of(source_work(checked, source)), (), (source.target,), kind == "load")
    return found


def _job(checked: Checked, job: CheckedJob) -> Flow:
    said: dict[str, Any] = {
        "engine": job.spec.engine,
        "batch": job.spec.batch,
        "python": job.python,
        **({"requirements": together(job.spec.requirements)} if job.spec.requirements else {}),
        **_left_out(checked, job),
        "reads": sorted(map(str, job.reads)),
        "writes": sorted(map(str, job.writes)),
        "statements": [statement_work(one) | {"body": bare(one.body.text)} for one in job.statements],
    }
    kind = "scheduled" if job.spec.schedule else "batch" if job.spec.batch else "stream"
    return Flow(kind, digest_of(said), job.reads, job.writes, kind == "batch" and not job.spec.python)


def _left_out(checked: Checked, job: CheckedJob) -> dict[str, Any]:
    """What becomes of unfit records, where another word for it makes another job; nothing where they end it."""
    topics = {ref.name: checked.topics[ref.name].on_bad_record for ref in job.reads if ref.kind == "topic"}
    said = {name: word for name, word in sorted(topics.items()) if word != "stop"}
    return {"unfit": said} if said and engines()[job.spec.engine].rereads else {}


_PIECE = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|/\*\+.*?\*/|((?:--[^\n]*|/\*(?!\+).*?\*/|\s+)+)", re.DOTALL
)


def bare(sql: str) -> str:
    """A statement without comments, and with one blank for each white space: what it says, however it is written.
    Hints (`/*+ ... */`) stay."""
    return _PIECE.sub(lambda found: " " if found[1] else found[0], sql).strip()


def writers(flows: Mapping[str, Flow], ref: Ref) -> Iterator[str]:
    """Who writes a topic or table."""
    return (name for name, flow in flows.items() if ref in flow.writes)


def downstream(
    flows: Mapping[str, Flow], names: Iterable[str], refs: Iterable[Ref]
) -> tuple[frozenset[str], frozenset[Ref]]:
    """What is made anew with these flows and these topics and tables: (flows, topics and tables).

    What a flow writes is made anew with it, by all that write it, and so is what is made of that. A scheduled job ends
    the way: what it added at earlier times it would not add again.
    """
    flowing, made = set(names), set(refs)
    while True:
        found = {ref for name in flowing for ref in flows[name].writes} | made
        again = flowing | {
            name
            for name, flow in flows.items()
            if flow.kind != "scheduled" and not found.isdisjoint((*flow.reads, *flow.writes))
        }
        if found == made and again == flowing:
            return frozenset(flowing), frozenset(made)
        flowing, made = again, found
