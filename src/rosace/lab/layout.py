"""Where the lab and each of its clusters keep what they keep: one folder below the state of this user."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rosace.kit import whole
from rosace.lab import settings
from rosace.local.home import state_root


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster: its number from 1 on, the lab's network, its folder."""

    index: int
    network: str
    home: Path

    @property
    def name(self) -> str:
        """The cluster's name, also that of its node and its context."""
        return f"lab-{self.index}"

    @property
    def address(self) -> str:
        """The node's address on the lab's bridge."""
        return str(ipaddress.ip_network(self.network)[10 + self.index])

    @property
    def server(self) -> str:
        """Where the API server answers."""
        return f"https://{self.address}:{settings.API_PORT}"

    @property
    def cable(self) -> str:
        """The end of the cluster's cable that is on this machine."""
        return f"{settings.BRIDGE}{self.index}"

    @property
    def cgroup(self) -> str:
        """The cgroup of everything that runs in the cluster's pods."""
        return f"rosace-{self.name}"

    @property
    def pki(self) -> Path:
        """Keys and certificates; mode 0700."""
        return self.home / "pki"

    @property
    def logs(self) -> Path:
        """The folder of logs, one for each process."""
        return self.home / "logs"

    @property
    def nft(self) -> Path:
        """The program that writes rules, by its name in the cluster's folder."""
        return self.home / "nft"

    @property
    def plan(self) -> Path:
        """What the machine of the cluster has to start, as JSON."""
        return self.home / "machine.json"

    @property
    def state(self) -> Path:
        """What the machine says of its processes."""
        return self.home / "state.json"


@dataclass(frozen=True, slots=True)
class Lab:
    """The folder of this user's lab."""

    home: Path

    @classmethod
    def mine(cls) -> Lab:
        """The lab of this user on this machine: there is one."""
        return cls(state_root() / "lab")

    @property
    def record(self) -> Path:
        """How many clusters there are, and on which network."""
        return self.home / "lab.json"

    @property
    def images(self) -> Path:
        """Images that each cluster takes in when it starts."""
        return self.home / "images"

    @property
    def kubeconfig(self) -> Path:
        """The contexts of all clusters; mode 0600."""
        return self.home / "kubeconfig"

    @property
    def kubectl(self) -> Path:
        """The `kubectl` of the clusters' version, by its name in the lab's folder."""
        return self.home / "bin" / "kubectl"

    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters that the last `up` asked for; none where there is no lab."""
        try:
            told = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return self.planned(int(told["clusters"]), str(told["network"]))

    def planned(self, number: int, network: str) -> tuple[Cluster, ...]:
        """So many clusters on a network."""
        return tuple(Cluster(index, network, self.home / f"lab-{index}") for index in range(1, number + 1))

    def keep(self, clusters: Sequence[Cluster]) -> None:
        """Writes down which clusters there are."""
        told = {"clusters": len(clusters), "network": clusters[0].network}
        whole.write(self.record, json.dumps(told).encode())
