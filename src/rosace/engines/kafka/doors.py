"""The listener through which other clusters reach Kafka: a load balancer for all brokers, and one for each.

Source: strimzi.io/docs/operators/1.0.1, "Exposing Kafka through load balancers".
"""

from __future__ import annotations

import dataclasses

from rosace.contract.cluster import ClusterSite, OfferedSite, PlacedSite
from rosace.engines.kafka.settings import OUTSIDE
from rosace.engines.kafka.spec import KafkaSpec
from rosace.engines.kafka.values import Doors
from rosace.kit.balancers import INTERNAL, called, used_from
from rosace.model.capabilities import Address

NAME, BOOTSTRAP = "outside", "kafka-bootstrap"
NUMBER = "{nodeId}"
"""For which Strimzi puts the number of a broker."""


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
    internal = {**INTERNAL.get(site.cluster.provider, {}), **used_from(coming)}
    host, broker = _called(site, BOOTSTRAP), _called(site, f"kafka-broker-{NUMBER}")
    return {
        "outside": {
            "name": NAME,
            "port": OUTSIDE,
            "host": host,
            "brokerHost": broker,
            "annotations": {**internal, **called(host)},
            # One by one: Strimzi fills numbers into annotations from 1.1.0 on, and 1.0.1 is the last with Kafka 4.1.
            "brokers": [
                {"broker": number, "annotations": {**internal, **called(broker.replace(NUMBER, str(number)))}}
                for number in range(site.words(KafkaSpec).replicas)
            ],
            "addresses": sorted({site.checked.platform.clusters[cluster].pods for cluster in coming}),
        }
    }


def _called(site: ClusterSite, name: str) -> str:
    """A name in the public zone."""
    return dataclasses.replace(site, outside=True).service(name)
