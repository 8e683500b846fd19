"""The words a user may write under `engines: {gatekeeper: ...}`. What is enforced is said under `policies:`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Resources
from rosace.model.platform import Platform, Words
from rosace.model.quantity import Duration


class GatekeeperSpec(Words):
    """Settings of the judge itself."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=9)] = 3
    """How many answer the API server; where none does, objects are let in and found by the audit."""
    resources: Resources = Resources.model_construct()
    """What each gets, and the audit too."""
    audit: Annotated[Duration, Field(ge=Duration(1))] = Duration(60)
    """Time between two looks at everything that is there already."""


def wanted(platform: Platform) -> bool:
    """True on clusters: a machine of one's own has nobody who could be refused."""
    return platform.target == "kubernetes"
