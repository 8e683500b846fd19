"""How Thanos' programs find their bucket: shared by the rooms that start one.

Comes in: an S3 endpoint and a bucket. Goes out: Thanos' object storage configuration, without credentials; those come
from the environment. Source: thanos.io/v0.39/thanos/storage.md, "S3": without `access_key` the credentials are looked
for in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first.
"""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.needs import SecretNeed
from rosace.contract.values import Passed, Values
from rosace.model.capabilities import S3Endpoint

KEYS = {"AWS_ACCESS_KEY_ID": "access-key", "AWS_SECRET_ACCESS_KEY": "secret-key"}
"""Environment variable to the key of the secret that it comes from."""


class Credentials(Values):
    """The user of a bucket, as a program reads it from its environment."""

    secret: str
    """The secret with its keys."""
    variables: dict[str, str]
    """Environment variable to the secret's key."""


def objstore(s3: S3Endpoint, bucket: str) -> Passed:
    """The configuration, as YAML would hold it. Addresses are path-style, since a bucket has no name in DNS."""
    address = s3.of(bucket)
    return {
        "type": "S3",
        "config": {
            "bucket": bucket,
            "endpoint": address.authority,
            "region": s3.region,
            "insecure": address.scheme == "http",
            "bucket_lookup_type": "path",
        },
    }


def user(s3: S3Endpoint) -> Credentials:
    """What a section says of the bucket's user."""
    return {"secret": s3.secret, "variables": KEYS}


def credentials(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """The secret that must lie beside each program that reads or writes the bucket."""
    name = site.need(S3Endpoint).secret
    return (SecretNeed(name, site.namespace, tuple(KEYS.values()), "user of the metrics bucket"),)
