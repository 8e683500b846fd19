"""A source's file as bytes and text: unpacked where it is packed.

Comes in: the path of a file. Goes out: its text, or a file that DuckDB can open. Must not: know what is in it.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LONGEST_LINE = 2 << 20
"""Characters of the longest line, as DuckDB reads it (`files_csv.BUFFER`): one without an end is not held whole."""

MOST_TIMES, MOST_FOOTER = 64, 32 << 20
"""A zip around a Parquet file, which is compressed itself, saves little; a footer has some kilobytes a row group."""


class SourceFileError(ValueError):
    """A source's file cannot be read as declared; the text says which, where and what to do."""


@contextmanager
def text_of(path: Path) -> Generator[IO[str]]:
    """The file's text, decompressed; UTF-8, whatever the machine's locale says."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open(only(archive, path)) as raw:
                yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        elif path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
                yield stream
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                yield stream
    except UnicodeDecodeError as error:
        raise SourceFileError(
            f"{path}: not UTF-8 text (byte 0x{error.object[error.start]:02x}): save it as UTF-8; "
            "of a file of Windows `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW` makes one"
        ) from None
    except (OSError, EOFError) as error:
        raise SourceFileError(f"{path}: {error}") from None


def line_of(stream: IO[str], path: Path, number: int) -> str:
    """The next line, with its end; empty after the last. Raises SourceFileError where it is too long to hold."""
    line = stream.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise SourceFileError(f"{path}, line {number}: it is longer than {LONGEST_LINE >> 20} MiB")
    return line


def refuse_bomb(path: Path) -> None:
    """Raises SourceFileError where a Parquet file would become, unpacked or as its footer, what no real one is."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = only(archive, path)
        if member.file_size > MOST_TIMES * max(member.compress_size, 1 << 20):
            raise SourceFileError(
                f"{path}: {member.compress_size:,} bytes would unpack to {member.file_size:,}, as no Parquet file does"
            )
        return
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(size - 8, 0))
        tail = stream.read(8)
    if tail[4:] == b"PAR1" and int.from_bytes(tail[:4], "little") > MOST_FOOTER:
        raise SourceFileError(f"{path}: its footer is larger than {MOST_FOOTER >> 20} MiB")


def extracted(path: Path, scratch: Path | None) -> Path:
    """The file itself: a zip's only member is extracted once below `scratch`, named by its checksum."""
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as archive:
        member = only(archive, path)
        folder = scratch or Path(tempfile.mkdtemp(prefix="rosace-"))
        target = folder / f"{member.CRC:08x}-{member.file_size}-{Path(member.filename).name}"
        if target.exists():
            return target
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkstemp(dir=folder, suffix=".part")[1])
        with archive.open(member) as source, part.open("wb") as sink:
            while chunk := source.read(1 << 20):
                sink.write(chunk)
        # Complete or absent: a process that is killed here leaves no half of a file under the final name.
        part.replace(target)
    return target


def only(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one file in a zip; macOS's resource forks do not count. Raises SourceFileError where there are more."""
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise SourceFileError(f"{path}: a zip must hold one file; this one holds {len(members)}")
    return members[0]
