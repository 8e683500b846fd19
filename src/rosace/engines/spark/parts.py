"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.cluster import KubernetesRoom
from rosace.contract.jobs import JobDriver
from rosace.contract.machine import LocalRoom
from rosace.contract.parts import Planning, Rules, Sql
from rosace.engines.spark import kubernetes, live, local, planner, rules, sql

LOCAL: LocalRoom = local.LOCAL
KUBERNETES: KubernetesRoom = kubernetes.KUBERNETES
RULES: Rules = rules
PLANNING: Planning = planner
SQL: Sql = sql
DRIVER: JobDriver = live
