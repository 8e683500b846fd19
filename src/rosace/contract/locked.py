"""The `[[artifact]]` tables of a locked list, typed.

Comes in: plain tables, as TOML gives them. Goes out: `Artifact`s. Must not: take a key that it does not know, convert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from rosace.contract.artifacts import (
    SEGMENT,
    Artifact,
    ArtifactError,
    Source,
    Unpack,
    UnpackKind,
    parse_maven,
    parse_pypi,
    wrong_list,
)


def _segment(name: str) -> str:
    if not SEGMENT.fullmatch(name):
        raise ValueError
    return name


Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]

WORDS = {
    "source": "must be 'pypi' or 'maven'",
    "file": "must be a bare file name",
    "sha256": "must be 64 lower-case hex digits",
    "unpack": "must be a table",
    "kind": "must be 'wheel', 'zip' or 'tar.gz'",
    "strip": "must be a whole number, 0 or more",
    "include": "must be a list of globs, each a text",
    "exclude": "must be a list of globs, each a text",
    "executable": "must be a list of globs, each a text",
}
"""What a field must be, where it is more than a text that is not empty or a positive number of bytes."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Unpack(_Closed):
    kind: UnpackKind
    strip: Count = 0
    include: list[Text] = []
    exclude: list[Text] = []
    executable: list[Text] = []
    size: Count = 0


class _Entry(_Closed):
    name: Text
    source: Source
    coordinate: Text
    file: Annotated[str, AfterValidator(_segment)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(gt=0)]
    unpack: _Unpack | None = None
    platform: Text | None = None


def parse_artifacts(table: Sequence[Mapping[str, object]]) -> tuple[Artifact, ...]:
    """Read the ``[[artifact]]`` tables of a locked list.

    Raises:
        ArtifactError: ``artifact-list-invalid``, naming the entry and the field at fault.
    """
    artifacts = tuple(_artifact(row, number) for number, row in enumerate(table, 1))
    seen: set[tuple[str, str | None]] = set()
    for artifact in artifacts:
        key = (artifact.name, artifact.platform)
        if key in seen:
            raise wrong_list(f"Two artifacts are named {artifact.name!r} on the same platform.")
        seen.add(key)
    return artifacts


def _artifact(row: Mapping[str, object], number: int) -> Artifact:
    try:
        said = _Entry.model_validate(row)
    except ValidationError as error:
        raise _wrong(row.get("name") or f"#{number}", error.errors()[0]) from error
    if said.source == "pypi":
        parse_pypi(said.coordinate)
    elif said.file != (expected := parse_maven(said.coordinate).file):
        raise wrong_list(f"In artifact {said.name!r}, field 'file' must be {expected!r}, as its coordinate says.")
    unpack = said.unpack and Unpack(
        said.unpack.kind,
        said.unpack.strip,
        tuple(said.unpack.include),
        tuple(said.unpack.exclude),
        tuple(said.unpack.executable),
        said.unpack.size,
    )
    return Artifact(said.name, said.source, said.coordinate, said.file, said.sha256, said.size, unpack, said.platform)


def _wrong(name: object, error: ErrorDetails) -> ArtifactError:
    """The first mistake of an entry in words: which entry, which field, why."""
    path = [part for part in error["loc"] if isinstance(part, str)]
    inner, field = ", unpack" if path[0] == "unpack" and len(path) > 1 else "", path[-1]
    fields = _Unpack.model_fields if inner else _Entry.model_fields
    usual = "must be a positive number of bytes" if field == "size" else "must be a text that is not empty"
    why = f"is not known; known are {', '.join(fields)}" if field not in fields else WORDS.get(field, usual)
    return wrong_list(f"In artifact {name!r}{inner}, field {field!r} {why}.")
