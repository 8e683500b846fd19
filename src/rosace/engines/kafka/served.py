"""What the pods of Kafka, and of Connect beside it, serve to others of the same engine."""

from __future__ import annotations

from rosace.contract.workload import Own

AGENT = Own("agent")
API = Own("api")
CONTROL = Own("control")
HEALTHCHECK = Own("healthcheck")
REPLICATION = Own("replication")
