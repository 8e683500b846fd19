"""Rancher: projects with members and quotas on the clusters that it manages, and copies of what it and they know."""

from rosace.contract.engine import Engine
from rosace.engines.rancher.spec import RancherSpec, wanted

ENGINE = Engine(
    name="rancher",
    title="Rancher",
    package=__name__,
    summary="Governs several clusters: projects, members, quotas, snapshots of etcd, backups of itself",
    spec=RancherSpec,
    wanted=wanted,
    targets=("kubernetes",),
    management=True,
    namespace="cattle-resources-system",
)
