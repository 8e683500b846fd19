"""Whether a cluster is ready, by what its API server says, of this run of its machine and not of the one before.

The API server keeps what nodes and pods said last: after the machine was killed all of it looks fine until the kubelet
speaks again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rosace.lab import addons, running
from rosace.lab.api import Api
from rosace.lab.layout import Cluster


def lacking(api: Api, cluster: Cluster) -> str:
    """What is not ready yet, in words; empty where all is. Raises OSError and Refusal, as the API server does."""
    if (first := running.machine(cluster)) is None:
        return "its machine"
    begun = first.create_time()
    if not _node_ready(api.get(f"/api/v1/nodes/{cluster.name}"), begun):
        return "its node"
    if any(_runs_since_before(pod, begun) for pod in api.get("/api/v1/pods")["items"]):
        return "pods of before"
    deployment = api.get(f"/apis/apps/v1/namespaces/{addons.NAMESPACE}/deployments/coredns")
    return "" if deployment["status"].get("availableReplicas", 0) > 0 else "CoreDNS"


def _node_ready(node: Any, begun: float) -> bool:
    states = {each["type"]: each for each in node["status"].get("conditions", ())}
    ready = states.get("Ready")
    return bool(ready) and ready["status"] == "True" and _moment(ready["lastHeartbeatTime"]) >= int(begun)


def _runs_since_before(pod: Any, begun: float) -> bool:
    """Whether a pod is said to run since before the machine did: its node has not looked at it yet."""
    states = [each.get("state", {}).get("running") for each in pod["status"].get("containerStatuses") or ()]
    return any(state and _moment(state["startedAt"]) < int(begun) for state in states)


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
