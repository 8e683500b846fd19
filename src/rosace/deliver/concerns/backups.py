"""Copies of what the platform's stores hold, at least as often as `backups.rpo` asks, in the backups' bucket.

A room says what is copied and how; here it becomes a CronJob with two steps: the room's image writes files to a volume
of the pod's own, a client of S3 stores them. Sources: kubernetes.io/docs, "CronJob", "Ephemeral Volumes", v1.34.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rosace.contract.backup import Backup
from rosace.contract.cluster import ClusterSite, resources
from rosace.contract.values import Environment, FromSecret, Passed, Section, Values, Volume
from rosace.contract.values import Resources as Granted
from rosace.kit import backing, buckets
from rosace.kit.manifest import pod_security
from rosace.model.capabilities import KafkaBootstrap, S3Endpoint
from rosace.model.cluster_words import Backups, Resources
from rosace.model.quantity import Size
from rosace.plan.clusters.topology import Estate, Part


class Step(Values):
    """A container of a backup's pod."""

    image: str
    """What it runs in."""
    script: str
    """What it runs, for `sh`."""
    env: Environment
    """Its variables."""
    resources: Granted
    """What it gets."""


class Copy(Values):
    """Something that is copied again and again."""

    namespace: str
    """Where its pods run."""
    labels: dict[str, str]
    """Their own: policies open for them what they read."""
    schedule: str
    """When, as a line of cron in UTC."""
    deadlineSeconds: int
    """After so long it is stopped, and has failed."""
    securityContext: Passed
    """Who its pods run as."""
    storage: Volume
    """The volume that holds one copy, as long as its pod is there."""
    make: Step
    """What writes the copy below `/copy/files`."""
    store: Step
    """What brings it to the backups' bucket, and removes what is old there."""


class BackupsValues(Section):
    """What is copied, and what is not."""

    backups: dict[str, Copy]
    """By name."""
    notCopied: dict[str, str]
    """Engine to what holds its data instead."""


class Copies:
    """See `rosace.deliver.concerns.Concern`."""

    name = "backups"
    chart = "backup"
    shape = BackupsValues

    def values(self, estate: Estate, cluster: str) -> BackupsValues:
        """The backups of a cluster, and in words what is not copied, and why."""
        words = estate.checked.platform.backups
        found = {one.name: _values(words, part.site, one) for part, one in _asked(estate, cluster) if words}
        return {
            "enabled": bool(found),
            "namespace": "",
            "labels": {},
            "backups": found,
            "notCopied": _not_copied(estate),
        }


def _asked(estate: Estate, cluster: str) -> Iterator[tuple[Part, Backup]]:
    for part in estate.on(cluster):
        for one in part.engine.kubernetes.backups(part.site):
            yield part, one


def _values(words: Backups, site: ClusterSite, one: Backup) -> Copy:
    store = site.need(S3Endpoint)
    return {
        "namespace": one.namespace,
        "labels": backing.labels(one.name),
        "schedule": backing.schedule(words),
        "deadlineSeconds": backing.deadline(words),
        "securityContext": pod_security(one.user),
        "storage": one.storage,
        "make": {
            "image": site.image(one.image),
            "script": one.script,
            "env": {"secrets": _secrets(one.secrets), "plain": {"HOME": "/tmp", **one.env}},
            "resources": one.resources,
        },
        "store": {
            "image": site.image(backing.CLIENT),
            "script": backing.STORE,
            "env": {
                "secrets": _secrets(
                    {
                        "ACCESS_KEY": (store.secret, buckets.ACCESS_KEY),
                        "SECRET_KEY": (store.secret, buckets.SECRET_KEY),
                    }
                ),
                "plain": {
                    "BUCKET": words.bucket,
                    "DAILY": backing.DAILY,
                    "ENDPOINT": str(store.of(words.bucket)),
                    "FOLDER": one.name,
                    "HOME": "/tmp",
                    "RECENT": backing.RECENT,
                },
            },
            "resources": resources(Resources(), "100m", Size.parse("256Mi")),
        },
    }


def _secrets(said: Mapping[str, tuple[str, str]]) -> dict[str, FromSecret]:
    return {name: {"secret": secret, "key": key} for name, (secret, key) in said.items()}


def _not_copied(estate: Estate) -> dict[str, str]:
    """Engine to what holds its data instead."""
    found: dict[str, str] = {}
    for part in estate.parts:
        room, title = part.engine, part.engine.title
        if KafkaBootstrap in room.offers:
            found[title] = "every record is on several servers; topics are read again from the start, not restored"
        elif S3Endpoint in room.offers:
            found[title] = "objects survive disks and servers by their erasure code; no second store has them"
        elif room.streaming:
            found[title] = "streaming jobs go on from their last checkpoint, which is in the object storage"
    return found


CONCERN = Copies()
