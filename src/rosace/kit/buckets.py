"""Which buckets a platform has on clusters, and who may do what in them: shared by the rooms that offer S3.

Comes in: the checked platform. Goes out: names of buckets, and the rights of each client, a client being a namespace:
the pods of one namespace share one secret, hence one user. Must not: name an engine, or know a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rosace.contract.cluster import ClusterSite, OfferedSite
from rosace.contract.engine import Engine
from rosace.contract.needs import SecretNeed
from rosace.contract.registry import engines
from rosace.model.capabilities import BatchSession, IcebergCatalog, KafkaBootstrap, Metrics, Notebooks, S3Endpoint
from rosace.model.checked import Checked, CheckedJob
from rosace.model.platform import Platform
from rosace.model.sources import StoredFiles

LAKE, CHECKPOINTS = "lake", "checkpoints"
"""The warehouse of the lake's tables, and what streaming jobs resume from."""

SECRET = "s3-credentials"
"""The secret in each client's namespace."""

ACCESS_KEY, SECRET_KEY = "access-key", "secret-key"
"""Its keys."""

REGION = "us-east-1"
"""The region that needs no location constraint when a bucket is made; stores within a cluster have none."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a client may do: read some buckets, read and write others."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def buckets(self) -> tuple[str, ...]:
        """All buckets that are read or written, sorted."""
        return tuple(sorted({*self.reads, *self.writes}))


def owned(platform: Platform) -> tuple[str, ...]:
    """The buckets that belong to no tenant: Rosace's, the platform's own, those of metrics and of backups."""
    monitoring = platform.monitoring
    found = [LAKE, CHECKPOINTS, *platform.storage.buckets]
    if monitoring and monitoring.long_term:
        found.append(monitoring.long_term.bucket)
    if platform.backups:
        found.append(platform.backups.bucket)
    elsewhere = {bucket for tenant in platform.storage.tenants.values() for bucket in tenant.buckets}
    return tuple(bucket for bucket in dict.fromkeys(found) if bucket not in elsewhere)


def stored(checked: Checked) -> dict[str, StoredFiles]:
    """The sources whose objects lie in the platform's own store, by name; those into topics."""
    files = {name: one.spec.file for name, one in checked.sources.items() if one.target.kind == "topic"}
    return {name: file for name, file in files.items() if isinstance(file, StoredFiles) and file.endpoint is None}


def rights(site: OfferedSite) -> dict[str, Rights]:
    """Client to what it may do, by name. Nobody may do what nothing in the platform asks for."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for client, reads, writes in _asked(site):
        mine = found.setdefault(client, (set(), set()))
        mine[0].update(reads)
        mine[1].update(writes)
    return {
        client: Rights(tuple(sorted(reads - writes)), tuple(sorted(writes)))
        for client, (reads, writes) in sorted(found.items())
        if reads or writes
    }


def needs(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """The secret of each client, where the client finds it: a copy of the one beside the store.

    It has the same name in every namespace and another content in each, hence says whose copy it is.
    """
    keys = (ACCESS_KEY, SECRET_KEY)
    return tuple(
        SecretNeed(SECRET, client, keys, f"S3 user of {client}", copies_of=f"{site.namespace}/{copy(client)}")
        for client in rights(site)
    )


def beside(site: ClusterSite, namespace: str) -> tuple[SecretNeed, ...]:
    """The same users' secrets beside the store, in `namespace`, where they are made known to it."""
    keys = (ACCESS_KEY, SECRET_KEY)
    return tuple(SecretNeed(copy(client), namespace, keys, f"S3 user of {client}") for client in rights(site))


def copy(client: str) -> str:
    """The name of a client's secret beside the store."""
    return f"s3-{client}"


def _asked(site: OfferedSite) -> Iterator[tuple[str, Iterable[str], Iterable[str]]]:
    """Client, what it reads, what it writes."""
    for job in site.checked.jobs.values():
        if _uses(engines()[job.spec.engine]):
            yield site.namespaces.of(job), _reads(job), _writes(job, site.checked.platform)
    for file in stored(site.checked).values():
        for name in site.checked.engines:
            if KafkaBootstrap in engines()[name].offers:
                yield site.namespaces.engines[name], (file.bucket,), ()
    for name in site.checked.engines:
        room = engines()[name]
        if room.backs_up and site.checked.platform.backups:
            yield site.namespaces.engines[name], (), (site.checked.platform.backups.bucket,)
        # What lives in another engine's database (a catalog) has no pods, hence asks for nothing itself.
        if _uses(room) and "kubernetes" in room.targets and room.kubernetes.chart:
            yield site.namespaces.engines[name], *_of_engine(room, site.checked.platform)
            if Notebooks in room.offers:
                for notebook in site.checked.platform.notebooks.values():
                    if notebook.project:
                        yield site.namespaces.projects[notebook.project], (LAKE,), ()


def _uses(room: Engine) -> bool:
    return S3Endpoint in (*room.needs, *room.optional)


def _reads(job: CheckedJob) -> tuple[str, ...]:
    return (LAKE,) if any(ref.kind == "table" for ref in job.reads) else ()


def _writes(job: CheckedJob, platform: Platform) -> list[str]:
    found = [LAKE] if any(ref.kind == "table" for ref in job.writes) else []
    if not job.spec.batch:
        found.append(CHECKPOINTS)
    if job.spec.python:
        # Only its text knows which of the platform's own buckets it uses.
        found += platform.storage.buckets
    return [*found, *_tenant(job.spec.engine, platform)]


def _tenant(engine: str, platform: Platform) -> tuple[str, ...]:
    """The buckets of the tenant with an engine's name."""
    tenant = platform.storage.tenants.get(engine)
    return tuple(tenant.buckets) if tenant else ()


def _of_engine(room: Engine, platform: Platform) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an engine's own pods read and write, by what it is."""
    all_sides = (*room.offers, *room.needs, *room.optional)
    if room.runs:
        # People ask the lake through a session that is everybody's, and only ask.
        reads = (LAKE,) if BatchSession in room.offers else ()
        return reads, (*((CHECKPOINTS,) if room.streaming else ()), *_tenant(room.name, platform))
    if IcebergCatalog in all_sides:
        return (LAKE,), _tenant(room.name, platform)
    if Metrics in all_sides:
        long_term = platform.monitoring and platform.monitoring.long_term
        return (), (long_term.bucket,) if long_term else ()
    return (), (platform.backups.bucket,) if platform.backups else ()
