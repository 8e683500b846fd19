"""Pods that bring the records of sources in: a Job for a source that ends, a Deployment for one that is followed.

Rooms say what runs in them; here it becomes the values of the chart, whose templates lay it out. Sources:
kubernetes.io/docs, "Jobs" (pod failure policy), "Sidecar Containers", v1.34.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NotRequired

from rosace.contract.cluster import ClusterSite
from rosace.contract.feed import Feed, Step
from rosace.contract.values import Environment, Mount, Passed, Resources, Section, Values, Volume
from rosace.kit.manifest import pod_security
from rosace.plan.clusters.topology import Estate


class Container(Values):
    """A container of a source's pod."""

    image: str
    """What it runs in."""
    command: list[str]
    """What it runs."""
    env: Environment
    """Its variables."""
    resources: Resources
    """What it gets."""
    mounts: list[Mount]
    """Its folders."""


class Fed(Values):
    """A source."""

    kind: Literal["Job", "Deployment"]
    """A Job where it ends, a Deployment where its files are followed."""
    object: str
    """The name of the object: a Job cannot be changed, so that another one has another name."""
    namespace: str
    """Where its pod runs."""
    labels: dict[str, str]
    """The pod's own: policies open for them what it asks."""
    sum: str
    """A sum of what it is told: where that changes, there is another pod."""
    files: dict[str, str]
    """What it is told, by name of the file."""
    securityContext: Passed
    """Who its pod runs as."""
    send: Container
    """What sends or loads the rows."""
    fetch: NotRequired[Container]
    """What brings the files before; none where they are there."""
    hopeless: int
    """The exit code after which it is not started again."""
    volumes: list[Mount]
    """All folders of its containers."""
    claim: NotRequired[Volume]
    """The volume that stays; none where the source ends."""


class SourcesValues(Section):
    """What brings records in."""

    sources: dict[str, Fed]
    """By name."""


class Sources:
    """See `rosace.deliver.concerns.Concern`."""

    name = "sources"
    chart = "processing"
    shape = SourcesValues

    def values(self, estate: Estate, cluster: str) -> SourcesValues:
        """The sources of a cluster."""
        found = {
            feed.name: _values(part.site, feed)
            for part in estate.on(cluster)
            for feed in part.engine.kubernetes.feeds(part.site)
        }
        space = next((fed["namespace"] for fed in found.values()), "")
        return {"enabled": bool(found), "namespace": space, "labels": {}, "sources": dict(sorted(found.items()))}


def _values(site: ClusterSite, feed: Feed) -> Fed:
    send = _container(site, feed.send)
    fetch = _container(site, feed.fetch) if feed.fetch else None
    total = _sum([dict(feed.files), send, fetch])
    mounts = [*feed.send.mounts, *(feed.fetch.mounts if feed.fetch else ())]
    fed: Fed = {
        "kind": "Deployment" if feed.follows else "Job",
        "object": f"source-{feed.name}" if feed.follows else f"source-{feed.name}-{total[:8]}",
        "namespace": feed.namespace,
        "labels": dict(feed.labels),
        "sum": total[:16],
        "files": dict(feed.files),
        "securityContext": pod_security(feed.user),
        "send": send,
        "hopeless": feed.hopeless,
        "volumes": list({mount["name"]: mount for mount in mounts}.values()),
    }
    if fetch:
        fed["fetch"] = fetch
    if feed.claim:
        fed["claim"] = feed.claim
    return fed


def _sum(told: list[Any]) -> str:
    """A sum of what a pod is told: a change makes another pod."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _container(site: ClusterSite, step: Step) -> Container:
    return {
        "image": site.image(step.image),
        "command": list(step.command),
        "env": step.env,
        "resources": step.resources,
        "mounts": list(step.mounts),
    }


CONCERN = Sources()
