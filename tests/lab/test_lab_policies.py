"""The rules that the lab's node gets let through what the policies' own meaning lets through, and nothing else.

The meaning is tests/cluster/netpol.py, made without a look at this; the rules are read here as nftables reads them, and
where there is root by nftables itself.
"""

from __future__ import annotations

import os
import re
import subprocess
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from netpol import NAME_LABEL, Network, Outside, Pod, as_pair
from test_netpol_properties import PORTS, SPACES, pods, policies, policy

from rosace.lab import programs
from rosace.lab.policies import table

OUTSIDE = [Outside("10.0.0.1"), Outside("10.1.0.1")]
NAMESPACES = [{"metadata": {"name": name, "labels": {**own, NAME_LABEL: name}}} for name, own in SPACES.items()]


@settings(max_examples=600, deadline=None)
@given(pods, policies)
def test_rules_mean_what_the_policies_mean(insiders: list[Pod], given_policies: list[dict[str, Any]]) -> None:
    placed = [Pod(each.name, each.namespace, each.labels, each.ports, f"10.244.1.{number + 2}")
              for number, each in enumerate(insiders)]  # fmt: skip
    chains = read(table([as_object(each) for each in placed], NAMESPACES, given_policies))
    network = Network(SPACES, given_policies)
    everyone = [*placed, *OUTSIDE]
    wrong = [
        (source.address, target.address, port)
        for source in everyone
        for target in everyone
        if source != target and not (isinstance(source, Outside) and isinstance(target, Outside))
        for port in PORTS
        if passes(chains, source.address, target.address, *as_pair(port))
        != network.allowed(source, target, *as_pair(port))
    ]
    assert wrong == []


def test_a_named_port_of_a_pod_in_a_block() -> None:
    """The name is the target's, whoever is meant by an address."""
    one, two = Pod("one", "x", {}, {}, "10.244.1.2"), Pod("two", "y", {}, {"web": 2}, "10.244.1.3")
    rule = {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": "web"}]}
    egress = policy("x", {"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]})
    chains = read(table([as_object(one), as_object(two)], NAMESPACES, [egress]))
    assert passes(chains, one.address, two.address, 2, "TCP")
    assert not passes(chains, one.address, two.address, 1, "TCP")


@pytest.mark.skipif(os.geteuid() != 0 or not programs.here("nft"), reason="nftables takes root, and nft of the lab")
def test_nftables_takes_the_rules() -> None:
    everybody = {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "192.168.0.0/16"]}
    ports = [{"port": 80, "endPort": 90}, {"port": "web"}, {"protocol": "UDP"}]
    rule = {"to": [{"ipBlock": everybody}, {"podSelector": {}}], "ports": ports}
    spec = {"podSelector": {}, "egress": [rule, {}], "ingress": [{"from": [{"namespaceSelector": {}}]}]}
    pod = Pod("one", "x", {}, {"web": 8080}, "10.244.1.2")
    for text in (table([], NAMESPACES, []), table([as_object(pod)], NAMESPACES, [policy("x", spec)])):
        argv = ["unshare", "--net", str(programs.here("nft")), "-f", "-"]
        done = subprocess.run(argv, input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), text


def as_object(pod: Pod) -> dict[str, Any]:
    named = {name: as_pair(port) for name, port in pod.ports.items()}
    ports = [{"name": name, "containerPort": port, "protocol": of} for name, (port, of) in named.items()]
    metadata = {"name": pod.name, "namespace": pod.namespace, "labels": dict(pod.labels)}
    status = {"podIP": pod.address, "phase": "Running"}
    return {"metadata": metadata, "spec": {"containers": [{"ports": ports}]}, "status": status}


def read(text: str) -> dict[str, list[str]]:
    """The chains of a table by name."""
    found = re.findall(r"chain (\w+) \{\n(.*?)\n  \}", text, re.DOTALL)
    return {name: [line.strip() for line in body.split("\n")] for name, body in found}


def passes(chains: dict[str, list[str]], source: str, target: str, port: int, protocol: str) -> bool:
    """Whether a first packet goes on from the chain `forward`."""
    packet = {"saddr": source, "daddr": target, "port": port, "protocol": protocol.lower()}
    return run(chains, "forward", packet) != "drop"


def run(chains: dict[str, list[str]], chain: str, packet: dict[str, Any]) -> str:
    for line in chains[chain]:
        *conditions, verdict = re.split(r" (?=jump \w+$|return$|accept$|drop$)", line)
        if line.startswith(("type ", "ct state")) or not matches(" ".join(conditions), packet):
            continue
        if verdict.startswith("jump "):
            if (ended := run(chains, verdict.removeprefix("jump "), packet)) in ("drop", "accept"):
                return ended
        elif verdict != line or not conditions:
            return verdict
    return ""


CONDITION = re.compile(
    r"ip saddr \. ip daddr \{ (?P<pair>[^}]*) \}"
    r"|ip (?P<side>[sd]addr) (?P<no>!= )?(?:\{ (?P<set>[^}]*) \}|(?P<one>\S+))"
    r"|meta l4proto (?P<protocol>\w+)|(?P<of>tcp|udp) dport (?P<first>\d+)(?:-(?P<last>\d+))?|(?P<counted>counter)"
)


def matches(text: str, packet: dict[str, Any]) -> bool:
    """Whether all conditions of a line hold; what is not known here fails the test."""
    assert CONDITION.sub("", text).strip() == "", text
    return all(holds(found, packet) for found in CONDITION.finditer(text))


def holds(found: re.Match[str], packet: dict[str, Any]) -> bool:
    if found["pair"] is not None:
        return f"{packet['saddr']} . {packet['daddr']}" in found["pair"].split(", ")
    if found["side"]:
        blocks = (found["set"] or found["one"]).split(", ")
        inside = any(ip_address(packet[found["side"]]) in ip_network(block) for block in blocks)
        return inside != bool(found["no"])
    if found["protocol"]:
        return bool(packet["protocol"] == found["protocol"])
    if found["counted"]:
        return True
    last = found["last"] or found["first"]
    return packet["protocol"] == found["of"] and int(found["first"]) <= packet["port"] <= int(last)
