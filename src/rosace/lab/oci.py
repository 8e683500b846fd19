"""Images, as archives of an OCI layout (image-spec 1.1, "image-layout"), made without any other program.

Comes in: files with their places in the image, and how it is started. Goes out: a tar file that containerd takes in,
the same bytes for the same content.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rosace.kit import whole

_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Linux and what Go, whose names OCI takes, call a processor."""


def image(
    target: Path, name: str, files: Mapping[str, Path], entrypoint: Sequence[str], user: str = "65534:65534"
) -> None:
    """Writes an image of one layer into `target`: `files` by their places, run as `user` unless a pod says another."""
    layer = _layer(files)
    config = _json(
        {
            "architecture": _MACHINES.get(platform.machine(), platform.machine()),
            "os": "linux",
            "config": {"Entrypoint": list(entrypoint), "Env": ["PATH=/"], "User": user, "WorkingDir": "/"},
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _descriptor(_CONFIG, config),
            "layers": [_descriptor(_LAYER, layer)],
        }
    )
    named = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name.rpartition(":")[2]}
    index = {
        "schemaVersion": 2,
        "mediaType": _INDEX,
        "manifests": [{**_descriptor(_MANIFEST, manifest), "annotations": named}],
    }
    parts = {"oci-layout": _json({"imageLayoutVersion": "1.0.0"}), "index.json": _json(index)}
    parts |= {f"blobs/sha256/{_digest(blob)[7:]}": blob for blob in (config, manifest, layer)}
    with whole.beside(target) as fresh, tarfile.open(fresh, "w", format=tarfile.GNU_FORMAT) as archive:
        for place, content in parts.items():
            _add(archive, place, content)


def _layer(files: Mapping[str, Path]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for place, file in sorted(files.items()):
            mode = 0o755 if file.stat().st_mode & 0o100 else 0o644
            _add(archive, place.lstrip("/"), file.read_bytes(), mode)
    return made.getvalue()


def _add(archive: tarfile.TarFile, place: str, content: bytes, mode: int = 0o644) -> None:
    """A file without a time and an owner, which are not the image's."""
    entry = tarfile.TarInfo(place)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _descriptor(kind: str, blob: bytes) -> dict[str, Any]:
    return {"mediaType": kind, "digest": _digest(blob), "size": len(blob)}


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
