"""How the sinks of one job are told from each other, and from those of other jobs: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rosace.engines.flink import sql
from rosace.model.checked import CheckedJob, Ref


def places(job: CheckedJob) -> list[int]:
    """Of each statement which one it is of those of the job that write its target, from 1.

    Flink, too, knows a sink by its place when a job goes on from its state: ids of operators are made of where they
    stand in the job (2.1, StreamGraphHasherV2).
    """
    targets = [one.target for one in job.statements]
    return [targets[: at + 1].count(target) for at, target in enumerate(targets)]


def own(target: Ref, place: int, unique: str) -> dict[str, str]:
    """What is set for the second and further INSERTs into one target, so that each is a sink with a name of its own.

    Flink makes one sink of those that are alike (2.1, SinkReuser): with the same columns, types and kinds of changes.
    Others would share their transactions' prefix, or the id of Iceberg's operators ("Hash collision on user-specified
    ID"; Iceberg 1.11, `uid-suffix`, by default the table's name).
    """
    if place == 1:
        return {}
    if target.kind == "topic":
        return {"sink.transactional-id-prefix": transactions(unique, target.name, place)}
    return {"uid-suffix": f"{target.name}-{place}"}


def transactions(client: str, topic: str, number: int) -> str:
    """How the names of the transactions begin in which a job's `number`th INSERT into a topic writes.

    A sink that starts ends all open transactions of its topic whose names begin so (flink-connector-kafka 5.0,
    TransactionAbortStrategyImpl.LISTING), also those that another sink has yet to commit: neither may begin another,
    and no name of a platform, job or topic holds a slash. Two sinks of a job may not begin theirs alike (its
    BackchannelFactory: "Found duplicate transactionalIdPrefix").
    """
    return f"{client}/{topic}/{number}/"


def hinted(hint: str, values: Mapping[str, str]) -> str:
    """A hint that sets `values` besides what it says: of several hints OPTIONS Flink takes the first alone (2.1,
    FlinkHints.getHintedOptions)."""
    said = ", ".join(f"{sql.text(name)} = {sql.text(value)}" for name, value in values.items())
    if not said:
        return hint
    if found := _HINTED.search(hint):
        return f"{hint[: found.end()]}{said}, {hint[found.end() :]}"
    return f"/*+ OPTIONS({said}) */"


_HINTED = re.compile(r"/\*\+[^']*?\bOPTIONS\s*\(\s*", re.IGNORECASE)
