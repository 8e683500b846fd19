"""Policies that would refuse the platform itself, said before anything is installed."""

from __future__ import annotations

from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic, Severity


def check(checked: Checked) -> list[Diagnostic]:
    """Warns where images come from somewhere else than policies allow."""
    platform = checked.platform
    allowed = platform.policies.registries
    if not allowed or platform.delivery.registry:
        return []
    return [
        Diagnostic(
            "registries-without-own",
            f"images may come from {', '.join(allowed)} only, and the platform's own are pulled from their projects' "
            "registries: their pods would be refused unless all of those are listed",
            severity=Severity.WARNING,
            hints=("name the registry that holds copies of them: `delivery: {registry: registry.example.com}`",),
            about=("policies", "registries"),
        )
    ]
