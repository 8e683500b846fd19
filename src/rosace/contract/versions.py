"""What a `versions.toml` says, read once and typed: versions, ends of support, artifacts, images, upstream charts.

Comes in: a folder, an engine's or the kit's. Goes out: `Versions`. Must not: know an engine, or fetch anything.

Its tables: `[engine]` (version, end-of-life, source), `[parts]` (the versions of what comes beside the engine, by
name), `[image.NAME]`, `[chart.NAME]`, `[[artifact]]`. In a text of an image or a chart `{NAME}` stands for the version
of that part and `{engine}` for the engine's own, so that each stands in the file once.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rosace.contract.artifacts import Artifact
from rosace.contract.locked import parse_artifacts
from rosace.contract.operator import Definitions, Image, UpstreamChart

T = TypeVar("T")
Text = Annotated[str, Field(min_length=1)]
Digest = Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64})?$")]


class VersionsError(Exception):
    """A `versions.toml` is not what it must be, or lacks what a room asks it for: a defect, not input."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Of a folder without a `versions.toml` all of it is empty.

    `end_of_life` is the last day on which its project mends this version, None where the project names none;
    `source` is the page that says so, or where the version was published. `artifacts` are those of all kinds of
    machines, in the order of the file. `parts` are the versions of what comes beside the engine.
    """

    version: str = ""
    end_of_life: date | None = None
    source: str = ""
    artifacts: tuple[Artifact, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    images: Mapping[str, Image] = field(default_factory=dict[str, Image])
    charts: Mapping[str, UpstreamChart] = field(default_factory=dict[str, UpstreamChart])

    def ended(self, today: date) -> bool:
        """True after the last day of its support."""
        return self.end_of_life is not None and today > self.end_of_life

    @property
    def jars(self) -> tuple[Artifact, ...]:
        """The artifacts of Maven, in the order in which a class path names them."""
        return tuple(one for one in self.artifacts if one.source == "maven")

    def artifact(self, name: str) -> Artifact:
        """The artifact of that name, the first where it differs by machine. Raises `VersionsError` without one."""
        return _named({one.name: one for one in reversed(self.artifacts)}, name, "[[artifact]] named")

    def part(self, name: str) -> str:
        """The version of what comes beside the engine. Raises `VersionsError` where the file says none."""
        return _named(self.parts, name, "[parts] entry")

    def image(self, name: str) -> Image:
        """The image of that name. Raises `VersionsError` where the file says none."""
        return _named(self.images, name, "[image] named")

    def chart(self, name: str) -> UpstreamChart:
        """The upstream chart of that name. Raises `VersionsError` where the file says none."""
        return _named(self.charts, name, "[chart] named")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Head(_Closed):
    version: Annotated[str, Field(pattern=r"^\d")]
    end_of_life: Annotated[str, Field(alias="end-of-life")]
    source: Annotated[str, Field(pattern=r"^https://")]


class _Image(_Closed):
    registry: Text
    repository: Text
    tag: Text
    source: Text
    digest: Digest = ""
    licence: Text


class _Definitions(_Closed):
    repository: Text
    path: Text
    revision: Text
    include: Text = "*.yaml"


class _Chart(_Closed):
    repository: Text
    chart: str = ""
    version: Text
    source: Text
    kinds: list[Text] = []
    opens: bool = False
    images: dict[str, Text] = {}
    definitions: _Definitions | None = None


class _File(_Closed):
    engine: _Head | None = None
    parts: dict[str, Text] = {}
    image: dict[str, _Image] = {}
    chart: dict[str, _Chart] = {}
    artifact: list[dict[str, Any]] = []


@cache
def versions(folder: Path) -> Versions:
    """The file of an engine's folder, or of the kit's.

    Raises `ArtifactError` where an artifact is wrong and `VersionsError` where anything else is, saying which entry.
    """
    path = folder / "versions.toml"
    if not path.exists():
        return Versions()
    try:
        said = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        raise VersionsError(f"{path}: {'; '.join(wrong)}.") from error
    head = said.engine
    known = {**said.parts, **({"engine": head.version} if head else {})}
    return Versions(
        version=head.version if head else "",
        end_of_life=last_day(head.end_of_life) if head else None,
        source=head.source if head else "",
        artifacts=parse_artifacts(said.artifact),
        parts=said.parts,
        images={name: Image(name, **_filled(one, known, path)) for name, one in said.image.items()},
        charts={name: _chart(name, one, known, path) for name, one in said.chart.items()},
    )


def last_day(said: str) -> date | None:
    """A day (`2030-11-14`), or the last one of a month (`2026-09`); None for nothing. ValueError for all else."""
    if not said:
        return None
    if len(said) > len("2026-09"):
        return date.fromisoformat(said)
    year, _, month = said.partition("-")
    return date(int(year), int(month), monthrange(int(year), int(month))[1])


def _chart(name: str, said: _Chart, known: Mapping[str, str], path: Path) -> UpstreamChart:
    text = _filled(said.model_copy(update={"chart": said.chart or name}), known, path)
    definitions = Definitions(**_filled(said.definitions, known, path)) if said.definitions else None
    kinds = tuple(said.kinds)
    return UpstreamChart(name, **text, definitions=definitions, kinds=kinds, opens=said.opens, images=said.images)


def _filled(entry: _Closed, known: Mapping[str, str], path: Path) -> dict[str, str]:
    """The texts of an entry, with versions in the place of their names."""
    texts = {key: value for key, value in entry if isinstance(value, str)}
    try:
        return {key: value.format_map(known) for key, value in texts.items()}
    except KeyError as error:
        raise VersionsError(f"{path}: `{{{error.args[0]}}}` names no version; there are {_list(known)}.") from error


def _named(found: Mapping[str, T], name: str, kind: str) -> T:
    if name not in found:
        raise VersionsError(f"no {kind} {name!r} in this versions.toml; there are {_list(found)}.")
    return found[name]


def _list(found: Mapping[str, object]) -> str:
    return ", ".join(found) or "none"
