"""What a task manager takes besides its heap, from what its jobs do: pure.

Comes in: a checked platform and the number of slots. Goes out: managed memory, network buffers, and the whole memory
model that Flink is told. Sources: Flink 2.1.3, "Memory" of its documentation; BytesMap and WindowAggOperator (managed
memory); InputGateSpecUtils and NettyShuffleUtils (network).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from rosace.engines.flink.settings import ahead, parallelism, slots
from rosace.engines.flink.spec import FRAMEWORK_HEAP, FlinkSpec
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

MANAGED = Size(32 * 2**20)
"""The least managed memory of a task manager."""

BUFFER = Size(2 * 2**20)
"""Managed memory of an operator that keeps the rows of open windows: it starts with more than 1 MiB only, which its
hash table begins with (Flink 2.1.3, BytesMap: "The minBucketMemorySize is not valid!")."""

PAGE = 32 * 2**10
"""Bytes of a network buffer (`taskmanager.memory.segment-size`)."""

NETWORK = Size(32 * 2**20)
"""The least network memory of a task manager, and what is measured with the example."""


def managed_memory(checked: Checked, count: int) -> Size:
    """Managed memory of a task manager on this machine with `count` slots."""
    return max(MANAGED, for_windows(_jobs(checked), count))


def for_windows(jobs: Iterable[CheckedJob], count: int) -> Size:
    """What the windows of these jobs need of managed memory in a task manager with `count` slots, which share it
    equally.

    With the hashmap state backend only windows need it. The operators of a job that stand in one slot share that slot's
    equally (their weights are the same): so the job with most of them decides.
    """
    return Size(ahead(max(map(buffers, jobs), default=0)) * BUFFER * count)


def network_memory(checked: Checked, spec: FlinkSpec, cores: int) -> Size:
    """Network buffers of a task manager: 8 MiB a slot, at least 32, and more where jobs with many
    subtasks exchange rows.

    Each of a job's subtasks needs for an exchange two buffers for each one that it reads from, one for each one that it
    writes to and two more before it starts (InputGateSpecUtils, NettyShuffleUtils; otherwise "Insufficient number of
    network buffers").
    """
    subtasks, count = parallelism(checked, cores, spec.slots), slots(checked, spec, cores)
    pages = sum(
        exchanges(job) * number * (3 * number + 2) for job in _jobs(checked) if (number := subtasks[job.name]) > 1
    )
    needed = -(-pages * PAGE // 2**20)
    return Size(max(NETWORK.mib, 8 * count, ahead(needed) if needed > 8 * count else 0) * 2**20)


def direct_memory(network: Size) -> Size:
    """-XX:MaxDirectMemorySize: framework and task off-heap memory and the network buffers."""
    return Size((128 + 64) * 2**20 + network)


def _jobs(checked: Checked) -> list[CheckedJob]:
    return [job for job in checked.jobs.values() if job.spec.engine == "flink"]


_WINDOWS = re.compile(r"\b(?:TUMBLE|HOP|CUMULATE|SESSION)\s*\(", re.IGNORECASE)
_RANKS = re.compile(r"\bROW_NUMBER\s*\(", re.IGNORECASE)
_EXCHANGES = re.compile(
    r"\b(?:FROM|JOIN|GROUP\s+BY|PARTITION\s+BY|ORDER\s+BY|DISTINCT|UNION|INTERSECT|EXCEPT|IN)\b", re.IGNORECASE
)
_NAMED = re.compile(r"(?:\bWITH|,)\s*(?P<name>\w+|`[^`]+`)\s*(?:\([^()]*\)\s*)?AS\s*\(", re.IGNORECASE)


def buffers(job: CheckedJob) -> int:
    """How many operators of a job keep rows of windows, at most: two for each window that aggregates (one before the
    exchange of rows, one behind it), one for each ranking; once more wherever a view or a named query is read."""
    return _most(job, lambda text: 2 * len(_WINDOWS.findall(text)) + len(_RANKS.findall(text)))


def exchanges(job: CheckedJob) -> int:
    """How often the rows of a job go from one subtask to others, at most: once for each table, join and group, and
    twice on their way into each target."""
    inserts = sum(one.kind == "insert" for one in job.statements)
    return 2 * inserts + _most(job, lambda text: len(_EXCHANGES.findall(text)))


def _most(job: CheckedJob, count: Callable[[str], int]) -> int:
    """The sum of what `count` finds in a job's queries, those of views wherever they are read."""
    views: dict[str, int] = {}
    total = 0
    for one in job.statements:
        text = one.body.text
        found = count(text)
        # Which of them stands in a named query is not known here: as often as the one that is read most.
        names = {match["name"].strip("`") for match in _NAMED.finditer(text)}
        found *= max([1, *(_read(text, name) - 1 for name in names)])
        found += sum(inside * _read(text, view) for view, inside in views.items())
        if one.kind == "view":
            views[one.view] = found
        else:
            total += found
    return total


def _read(text: str, name: str) -> int:
    return len(re.findall(rf"(?<![\w`]){re.escape(name)}(?![\w`])|`{re.escape(name)}`", text))


def task_manager(heap: Size, count: int, managed: Size, network: Size) -> Mapping[str, str]:
    """The memory model of a task manager started by its main class, which must be told every part."""
    return {
        "taskmanager.cpu.cores": f"{count}.0",
        "taskmanager.memory.framework.heap.size": f"{FRAMEWORK_HEAP.mib}m",
        "taskmanager.memory.task.heap.size": f"{heap.mib - FRAMEWORK_HEAP.mib}m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "64m",
        "taskmanager.memory.network.min": f"{network.mib}m",
        "taskmanager.memory.network.max": f"{network.mib}m",
        "taskmanager.memory.managed.size": f"{managed.mib}m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "192m",
        "taskmanager.memory.jvm-overhead.max": "192m",
    }
