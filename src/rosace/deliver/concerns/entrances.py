"""Doors for other clusters: what they use here gets an internal load balancer and a name in the public zone.

The names are those that rooms told clients of other clusters; external-dns writes them into the zone. A room whose
operator makes such doors itself says so (`Workload.doors`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from rosace.contract.values import Section, Values
from rosace.kit.balancers import INTERNAL
from rosace.model.capabilities import Capability
from rosace.plan.clusters.endpoints import Entry, entries
from rosace.plan.clusters.links import Pods, network, pods
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import Resident, residents


class Port(Values):
    """A port of a door."""

    port: int
    """Where other clusters knock."""
    targetPort: int
    """The pods' own."""


_For = TypedDict("_For", {"for": Annotated[list[str], Field(description="The clusters that come through it.")]})


class Door(Values, _For):
    """An internal load balancer."""

    host: str
    """Its name in the public zone."""
    pods: dict[str, str]
    """The labels of the pods behind it."""
    ports: dict[str, Port]
    """By name."""


class EntrancesValues(Section):
    """Doors for other clusters."""

    annotations: dict[str, str]
    """What makes a load balancer internal, with the cluster's provider."""
    services: dict[str, dict[str, Door]]
    """Namespace to its doors by the name of their service."""


class Entrances:
    """See `rosace.deliver.concerns.Concern`."""

    name = "entrances"
    chart = "governance"
    shape = EntrancesValues

    def values(self, estate: Estate, cluster: str) -> EntrancesValues:
        """The doors of a cluster through which others really come, by namespace."""
        found: dict[str, dict[str, Door]] = {}
        for entry, one, users in _used(estate, cluster):
            ports = {port for served in one.workload.serves.values() for port in served}
            service = found.setdefault(entry.namespace, {}).setdefault(
                f"{entry.service}-entrance",
                {
                    "host": entry.host,
                    "for": [],
                    "pods": {**one.workload.labels, **one.workload.entrance},
                    "ports": {},
                },
            )
            target = entry.port if entry.port in ports else one.workload.serves[entry.capability][0]
            service["ports"][f"tcp-{entry.port}"] = {"port": entry.port, "targetPort": target}
            service["for"] = sorted({*service["for"], *users})
        return {
            "enabled": bool(found),
            "namespace": "",
            "labels": {},
            "annotations": dict(INTERNAL.get(estate.clusters[cluster].provider, {})),
            "services": found,
        }


def _used(estate: Estate, cluster: str) -> Iterator[tuple[Entry, Resident, set[str]]]:
    """The entries of a cluster that others use, with the pods behind them and the clusters that come."""
    coming: dict[tuple[Pods, type[Capability] | None], set[str]] = {}
    for link in network(estate).links:
        if link.across and isinstance(link.source, Pods) and isinstance(link.target, Pods):
            coming.setdefault((link.target, link.capability), set()).add(link.source.cluster)
    here = residents(estate, cluster) if coming else ()
    for entry in entries(estate) if coming else ():
        for one in here:
            users = coming.get((pods(one), entry.capability))
            place = (cluster, one.part.engine.name, one.workload.namespace)
            if entry.capability in one.workload.doors:
                continue
            if users and (entry.cluster, entry.engine, entry.namespace) == place:
                yield entry, one, users
                break


CONCERN = Entrances()
