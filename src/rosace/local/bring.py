"""Brings the files of a source into a pod, each checked or complete. A process of its own.

    python -m rosace.local.bring <order.json> <folder> [again]

Comes in: what `rosace.kit.origins` ordered: a file of a package, a file behind an address, or objects of an S3 store,
whose keys are in ACCESS_KEY and SECRET_KEY. Goes out: the files in the folder, each whole or not there. With `again`,
the store is looked at again and again: what is new in it comes too.

Exit codes: 0 everything is there; 1 it could not be had now, and may be later; 3 no use to try again.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from rosace.contract.artifacts import Artifact, ArtifactError

NO_USE = 3
_FOR_GOOD = frozenset({"artifact-not-found", "artifact-corrupt", "artifact-denied", "artifact-list-invalid"})


class Unfit(Exception):
    """What was ordered is not there, or is something else."""


def bring(order: Mapping[str, Any], folder: Path) -> None:
    """Brings all that is there now. Raises ArtifactError, Unfit or OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    match order["kind"]:
        case "package":
            _package(order, folder)
        case "url":
            _address(order, folder)
        case "s3":
            _objects(order, folder)
        case other:
            raise Unfit(f"nobody knows how to bring `{other}`")


def _package(order: Mapping[str, Any], folder: Path) -> None:
    from rosace.local.artifacts.cache import Cache
    from rosace.local.artifacts.fetch import fetch

    artifact = TypeAdapter(Artifact).validate_python(order["artifact"])
    cache = Cache(folder / ".cache")
    fetch([artifact], cache, on_event=lambda _: None)
    file = cache.path(artifact) / order["path"]
    if not file.is_file():
        raise Unfit(f"{artifact.coordinate} holds no file {order['path']}")
    _linked(file, folder / file.name)


def _linked(file: Path, name: Path) -> None:
    """A second name of the same file; whole or not there."""
    part = name.with_name(f".{name.name}.part")
    part.unlink(missing_ok=True)
    part.hardlink_to(file)
    part.replace(name)


def _address(order: Mapping[str, Any], folder: Path) -> None:
    from rosace.local.artifacts.download import Expected, PartFile, Stop, receive
    from rosace.local.artifacts.transport import (
        PATIENCE,
        Access,
        Candidate,
        Sessions,
        Trouble,
        patiently,
        trusted_bundle,
    )

    name = folder / str(order["name"])
    if name.exists():
        return
    stop, access = Stop(threading.Event()), Access(verify=trusted_bundle() or True)
    expected = Expected(str(order["sha256"]), None)
    with PartFile(folder / f".{name.name}.part") as part:
        try:
            patiently(
                lambda: receive(
                    Sessions().of(access), Candidate(order["url"], access), part, expected, lambda _: None, stop
                ),
                PATIENCE,
                stop.pause,
                lambda: part.size,
            )
        except Trouble as trouble:
            if trouble.kind in ("not-found", "denied", "corrupt"):
                raise Unfit(f"{order['url']}: {trouble.reason}") from None
            raise OSError(f"{order['url']}: {trouble.reason}") from None
    part.path.replace(name)


def _objects(order: Mapping[str, Any], folder: Path) -> None:
    """Objects that are as large as before are taken for the same: they are never written again."""
    from minio import Minio
    from minio.error import MinioException

    parts = urlsplit(order["endpoint"])
    store = Minio(
        parts.netloc,
        access_key=os.environ.get("ACCESS_KEY"),
        secret_key=os.environ.get("SECRET_KEY"),
        secure=parts.scheme == "https",
        region=order["region"],
    )
    bucket, _, wanted = str(order["objects"]).partition("/")
    found = 0
    try:
        for key, size in _matching(store, bucket, wanted):
            found += 1
            there = folder / bucket / key
            if not there.is_file() or there.stat().st_size != size:
                there.parent.mkdir(parents=True, exist_ok=True)
                part = there.with_name(f".{there.name}.part")
                store.fget_object(bucket, key, str(part))
                part.replace(there)
    except MinioException as error:
        raise OSError(f"{order['endpoint']}, {order['objects']}: {error}") from None
    if not found:
        raise OSError(f"{order['endpoint']}: there is no object {order['objects']} yet")


def _matching(store: Any, bucket: str, wanted: str) -> Iterator[tuple[str, int]]:
    """Keys and sizes of the objects that are meant: of one level, since a star stands for no `/`."""
    first = min((at for at in (wanted.find(sign) for sign in "*?[") if at >= 0), default=len(wanted))
    depth = wanted.count("/")
    for one in store.list_objects(bucket, prefix=wanted[:first], recursive=True):
        key = str(one.object_name)
        if key.endswith("/") or key.count("/") != depth:
            continue
        if wanted.endswith("/") or fnmatchcase(key, wanted):
            yield key, int(one.size)


def main(arguments: list[str]) -> int:
    """Carries one order out; returns the exit code (see the module's text)."""
    told, folder, *again = arguments
    order = json.loads(Path(told).read_text("utf-8"))
    while True:
        try:
            bring(order, Path(folder))
        except ArtifactError as error:
            print(error, file=sys.stderr, flush=True)
            if not again:
                return NO_USE if error.code in _FOR_GOOD else 1
        except Unfit as error:
            print(error, file=sys.stderr, flush=True)
            return NO_USE
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
            if not again:
                return 1
        if not again or not order.get("again"):
            return 0
        time.sleep(order["again"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
