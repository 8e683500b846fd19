"""The whole tree that stands without Rosace (design: charts, values by environment, applications by cluster).

Comes in: `Checked`, the environment's name. Goes out: `Built`, whose `files` are relative path -> text. Pure: the same
input gives the same bytes. Must not: run Helm, or know what charts make of values (`rendered.py` asks Helm).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from rosace.deliver import applications, inventory, parity
from rosace.deliver.charts import chart_files
from rosace.deliver.manual import manual
from rosace.deliver.releases import Release, releases
from rosace.deliver.written import INDEX
from rosace.deliver.yamltext import dump
from rosace.model.checked import Checked
from rosace.plan.clusters.topology import Estate, estate_of


@dataclass(frozen=True)
class Built:
    """A platform compiled for clusters."""

    estate: Estate
    releases: tuple[Release, ...]

    @cached_property
    def applications(self) -> tuple[applications.Application, ...]:
        """Argo CD's applications, in the order of their waves."""
        return applications.applications(self.estate, self.releases)

    @cached_property
    def files(self) -> dict[str, str]:
        """The tree: charts, values, applications, and pages about them."""
        out: dict[str, str] = {}
        for chart in sorted({release.chart for release in self.releases}):
            out |= {f"charts/{chart}/{name}": text for name, text in chart_files(chart).items()}
        out[f"env/{self.estate.environment}.yaml"] = dump({"global": _shared(self.releases)})
        for release in self.releases:
            own = {**release.values, "global": {"cluster": release.cluster}}
            out[f"clusters/{release.cluster}/values/{release.chart}.yaml"] = dump(own)
        for app in self.applications:
            out[f"clusters/{app.cluster}/applications/{app.name}.yaml"] = dump(app.body)
        out["clusters/project.yaml"] = dump(applications.project(self.estate, self.applications, self.releases))
        out["argocd/root.yaml"] = dump(applications.root(self.estate))
        if secret := applications.webhook(self.estate):
            out["argocd/argocd-secret.yaml"] = dump(secret)
        out["argocd/argocd-cm.yaml"] = dump(applications.settings(self.estate))
        out[INDEX] = _json([_indexed(self.estate, release) for release in self.releases])
        out["images.yaml"] = dump({"images": inventory.images(self.estate), "charts": inventory.charts(self.estate)})
        out["sbom.cdx.json"] = _json(inventory.bill(self.estate))
        out["parity.json"] = _json(parity.rows(self.estate))
        out["parity.md"] = parity.page(self.estate)
        out["README.md"] = manual(self.estate, self.releases, self.applications)
        return dict(sorted(out.items()))


def build(checked: Checked, environment: str) -> Built:
    """Compiles a checked platform."""
    estate = estate_of(checked, environment)
    clusters, waves = list(estate.clusters), applications.WAVES
    # In the order in which they are installed.
    found = sorted(
        releases(estate), key=lambda one: (clusters.index(one.cluster), waves.get(one.chart, applications.LAST))
    )
    return Built(estate, tuple(found))


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _indexed(estate: Estate, release: Release) -> dict[str, Any]:
    values = [f"env/{estate.environment}.yaml", f"clusters/{release.cluster}/values/{release.chart}.yaml"]
    return {"cluster": release.cluster, "chart": release.chart, "namespace": release.namespace, "values": values}


def _shared(all_releases: tuple[Release, ...]) -> dict[str, Any]:
    """What all releases of an environment have in common."""
    if not all_releases:
        return {}
    return {key: value for key, value in all_releases[0].values["global"].items() if key != "cluster"}
