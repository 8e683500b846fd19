"""The words a user may write under `engines: {compliance: ...}`. How often is said under `policies:`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.addresses import Domain
from rosace.model.platform import Platform, Words


class ComplianceSpec(Words):
    """Settings of the scans."""

    profile: Domain | None = None
    """The profile, such as `rke2-cis-1.11-profile`; where unsaid the operator takes the one that fits the cluster."""
    keep: Annotated[int, Field(strict=True, ge=1, le=365)] = 14
    """How many reports."""


def wanted(platform: Platform) -> bool:
    """True on clusters, unless the policies say that none is scanned."""
    words = platform.policies
    return platform.target == "kubernetes" and words.benchmark != "none" and words.scan != "never"
