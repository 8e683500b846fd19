"""What NetworkPolicies really open, by an evaluator that knows nothing of links; and what links would have opened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from compiled import ROOT, of_section

from rosace.deliver.concerns.network import CONCERN
from rosace.plan.clusters.links import SERVICE, End, Link, Pods, network, served
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import namespaces, residents

sys.path.append(str(ROOT / "tests" / "cluster"))

import netpol

Opening = tuple[str, str, netpol.Port]

SERVER_ON_THE_INTERNET, ELSEWHERE_IN_THE_HOUSE = "93.184.216.34", "10.250.0.1"
STRANGER = {"app.kubernetes.io/name": "stranger"}


DNS = netpol.Pod("dns", "kube-system", {"k8s-app": "kube-dns"})


def enforced(estate: Estate, cluster: str) -> netpol.Network:
    """The policies of a cluster, asked about connections."""
    laid_out = of_section(CONCERN.chart, CONCERN.name, CONCERN.values(estate, cluster))
    policies = [one for one in laid_out if one["kind"] == "NetworkPolicy"]
    spaces = (*namespaces(estate, cluster), "elsewhere", "kube-system")
    return netpol.Network({space: {} for space in spaces}, policies)


def opened(estate: Estate, cluster: str) -> set[Opening]:
    """Every pair that the policies of a cluster let through, where one end is the platform's."""
    spaces = namespaces(estate, cluster)
    peers: list[netpol.Peer] = [netpol.Outside(address) for address in _addresses(estate, cluster)]
    for one in residents(estate, cluster):
        labels = dict(one.workload.labels)
        peers += [netpol.Pod(f"{one.workload.name}-{copy}", one.workload.namespace, labels) for copy in (0, 1)]
    peers += [netpol.Pod("stranger", space, STRANGER) for space in (*spaces, "elsewhere")]
    peers.append(DNS)
    found = enforced(estate, cluster).pairs(peers, _ports(estate))
    return {(a, b, port) for a, b, port in found if {a.partition("/")[0], b.partition("/")[0]} & {*spaces}}


def meant(estate: Estate, cluster: str) -> set[Opening]:
    """Every pair that the links of a platform ask for on a cluster."""
    found: set[Opening] = set()
    for link in network(estate).links:
        for source, target, ports in _sides(estate, cluster, link):
            for a in source:
                for b in target:
                    found |= {(a, b, port if link.protocol == "TCP" else (port, "UDP")) for port in ports if a != b}
    return found


def _sides(estate: Estate, cluster: str, link: Link) -> Iterator[tuple[list[str], list[str], tuple[int, ...]]]:
    """What one cluster sees of a link: of one that leaves it or enters it, the other end is an address."""
    here = [isinstance(end, Pods) and end.cluster == cluster for end in (link.source, link.target)]
    if link.across and here[0]:
        assert isinstance(link.target, Pods)
        yield _names(estate, cluster, link.source), [first(_door(estate, link.target.cluster))], link.entry
    elif link.across and here[1]:
        assert isinstance(link.source, Pods)
        yield [first(estate.clusters[link.source.cluster].pods)], _names(estate, cluster, link.target), link.ports
    elif any(here):
        yield _names(estate, cluster, link.source), _names(estate, cluster, link.target), link.ports


def _names(estate: Estate, cluster: str, end: End) -> list[str]:
    if isinstance(end, Pods):
        return [str(end)] if end.namespace == "kube-system" else [f"{end}-0", f"{end}-1"]
    return [
        address
        for address in _addresses(estate, cluster)
        if ip_address(address) in ip_network(end.cidr)
        and not any(ip_address(address) in ip_network(hole) for hole in end.without)
    ]


def _door(estate: Estate, cluster: str) -> str:
    return estate.clusters[cluster].entrances or estate.clusters[cluster].pods


def first(cidr: str) -> str:
    """An address of a range."""
    block = ip_network(cidr)
    return str(block[min(9, block.num_addresses - 1)])


def _addresses(estate: Estate, cluster: str) -> list[str]:
    """The API server, every other cluster, the Internet, and somebody of whom nobody spoke."""
    mine = estate.clusters[cluster]
    found = [*map(first, (*mine.api, *mine.webhooks, SERVICE)), SERVER_ON_THE_INTERNET, ELSEWHERE_IN_THE_HOUSE]
    for name, one in estate.clusters.items():
        found += [first(one.pods)] if name != cluster else []
        found += [first(one.entrances)] if one.entrances else []
    return sorted(set(found))


def _ports(estate: Estate) -> list[netpol.Port]:
    known: set[int] = {22, 53, 80, 443, 6443}
    for cluster in estate.clusters:
        known |= {port for one in residents(estate, cluster) for port in served(one.workload)}
    known |= {port for link in network(estate).links for port in (*link.ports, *link.entry)}
    datagrams = {(port, "UDP") for link in network(estate).links if link.protocol == "UDP" for port in link.ports}
    return [*sorted(known), *sorted(datagrams - {(53, "UDP")}), (53, "UDP"), (443, "UDP")]
