"""What a build refuses although the platform is sound: because of the other environments, or its own policies.

Comes in: `Built`, the platforms of other environments. Goes out: nothing, or `Refused` with all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rosace.deliver import inventory
from rosace.deliver.applications import address
from rosace.deliver.build import Built
from rosace.model.platform import Platform
from rosace.source.diagnostic import Diagnostic, Refused


def refuse_unsound(built: Built, others: Mapping[str, Platform]) -> None:
    """Raises `Refused` where two environments would overwrite each other, or an image breaks the policy."""
    problems = [*_collisions(built, others), *_images(built)]
    if problems:
        raise Refused(*problems)


def _collisions(built: Built, others: Mapping[str, Platform]) -> Iterator[Diagnostic]:
    ours = built.estate.checked.platform
    mine = {address(ours, cluster) for cluster in built.estate.clusters.values()}
    for environment, other in others.items():
        if environment == built.estate.environment or other.delivery.prefix != ours.delivery.prefix:
            continue
        shared = sorted(mine & {address(other, cluster) for cluster in other.clusters.values()})
        if shared:
            message = (
                f"environments `{built.estate.environment}` and `{environment}` meet on {shared[0]}: "
                "both would own the same namespaces"
            )
            hints = (
                f"give one of them names of its own: `delivery: {{prefix: {environment}-}}`",
                "or a cluster of its own: `clusters: {main: {server: https://...}}`",
            )
            yield Diagnostic("environments-collide", message, hints=hints)


def _images(built: Built) -> Iterator[Diagnostic]:
    allowed = built.estate.checked.platform.policies.registries
    for entry in inventory.images(built.estate) if allowed else ():
        image = str(entry["image"])
        if not any(image.startswith(f"{registry.rstrip('/')}/") for registry in allowed):
            message = f"image {image} of {', '.join(entry['engines'])} comes from no registry that `policies` allows"
            hint = f"pull it from one of them: `delivery: {{registry: {allowed[0]}}}`"
            yield Diagnostic("image-registry", message, hints=(hint,))
