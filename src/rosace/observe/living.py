"""What a topic or table is at this moment, in words: how far it reaches, who reads it, its rows and snapshots.

Comes in: what was deployed and runs. Goes out: lines for people and programs alike. Must not: fail where something does
not answer: that is said in its place.
"""

from __future__ import annotations

from typing import Any

from rosace.model.checked import Ref
from rosace.model.quantity import Size
from rosace.observe import ask, topics
from rosace.observe.deployed import Deployed
from rosace.observe.status import Observed
from rosace.source.diagnostic import Refused
from rosace.source.quoted import counted

LATEST = 5
"""How many snapshots are shown."""


def now(known: Deployed, seen: Observed, ref: Ref) -> list[str]:
    """Lines about a topic or table that was deployed; none for another."""
    held = known.checked.tables if ref.kind == "table" else known.checked.topics
    if ref.name not in held:
        return []
    try:
        return _table(known, ref) if ref.kind == "table" else _topic(known, seen, ref.name)
    except Refused as refused:
        return [f"not known: {refused.diagnostics[0].message}"]


def _topic(known: Deployed, seen: Observed, name: str) -> list[str]:
    rows = topics.lags(known, seen, name)
    extent = topics.Broker.of(known).extent(name)
    lines = [f"{counted(len(extent), 'partition')}, {rows[0]['offsets']:,} offsets"]
    lines += [f"partition {number}: offsets {first:,} to {end:,}" for number, (first, end) in extent.items()]
    for row in rows:
        if row["reader"]:
            lag = "" if row["lag"] is None else f", lag {row['lag']:,}"
            lines.append(f"read by {row['reader']}: {row['state']}{lag}")
    return lines


def _table(known: Deployed, ref: Ref) -> list[str]:
    (files,) = _rows(known, f'SELECT count(*), sum(file_size_in_bytes) FROM lake."{ref.name}$files" WHERE content = 0')
    (rows,) = _rows(known, f"SELECT count(*) FROM lake.{_quoted(ref.name)}")
    lines = [f"{counted(rows[0], 'row')} in {counted(files[0], 'data file')}, {Size(files[1] or 0)}"]
    if known.checked.tables[ref.name].partition:
        (parts,) = _rows(known, f'SELECT count(*) FROM lake."{ref.name}$partitions"')
        lines.append(counted(parts[0], "partition"))
    snapshots = _rows(
        known,
        f"SELECT committed_at, snapshot_id, operation, summary['total-records'] "
        f'FROM lake."{ref.name}$snapshots" ORDER BY committed_at DESC',
    )
    lines.append(counted(len(snapshots), "snapshot") + (f", the latest {LATEST}:" if len(snapshots) > LATEST else ":"))
    for moment, number, operation, total in snapshots[:LATEST]:
        told = "" if total is None else f", {int(total):,} rows"
        lines.append(f"snapshot {number} of {moment:%Y-%m-%d %H:%M:%S} UTC: {operation}{told}")
    return lines


def _quoted(name: str) -> str:
    return f'"{name}"'


def _rows(known: Deployed, sql: str) -> list[tuple[Any, ...]]:
    (question,) = ask.typed(known.checked, sql, "describe")
    stream = ask.asked(known.deployment, question)
    return [row for page in stream.pages() for row in page]
