"""The tenants of the store, each with its buckets, lifecycles, tiers, clients and secrets: what is decided for one.

Comes in: the words under `storage:` and who uses which bucket. Goes out: values of the chart, and secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rosace.contract.cluster import ClusterSite, OfferedSite, PlacedSite, storage
from rosace.contract.needs import SecretNeed
from rosace.contract.values import Passed, Volume
from rosace.engines.minio import settings
from rosace.engines.minio.geometry import Layout, layout_of
from rosace.engines.minio.settings import PLATFORM, WARM
from rosace.engines.minio.spec import MinioSpec
from rosace.engines.minio.values import Client, Tenant, Tier
from rosace.kit import buckets
from rosace.kit.manifest import spread
from rosace.model.cluster_words import Disk, TenantBucket
from rosace.model.platform import Storage
from rosace.model.quantity import Size

KEYS = (buckets.ACCESS_KEY, buckets.SECRET_KEY)


@dataclass(frozen=True, slots=True)
class Part:
    """A tenant of the operator and the namespace it has for itself."""

    name: str
    namespace: str
    buckets: Mapping[str, TenantBucket | None]

    @property
    def admin(self) -> str:
        """The secret with the administrator's name and password, as the operator reads them."""
        return f"minio-{self.name}"


def geometry(words: Storage) -> Layout:
    """Servers and drives of each tenant."""
    return layout_of(words.nodes, words.drives, words.erasure)


def parts(site: PlacedSite) -> tuple[Part, ...]:
    """All tenants, the platform's first."""
    words = site.checked.platform.storage
    own: dict[str, TenantBucket | None] = dict.fromkeys(buckets.owned(site.checked.platform))
    if words.cache and words.tenants:
        own[WARM] = None
    return (
        Part(PLATFORM, site.namespace, own),
        *(Part(name, f"{site.namespace}-{name}", one.buckets) for name, one in words.tenants.items()),
    )


def values(site: ClusterSite, part: Part, spec: MinioSpec) -> Tenant:
    """What the chart is told of a tenant."""
    hot = spec.hot if _hot(site, part) else None
    rules = {name: settings.lifecycle(bucket, hot) for name, bucket in part.buckets.items()}
    return {
        "namespace": part.namespace,
        "secret": part.admin,
        "storage": _storage(site, part, spec),
        "topologySpreadConstraints": _apart(part, site.cluster.zones),
        "buckets": {name: {"versioning": bool(bucket and bucket.versioning)} for name, bucket in part.buckets.items()},
        "lifecycles": {name: found for name, found in rules.items() if found},
        "tiers": tiers(site, part, spec),
        "clients": clients(site, part),
    }


def tiers(site: OfferedSite, part: Part, spec: MinioSpec) -> dict[str, Tier]:
    """The tiers that the lifecycles of a tenant name, by MinIO's name, with the secret of each."""
    platform = site.checked.platform.platform
    named = {bucket.transition.to for bucket in part.buckets.values() if bucket and bucket.transition}
    found = {
        settings.tier_name(name): settings.tier(platform, part.name, name, spec.tiers[name]) for name in sorted(named)
    }
    if _hot(site, part):
        found[settings.tier_name(WARM)] = {
            "kind": "minio",
            "endpoint": f"http://minio.{site.namespace}.svc.{site.cluster.domain}",
            "bucket": WARM,
            "prefix": f"{part.name}/",
            "secret": settings.tier_secret(WARM),
        }
    return found


def clients(site: OfferedSite, part: Part) -> dict[str, Client]:
    """Who may do what in a tenant, each with the secret that holds its user."""
    mine = frozenset(part.buckets)
    asked = {name: settings.policy(rights, mine) for name, rights in buckets.rights(site).items()}
    found: dict[str, Client] = {
        name: {"secret": buckets.copy(name), "policy": policy} for name, policy in asked.items() if policy
    }
    warm = settings.policy(buckets.Rights((), (WARM,)), mine)
    if warm and part.name == PLATFORM and _caches(site):
        found[f"tier-{WARM}"] = {"secret": settings.tier_secret(WARM), "policy": warm}
    return dict(sorted(found.items()))


def secrets(site: ClusterSite, part: Part) -> tuple[SecretNeed, ...]:
    """The administrator, the users it knows, and what it needs to reach its tiers."""
    spec = site.words(MinioSpec)
    admin = SecretNeed(
        part.admin,
        part.namespace,
        ("config.env",),
        f"administrator of MinIO's tenant {part.name}: lines `export MINIO_ROOT_USER=...`, `MINIO_ROOT_PASSWORD`",
    )
    known = clients(site, part)
    users = (
        need for need in buckets.beside(site, part.namespace) if need.name in {c["secret"] for c in known.values()}
    )
    remote = {one["secret"]: name for name, one in tiers(site, part, spec).items()}
    if f"tier-{WARM}" in known:
        remote[settings.tier_secret(WARM)] = settings.tier_name(WARM)
    origin = f"{site.namespace}/{settings.tier_secret(WARM)}"
    needed = (
        SecretNeed(
            secret,
            part.namespace,
            KEYS,
            f"user of tier {name}",
            copies_of=origin if secret == settings.tier_secret(WARM) and part.name != PLATFORM else "",
        )
        for secret, name in remote.items()
    )
    return (admin, *users, *needed)


def _caches(site: OfferedSite) -> bool:
    words = site.checked.platform.storage
    return words.cache is not None and bool(words.tenants)


def _hot(site: OfferedSite, part: Part) -> bool:
    """With a cache, tenants live on the fast medium; what is older moves to the platform's disks."""
    return _caches(site) and part.name != PLATFORM


def _storage(site: ClusterSite, part: Part, spec: MinioSpec) -> Volume:
    """Size and class of each volume. The fast medium of a node is shared evenly by the tenants and their volumes."""
    words = site.checked.platform.storage
    if words.cache is None or not _hot(site, part):
        return storage(words.disk, Size.parse("100Gi"), site.cluster)
    share = Size(words.cache.size // (len(words.tenants) * geometry(words).drives) >> 30 << 30)
    fast = spec.cache_class or f"local-{words.cache.medium}"
    return storage(Disk.model_validate({"class": fast}), max(share, Size.parse("1Gi")), site.cluster)


def _apart(part: Part, zones: int) -> list[Passed]:
    """Servers of a tenant never share a node: what the erasure code survives is counted in servers."""
    nodes, *rest = spread({"v1.min.io/tenant": part.name}, zones)
    return [{**nodes, "whenUnsatisfiable": "DoNotSchedule"}, *rest]
