"""What the chart `policies` is told of the scan of a cluster."""

from __future__ import annotations

from typing import NotRequired

from rosace.contract.values import Section, Values


class Scan(Values):
    """Scans of a cluster against the CIS benchmark."""

    schedule: str
    """When, as cron says it; UTC."""
    keep: int
    """How many reports."""
    profile: NotRequired[str]
    """The operator's profile; that of the cluster's provider where unsaid."""


class ComplianceValues(Section):
    """The compliance operator's scan."""

    scan: Scan
    """When, and against what."""
