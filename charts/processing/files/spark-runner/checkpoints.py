# Derived from src/rosace/engines/spark/runner/checkpoints.py by tools/charts.py: edit that, then run it.
"""What a streaming query's checkpoint folder says, read through Hadoop's file system.

Layout (Structured Streaming, Spark 4.1, offset log version 1): `metadata` holds the query's id; `offsets/<n>` holds
`v1`, a line of JSON about the batch, and one line of JSON with the end offset of each source; `commits/<n>` exists
once batch n is committed.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

Positions = dict[str, dict[str, int]]


class Checkpoint:
    """The checkpoint folder of one query."""

    def __init__(self, session: Any, location: str) -> None:
        self.location = location
        jvm = session.sparkContext._jvm
        self._io = jvm.org.apache.commons.io.IOUtils
        self._new = jvm.org.apache.hadoop.fs.Path
        self._files = self._new(location).getFileSystem(session._jsparkSession.sessionState().newHadoopConf())

    def exists(self) -> bool:
        """True once a query has begun to use it."""
        return bool(self._files.exists(self._new(f"{self.location}/metadata")))

    def delete(self) -> None:
        """Removes the checkpoint with all that is in it: the next run begins anew."""
        self._files.delete(self._new(self.location), True)

    def committed(self) -> Positions:
        """Topic -> partition -> next offset as of the last committed batch; empty where none is."""
        last = self.last("commits")
        return {} if last is None else positions_in(self._text(f"offsets/{last}"))

    def begun(self) -> int | None:
        """The number of a batch that was begun and not committed: the next run of the query does it again."""
        offsets, commits = self.last("offsets"), self.last("commits")
        return offsets if offsets is not None and offsets != commits else None

    def last(self, folder: str) -> int | None:
        """The newest batch in `offsets` or `commits`."""
        return max(self._numbers(folder), default=None)

    def _numbers(self, folder: str) -> list[int]:
        path = self._new(f"{self.location}/{folder}")
        if not self._files.exists(path):
            return []
        names = [str(status.getPath().getName()) for status in self._files.listStatus(path)]
        return [int(name) for name in names if name.isdigit()]

    def _text(self, name: str) -> str:
        stream = self._files.open(self._new(f"{self.location}/{name}"))
        try:
            return str(self._io.toString(stream, "UTF-8"))
        finally:
            with contextlib.suppress(Exception):
                stream.close()


def positions_in(text: str) -> Positions:
    """The offsets in an entry of an offset log. Sources that are no topics are left out."""
    lines = text.splitlines()
    if not lines or lines[0] != "v1":
        raise ValueError(f"an offset log of a version that is not known: {lines[:1]}")
    return merged(positions_of(line) for line in lines[2:])


def positions_of(offset: Any) -> Positions:
    """The end offset of one source, which Kafka's writes as {"topic": {"0": 12}}."""
    value = offset
    if isinstance(offset, str):
        with contextlib.suppress(json.JSONDecodeError):
            value = json.loads(offset)
    if not isinstance(value, dict) or not all(isinstance(part, dict) for part in value.values()):
        return {}
    return {
        str(topic): {str(number): int(position) for number, position in parts.items()} for topic, parts in value.items()
    }


def merged(all_positions: Any) -> Positions:
    """Of several readers of a partition, what the slowest has read."""
    out: Positions = {}
    for positions in all_positions:
        for topic, parts in positions.items():
            known = out.setdefault(topic, {})
            for number, position in parts.items():
                known[number] = min(position, known.get(number, position))
    return out
