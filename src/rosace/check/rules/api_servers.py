"""Pods that ask the API server, and webhooks that it asks, have to be let through: by addresses that somebody says."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label

CLOUDS = ("aws", "azure", "gcp")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """A cloud's API servers are not on nodes, and nobody can guess where."""
    for name, cluster in draft.platform.clusters.items():
        if cluster.provider in CLOUDS and not cluster.api and cluster.cni != "cilium":
            message = f"cluster `{name}` does not say where its API servers are, without which no operator works there"
            hints = (
                "`kubectl get endpoints,svc kubernetes` shows them: `api: [10.0.12.5/32, 10.0.31.9/32, 172.20.0.1/32]`",
                "where they call webhooks from other addresses, say those as `webhooks`; with Cilium say `cni: cilium`",
            )
            place = draft.value("clusters", name, "provider")
            yield Diagnostic(
                "no-api-server", message, labels=(Label(place, "its servers are not on nodes"),), hints=hints
            )
