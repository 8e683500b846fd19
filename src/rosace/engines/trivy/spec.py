"""The words a user may write under `engines: {trivy: ...}`. How often is said under `policies:`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rosace.model.cluster_words import Memory
from rosace.model.platform import Platform, Words
from rosace.model.quantity import Size

Severity = Literal["critical", "high", "medium", "low", "unknown"]


class TrivySpec(Words):
    """Settings of the scans."""

    severities: Annotated[tuple[Severity, ...], Field(min_length=1)] = ("critical", "high")
    """Which vulnerabilities are reported; of these, those that a newer version mends."""
    memory: Memory = Size.parse("2Gi")
    """What the scan of one image gets: the archives of an engine in Java take more than a gigabyte."""


def wanted(platform: Platform) -> bool:
    """True on clusters, unless the policies say that nothing is scanned."""
    return platform.target == "kubernetes" and platform.policies.vulnerabilities != "never"
