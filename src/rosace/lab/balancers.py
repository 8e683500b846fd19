"""Addresses for services of type LoadBalancer: each has one of its own on the lab's bridge.

So this machine and the other clusters reach it by its own port.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any

from rosace.lab.api import Api
from rosace.lab.layout import Cluster
from rosace.lab.network import ip
from rosace.lab.watching import Watched

SERVICES = "/api/v1/services"
LISTS = (SERVICES,)

FIRST, EACH = 32, 24
"""The first number in the lab's network, and how many a cluster has: below are the nodes, and eight clusters fit."""


def pool(cluster: Cluster) -> list[str]:
    """The addresses that a cluster may give."""
    network = ipaddress.ip_network(cluster.network)
    first = FIRST + (cluster.index - 1) * EACH
    return [str(network[number]) for number in range(first, first + EACH)]


def provide(api: Api, cluster: Cluster, seen: Watched) -> None:
    """Gives an address to each service that waits for one, and has the node answer at those given and at no other."""
    wanted = [each for each in seen.objects(SERVICES) if each["spec"].get("type") == "LoadBalancer"]
    addresses = pool(cluster)
    given = {each["metadata"]["uid"]: address for each in wanted if (address := _given(each)) in addresses}
    free = [address for address in addresses if address not in given.values()]
    waiting = [each for each in wanted if each["metadata"]["uid"] not in given]
    for service, address in zip(waiting, free, strict=False):
        given[service["metadata"]["uid"]] = address
    _answer(cluster, {*given.values()})
    for service in waiting:
        if address := given.get(service["metadata"]["uid"]):
            _tell(api, service, address)
        else:
            place = f"{service['metadata']['namespace']}/{service['metadata']['name']}"
            print(f"no address is left for {place}: a cluster has {EACH}", flush=True)


def _given(service: Mapping[str, Any]) -> str:
    told = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return next((str(each.get("ip", "")) for each in told), "")


def _answer(cluster: Cluster, wanted: set[str]) -> None:
    """The node has these addresses, and of the pool no other."""
    (link,) = json.loads(ip("-j", "-4", "address", "show", "dev", "eth0"))
    held = {each["local"] for each in link["addr_info"]} & {*pool(cluster)}
    for address in sorted(wanted - held):
        ip("address", "add", f"{address}/32", "dev", "eth0")
    for address in sorted(held - wanted):
        ip("address", "delete", f"{address}/32", "dev", "eth0")


def _tell(api: Api, service: Mapping[str, Any], address: str) -> None:
    metadata = service["metadata"]
    path = f"/api/v1/namespaces/{metadata['namespace']}/services/{metadata['name']}/status"
    api.merge(path, {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}})
