"""How Thanos' programs find their bucket: shared by the rooms that start one.

Comes in: an S3 endpoint and a bucket. Goes out: Thanos' object storage configuration, without credentials; those come
from the environment. Source: thanos.io/v0.39/thanos/storage.md, "S3": without `access_key` the credentials are looked
for in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from rosace.engines.cluster import ClusterSite, SecretNeed
from rosace.model.capabilities import S3Endpoint

KEYS = {"AWS_ACCESS_KEY_ID": "access-key", "AWS_SECRET_ACCESS_KEY": "secret-key"}
"""Environment variable to the key of the secret that it comes from."""


def objstore(s3: S3Endpoint, bucket: str) -> dict[str, Any]:
    """The configuration, as YAML would hold it. Addresses are path-style, since a bucket has no name in DNS."""
    address = urlsplit(s3.elsewhere.get(bucket, s3.url))
    return {
        "type": "S3",
        "config": {
            "bucket": bucket,
            "endpoint": address.netloc,
            "region": s3.region,
            "insecure": address.scheme == "http",
            "bucket_lookup_type": "path",
        },
    }


def credentials(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """The secret that must lie beside each program that reads or writes the bucket."""
    name = site.need(S3Endpoint).secret
    return (SecretNeed(name, site.namespace, tuple(KEYS.values()), "user of the metrics bucket"),)
