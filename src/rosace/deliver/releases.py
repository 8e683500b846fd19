"""Charts on clusters: values that carry every decision, and the objects they become.

Comes in: `Estate`. Goes out: one `Release` for each chart on each cluster. A section of a chart's values is an engine's
(its room decides), or a concern of the platform as a whole (its module here decides).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from rosace.deliver.estate import Estate
from rosace.engines.manifest import CONTAINER_SECURITY, Obj
from rosace.engines.values import Frame


class Section(Protocol):
    """What lays out one section of a chart: a room's cluster side, or a concern."""

    def objects(self, frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]: ...


@dataclass(frozen=True)
class Release:
    """A chart installed on a cluster. `values` holds `global` and a section by name."""

    chart: str
    cluster: str
    values: Mapping[str, Any]
    sections: Mapping[str, Section]

    @property
    def namespace(self) -> str:
        """Where Helm keeps the release's own record: the namespace of its first section."""
        first = next(iter(self.sections))
        return self.values[first].get("namespace") or "default"

    @cached_property
    def objects(self) -> list[Obj]:
        """What the chart's templates lay out from these values, in the order of sections."""
        frame = self.values["global"]
        return [one for name, section in self.sections.items() for one in section.objects(frame, self.values[name])]


def frame(estate: Estate, cluster: str) -> Frame:
    """The `global` values that every chart gets."""
    return {
        "platform": estate.platform,
        "environment": estate.environment,
        "cluster": cluster,
        "labels": {
            "app.kubernetes.io/part-of": estate.platform,
            "app.kubernetes.io/managed-by": "Helm",
            "rosace.io/environment": estate.environment,
        },
        "containerSecurity": CONTAINER_SECURITY,
    }


def releases(estate: Estate) -> tuple[Release, ...]:
    """All releases, by cluster, then by chart in the order of their first part."""
    from rosace.deliver.concerns import CONCERNS

    found: list[Release] = []
    for cluster in estate.clusters:
        charts: dict[str, dict[str, tuple[Section, Mapping[str, Any]]]] = {}
        for part in estate.on(cluster):
            room = part.engine.kubernetes
            if not room.chart:
                continue
            charts.setdefault(room.chart, {})[part.engine.name] = (room, room.values(part.site))
        for concern in CONCERNS:
            section = concern.values(estate, cluster)
            if section.get("enabled"):
                charts.setdefault(concern.chart, {})[concern.name] = (concern, section)
        for chart, sections in charts.items():
            values = {"global": frame(estate, cluster), **{name: section for name, (_, section) in sections.items()}}
            found.append(Release(chart, cluster, values, {name: lays for name, (lays, _) in sections.items()}))
    return tuple(found)
