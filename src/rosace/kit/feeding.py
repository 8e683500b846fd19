"""What every room says alike of the pods that send or load the files of its sources.

Comes in: a checked source and what sends it. Goes out: a `Feed`, its pods as a peer on the network, lines of parity.
Must not: know who takes the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rosace.contract.cluster import OfferedSite, resources
from rosace.contract.feed import Feed, Step
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.values import Environment, Mount
from rosace.contract.versions import versions
from rosace.contract.workload import Use, Workload
from rosace.kit.files import describe
from rosace.kit.manifest import name_labels
from rosace.kit.origins import FILES, TOLD, origin, reachable
from rosace.model.checked import CheckedSource
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size
from rosace.model.sources import PackageFile, StoredFiles, UrlFile, VolumeFiles

PINNED = versions(Path(__file__).parent)

IMAGE = PINNED.image("rosace")
"""Rosace itself: what reads files, sends them and fetches them is the same as on this machine."""

USER = 1001
"""Who its pods run as (`USER` in the image's Containerfile)."""

STATE = "/opt/rosace/state"
"""Where a pod keeps what it knows of the files, and what it made of them."""

MEMORY = Size.mebibytes(1536)
"""The reader of files takes up to a gigabyte where rows must be sorted (`staging.MEMORY`), and Python beside it."""

STAYS = Size.parse("10Gi")
"""The volume of a source that is followed: what was added to its files since it was last looked at is copied there."""

HOPELESS = 3
"""What a sender, and what brings files, end with where trying again is no use."""


def labels(name: str) -> dict[str, str]:
    """The labels of a source's pods."""
    return name_labels("source", **{"app.kubernetes.io/instance": name})


def told(source: CheckedSource, pattern: str) -> dict[str, Any]:
    """A source as its sender is told of it. Its files are known only in the pod."""
    return describe(source, (Path(pattern),))


def feed(
    site: OfferedSite,
    source: CheckedSource,
    command: Sequence[str],
    order: Mapping[str, Any],
    *,
    mounts: Iterable[Mount] = (),
    uses: tuple[Use, ...],
) -> Feed:
    """A source whose files `command` sends as `order` says, which is its file `send.json`."""
    found = origin(site, source)
    kept: Mount = (
        {"name": "state", "path": STATE, "volume": f"source-{source.name}", "readOnly": False}
        if source.spec.follow
        else {"name": "state", "path": STATE, "emptyDir": {}}
    )
    common: tuple[Mount, ...] = (
        {"name": "told", "path": TOLD, "configMap": f"source-{source.name}"},
        {"name": "tmp", "path": "/tmp", "emptyDir": {}},
        *found.mounts,
    )
    plain = {"HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"}
    send = Step(IMAGE, tuple(command), {"plain": plain, "secrets": {}}, _share(MEMORY), (*common, kept, *mounts))
    fetch = None
    files = {"send.json": _json(order)}
    if found.order:
        env: Environment = {"plain": {**plain, **found.variables}, "secrets": dict(found.secrets)}
        brings = ("python", "-m", "rosace.local.bring", f"{TOLD}/bring.json", FILES)
        fetch = Step(IMAGE, brings, env, _share(Size.mebibytes(256)), common)
        files["bring.json"] = _json(found.order)
    return Feed(
        name=source.name,
        namespace=site.namespace,
        follows=source.spec.follow,
        files=files,
        send=send,
        fetch=fetch,
        user=USER,
        hopeless=HOPELESS,
        uses=(*uses, *found.uses),
        claim=_claim(site) if source.spec.follow else None,
        labels=labels(source.name),
    )


def _share(memory: Size) -> Any:
    return resources(Resources(), "100m", memory)


def _claim(site: OfferedSite) -> Any:
    found = {"size": str(STAYS)}
    return found | ({"class": site.cluster.storage_class} if site.cluster.storage_class else {})


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2) + "\n"


def workload(site: OfferedSite, engine: str, source: CheckedSource, uses: tuple[Use, ...]) -> Workload:
    """The pods of a source on the network."""
    every = (*uses, *origin(site, source).uses)
    return Workload(f"source-{source.name}", engine, site.namespace, labels(source.name), uses=every)


def secrets(site: OfferedSite, sources: Iterable[CheckedSource]) -> tuple[SecretNeed, ...]:
    """What is brought for stores that are not the platform's own."""
    return tuple(need for source in sources for need in origin(site, source).needs)


def parity(source: CheckedSource, word: str, why: str) -> Parity:
    """A source on this machine and there. `word` says what becomes of its file."""
    if not reachable(source):
        return Parity(f"source {source.name}", word, "", "not representable", "the file is on this machine")
    return Parity(f"source {source.name}", word, f"{word}, from {_from(source)}", "same", why)


def _from(source: CheckedSource) -> str:
    match source.spec.file:
        case PackageFile() as file:
            return f"package {file.package}"
        case UrlFile() as file:
            return file.url
        case StoredFiles() as file:
            return f"s3://{file.s3}"
        case VolumeFiles() as file:
            return f"volume {file.volume}, {file.path}"
        case str():
            return "this machine"
