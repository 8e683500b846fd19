"""A scan in the operator's words. Pure.

Source: ranchermanager.docs.rancher.com v2.14, "Compliance Scans", "Configuration Reference".
"""

from __future__ import annotations

from rosace.engines.compliance.spec import ComplianceSpec
from rosace.engines.compliance.values import Scan
from rosace.model.cluster_words import Policies

AGGREGATOR = 8080
"""Where the pods on nodes hand in what they found."""

SCHEDULES = {"daily": "0 3 * * *", "weekly": "0 3 * * 0"}
"""At night, when fewest jobs run; UTC."""


def scan(words: Policies, spec: ComplianceSpec) -> Scan:
    """When a cluster is scanned, against what, and how many reports are kept."""
    found: Scan = {"schedule": SCHEDULES[words.scan], "keep": spec.keep}
    if spec.profile:
        found["profile"] = spec.profile
    return found
