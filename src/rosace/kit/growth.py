"""What is new in a source's files since they were last sent or loaded, and what forbids to go on from there.

Comes in: a source's description (`files.describe`) and the ledger of what was taken before. Goes out: a ledger with the
bytes to take next, and a description of just those. Text that was appended to a file is new, and so is a file that came
into a folder, whatever its name. All else is refused with its place: a file that is shorter, or gone, or whose bytes
were changed. Must not: know who takes the rows, or what a row means.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rosace.kit import files_csv, whole
from rosace.kit.files_layout import Layout
from rosace.kit.files_text import SourceFileError, refuse_missing

READ = 1 << 20
"""Bytes read at a time."""

MOST_BLOCKS, LEAST_BLOCK = 1 << 12, 64
"""Pieces of a file whose checksums are kept, at most, and bytes of the smallest: they say where a file was changed."""

Block = tuple[int, int, int]
"""Where a piece ends: its byte, the ends of lines up to there, and the CRC-32 of the piece."""


class ChangedError(SourceFileError):
    """What was taken before is no more in the files as it was; the text says where."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of one file: its bytes up to `end` with their SHA-256, and the ends of lines in them."""

    end: int
    digest: str
    lines: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """What is taken together: of each file the bytes from `starts` (0 where it is not named) to its `end`.

    `mark` names it for good. `rows` are those that it and all before it hold, once they were counted, without those
    that were set `aside`.
    """

    mark: str
    files: Mapping[str, Taken]
    starts: Mapping[str, int] = field(default_factory=dict[str, int])
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    rows: int | None = None
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """`base` is what was taken for good, `next` what is being taken. `shape` is what else decides a row."""

    shape: str
    base: Segment | None = None
    next: Segment | None = None

    @property
    def held(self) -> Mapping[str, Taken]:
        """What was taken of each file for good, in the order in which they came."""
        return self.base.files if self.base else {}

    def settled(self) -> Ledger:
        """The same once all of `next` was taken."""
        if self.next is None:
            return self
        files = {**self.held, **self.next.files}
        return Ledger(self.shape, Segment(self.next.mark, files, rows=self.next.rows, aside=self.next.aside))

    def counted(self, rows: int, aside: int) -> Ledger:
        """The same with the numbers of rows up to the end of `next`: those taken, and those set aside."""
        assert self.next is not None
        return replace(self, next=replace(self.next, rows=rows, aside=aside))


def read(path: Path) -> Ledger | None:
    """The ledger that was kept at `path`; None where there is none, or none that can be read."""
    try:
        value = json.loads(path.read_text("utf-8"))
        return Ledger(value["shape"], _segment(value["base"]), _segment(value["next"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _segment(value: Any) -> Segment | None:
    if value is None:
        return None
    files = {
        name: Taken(one["end"], one["digest"], one["lines"], tuple((a, b, c) for a, b, c in one["blocks"]))
        for name, one in value["files"].items()
    }
    return Segment(value["mark"], files, value["starts"], value["skipped"], value["rows"], value["aside"])


def keep(path: Path, ledger: Ledger) -> None:
    """Writes a ledger, whole or not at all."""
    whole.write(path, json.dumps(asdict(ledger)).encode())


def shape_of(source: Mapping[str, Any], *more: object) -> str:
    """A digest of all that decides a row besides the files' bytes."""
    told = {name: source[name] for name in sorted(source) if name not in {"name", "path", "paths", "skipped"}}
    return hashlib.sha256(json.dumps([told, *more]).encode()).hexdigest()


def facts(paths: Iterable[Path]) -> str:
    """A digest of names, sizes and times of change: where it stays the same, files are taken for the same."""
    told: list[object] = []
    for path in paths:
        try:
            stat = path.stat()
            told.append([str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino])
        except OSError:
            told.append([str(path), None])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def look(source: Mapping[str, Any], paths: Sequence[Path], ledger: Ledger, *, whole_lines: bool, salt: str) -> Ledger:
    """The ledger with what is new since `ledger.base` as its `next`, which is None where nothing is.

    With `whole_lines` a last line without an end is left for later: somebody is writing it. `salt` makes the mark
    another one. Raises ChangedError, and OSError where a file cannot be read.
    """
    found: dict[str, Taken] = {}
    starts: dict[str, int] = {}
    skipped: dict[str, int] = {}
    names = _known(ledger.held, paths)
    for name, path in names:
        before = ledger.held.get(name)
        after = _taken(source, path, before, whole_lines=whole_lines)
        if before is None or after.end > before.end:
            found[name] = after
            starts[name] = before.end if before else 0
            skipped[name] = before.lines if before else 0
    if not found and ledger.base is not None:
        return replace(ledger, next=None)
    ends = [[name, taken.end, taken.digest] for name, taken in found.items()]
    told = [ledger.shape, salt, ledger.base.mark if ledger.base else "", ends]
    mark = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return replace(ledger, next=Segment(mark, found, starts, skipped))


def _known(held: Mapping[str, Taken], paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """The names under which files are kept, those first that were there before. Raises ChangedError for one gone."""
    there = {str(path): path for path in paths}
    if len(held) == len(there) == 1:
        # The one file, wherever it lies now.
        return [(next(iter(held)), paths[0])]
    if gone := [name for name in held if name not in there]:
        raise ChangedError(f"{Path(gone[0]).name}: the file is gone, and its rows were taken before")
    return [*((name, there[name]) for name in held), *(pair for pair in there.items() if pair[0] not in held)]


def _taken(source: Mapping[str, Any], path: Path, before: Taken | None, *, whole_lines: bool) -> Taken:
    refuse_missing(source, path)
    size = path.stat().st_size
    text = _continuable(source, path)
    if before and size < before.end:
        raise ChangedError(f"{path.name}: it has {size:,} bytes, and {before.end:,} were taken before")
    total, last = hashlib.sha256(), b""
    with path.open("rb") as stream:
        lines = _compare(stream, path, before, total, source) if before else 0
        if before and size == before.end:
            return before
        if before:
            if not text:
                raise ChangedError(f"{path.name}: it is larger than before, and no plain text that goes on")
            stream.seek(before.end - 1)
            last = stream.read(1)
        at, end, ends = before.end if before else 0, size, _Blocks(size, before)
        stream.seek(at)
        if before and last not in (b"\n", b"") and stream.read(2)[:1] not in (b"\n", b"\r"):
            raise ChangedError(f"{path.name}, row {_row(source, before.lines)}: the last line that was taken goes on")
        stream.seek(at)
        if whole_lines and text:
            end = _last_line(stream, at, size)
            stream.seek(at)
        while at < end and (chunk := stream.read(min(READ, end - at))):
            total.update(chunk)
            ends.add(chunk)
            lines += chunk.count(b"\n")
            at += len(chunk)
    return Taken(at, total.hexdigest(), lines, ends.all())


def _compare(stream: Any, path: Path, before: Taken, total: Any, source: Mapping[str, Any]) -> int:
    """Reads what was taken before once more; raises ChangedError with the first piece that is another."""
    left = before.end
    while left and (chunk := stream.read(min(READ, left))):
        total.update(chunk)
        left -= len(chunk)
    if total.hexdigest() == before.digest:
        return before.lines
    stream.seek(0)
    at, line = 0, 0
    for end, lines, check in before.blocks:
        if zlib.crc32(stream.read(end - at)) != check:
            first, last = _row(source, line), max(_row(source, line), _row(source, max(lines - 1, line)))
            rows = f"row {first}" if first == last else f"rows {first} to {last}"
            raise ChangedError(f"{path.name}, {rows} (bytes {at:,} to {end:,}): not what was taken before")
        at, line = end, lines
    raise ChangedError(f"{path.name}: not what was taken before")


def _row(source: Mapping[str, Any], line: int) -> str | int:
    """The row that is in a line, counted from 0; the line of names is none."""
    named = source["format"] == "csv" and Layout.read(source).header
    return max(1, line + (0 if named else 1))


class _Blocks:
    """Checksums of a file's pieces, which go on where those of `before` ended."""

    def __init__(self, size: int, before: Taken | None) -> None:
        known = list(before.blocks) if before else []
        self._step = max(LEAST_BLOCK, size // MOST_BLOCKS)
        self._done, self._at, self._lines, self._check, self._begun = known, 0, 0, 0, 0
        if known:
            self._at, self._lines, self._check = known.pop()
            self._begun = known[-1][0] if known else 0

    def add(self, data: bytes) -> None:
        """Takes the next bytes. A piece ends with the line in which it is large enough."""
        start = 0
        while start < len(data):
            least = start + max(0, self._step - (self._at - self._begun) - 1)
            stop = data.find(b"\n", least) + 1 or len(data)
            piece = data[start:stop]
            self._check = zlib.crc32(piece, self._check)
            self._at += len(piece)
            self._lines += piece.count(b"\n")
            if piece.endswith(b"\n") and self._at - self._begun >= self._step and len(self._done) < 2 * MOST_BLOCKS:
                self._done.append((self._at, self._lines, self._check))
                self._begun, self._check = self._at, 0
            start = stop

    def all(self) -> tuple[Block, ...]:
        """All pieces, the last one perhaps a small one."""
        last = [(self._at, self._lines, self._check)] if self._at > self._begun else []
        return (*self._done, *last)


def _last_line(stream: Any, start: int, size: int) -> int:
    """Where the last line that has an end ends, at `start` or behind it."""
    at = size
    while at > start:
        begin = max(start, at - READ)
        stream.seek(begin)
        found = stream.read(at - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return start


def _continuable(source: Mapping[str, Any], path: Path) -> bool:
    """Whether bytes behind the end of a file are rows behind its last."""
    wide = Layout.read(source).encoding.startswith(("utf-16", "utf-32"))
    return source["format"] != "parquet" and path.suffix not in (".gz", ".zip") and not wide


def cut(source: Mapping[str, Any], paths: Sequence[Path], ledger: Ledger, folder: Path) -> dict[str, Any]:
    """A description of what `ledger.next` takes, with copies below `folder` of files of which it takes a part.

    A copy begins with the names that the file begins with.
    """
    assert ledger.next is not None
    whole, out, skipped = dict(_known(ledger.held, paths)), [], []
    told, layout = dict(source), Layout.read(source)
    for number, (name, taken) in enumerate(ledger.next.files.items()):
        path, start = whole[name], ledger.next.starts.get(name, 0)
        if start == 0 and taken.end == path.stat().st_size:
            out.append(str(path))
            skipped.append(0)
            continue
        if source["format"] == "csv":
            told["separator"] = files_csv.header(path, layout)[0]
        target = folder / str(number) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        named = source["format"] == "csv" and layout.header
        _copy(path, target, start, taken.end, names=named and start > 0)
        out.append(str(target))
        skipped.append(max(0, ledger.next.skipped.get(name, 0) - int(named)) if start else 0)
    told |= {"path": out[0], "skipped": skipped}
    told.pop("paths", None)
    return told | ({"paths": out} if len(out) > 1 else {})


def _copy(path: Path, target: Path, start: int, end: int, *, names: bool) -> None:
    with path.open("rb") as stream, target.open("wb") as out:
        if names:
            out.write(stream.readline())
        stream.seek(start)
        left = end - start
        while left and (chunk := stream.read(min(READ, left))):
            out.write(chunk)
            left -= len(chunk)
