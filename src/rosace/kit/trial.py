"""Helm's test of an engine: a pod that asks the real service whether it works (`helm test`).

Comes in: the engine's image and who it runs as. Goes out: what a chart is told of the pod, and the pod as a peer on the
network, so that policies open what it asks and nothing else. Must not: know an engine.
"""

from __future__ import annotations

from rosace.contract.cluster import resources
from rosace.contract.values import Trial
from rosace.contract.workload import Use, Workload
from rosace.kit.manifest import name_labels, pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

DEADLINE = 120
"""Seconds after which the pod is stopped: less than Helm itself waits (`helm test --timeout`, five minutes)."""

CLIENT = Size.parse("64Mi")
"""What a client that is one small program needs."""

JVM = Size.parse("512Mi")
"""What a client needs that runs in a JVM: a quarter of it becomes its heap."""


def trial(engine: str, image: str, user: int, memory: Size = CLIENT) -> Trial:
    """What a chart is told of the pod: with the engine's own client, as an ordinary user."""
    return {
        "image": image,
        "labels": labels(engine),
        "deadlineSeconds": DEADLINE,
        "resources": resources(Resources(), "50m", memory),
        "securityContext": pod_security(user),
    }


def labels(engine: str) -> dict[str, str]:
    """The pod's own: with those of the engine's pods it would stand behind the engine's service."""
    return name_labels(f"{engine}-test")


def peer(engine: str, namespace: str, uses: tuple[Use, ...]) -> Workload:
    """The pod on the network."""
    return Workload(f"{engine}-test", engine, namespace, labels(engine), uses=uses)
