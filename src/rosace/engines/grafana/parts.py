"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.engines.grafana import kubernetes

KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
