"""What an artifact is: exact coordinates, a checksum, and how it is unpacked."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal

Source = Literal["pypi", "maven"]
UnpackKind = Literal["wheel", "zip", "tar.gz"]

# One path segment: nothing here may climb out of a folder or hide in it.
SEGMENT = re.compile(r"(?!\.)[A-Za-z0-9._+!~-]+")
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
    if len(parts) not in (3, 4) or not all(SEGMENT.fullmatch(part) for part in segments):
        raise wrong_list(f"Maven coordinate {coordinate!r} is not group:artifact:version[:classifier][@ext].")
    if parts[2].endswith("-SNAPSHOT"):
        raise wrong_list(f"Maven coordinate {coordinate!r} names a snapshot, which can change.")
    classifier = parts[3] if len(parts) == 4 else None
    return MavenCoordinate(parts[0], parts[1], parts[2], classifier, extension or "jar")


def parse_pypi(coordinate: str) -> tuple[str, str]:
    """Read ``project==version`` into its two parts.

    Raises:
        ArtifactError: ``artifact-list-invalid`` when it is not of that form.
    """
    match = _PYPI.fullmatch(coordinate)
    if match is None:
        raise wrong_list(f"PyPI coordinate {coordinate!r} is not project==version.")
    return match[1], match[2]


def wrong_list(message: str) -> ArtifactError:
    """What is told of an entry that is none."""
    return ArtifactError(
        "artifact-list-invalid",
        message,
        "Correct the entry in the locked list; `python -m rosace.local.artifacts.lock` "
        "prints entries in the right form.",
    )
