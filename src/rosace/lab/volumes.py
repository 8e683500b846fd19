"""Volumes of a cluster: a folder of the node for each claim, which goes with the claim."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from typing import Any

from rosace.lab.api import Api
from rosace.lab.layout import Cluster
from rosace.lab.watching import Watched

CLAIMS, VOLUMES = "/api/v1/persistentvolumeclaims", "/api/v1/persistentvolumes"
LISTS = (CLAIMS, VOLUMES)
CLASS = "standard"
PROVISIONER = "rosace.io/folder"
PROVISIONED = "pv.kubernetes.io/provisioned-by"


def storage_class() -> dict[str, Any]:
    """The class that a claim has where it names none."""
    default = {"storageclass.kubernetes.io/is-default-class": "true"}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": CLASS, "annotations": default},
        "provisioner": PROVISIONER,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "Immediate",
    }


def provide(api: Api, cluster: Cluster, seen: Watched) -> None:
    """Makes a volume for each claim that waits for one, and takes away those whose claim is gone."""
    for claim in seen.objects(CLAIMS):
        spec, phase = claim["spec"], (claim.get("status") or {}).get("phase")
        if spec.get("storageClassName") == CLASS and not spec.get("volumeName") and phase == "Pending":
            _make(api, cluster, claim)
    for volume in seen.objects(VOLUMES):
        if _is_ours(volume) and (volume.get("status") or {}).get("phase") == "Released":
            _remove(api, cluster, volume)


def _make(api: Api, cluster: Cluster, claim: Mapping[str, Any]) -> None:
    metadata, spec = claim["metadata"], claim["spec"]
    name = f"pvc-{metadata['uid']}"
    folder = cluster.home / "volumes" / name
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)  # a pod writes as whom it likes; the folder above is root's alone
    owner = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    reference = {**owner, **{key: metadata[key] for key in ("name", "namespace", "uid")}}
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {PROVISIONED: PROVISIONER}},
        "spec": {
            "storageClassName": CLASS,
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "accessModes": spec["accessModes"],
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": reference,
            "hostPath": {"path": str(folder), "type": "Directory"},
        },
    }
    api.apply(VOLUMES, volume)


def _remove(api: Api, cluster: Cluster, volume: Mapping[str, Any]) -> None:
    name = volume["metadata"]["name"]
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(cluster.home / "volumes" / name)
    api.delete(f"{VOLUMES}/{name}")


def _is_ours(volume: Mapping[str, Any]) -> bool:
    return (volume["metadata"].get("annotations") or {}).get(PROVISIONED) == PROVISIONER
