"""What each file of this room is, for the type checker: it names what one of them lacks. Nobody imports it."""

from __future__ import annotations

from rosace.contract.machine import LocalRoom
from rosace.engines.toy import local

LOCAL: LocalRoom = local.LOCAL
