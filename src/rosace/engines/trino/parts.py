"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.contract.machine import LocalRoom
from rosace.contract.parts import Answers, Connect, Planning, Questions, Rules
from rosace.engines.trino import connect, kubernetes, live, local, planner, rules, sql

LOCAL: LocalRoom = local.LOCAL
KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
RULES: Rules = rules
PLANNING: Planning = planner
SQL: Questions = sql
ANSWERS: Answers = live
CONNECT: Connect = connect
