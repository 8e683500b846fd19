"""What a store cannot be, said before it is made: erasure codes that do not fit, lifecycles that would lose state."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.engines.minio.geometry import FEWEST, LARGEST, SMALLEST, Erasure, Layout, layout_of
from rosace.engines.minio.settings import PLATFORM
from rosace.engines.minio.spec import MinioSpec
from rosace.kit import buckets
from rosace.model.checked import Checked
from rosace.model.cluster_words import TenantBucket
from rosace.model.platform import Storage
from rosace.model.quantity import Duration
from rosace.source.diagnostic import Diagnostic, Severity
from rosace.source.span import Path

DAY = 86400


def check(checked: Checked) -> list[Diagnostic]:
    """Refuses layouts that MinIO would not start with, and lifecycles that it cannot keep or that destroy state."""
    storage = checked.platform.storage
    spec = checked.engines.get("minio")
    assert isinstance(spec, MinioSpec)
    return [*_geometry(storage), *_names(storage), *_lifecycles(storage, spec), *_cache(storage, spec)]


def _geometry(storage: Storage) -> Iterator[Diagnostic]:
    code = Erasure.parse(storage.erasure)
    if not SMALLEST <= code.stripe <= LARGEST or not 0 < code.parity <= code.data:
        yield Diagnostic(
            "minio-erasure",
            f"`storage.erasure: {storage.erasure}` is no code that MinIO knows: {SMALLEST} to {LARGEST} shards in all, "
            "at least one of parity and at most as many as of data",
            hints=("`4+2` on four or more servers, `2+2` on four small ones",),
            about=("storage", "erasure"),
        )
        return
    fewest = code.fewest(storage.nodes)
    if storage.drives is not None and not _fits(storage.nodes * storage.drives, code):
        yield Diagnostic(
            "minio-drives",
            f"{storage.nodes} servers with {storage.drives} drives each are {storage.nodes * storage.drives} drives, "
            f"and {storage.erasure} needs a multiple of {code.stripe}",
            hints=(f"leave `storage.drives` out, or write {fewest} or a multiple of it",),
            about=("storage", "drives"),
        )
        return
    yield from _survival(layout_of(storage.nodes, storage.drives, storage.erasure), storage)


def _fits(drives: int, code: Erasure) -> bool:
    return drives >= max(code.stripe, FEWEST) and drives % code.stripe == 0


def _survival(layout: Layout, storage: Storage) -> Iterator[Diagnostic]:
    code = layout.erasure
    if layout.survives(writing=True) < 1:
        # On as many servers as a stripe has drives each holds one of them: beyond that nothing gets better.
        more = next((n for n in range(layout.servers, code.stripe + 1) if _stands(n, storage.erasure)), None)
        yield Diagnostic(
            "minio-one-server",
            f"{storage.erasure} on {layout.servers} servers does not survive one of them: a stripe has up to "
            f"{layout.lost(1)} of its {code.stripe} drives on one server, and {layout.spare} may be gone while writing",
            Severity.WARNING,
            hints=(
                f"with {more} servers it does; or choose more parity" if more else "choose more parity, such as `2+2`",
            ),
            about=("storage", "erasure"),
        )
    elif "erasure" in storage.model_fields_set:
        whole = layout.survives(writing=True)
        yield Diagnostic(
            "minio-layout",
            f"{storage.erasure} on {layout.servers} servers takes {layout.drives} drives of each, {layout.total} in "
            f"all, in {len(layout.stripes)} stripes of {code.stripe}; it survives {layout.spare} drives of a stripe or "
            f"{whole} whole server{'s' if whole > 1 else ''} without a pause, and {layout.usable:.0%} of the drives "
            "hold data",
            Severity.NOTE,
            about=("storage", "erasure"),
        )


def _stands(servers: int, erasure: str) -> bool:
    """Whether so many servers survive the loss of one, in the layout that is chosen for them."""
    return layout_of(servers, None, erasure).survives(writing=True) >= 1


def _names(storage: Storage) -> Iterator[Diagnostic]:
    if PLATFORM in storage.tenants:
        yield Diagnostic(
            "minio-tenant-name",
            f"a tenant may not be called `{PLATFORM}`: that one holds the lake and the platform's own buckets",
            hints=(f"write its buckets under `storage.buckets`, or call it otherwise than `{PLATFORM}`",),
            about=("storage", "tenants", PLATFORM),
        )
    owners: dict[str, str] = dict.fromkeys(storage.buckets, PLATFORM)
    for name, tenant in storage.tenants.items():
        for bucket in tenant.buckets:
            if bucket in owners:
                yield Diagnostic(
                    "minio-bucket-twice",
                    f"bucket `{bucket}` is said to be `{owners[bucket]}`'s and `{name}`'s: one name is one bucket",
                    hints=("rename one, so that `s3://<bucket>` means the same for everybody",),
                    about=("storage", "tenants", name, "buckets", bucket),
                )
            owners[bucket] = name


def _lifecycles(storage: Storage, spec: MinioSpec) -> Iterator[Diagnostic]:
    for owner, tenant in storage.tenants.items():
        for name, bucket in tenant.buckets.items():
            if bucket is not None:
                yield from _lifecycle(name, bucket, spec, ("storage", "tenants", owner, "buckets", name))


def _lifecycle(name: str, bucket: TenantBucket, spec: MinioSpec, path: Path) -> Iterator[Diagnostic]:
    moves = bucket.transition
    if bucket.expire is not None and name in (buckets.LAKE, buckets.CHECKPOINTS):
        yield Diagnostic(
            "minio-expires-state",
            f"bucket `{name}` would lose objects at {bucket.expire}, whether jobs and tables still need them or not",
            hints=("take `expire` out: engines delete what they no longer need, by what they know of it",),
            about=(*path, "expire"),
        )
    for age, written in ((bucket.expire, ("expire",)), (moves.after if moves else None, ("transition", "after"))):
        if age is not None and not _days(age):
            yield Diagnostic(
                "minio-whole-days",
                f"bucket `{name}` has an age of {age}: lifecycles count whole days",
                hints=("write days, such as `7d`",),
                about=(*path, *written),
            )
    if moves and moves.to not in spec.tiers:
        yield Diagnostic(
            "minio-unknown-tier",
            f"bucket `{name}` moves to tier `{moves.to}`, which nobody described",
            hints=(f"describe it: `engines: {{minio: {{tiers: {{{moves.to}: {{endpoint: ...}}}}}}}}`",),
            about=(*path, "transition", "to"),
        )


def _days(age: Duration) -> bool:
    return age >= DAY and age % DAY == 0


def _cache(storage: Storage, spec: MinioSpec) -> Iterator[Diagnostic]:
    if storage.cache and not storage.tenants:
        yield Diagnostic(
            "minio-cold-cache",
            "`storage.cache` has nothing to hold: the fast medium takes the buckets of tenants, and there are none",
            Severity.WARNING,
            hints=("give the hot buckets to a tenant, under `storage.tenants`",),
            about=("storage", "cache"),
        )
    if storage.cache and not _days(spec.hot):
        yield Diagnostic(
            "minio-whole-days",
            f"objects would stay on the fast medium for {spec.hot}: lifecycles count whole days",
            hints=("write days, such as `hot: 7d`",),
            about=("engines", "minio", "hot"),
        )
