"""Images are pulled from where the platform's own policies let them come from."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    registry, allowed = draft.platform.delivery.registry, draft.platform.policies.registries
    if registry is None or not allowed:
        return
    if not any(f"{registry}/".startswith(f"{one.rstrip('/')}/") for one in allowed):
        labels = (
            Label(draft.value("delivery", "registry"), "every image would be refused"),
            Label(draft.value("policies", "registries"), "images may come from these", primary=False),
        )
        message = f"images come from `{registry}`, which `policies.registries` does not allow"
        hint = f"pull them from one of those, or add `{registry}`"
        yield Diagnostic("registry-not-allowed", message, labels=labels, hints=(hint,))
