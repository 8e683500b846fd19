"""MinIO: the S3 store of clusters, one Tenant of its operator for each part of the object storage."""

from rosace.contract.engine import Engine
from rosace.engines.minio.spec import MinioSpec, wanted
from rosace.model.capabilities import S3Endpoint

ENGINE = Engine(
    name="minio",
    title="MinIO",
    package=__name__,
    summary="Object storage of clusters: erasure-coded, with tenants, lifecycles and tiers",
    spec=MinioSpec,
    wanted=wanted,
    offers=(S3Endpoint,),
    targets=("kubernetes",),
    preferred=("kubernetes",),
)
