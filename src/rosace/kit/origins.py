"""Where pods find the files of a source: what fetches them, where they lie then, what that takes.

Comes in: a checked source. Goes out: an `Origin`, whose `order` `rosace.local.bring` carries out in a container. Must
not: know who sends the rows, or read a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from rosace.contract.cluster import OfferedSite
from rosace.contract.needs import SecretNeed
from rosace.contract.values import FromSecret, Mount
from rosace.contract.workload import INTERNET, Needs, Use
from rosace.kit import buckets
from rosace.kit.egress import reach
from rosace.kit.packages import artifact_of
from rosace.model.capabilities import S3Endpoint
from rosace.model.checked import CheckedSource
from rosace.model.sources import PackageFile, StoredFiles, UrlFile, VolumeFiles

TOLD = "/opt/rosace/source"
"""Where a pod finds what it is told."""

FILES = "/opt/rosace/files"
"""Where the files of the source are."""

LOOK_AGAIN = 30
"""Seconds between looks at a store whose objects are followed."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How the files come to a pod: `pattern` is what they are called there.

    `order` is for `rosace.local.bring`; None where nothing is to be fetched. `variables` and `secrets` are of the
    container that does it, `mounts` of all.
    """

    pattern: str
    order: Mapping[str, Any] | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, FromSecret] = field(default_factory=dict[str, FromSecret])
    needs: tuple[SecretNeed, ...] = ()
    mounts: tuple[Mount, ...] = ({"name": "files", "path": FILES, "emptyDir": {}},)
    uses: tuple[Use, ...] = ()


def reachable(source: CheckedSource) -> bool:
    """Whether clusters reach the files of a source: those of this machine they do not."""
    return not isinstance(source.spec.file, str)


def origin(site: OfferedSite, source: CheckedSource) -> Origin:
    """The way of a source that clusters reach."""
    file = source.spec.file
    match file:
        case PackageFile():
            index = site.checked.platform.delivery.pypi
            order = {"kind": "package", "artifact": asdict(artifact_of(source.name, file)), "path": file.path}
            variables = {"PIP_INDEX_URL": index} if index else {}
            uses = (reach(index) if index else INTERNET,)
            return Origin(f"{FILES}/{PurePosixPath(file.path).name}", order, variables, uses=uses)
        case UrlFile():
            name = PurePosixPath(file.named).name
            order = {"kind": "url", "url": file.url, "sha256": file.sha256, "name": name}
            return Origin(f"{FILES}/{name}", order, uses=(reach(file.url),))
        case StoredFiles():
            return _stored(site, source, file)
        case VolumeFiles():
            mount: Mount = {"name": "files", "path": FILES, "volume": file.volume, "readOnly": True}
            return Origin(f"{FILES}/{file.path}", mounts=(mount,))
        case str():
            raise AssertionError(f"{source.name}: {file} is on this machine")


def _stored(site: OfferedSite, source: CheckedSource, file: StoredFiles) -> Origin:
    own = site.need(S3Endpoint) if file.endpoint is None else None
    endpoint = str(own.of(file.bucket)) if own else str(file.endpoint)
    order = {
        "kind": "s3",
        "endpoint": endpoint,
        "region": own.region if own else file.region,
        "objects": file.s3,
        "again": LOOK_AGAIN if source.spec.follow else 0,
    }
    secret = own.secret if own else file.secret
    keys = {"ACCESS_KEY": buckets.ACCESS_KEY, "SECRET_KEY": buckets.SECRET_KEY} if secret else {}
    purpose = f"S3 user who may read {file.bucket}, for source {source.name}"
    brought = (SecretNeed(str(secret), site.namespace, tuple(keys.values()), purpose),) if secret and not own else ()
    return Origin(
        f"{FILES}/{file.s3}",
        order,
        secrets={name: {"secret": str(secret), "key": key} for name, key in keys.items()},
        needs=brought,
        uses=(Needs(S3Endpoint) if own else reach(endpoint),),
    )
