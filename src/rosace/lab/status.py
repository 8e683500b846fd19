"""What is true of the lab now: its machines, their processes, their API servers, nodes and pods, each asked itself."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psutil

from rosace.lab import running
from rosace.lab.api import Api, Refusal
from rosace.lab.health import lacking
from rosace.lab.layout import Cluster, Lab

State = Literal["ready", "starting", "stopped"]


@dataclass(frozen=True, slots=True)
class LabProcess:
    """A process of a cluster. `up` is seconds since its start, null where it does not run."""

    name: str
    state: str
    up: float | None
    restarts: int
    detail: str


@dataclass(frozen=True, slots=True)
class LabCluster:
    """A cluster: `stopped` where its machine does not run, `starting` until the API server, its node and CoreDNS are
    ready. `pods` counts pods by their phase, `memory` is the resident memory of all its processes in bytes."""

    name: str
    state: State
    server: str
    detail: str
    memory: int
    pods: Mapping[str, int]
    processes: tuple[LabProcess, ...]


@dataclass(frozen=True, slots=True)
class LabStatus:
    """The whole lab. `kubeconfig` is empty where there is no lab."""

    kubeconfig: str
    logs: str
    clusters: tuple[LabCluster, ...]

    @property
    def well(self) -> bool:
        """Whether all is ready."""
        return bool(self.clusters) and all(each.state == "ready" for each in self.clusters)


def status() -> LabStatus:
    """Asks everybody."""
    lab = Lab.mine()
    clusters = lab.clusters()
    return LabStatus(
        str(lab.kubeconfig) if clusters else "",
        str(lab.home) if clusters else "",
        tuple(_cluster(each) for each in clusters),
    )


def _cluster(cluster: Cluster) -> LabCluster:
    first = running.machine(cluster)
    if first is None:
        return LabCluster(cluster.name, "stopped", cluster.server, "its machine does not run", 0, {}, ())
    memory = sum(map(_resident, [first, *first.children(recursive=True)]))
    state, detail, pods = _asked(cluster)
    return LabCluster(cluster.name, state, cluster.server, detail, memory, pods, _processes(cluster))


def _asked(cluster: Cluster) -> tuple[State, str, Mapping[str, int]]:
    try:
        api = Api(cluster)
        pods = Counter(str(each["status"].get("phase")) for each in api.get("/api/v1/pods")["items"])
        lacks = lacking(api, cluster)
        return "starting" if lacks else "ready", f"waiting for {lacks}" if lacks else "", dict(pods)
    except OSError as error:
        return "starting", f"its API server does not answer: {error}", {}
    except Refusal:
        return "starting", "its node or CoreDNS is not there yet", {}


def _processes(cluster: Cluster) -> tuple[LabProcess, ...]:
    try:
        rows: list[dict[str, Any]] = json.loads(cluster.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    now = time.time()
    return tuple(
        LabProcess(
            each["name"],
            each["state"],
            round(now - each["since"], 1) if each["state"] == "running" else None,
            each["restarts"],
            each["detail"],
        )
        for each in rows
    )


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0
