"""Rancher's objects as `charts/management` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, objects_of

MANAGEMENT, PROVISIONING, BACKUP = "management.cattle.io/v3", "provisioning.cattle.io/v1", "resources.cattle.io/v1"
KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false", "helm.sh/resource-policy": "keep"}
"""Nothing that is taken out of Git may take a cluster or a team's project away."""

AFTER = {"argocd.argoproj.io/sync-wave": "1"}
"""Rancher makes the namespace of a project once there is the project."""


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """Projects and their members, clusters' snapshots, the backup."""
    if not section["enabled"]:
        return []
    return [*_projects(frame, section), *_snapshots(frame, section), *_backup(frame, section)]


def _projects(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    for cluster, projects in objects_of(section, "projects"):
        for name, said in sorted(projects.items()):
            spec: Obj = {"clusterName": cluster, "displayName": said["displayName"]}
            if said.get("quota"):
                spec["resourceQuota"] = {"limit": said["quota"]}
                spec["namespaceDefaultResourceQuota"] = {"limit": said["quota"]}
            yield obj(MANAGEMENT, "Project", name, frame, section, namespace=cluster, annotations=KEPT, spec=spec)
            for member, bound in objects_of(said, "members"):
                yield obj(
                    MANAGEMENT,
                    "ProjectRoleTemplateBinding",
                    f"{name}-{member}",
                    frame,
                    section,
                    namespace=f"{cluster}-{name}",
                    annotations=AFTER,
                    projectName=f"{cluster}:{name}",
                    roleTemplateName=bound["role"],
                    groupPrincipalName=bound["group"],
                )


def _snapshots(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    for name, said in objects_of(section, "snapshots"):
        etcd: Obj = {"snapshotScheduleCron": said["schedule"], "snapshotRetention": said["keep"]}
        if said.get("s3"):
            etcd["s3"] = said["s3"]
        spec = {"rkeConfig": {"etcd": etcd}}
        space = section["clustersIn"]
        yield obj(PROVISIONING, "Cluster", name, frame, section, namespace=space, annotations=KEPT, spec=spec)


def _backup(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    if said := section.get("backup"):
        spec: Obj = {
            "resourceSetName": said["resources"],
            "encryptionConfigSecretName": said["encryption"],
            "schedule": said["schedule"],
            "retentionCount": said["keep"],
            "storageLocation": {"s3": said["s3"]},
        }
        yield obj(BACKUP, "Backup", f"{frame['platform']}-rancher", frame, section, namespace=None, spec=spec)
