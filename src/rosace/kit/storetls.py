"""How Thanos' stores and whoever asks them prove who they are, where they are on several clusters.

Comes in: a site. Goes out: the secret with the certificate, and the flags that use it. Both sides show a certificate of
the same authority; on one cluster, where only pods that a policy names get through, there is none.
Source: thanos.io/v0.39/components (query.md, store.md: `--grpc-client-tls-...`, `--grpc-server-tls-...`).
"""

from __future__ import annotations

from typing import NotRequired

from rosace.contract.cluster import ClusterSite
from rosace.contract.needs import SecretNeed
from rosace.contract.values import Values

SECRET, FOLDER = "thanos-tls", "/etc/thanos-tls"
CA, CERTIFICATE, KEY = (f"{FOLDER}/{name}" for name in ("ca.crt", "tls.crt", "tls.key"))

NAME = "stores"
"""The name that the certificate is made out to: the stores of all clusters answer to it."""


class Certificate(Values):
    """Certificate and key, and the authority that others must have theirs from."""

    secret: str
    """The secret that has them."""
    path: str
    """The folder in which programs find them."""


class Certified(Values):
    """What has a certificate where stores are asked from other clusters."""

    tls: NotRequired[Certificate]
    """The stores' certificate."""


def wanted(site: ClusterSite) -> bool:
    """Whether stores are asked from other clusters."""
    return len(site.checked.platform.clusters) > 1


def values(site: ClusterSite) -> Certified:
    """What a section says of it; nothing where there is none."""
    return {"tls": {"secret": SECRET, "path": FOLDER}} if wanted(site) else {}


def secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """The same certificate on every cluster."""
    keys = ("ca.crt", "tls.crt", "tls.key")
    need = SecretNeed(SECRET, site.namespace, keys, f"certificate and key of Thanos' stores, made out to `{NAME}`")
    return (need,) if wanted(site) else ()


def server(site: ClusterSite) -> dict[str, str]:
    """Flags of a store: it answers nobody without a certificate."""
    flags = {"grpc-server-tls-cert": CERTIFICATE, "grpc-server-tls-key": KEY, "grpc-server-tls-client-ca": CA}
    return flags if wanted(site) else {}


def client(site: ClusterSite) -> dict[str, str]:
    """Flags of who asks stores."""
    flags = {
        "grpc-client-tls-secure": "",
        "grpc-client-tls-ca": CA,
        "grpc-client-tls-cert": CERTIFICATE,
        "grpc-client-tls-key": KEY,
        "grpc-client-server-name": NAME,
    }
    return flags if wanted(site) else {}
