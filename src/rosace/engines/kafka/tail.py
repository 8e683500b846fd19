"""What of a source is still to be sent, in the order in which it came: the ledger behind a replay.

Comes in: a source's description and what the topic says was sent. Goes out: records that are staged, segment after
segment. A segment that a record was sent of stays as it is for good, so that the n-th record is the same whenever it is
sent; one of which none was sent is thrown away and looked at anew, since its rows may have been mended.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rosace.engines.kafka.sender import Progress
from rosace.engines.kafka.staging import Staged, fingerprint, stage
from rosace.kit import files_aside, growth
from rosace.kit.files import paths_of
from rosace.kit.folders import several
from rosace.kit.growth import ChangedError, Ledger


class OtherFileError(Exception):
    """What was sent before came from another file, or in another order or shape."""


class Tail:
    """The files of a source behind what was sent of them. `pattern` is what they are called, where more may come."""

    def __init__(self, source: Mapping[str, Any], key: Sequence[str], folder: Path, pattern: str = "") -> None:
        self._source, self._key, self._folder, self._pattern = source, key, folder, pattern
        self._path = folder / "ledger.json"
        self._ledger = Ledger(growth.shape_of(source, list(key)))
        self._going_on = False
        self.facts = ""
        """What the files looked like when they were last looked at."""

    @property
    def mark(self) -> str:
        """The name of what is being sent, or was sent last."""
        one = self._ledger.next or self._ledger.base
        return one.mark if one else ""

    @property
    def first(self) -> int:
        """How many records were sent before the first of what is being sent."""
        return (self._ledger.base.rows or 0) if self._ledger.base else 0

    @property
    def aside(self) -> int:
        """How many rows were set aside of all that was sent."""
        one = self._ledger.next or self._ledger.base
        return one.aside if one else 0

    def resume(self, before: Progress | None) -> None:
        """Takes up what was kept, held against what the topic has. Raises OtherFileError."""
        known = growth.read(self._path)
        if before is None or before.sent == 0:
            return
        known = known or self._same_again(before)
        if known is None or known.shape != self._ledger.shape:
            if known is not None or fingerprint(self._source, self._key) != before.mark:
                raise OtherFileError(self._refusal(before))
            # Sent by a Rosace that kept no ledger, from the very same file.
            known = growth.look(self._source, self._paths(), self._ledger, whole_lines=False, salt="")
            assert known.next is not None
            known = replace(known, next=replace(known.next, mark=before.mark, rows=before.total))
        if known.next is not None and known.next.mark == before.mark:
            self._going_on = known.next.rows is None or before.sent < known.next.rows
            self._ledger = known if self._going_on else known.settled()
        elif known.base is not None and known.base.mark == before.mark:
            self._ledger = replace(known, next=None)
        else:
            raise OtherFileError(self._refusal(before))
        growth.keep(self._path, self._ledger)

    def _same_again(self, before: Progress) -> Ledger | None:
        """The ledger of what was sent first, where the folder it was kept in is gone and the files are the same: a pod
        on another node begins with an empty one. What was sent later than that cannot be found again."""
        found = growth.look(self._source, self._paths(), self._ledger, whole_lines=bool(self._pattern), salt="")
        if found.next is None or found.next.mark != before.mark:
            return None
        return replace(found, next=replace(found.next, rows=before.total))

    def look(self) -> bool:
        """Whether something is to be sent. Raises OtherFileError where what was sent before was changed."""
        paths = self._paths()
        facts = growth.facts(paths)
        try:
            held = self._ledger.settled() if self._going_on else self._ledger
            found = growth.look(self._source, paths, held, whole_lines=bool(self._pattern), salt="")
        except ChangedError as error:
            raise OtherFileError(f"source `{self._source['name']}`: {error}. {_WAY}") from None
        self.facts = facts
        if self._going_on:
            return True
        self._ledger = found
        if found.next is not None:
            growth.keep(self._path, found)
        return found.next is not None

    def staged(self) -> Staged:
        """The records of what is to be sent now. Raises `files.SourceFileError` or `duckdb.Error`."""
        assert self._ledger.next is not None
        parts = self._folder / "new"
        try:
            told = growth.cut(self._source, self._paths(), self._ledger, parts)
            found = stage(told, self._key, self._ledger.next.mark, self._folder)
            try:
                growth.look(self._source, self._paths(), self._ledger.settled(), whole_lines=False, salt="")
            except ChangedError:
                found.path.unlink()
                name = self._source["path"]
                raise ValueError(f"{name} changed while it was read; it is read again at the next start") from None
        finally:
            shutil.rmtree(parts, ignore_errors=True)
        before = self._ledger.base.aside if self._ledger.base else 0
        self._ledger = self._ledger.counted(self.first + found.total, before + files_aside.count(found.aside))
        growth.keep(self._path, self._ledger)
        return found

    def settle(self) -> None:
        """All that was to be sent was sent."""
        self._going_on = False
        self._ledger = self._ledger.settled()
        growth.keep(self._path, self._ledger)

    def same(self) -> bool:
        """Whether the files look as they did when they were last looked at."""
        return growth.facts(self._paths()) == self.facts

    def _paths(self) -> list[Path]:
        if not self._pattern:
            return paths_of(self._source)
        return [Path(name) for name in several(Path("/"), self._pattern)]

    def _refusal(self, before: Progress) -> str:
        return (
            f"source `{self._source['name']}`: {before.sent} of {before.total} records were sent from a file or "
            "declaration that was different (bytes, columns, order, nulls or the topic's key), so "
            f"{self._source['path']} cannot go on from there. {_WAY}"
        )


_WAY = "Put the old one back, or have all of it sent again from its first row: `rosace rebuild` with its name"
