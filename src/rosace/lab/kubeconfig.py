"""The kubeconfig of the lab: one context for each cluster, keys inside, so that the file can be taken elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rosace.kit import whole
from rosace.lab.layout import Cluster, Lab


def write(lab: Lab, clusters: Sequence[Cluster]) -> None:
    """Writes it, with the first cluster as the current one; mode 0600."""
    import yaml

    config: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": each.name, "cluster": _server(each)} for each in clusters],
        "users": [{"name": each.name, "user": _user(each)} for each in clusters],
        "contexts": [{"name": each.name, "context": {"cluster": each.name, "user": each.name}} for each in clusters],
        "current-context": clusters[0].name,
    }
    whole.write(lab.kubeconfig, yaml.safe_dump(config, sort_keys=False).encode())


def _server(cluster: Cluster) -> dict[str, str]:
    return {"server": cluster.server, "certificate-authority-data": _inside(cluster.pki / "ca.crt")}


def _user(cluster: Cluster) -> dict[str, str]:
    pki = cluster.pki
    return {"client-certificate-data": _inside(pki / "admin.crt"), "client-key-data": _inside(pki / "admin.key")}


def _inside(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()
