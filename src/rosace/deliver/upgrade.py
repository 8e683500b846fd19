"""What an upgrade does to clusters: objects before and after, as Helm lays them out, compared one by one.

Comes in: objects before and after, by cluster. Goes out: `Change`s, the dangerous ones first. What the API server
refuses to change is said here for Kubernetes' own kinds, and by the rooms (`upgrade.py`) for their operators'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from rosace.contract.needs import Frozen
from rosace.contract.registry import engines
from rosace.kit.manifest import Obj

Key = tuple[str, str, str, str, str]
"""Cluster, API group, kind, namespace, name."""

KINDS = ("at risk", "immutable", "replaced", "renamed", "removed", "changed", "added")
"""Kinds of changes, the most dangerous first."""

_API = "kubernetes.io, API reference: the field cannot be changed"
KUBERNETES = (
    *(Frozen(kind, "spec.selector", _API) for kind in ("Deployment", "StatefulSet", "DaemonSet", "Job")),
    Frozen("StatefulSet", "spec.serviceName", _API),
    Frozen("StatefulSet", "spec.volumeClaimTemplates", _API),
    Frozen("StatefulSet", "spec.podManagementPolicy", _API),
    Frozen("Job", "spec.template", _API),
    Frozen("Service", "spec.clusterIP", _API),
    Frozen("PersistentVolumeClaim", "spec.storageClassName", _API),
    Frozen("PersistentVolumeClaim", "spec.accessModes", _API),
    Frozen("PersistentVolumeClaim", "spec.resources.requests.storage", "volumes grow, they never shrink", "shrinks"),
    Frozen("RoleBinding", "roleRef", _API),
    Frozen("ClusterRoleBinding", "roleRef", _API),
    Frozen("PriorityClass", "value", _API),
    Frozen("StorageClass", "parameters", _API),
)
"""Fields of Kubernetes' own kinds that cannot be changed in place (k8s.io/kubernetes 1.37, validation)."""

HOLDS_DATA = frozenset({"Namespace", "PersistentVolumeClaim", "StatefulSet"})
"""Kubernetes' own kinds whose removal may take data with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One object that differs. `paths` are the fields; `why` says what the danger is, `to` the new name if renamed."""

    kind: str
    cluster: str
    object: str
    paths: tuple[str, ...] = ()
    why: str = ""
    to: str = ""


def compare(old: Mapping[str, Iterable[Obj]], new: Mapping[str, Iterable[Obj]]) -> list[Change]:
    """Every change from `old` to `new`, each cluster's objects by its name; the most dangerous first."""
    before, after = _keyed(old), _keyed(new)
    removed = {key: one for key, one in before.items() if key not in after}
    added = {key: one for key, one in after.items() if key not in before}
    found = list(_renamed(removed, added))
    frozen, data = _knowledge()
    for key, one in removed.items():
        risk = one["kind"] in data
        why = "what it holds may be gone with it" if risk else ""
        found.append(Change("at risk" if risk else "removed", key[0], _name(key), (), why))
    found += [Change("added", key[0], _name(key)) for key in added]
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            found.append(_changed(key, before[key], after[key], frozen))
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.cluster, one.object))


def _keyed(clusters: Mapping[str, Iterable[Obj]]) -> dict[Key, Obj]:
    found: dict[Key, Obj] = {}
    for cluster, objects in clusters.items():
        for one in objects:
            metadata, group = one["metadata"], one["apiVersion"].rpartition("/")[0]
            found[(cluster, group, one["kind"], metadata.get("namespace", ""), metadata["name"])] = _unversioned(one)
    return found


def _unversioned(one: Obj) -> Obj:
    """Without the version of its chart, which is another with each change of the chart and changes nothing itself."""
    metadata = dict(one["metadata"])
    if isinstance(labels := metadata.get("labels"), dict):
        said = cast("Mapping[str, Any]", labels)
        metadata["labels"] = {key: value for key, value in said.items() if key != "helm.sh/chart"}
    return {**one, "metadata": metadata}


def _name(key: Key) -> str:
    _, _, kind, namespace, name = key
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _knowledge() -> tuple[tuple[Frozen, ...], frozenset[str]]:
    frozen, data = list(KUBERNETES), set(HOLDS_DATA)
    for room in engines().values():
        if part := room.upgrade:
            frozen += part.FROZEN
            data |= part.HOLDS_DATA
    return tuple(frozen), frozenset(data)


def _renamed(removed: dict[Key, Obj], added: dict[Key, Obj]) -> Iterator[Change]:
    """Pairs of the same kind and content under another name; taken out of both."""
    by_content: dict[str, list[Key]] = {}
    for key, one in added.items():
        by_content.setdefault(_content(one), []).append(key)
    for key, one in list(removed.items()):
        twins = by_content.get(_content(one), [])
        twin = next((other for other in twins if other[0] == key[0] and other in added), None)
        if twin is not None and len(one) > 3:
            del removed[key], added[twin]
            why = "deleted and made again: what it held is not moved"
            yield Change("renamed", key[0], _name(key), (), why, _name(twin))


def _content(one: Obj) -> str:
    own = {key: value for key, value in one.items() if key != "metadata"}
    return repr((one["kind"], own)).replace(one["metadata"]["name"], "\0")


def _changed(key: Key, before: Obj, after: Obj, frozen: tuple[Frozen, ...]) -> Change:
    found = tuple(paths(before, after))
    for rule in frozen:
        if rule.kind != after["kind"]:
            continue
        hit = [path for path in found if path == rule.path or path.startswith((f"{rule.path}.", f"{rule.path}["))]
        if hit and (rule.when == "changes" or _shrinks(_at(before, rule.path), _at(after, rule.path))):
            verdict = "replaced" if rule.kind == "Job" else "immutable"
            return Change(verdict, key[0], _name(key), tuple(hit), rule.why)
    return Change("changed", key[0], _name(key), found)


def paths(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Where two values differ: `spec.template.spec.containers[0].image`. A list of another length differs whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from paths(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from paths(one, other, f"{path}[{number}]")
    elif before != after:
        yield path


def _at(one: Any, path: str) -> Any:
    for step in path.split("."):
        one = one.get(step) if isinstance(one, dict) else None
    return one


def _shrinks(before: Any, after: Any) -> bool:
    """True where an amount becomes less, or anything of a list or mapping does."""
    from rosace.model.quantity import Size

    if isinstance(before, dict) and isinstance(after, dict):
        return any(_shrinks(before[key], after.get(key)) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(after) < len(before) or any(map(_shrinks, before, after))
    try:
        return Size.parse(str(after)) < Size.parse(str(before))
    except ValueError:
        return False
