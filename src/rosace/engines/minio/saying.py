"""What MinIO on clusters is beside the store of this machine, setting by setting."""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite
from rosace.contract.needs import Parity
from rosace.engines.minio import tenants
from rosace.engines.minio.spec import MinioSpec


def parity(site: ClusterSite, spec: MinioSpec) -> tuple[Parity, ...]:
    """The honest list."""
    storage = site.checked.platform.storage
    layout = tenants.geometry(storage)
    found = [
        Parity("store", "SeaweedFS, one process", "MinIO (Silo), by its operator", "mapped", "both speak S3"),
        Parity(
            "copies of each object",
            "1",
            f"{storage.erasure} over {layout.servers} servers with {layout.drives} drives",
            "mapped",
            f"one machine has one disk; {layout.survives(writing=True)} server(s) may be gone on the cluster",
        ),
        Parity(
            "users",
            "one, which may do all",
            "one for each namespace, with the buckets its jobs use",
            "mapped",
            "nobody else lives on the machine's loopback address",
        ),
        Parity("encryption between pods", "none, loopback", "none", "same", "see the README: plain HTTP, fenced in"),
        Parity("buckets", "made by Rosace", "made by the Tenant and a Job", "same"),
    ]
    if storage.tenants:
        found.append(
            Parity(
                "tenants",
                "buckets of one store",
                "a Tenant and a namespace each",
                "mapped",
                "one process has no tenants; `s3://<bucket>` means the same",
            )
        )
    if any(bucket for tenant in storage.tenants.values() for bucket in tenant.buckets.values()):
        found.append(
            Parity(
                "lifecycles",
                "",
                "rules of the bucket: expire, move to a tier",
                "not representable",
                "nothing on this machine gets old, and there is no colder store",
            )
        )
    if storage.cache:
        found.append(
            Parity(
                "cache",
                "",
                f"tenants live on {storage.cache.medium} and move to the platform's disks after {spec.hot}",
                "mapped",
                "MinIO has had no cache of its own since October 2023 (minio/minio#18217); hot and warm are two "
                "deployments with a transition between them, as its own documentation says",
            )
        )
    return tuple(found)
