"""The lab's bridge on this machine, and the cable of each cluster; by the program `ip` (iproute2)."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import time

from rosace.lab import settings
from rosace.lab.layout import Cluster
from rosace.source.diagnostic import refuse


def ip(*words: str) -> str:
    """Runs `ip`; raises OSError with what it said."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"`ip {' '.join(words)}` said: {done.stderr.strip()}")
    return done.stdout


def free() -> str:
    """A network that this machine has no route to, and so no other use for; refused where all are taken."""
    known = [
        ipaddress.ip_network(each["dst"]) for each in json.loads(ip("-j", "-4", "route")) if each["dst"][0].isdigit()
    ]
    for network in settings.NETWORKS:
        if not any(ipaddress.ip_network(network).overlaps(each) for each in known if each.prefixlen):
            return network
    message = f"all networks that the lab could take are in use on this machine: {', '.join(settings.NETWORKS)}"
    raise refuse("lab-network", message, hints=("`ip route` shows by whom",))


def exists(link: str) -> bool:
    """Whether there is a link of that name."""
    return any(each["ifname"] == link for each in json.loads(ip("-j", "link")))


def bridge(network: str) -> None:
    """The bridge with its address; one that a lab of another folder left behind gets it too."""
    gateway = ipaddress.ip_network(network)
    if not exists(settings.BRIDGE):
        ip("link", "add", settings.BRIDGE, "type", "bridge")
    ip("address", "replace", f"{gateway[1]}/{gateway.prefixlen}", "dev", settings.BRIDGE)
    ip("link", "set", settings.BRIDGE, "up")


def connect(cluster: Cluster, pid: int) -> None:
    """Lays the cable from the bridge to the network namespace of a process, where its end is called eth0."""
    if exists(cluster.cable):  # of a machine that ended a moment ago: the kernel takes it away after the process
        _gone(cluster.cable)
    ip("link", "add", cluster.cable, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
    ip("link", "set", cluster.cable, "master", settings.BRIDGE, "up")


def remove(clusters: tuple[Cluster, ...]) -> None:
    """Takes the cables and the bridge away."""
    for link in (*(each.cable for each in clusters), settings.BRIDGE):
        if exists(link):
            _gone(link)


def _gone(link: str, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while exists(link):
        try:
            ip("link", "delete", link)
        except OSError:
            if time.monotonic() > deadline and exists(link):
                raise
            time.sleep(0.05)
