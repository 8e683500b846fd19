"""Talks S3 to the running store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rosace.engines.seaweedfs.settings import ACCESS_SECRET, SECRET_SECRET

if TYPE_CHECKING:
    from minio import Minio


def client(endpoint: str, region: str, access_key: str, secret_key: str) -> Minio:
    """A client, without TLS, that neither asks for the region nor repeats what fails: whoever calls does."""
    import urllib3
    from minio import Minio

    return Minio(
        endpoint=endpoint,
        access_key=access_key,
        secret_key=secret_key,
        region=region,
        secure=False,
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False),
    )


def ensure_buckets(endpoint: str, region: str, buckets: Sequence[str], secrets: Mapping[str, str]) -> None:
    """Makes the buckets that are missing; removes none. Raises what the client raises, such as S3Error."""
    s3 = client(endpoint, region, secrets[ACCESS_SECRET], secrets[SECRET_SECRET])
    there = {bucket.name for bucket in s3.list_buckets()}
    for name in buckets:
        if name not in there:
            s3.make_bucket(bucket_name=name)
