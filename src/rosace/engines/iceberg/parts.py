"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.contract.machine import LocalRoom
from rosace.contract.parts import Connect
from rosace.engines.iceberg import connect, kubernetes, local

LOCAL: LocalRoom = local.LOCAL
KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
CONNECT: Connect = connect
