"""The listener through which other clusters reach Kafka: a load balancer for all brokers, and one for each.

Source: strimzi.io/docs/operators/1.0.1, "Exposing Kafka through load balancers".
"""

from __future__ import annotations

import dataclasses

from rosace.contract.cluster import ClusterSite, OfferedSite, PlacedSite
from rosace.engines.kafka.settings import OUTSIDE
from rosace.engines.kafka.values import Doors
from rosace.kit.balancers import INTERNAL, called
from rosace.model.capabilities import Address

NAME, BOOTSTRAP = "outside", "kafka-bootstrap"


def bootstrap(site: PlacedSite) -> Address:
    """The address that clients of other clusters begin with."""
    return dataclasses.replace(site, outside=True).address(BOOTSTRAP, OUTSIDE)


def visitors(site: OfferedSite) -> tuple[str, ...]:
    """The clusters that come to this one's Kafka: their jobs and queries, or their copies of its topics."""
    return site.checked.placement.visits.get(site.cluster_name, ())


def values(site: ClusterSite) -> Doors:
    """The listener's part of the chart's values; empty where nobody comes."""
    coming = visitors(site)
    if not coming:
        return {}
    internal = dict(INTERNAL.get(site.cluster.provider, {}))
    # Strimzi fills the number of each broker in.
    host, broker = _called(site, BOOTSTRAP), _called(site, "kafka-broker-{nodeId}")
    return {
        "outside": {
            "name": NAME,
            "port": OUTSIDE,
            "host": host,
            "brokerHost": broker,
            "annotations": {**internal, **called(host)},
            "brokerAnnotations": {**internal, **called(broker)},
            "addresses": sorted({site.checked.platform.clusters[cluster].pods for cluster in coming}),
        }
    }


def _called(site: ClusterSite, name: str) -> str:
    """A name in the public zone."""
    return dataclasses.replace(site, outside=True).service(name)
