"""What an artifact is: exact coordinates, a checksum, and how it is unpacked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

Source = Literal["pypi", "maven"]
UnpackKind = Literal["wheel", "zip", "tar.gz"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
# One path segment: nothing here may climb out of a folder or hide in it.
_SEGMENT = re.compile(r"(?!\.)[A-Za-z0-9._+!~-]+")
_PYPI = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)")


class ArtifactError(Exception):
    """An artifact could not be had, kept or trusted.

    Attributes:
        code: a stable word for the kind of failure, such as ``artifact-corrupt``
            or ``disk-full``.
        message: what went wrong, where and why, in a sentence or a few.
        hint: what the reader can do about it.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[ArtifactError], tuple[str, str, str]]:
        return (type(self), (self.code, self.message, self.hint))

    def __str__(self) -> str:
        return f"{self.message} ({self.code}) {self.hint}"


@dataclass(frozen=True, slots=True)
class Unpack:
    """How an archive becomes a folder.

    Attributes:
        kind: the archive's format; ``wheel`` is a zip whose installed scripts are not made.
        strip: how many leading folders of each member's path are dropped.
        include: globs on member paths as they are after ``strip``; empty means all.
            ``*`` also matches ``/``, as in :func:`fnmatch.fnmatchcase`.
        exclude: globs of members that are left out although included.
        executable: globs of members that get the run bit, for archives that lost it.
        size: bytes the unpacked folder takes, 0 when not known (then estimated).
    """

    kind: UnpackKind
    strip: int = 0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    executable: tuple[str, ...] = ()
    size: int = 0

    def digest(self) -> str:
        """Give twelve hex digits that change whenever the unpacked folder would."""
        parts = [self.kind, self.strip, self.include, self.exclude, self.executable]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a package registry, named exactly and pinned by its checksum.

    Attributes:
        name: local name, unique on a platform, such as ``kafka-clients``.
        source: the kind of registry the coordinate belongs to.
        coordinate: ``project==version`` or ``group:artifact:version[:classifier][@ext]``.
        file: the exact file name in the registry.
        sha256: lower-case hex digest of that file.
        size: bytes of that file; 0 when not known, as for a data package that a user names.
        unpack: how the file becomes a folder; ``None`` keeps the file itself.
        platform: such as ``linux-x86_64``; ``None`` fits every platform.
    """

    name: str
    source: Source
    coordinate: str
    file: str
    sha256: str
    size: int
    unpack: Unpack | None = None
    platform: str | None = None

    @property
    def version(self) -> str:
        """Give the version that its coordinate names."""
        return parse_pypi(self.coordinate)[1] if self.source == "pypi" else parse_maven(self.coordinate).version


@dataclass(frozen=True, slots=True)
class MavenCoordinate:
    """The parts of a Maven coordinate; ``extension`` is ``jar`` unless said."""

    group: str
    artifact: str
    version: str
    classifier: str | None = None
    extension: str = "jar"

    @property
    def file(self) -> str:
        """Give the file name the repository layout prescribes."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.{self.extension}"

    @property
    def path(self) -> str:
        """Give the path below a repository's root, with forward slashes."""
        folder = self.group.replace(".", "/")
        return f"{folder}/{self.artifact}/{self.version}/{self.file}"


def parse_maven(coordinate: str) -> MavenCoordinate:
    """Read ``group:artifact:version[:classifier][@ext]``.

    Raises:
        ArtifactError: ``artifact-list-invalid`` when it is not of that form.
    """
    body, at, extension = coordinate.partition("@")
    parts = body.split(":")
    segments = [*parts, extension] if at else parts
    if len(parts) not in (3, 4) or not all(_SEGMENT.fullmatch(part) for part in segments):
        raise _invalid(f"Maven coordinate {coordinate!r} is not group:artifact:version[:classifier][@ext].")
    if parts[2].endswith("-SNAPSHOT"):
        raise _invalid(f"Maven coordinate {coordinate!r} names a snapshot, which can change.")
    classifier = parts[3] if len(parts) == 4 else None
    return MavenCoordinate(parts[0], parts[1], parts[2], classifier, extension or "jar")


def parse_pypi(coordinate: str) -> tuple[str, str]:
    """Read ``project==version`` into its two parts.

    Raises:
        ArtifactError: ``artifact-list-invalid`` when it is not of that form.
    """
    match = _PYPI.fullmatch(coordinate)
    if match is None:
        raise _invalid(f"PyPI coordinate {coordinate!r} is not project==version.")
    return match[1], match[2]


def parse_artifacts(table: Sequence[Mapping[str, object]]) -> tuple[Artifact, ...]:
    """Read the ``[[artifact]]`` tables of a locked list.

    Raises:
        ArtifactError: ``artifact-list-invalid``, naming the entry and the field at fault.
    """
    artifacts = tuple(_artifact(_Entry(row, f"artifact #{n}")) for n, row in enumerate(table, 1))
    seen: set[tuple[str, str | None]] = set()
    for artifact in artifacts:
        key = (artifact.name, artifact.platform)
        if key in seen:
            raise _invalid(f"Two artifacts are named {artifact.name!r} on the same platform.")
        seen.add(key)
    return artifacts


def _artifact(entry: _Entry) -> Artifact:
    name = entry.text("name")
    entry.where = f"artifact {name!r}"
    entry.only("name", "source", "coordinate", "file", "sha256", "size", "unpack", "platform")
    source = entry.text("source")
    if source not in get_args(Source):
        raise entry.wrong("source", "must be 'pypi' or 'maven'")
    file = entry.text("file")
    if not _SEGMENT.fullmatch(file):
        raise entry.wrong("file", "must be a bare file name")
    sha256 = entry.text("sha256")
    if not _SHA256.fullmatch(sha256):
        raise entry.wrong("sha256", "must be 64 lower-case hex digits")
    size = entry.count("size")
    if size == 0:
        raise entry.wrong("size", "must be a positive number of bytes")
    artifact = Artifact(
        name=name,
        source=cast(Source, source),
        coordinate=entry.text("coordinate"),
        file=file,
        sha256=sha256,
        size=size,
        unpack=_unpack(entry),
        platform=entry.text("platform") if "platform" in entry.fields else None,
    )
    _check_coordinate(artifact, entry)
    return artifact


def _check_coordinate(artifact: Artifact, entry: _Entry) -> None:
    if artifact.source == "pypi":
        parse_pypi(artifact.coordinate)
        return
    expected = parse_maven(artifact.coordinate).file
    if artifact.file != expected:
        raise entry.wrong("file", f"must be {expected!r}, as its coordinate says")


def _unpack(entry: _Entry) -> Unpack | None:
    fields = entry.fields.get("unpack")
    if fields is None:
        return None
    if not isinstance(fields, Mapping):
        raise entry.wrong("unpack", "must be a table")
    inner = _Entry(cast("Mapping[str, object]", fields), f"{entry.where}, unpack")
    inner.only("kind", "strip", "include", "exclude", "executable", "size")
    kind = inner.text("kind")
    if kind not in get_args(UnpackKind):
        raise inner.wrong("kind", "must be 'wheel', 'zip' or 'tar.gz'")
    return Unpack(
        kind=cast(UnpackKind, kind),
        strip=inner.count("strip"),
        include=inner.globs("include"),
        exclude=inner.globs("exclude"),
        executable=inner.globs("executable"),
        size=inner.count("size"),
    )


class _Entry:
    """One table of the list, with typed reads that name the field in their errors."""

    def __init__(self, fields: Mapping[str, object], where: str) -> None:
        self.fields = fields
        self.where = where

    def only(self, *known: str) -> None:
        for field in self.fields:
            if field not in known:
                raise self.wrong(field, f"is not known; known are {', '.join(known)}")

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        if not isinstance(value, str) or not value:
            raise self.wrong(field, "must be a text that is not empty")
        return value

    def count(self, field: str) -> int:
        value = self.fields.get(field, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(field, "must be a whole number, 0 or more")
        return value

    def globs(self, field: str) -> tuple[str, ...]:
        value = self.fields.get(field, ())
        if not isinstance(value, list | tuple):
            raise self.wrong(field, "must be a list of globs")
        items = cast("Sequence[object]", value)
        if not all(isinstance(item, str) and item for item in items):
            raise self.wrong(field, "must be a list of globs, each a text")
        return tuple(str(item) for item in items)

    def wrong(self, field: str, why: str) -> ArtifactError:
        return _invalid(f"In {self.where}, field {field!r} {why}.")


def _invalid(message: str) -> ArtifactError:
    return ArtifactError(
        "artifact-list-invalid",
        message,
        "Correct the entry in the locked list; `python -m rosace.local.artifacts.lock` "
        "prints entries in the right form.",
    )
