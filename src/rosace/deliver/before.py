"""What has to be there before a built tree is applied, and that nothing in it brings: a list for its README.

Comes in: the estate, its releases. Goes out: lines of Markdown. Each follows from values that are in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from rosace.deliver import inventory
from rosace.deliver.releases import Release
from rosace.plan.clusters.topology import Estate


def lines(estate: Estate, releases: tuple[Release, ...]) -> list[str]:
    """The section, with a row for each thing and cluster."""
    rows = [
        f"| {cluster} | {what} | `{command}` |"
        for cluster in estate.clusters
        for what, command in _of(estate, cluster, [one for one in releases if one.cluster == cluster])
    ]
    images = sorted(image for image in map(_reference, inventory.images(estate)) if image.startswith("localhost/"))
    own = [f"- `{image}`: an image of your own, made as its chart says, in a registry of yours" for image in images]
    head = ["## Before", "", "None of this is brought by the tree:", ""]
    return [*head, "| Cluster | What | Is it there? |", "|---|---|---|", *rows, "", *own, *([""] if own else [])]


def _reference(one: Mapping[str, Any]) -> str:
    return str(one.get("image") or one.get("reference") or "")


def _of(estate: Estate, cluster: str, releases: list[Release]) -> Iterator[tuple[str, str]]:
    words, delivery = estate.clusters[cluster], estate.checked.platform.delivery
    yield f"Kubernetes {words.kubernetes}, reached by Argo CD with rights over all of it", "argocd cluster list"
    values = [found for release in releases for found in _mappings(release.values)]
    for name in sorted({str(_class(one)) for one in values if _class(one)}):
        yield f"storage class `{name}`", f"kubectl get storageclass {name}"
    if any(one.values.get("network", {}).get("enabled") for one in releases):
        yield "a network plugin that enforces NetworkPolicy", "kubectl get daemonset -n kube-system"
    if any("min" in (one.get("autoscaling") or one.get("autoscale") or ()) for one in values):
        yield "the metrics API, which autoscalers ask", "kubectl get apiservice v1beta1.metrics.k8s.io"
    if delivery.secrets == "external-secrets":
        store = delivery.secret_store
        yield f"ClusterSecretStore `{store}`, with the secrets below", f"kubectl get clustersecretstore {store}"
    if any(one.values.get("entrances", {}).get("enabled") for one in releases):
        yield "load balancers with addresses inside, for other clusters", "kubectl get services -A"
    for pool, said in sorted(words.pools.items()):
        labels = ",".join(f"{key}={value}" for key, value in sorted(said.nodes.items()))
        yield f"nodes of pool `{pool}`", f"kubectl get nodes -l {labels}"


def _class(one: Mapping[str, Any]) -> object:
    """The storage class that a mapping of values names: a volume has a size, JupyterHub has words of its own."""
    return one.get("class") if "size" in one else one.get("storage_class")


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping within a value."""
    if isinstance(value, Mapping):
        one = cast("Mapping[str, Any]", value)
        yield one
        for inner in one.values():
            yield from _mappings(inner)
    elif isinstance(value, list | tuple):
        for inner in cast("list[Any]", value):
            yield from _mappings(inner)
