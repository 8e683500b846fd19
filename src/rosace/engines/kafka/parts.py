"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.contract.machine import LocalRoom
from rosace.contract.parts import Connect, Records, Rules, Topics, Upgrade
from rosace.engines.kafka import connect, kubernetes, live, local, rules, topics, upgrade

LOCAL: LocalRoom = local.LOCAL
KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
RULES: Rules = rules
UPGRADE: Upgrade = upgrade
RECORDS: Records = live
TOPICS: Topics = topics
CONNECT: Connect = connect
