"""What every room that backs something up says the same way: how often, by which pods, into which place of the bucket.

Comes in: a site and the words under `backups:`. Goes out: workloads, secrets, an alert, and the script that stores what
a room copied. Must not: name an engine.

A copy is late by the time between two copies and by the time one takes: two thirds of what may be lost go to the first,
the rest to the second. Sources: `mc alias set`, `cp`, `pipe`, `stat`, `rm` (min.io/docs/minio, reference of `mc`);
kubernetes.io/docs, "CronJob", v1.34; kube-state-metrics, docs/metrics/workload/cronjob-metrics.md.
"""

from __future__ import annotations

from pathlib import Path

from rosace.contract.backup import Backup
from rosace.contract.cluster import ClusterSite, OfferedSite
from rosace.contract.monitoring import Rule
from rosace.contract.needs import SecretNeed
from rosace.contract.versions import versions
from rosace.contract.workload import Needs, Use, Workload
from rosace.kit import buckets, cron
from rosace.kit.manifest import name_labels
from rosace.model.capabilities import S3Endpoint
from rosace.model.cluster_words import Backups
from rosace.model.quantity import Duration

PINNED = versions(Path(__file__).parent)

CLIENT = PINNED.image("minio-client")
"""A client for any S3 store."""

RECENT, DAILY = "2d", "30d"
"""How long every copy is kept, and the first of each day."""

SHORTEST = 600
"""Seconds that a copy may take at least, however little may be lost."""

STORE = """\
set -eu
until printf '%s\\n%s\\n' "$ACCESS_KEY" "$SECRET_KEY" | mc alias set store "$ENDPOINT" >/dev/null; do
  echo "waiting for $ENDPOINT"
  sleep 5
done
now=$(date -u +%Y-%m-%dT%H%M%SZ)
there="store/$BUCKET/$FOLDER"

# `complete` comes last: a copy without it is none.
keep() {
  mc cp --recursive /copy/files/ "$1/"
  printf '%s\\n' "$now" | mc pipe "$1/complete"
}
keep "$there/recent/$now"
if ! mc stat "$there/daily/${now%%T*}/complete" >/dev/null 2>&1; then keep "$there/daily/${now%%T*}"; fi
mc rm --recursive --force --older-than "$RECENT" "$there/recent/"
mc rm --recursive --force --older-than "$DAILY" "$there/daily/"
"""


def wanted(site: OfferedSite) -> bool:
    """Whether there is something to back up to."""
    return site.checked.platform.backups is not None and site.has(S3Endpoint)


def interval(words: Backups) -> Duration:
    """The longest time between two copies."""
    return Duration(words.rpo * 2 / 3)


def schedule(words: Backups) -> str:
    """When copies are made."""
    return cron.every(interval(words))


def deadline(words: Backups) -> int:
    """Seconds after which a copy is given up, so that the next can start."""
    return max(SHORTEST, round(words.rpo))


def labels(name: str) -> dict[str, str]:
    """The labels of the pods of a backup."""
    return name_labels("backup", **{"app.kubernetes.io/instance": name})


def workload(backup: Backup, engine: str, uses: tuple[Use, ...]) -> Workload:
    """The pods of a backup: they read what they copy, and write to the object storage."""
    name = f"backup-{backup.name}"
    return Workload(name, engine, backup.namespace, labels(backup.name), {}, (*uses, Needs(S3Endpoint)))


def secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """The user of the object storage, where the pods find it."""
    if not wanted(site):
        return ()
    keys = (buckets.ACCESS_KEY, buckets.SECRET_KEY)
    return (SecretNeed(buckets.SECRET, site.namespace, keys, f"S3 user of {site.namespace}"),)


def late(site: ClusterSite, backup: Backup) -> Rule:
    """An alert for copies that do not come."""
    words = site.checked.platform.backups
    assert words is not None
    of_job = f'namespace="{backup.namespace}",cronjob="backup-{backup.name}"'
    seconds = max(round(words.rpo), cron.seconds(interval(words)) + SHORTEST)
    return Rule(
        f"{backup.name.title()}BackupLate",
        f"time() - max(kube_cronjob_status_last_successful_time{{{of_job}}}) > {seconds}"
        f" or absent(kube_cronjob_status_last_successful_time{{{of_job}}})",
        "10m",
        "critical",
        f"The last copy of {backup.name} is older than what may be lost ({words.rpo})",
        f"`kubectl get jobs -n {backup.namespace}` names the copy that failed; its log says why. A copy that takes "
        "longer than the time between two wants more resources, or a longer `backups.rpo`.",
    )
