"""A source's file as bytes and text: unpacked where it is packed.

Comes in: the path of a file. Goes out: its text, or a file that DuckDB can open. Must not: know what is in it.
"""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from rosace.kit import whole

LONGEST_LINE = 2 << 20
"""Characters of the longest line, as DuckDB reads it (`files_csv.BUFFER`): one without an end is not held whole."""

MOST_TIMES, MOST_FOOTER = 64, 32 << 20
"""A zip around a Parquet file, which is compressed itself, saves little; a footer has some kilobytes a row group."""


class SourceFileError(ValueError):
    """A source's file cannot be read as declared; the text says which, where and what to do."""


def refuse_missing(source: Mapping[str, Any], path: Path) -> None:
    """Raises SourceFileError where `path` of `source` is no file: trying again does not bring it."""
    if not path.is_file():
        raise SourceFileError(f"source `{source['name']}`: there is no file {path}")


@contextmanager
def text_of(path: Path, encoding: str = "utf-8") -> Generator[IO[str]]:
    """The file's text, decompressed; encoded as said, whatever the machine's locale says. A BOM is no part of it."""
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open(only(archive, path)) as raw:
                yield io.TextIOWrapper(raw, encoding=encoding, newline="")
        elif path.suffix == ".gz":
            with gzip.open(path, "rt", encoding=encoding, newline="") as stream:
                yield stream
        else:
            with path.open(encoding=encoding, newline="") as stream:
                yield stream
    except UnicodeDecodeError as error:
        what, byte = encoding.removesuffix("-sig").upper(), error.object[error.start]
        raise SourceFileError(
            f"{path}: not {what} text (byte 0x{byte:02x}): say how it is encoded, such as `encoding: windows-1252`"
        ) from None
    except UnicodeError as error:
        # UTF-16 and UTF-32 say so of a file without their mark.
        raise SourceFileError(f"{path}: not {encoding.upper()} text: {error}") from None
    except (OSError, EOFError) as error:
        raise SourceFileError(f"{path}: {error}") from None


def in_utf8(path: Path, encoding: str, scratch: Path | None) -> Path:
    """The file itself where it is UTF-8; else a copy below `scratch` that is, unpacked. Nothing else is changed."""
    if encoding == "utf-8":
        return path
    target = (scratch or Path(tempfile.mkdtemp(prefix="rosace-"))) / f"{path.name}.utf-8"
    target.parent.mkdir(parents=True, exist_ok=True)
    with text_of(path, encoding) as stream, target.open("w", encoding="utf-8", newline="") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
    return target


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
        with whole.beside(target) as part, archive.open(member) as source, part.open("wb") as sink:
            while chunk := source.read(1 << 20):
                sink.write(chunk)
    return target


def only(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one file in a zip; macOS's resource forks do not count. Raises SourceFileError where there are more."""
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise SourceFileError(f"{path}: a zip must hold one file; this one holds {len(members)}")
    return members[0]
