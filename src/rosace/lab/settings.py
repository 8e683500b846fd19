"""Names, networks and ports of the lab, which are the same on every machine.

Each cluster has a network namespace of its own, so its ports are its own too: nothing else can hold one.
"""

from __future__ import annotations

API_PORT = 6443
ETCD_PORT, ETCD_PEER_PORT = 2379, 2380
CONTROLLERS_PORT, SCHEDULER_PORT = 10257, 10259
KUBELET_PORT, KUBELET_HEALTH_PORT = 10250, 10248
PROXY_METRICS_PORT, PROXY_HEALTH_PORT = 10249, 10256
"""The defaults of the programs themselves (Kubernetes 1.37, "Ports and Protocols"; etcd 3.6)."""

DNS_READY_PORT, DNS_HEALTH_PORT, DNS_METRICS_PORT = 8181, 8080, 9153
"""The defaults of CoreDNS' plugins ready, health and prometheus."""

METRICS_PORT = 10250
"""The default of metrics-server, in the network of its pod."""

BRIDGE = "rosace-lab"
"""The bridge on this machine to which each cluster has a cable; 15 characters are the most (IFNAMSIZ)."""

NETWORKS = tuple(f"10.{second}.0.0/24" for second in range(213, 223))
"""Of these (RFC 1918) the first that no route of this machine knows is the lab's."""

MOST = 8
"""Clusters at most: each takes half a gigabyte before anything runs in it."""

MEMORY = 1_000 * 2**20
"""Bytes that a cluster takes with CoreDNS and a few pods, measured as resident memory (485 MiB of it control plane)."""

DOMAIN = "cluster.local"
RUN = "/run/containerd/containerd.sock"
"""containerd's socket, inside of the cluster's mounts."""

PAUSE, COREDNS, METRICS = (f"localhost/rosace-lab-{name}:1" for name in ("pause", "coredns", "metrics-server"))
"""Images that the lab makes; the pinned version of the program is its label."""


ALL_PODS = "10.244.0.0/16"
"""The addresses of the pods of all clusters: they keep them towards each other."""


def pods(index: int) -> str:
    """The addresses of a cluster's pods: different for each cluster, so that one can route to another's."""
    return f"10.244.{index}.0/24"


def services(index: int) -> str:
    """The addresses of a cluster's services."""
    return f"10.{95 + index}.0.0/16"


def service(index: int, number: int) -> str:
    """The address of one service: 1 is the API server's own, 10 the cluster's names."""
    return f"10.{95 + index}.0.{number}"
