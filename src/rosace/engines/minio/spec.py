"""The words a user may write under `engines: {minio: ...}`. What the store is lies under `storage:`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rosace.model.addresses import Url
from rosace.model.cluster_words import Resources, StorageClass
from rosace.model.names import Name
from rosace.model.platform import Platform, Words
from rosace.model.quantity import Duration
from rosace.model.spelled import Spelled

NAME = "minio"

GLACIER = "glacier"
"""The tier that needs no words: Amazon's Glacier."""


class Tier(Words):
    """A colder store that objects move to. Its credentials come from the secret `s3-tier-<name>`."""

    kind: Literal["s3", "minio"] = "s3"
    """What speaks there: Amazon's S3 (or what is like it), or another MinIO."""
    endpoint: Url = "https://s3.amazonaws.com"
    """Where."""
    region: Annotated[str, Field(max_length=63), Spelled(r"^[a-z0-9-]+$", "a region, such as `eu-west-1`")] | None = (
        None
    )
    """The region of the bucket, where the store has regions."""
    bucket: Name | None = None
    """The bucket there, which must exist; `<platform>-<tier>` where unsaid."""
    storage_class: Annotated[str, Spelled(r"^[A-Z_]+$", "a storage class, such as `STANDARD_IA`")] | None = Field(
        default=None, alias="storage-class"
    )
    """The storage class there. It must answer at once: MinIO reads through to it (no Glacier Flexible, no Deep
    Archive)."""


def _tiers() -> dict[str, Tier]:
    return {GLACIER: Tier.model_validate({"storage-class": "GLACIER_IR"})}


class MinioSpec(Words):
    """Settings of MinIO."""

    resources: Resources = Resources.model_construct()
    """What each server gets."""
    tiers: dict[Name, Tier] = Field(default_factory=_tiers)
    """The tiers that `storage.tenants` may name; `glacier` is Glacier Instant Retrieval where nothing is said."""
    hot: Duration = Duration(7 * 86400)
    """With `storage.cache`: how long objects of tenants stay on the fast medium."""
    cache_class: StorageClass | None = Field(default=None, alias="cache-class")
    """With `storage.cache`: the storage class of the fast medium; `local-<medium>` where unsaid."""


def wanted(platform: Platform) -> bool:
    """True on clusters, where something is kept in S3 and no other provider was named."""
    storage = platform.storage
    kept = platform.tables or platform.jobs or storage.buckets or storage.tenants
    return bool(kept) and platform.target == "kubernetes" and storage.provider in (None, NAME)
