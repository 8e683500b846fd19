"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.contract.parts import Rules
from rosace.engines.minio import kubernetes, rules

KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
RULES: Rules = rules
