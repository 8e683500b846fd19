"""Holds objects against the schemas that their makers publish: Kubernetes' own, and the CRDs of its operators.

Comes in: objects as plain dicts, and one or more sources of schemas. Goes out: "Kind/name: path: message". A source
that cannot be had is a sentence instead, for a test to skip with. No schema lies in this repository: Kubernetes' come
from its Go module, CRDs from a folder that ROSACE_SHARED names (else `../shared` beside the checkout).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

from go_modules import module_folder
from pinned_crds import files_of, pinned, shared_crds
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from schema_walk import OBJECT_META, Schema, Walk

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = {"1.35": "v1.35.4", "1.36": "v1.36.3", "1.37": "v1.37.2"}
"""The three newest minor versions on 23 November 2026, each with the newest patch that its Go module has."""
DROPPED = {"description", "title", "example", "externalDocs", "x-kubernetes-validations"}
SHAPE = 1
"""Of what is kept in the cache: one more when that changes."""


@dataclass(frozen=True)
class Shape:
    """The schema of one kind. `custom`: of a CRD, which leaves apiVersion, kind and metadata unsaid."""

    schema: Schema
    definitions: Mapping[str, Schema]
    namespaced: bool
    custom: bool


class Source(Protocol):
    """Something that knows schemas."""

    def shape(self, api_version: str, kind: str) -> Shape | str:
        """The schema of a kind, or a sentence that says why there is none; empty if the kind is not known at all."""
        ...


def problems(objects: Iterable[Mapping[str, Any]], *sources: Source) -> list[str]:
    """What is wrong with the objects, as "Kind/name: path: message". A kind that no source knows is a problem too."""
    return [f"{_title(one)}: {path}: {message}" for one in objects for path, message in _of_object(one, sources)]


def _of_object(one: Mapping[str, Any], sources: Iterable[Source]) -> list[tuple[str, str]]:
    api_version, kind = str(one.get("apiVersion")), str(one.get("kind"))
    found: Shape | str = ""
    for source in sources:
        found = source.shape(api_version, kind) or found
        if isinstance(found, Shape):
            break
    if isinstance(found, str):
        return [("apiVersion", found or f"nobody knows the kind {kind} of {api_version}")]
    walk = Walk(found.definitions)
    schema = found.schema
    if found.custom:
        of_every = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": OBJECT_META}
        schema = {**schema, "properties": {**schema.get("properties", {}), **of_every}}
        walk.metadata(one.get("metadata"), "metadata")
    walk.check(one, schema, "")
    metadata = _metadata(one)
    name = metadata.get("name") or metadata.get("generateName")
    if not isinstance(name, str) or not _allowed_name(api_version, name.rstrip("-")):
        walk.say("metadata.name", f"{name!r} is no name of an object")
    if metadata.get("namespace") and not found.namespaced:
        walk.say("metadata.namespace", f"a {kind} belongs to the whole cluster: it has no namespace")
    return walk.problems


def _allowed_name(api_version: str, name: str) -> bool:
    """RBAC takes any segment of a path, everybody else a DNS subdomain (apimachinery, pkg/api/validation)."""
    if api_version.startswith("rbac.authorization.k8s.io/"):
        return bool(name) and name not in (".", "..") and not set(name) & {"/", "%"}
    label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    return len(name) <= 253 and re.fullmatch(rf"{label}(\.{label})*", name) is not None


def _title(one: Mapping[str, Any]) -> str:
    metadata = _metadata(one)
    return f"{one.get('kind')}/{metadata.get('name') or metadata.get('generateName')}"


def _metadata(one: Mapping[str, Any]) -> Mapping[str, Any]:
    found = one.get("metadata")
    return found if isinstance(found, Mapping) else {}


# Kubernetes' own kinds


@dataclass(frozen=True)
class Kubernetes:
    """The kinds of one version of Kubernetes. `kinds`: "apiVersion kind" -> name of the definition."""

    version: str
    kinds: Mapping[str, str]
    namespaced: frozenset[str]
    definitions: Mapping[str, Schema]

    def shape(self, api_version: str, kind: str) -> Shape | str:
        if name := self.kinds.get(f"{api_version} {kind}"):
            inside = f"{api_version} {kind}" in self.namespaced
            return Shape(self.definitions[name], self.definitions, inside, custom=False)
        served = sorted(one.split()[0] for one in self.kinds if one.endswith(f" {kind}"))
        group = api_version.rpartition("/")[0]
        if near := [one for one in served if one.rpartition("/")[0] == group]:
            return f"Kubernetes {self.version} serves {kind} as {', '.join(near)}, not as {api_version}"
        return ""


@cache
def kubernetes(minor: str) -> Kubernetes | str:
    """The kinds of Kubernetes `minor` (a key of VERSIONS), or why they cannot be had. Fetched once, then cached."""
    version = VERSIONS[minor]
    read = _kept(f"{version}.json")
    if read is None:
        folder = module_folder("k8s.io/kubernetes", version)
        if isinstance(folder, str):
            return folder
        swagger = json.loads((folder / "api/openapi-spec/swagger.json").read_text(encoding="utf-8"))
        read = _keep(f"{version}.json", reduced(swagger))
    return Kubernetes(minor, read["kinds"], frozenset(read["namespaced"]), read["definitions"])


def reduced(swagger: Mapping[str, Any]) -> dict[str, Any]:
    """Of a swagger.json the kinds that one can write and what they lead to, without words."""
    definitions: Mapping[str, Any] = swagger["definitions"]
    kinds: dict[str, str] = {}
    for name, schema in definitions.items():
        said = schema.get("x-kubernetes-group-version-kind") or ()
        # What every group has (DeleteOptions, WatchEvent) is no object; a list is one object after the other.
        if len(said) == 1 and "metadata" in schema.get("properties", {}) and not said[0]["kind"].endswith("List"):
            kinds[_kind_key(said[0])] = name
    wanted, kept = list(kinds.values()), dict[str, Any]()
    while wanted:
        if (name := wanted.pop()) not in kept:
            kept[name] = plain(definitions[name])
            wanted += [reference.rpartition("/")[2] for reference in _references(kept[name])]
    inside = {
        _kind_key(operation["x-kubernetes-group-version-kind"])
        for path, operations in swagger["paths"].items()
        if "/namespaces/{namespace}/" in path
        for operation in operations.values()
        if isinstance(operation, dict) and "x-kubernetes-group-version-kind" in operation
    }
    return {"kinds": kinds, "namespaced": sorted(inside & set(kinds)), "definitions": kept}


def _kind_key(said: Mapping[str, str]) -> str:
    return "/".join(part for part in (said["group"], said["version"]) if part) + " " + said["kind"]


def plain(schema: Any) -> Any:
    """A schema without its words. What `properties` holds are names of fields, and one may be `description`."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: plain(field) for name, field in value.items()}
        if key == "properties"
        else value
        if key in ("default", "enum")
        else plain(value)
        for key, value in schema.items()
        if key not in DROPPED
    }


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


# Kinds of operators


@dataclass(frozen=True)
class Crds:
    """The CRDs of files. A file is parsed when a kind of it is asked for, and its schemas are cached."""

    files: tuple[Path, ...]

    def shape(self, api_version: str, kind: str) -> Shape | str:
        group, _, version = api_version.rpartition("/")
        for path in self._files.get(kind, ()):
            for crd in _parsed(path):
                if (crd["group"], crd["kind"]) != (group, kind):
                    continue
                versions: dict[str, Any] = crd["versions"]
                if version in versions:
                    return Shape(versions[version], {}, crd["namespaced"], custom=True)
                return f"{kind} of {group} is served as {', '.join(versions)}, not as {version}"
        return ""

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """Kind -> files that may define it, found without parsing them."""
        found: dict[str, list[Path]] = {}
        for path in self.files:
            for kind in set(re.findall(r"^ {4}kind: \"?(\w+)\"?\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)):
                found.setdefault(kind, []).append(path)
        return found


def crds(folder: Path | None = None) -> Crds | str:
    """The CRDs of a folder tree (unsaid: of each project in the shared folder, at its pinned tag), or why not."""
    if folder is not None:
        return Crds(tuple(sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])))
    shared = shared_crds()
    if not shared.is_dir():
        return f"no CRDs to hold objects against: {shared} is not there (ROSACE_SHARED names the folder around `crds`)"
    projects = (pinned(one) for one in sorted(shared.iterdir()) if one.is_dir())
    return Crds(tuple(file for project in projects for file in files_of(project)))


class _Words(SafeConstructor):
    """YAML as the API server reads it: a lone `=` is a word."""


_Words.add_constructor("tag:yaml.org,2002:value", SafeConstructor.construct_yaml_str)


@cache
def _parsed(path: Path) -> list[dict[str, Any]]:
    """The CRDs of one file: group, kind and the schema of each served version."""
    content = path.read_bytes()
    name = f"crds/{hashlib.sha256(content).hexdigest()[:32]}.json"
    read = _kept(name)
    if read is None:
        reader = YAML(typ="safe", pure=True)
        reader.Constructor = _Words
        found = [one for one in reader.load_all(content) if one and one.get("kind") == "CustomResourceDefinition"]
        read = _keep(name, {"crds": [_of_crd(one["spec"]) for one in found]})
    return read["crds"]


def _of_crd(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "group": spec["group"],
        "kind": spec["names"]["kind"],
        "namespaced": spec["scope"] == "Namespaced",
        "versions": {
            one["name"]: plain(one["schema"]["openAPIV3Schema"]) for one in spec["versions"] if one.get("served")
        },
    }


def cache_folder() -> Path:
    """Where reduced schemas are kept for this user."""
    own = os.environ.get("ROSACE_CACHE")
    base = Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rosace"
    return base / "openapi"


def _kept(name: str) -> dict[str, Any] | None:
    """What was kept under this name, if it has today's shape."""
    try:
        read = json.loads((cache_folder() / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read if read.get("shape") == SHAPE else None


def _keep(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """Writes beside and renames: two test runs may do this at once. Gives back what reading would give."""
    path = cache_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps({"shape": SHAPE, **content}, separators=(",", ":"), default=str), encoding="utf-8")
    beside.replace(path)
    return content
