"""What Kafka's side of exports needs, said before anything starts."""

from __future__ import annotations

from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic


def check(checked: Checked) -> list[Diagnostic]:
    """Refuses exports whose image could come from nowhere."""
    platform = checked.platform
    if not platform.exports or platform.target == "local" or platform.delivery.registry:
        return []
    message = "exports need an image of Kafka Connect with its connectors, which only your own registry can hold"
    hint = "name it: `delivery: {registry: registry.example.com}`"
    return [Diagnostic("export-no-registry", message, hints=(hint,), about=("exports",))]
