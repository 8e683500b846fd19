"""One file per rule: each looks at the whole draft and says what does not fit together.

Comes in: a `Draft`. Goes out: diagnostics. Must not: depend on another rule, or change anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rosace.check.draft import Draft
from rosace.check.rules import (
    abilities,
    api_servers,
    backups,
    bad_records,
    changelogs,
    clashes,
    columns,
    compaction,
    cycles,
    delivery,
    exports,
    files,
    halves,
    idle,
    inserts,
    layouts,
    oracles,
    overwrites,
    parallelism,
    places,
    producers,
    references,
    registries,
    requirements,
    schedules,
    sources,
    sql,
    table_keys,
    windows,
    writers,
)
from rosace.source.diagnostic import Diagnostic

Rule = Callable[[Draft], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    abilities.check,
    api_servers.check,
    backups.check,
    bad_records.check,
    changelogs.check,
    clashes.check,
    columns.check,
    compaction.check,
    cycles.check,
    delivery.check,
    exports.check,
    files.check,
    halves.check,
    idle.check,
    inserts.check,
    layouts.check,
    oracles.check,
    overwrites.check,
    parallelism.check,
    places.check,
    producers.check,
    references.check,
    registries.check,
    requirements.check,
    schedules.check,
    sources.check,
    sql.check,
    table_keys.check,
    windows.check,
    writers.check,
)
