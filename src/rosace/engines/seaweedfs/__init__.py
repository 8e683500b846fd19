"""SeaweedFS: the S3 store of a laptop, one small process."""

from rosace.contract.engine import Engine
from rosace.engines.seaweedfs.spec import SeaweedfsSpec, wanted
from rosace.model.capabilities import S3Endpoint

ENGINE = Engine(
    name="seaweedfs",
    title="SeaweedFS",
    package=__name__,
    summary="Object storage spoken to by S3: the lake's files, checkpoints, the platform's own buckets",
    spec=SeaweedfsSpec,
    wanted=wanted,
    offers=(S3Endpoint,),
    targets=("local", "kubernetes"),
    preferred=("local",),
)
