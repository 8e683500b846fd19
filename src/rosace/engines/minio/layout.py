"""MinIO's objects as `charts/storage` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, env, obj, objects_of

API = "minio.min.io/v2"
_PLACE = {key: key for key in ("endpoint", "bucket", "prefix", "region")} | {"storageClass": "storage-class"}
"""What is said of a tier, and the flag of `mc ilm tier add` that says it."""


def layout(frame: Mapping[str, Any], minio: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, tenant by tenant."""
    if not minio["enabled"]:
        return []
    return [
        one
        for name, tenant in objects_of(minio, "tenants")
        for one in (_tenant(frame, minio, name, tenant), *_setup(frame, minio, name, tenant))
    ]


def _tenant(frame: Mapping[str, Any], minio: Mapping[str, Any], name: str, tenant: Mapping[str, Any]) -> Obj:
    storage = tenant["storage"]
    claim: Obj = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage["size"]}}}
    if "class" in storage:
        claim["storageClassName"] = storage["class"]
    pool = {
        "name": "pool-0",
        "servers": minio["servers"],
        "volumesPerServer": minio["volumesPerServer"],
        "resources": minio["resources"],
        "securityContext": minio["securityContext"],
        "containerSecurityContext": frame["containerSecurity"],
        "topologySpreadConstraints": tenant["topologySpreadConstraints"],
        "volumeClaimTemplate": {"metadata": {"name": "data"}, "spec": claim},
    }
    spec = {
        "image": minio["image"],
        "imagePullPolicy": "IfNotPresent",
        "configuration": {"name": tenant["secret"]},
        "env": env(dict(sorted(minio["config"].items()))),
        "requestAutoCert": False,
        "podManagementPolicy": "Parallel",
        "priorityClassName": minio["priority"],
        "mountPath": "/export",
        "pools": [pool],
        "buckets": [{"name": bucket} for bucket, _ in objects_of(tenant, "buckets")],
        "liveness": _probe("/minio/health/live", 6),
        "readiness": _probe("/minio/health/ready", 3),
        "startup": _probe("/minio/health/live", 60),
        "sideCars": {"resources": minio["sidecar"]["resources"]},
        "additionalVolumes": [{"name": "temporary", "emptyDir": {"sizeLimit": minio["temporary"]["size"]}}],
        "additionalVolumeMounts": [{"name": "temporary", "mountPath": "/tmp"}],
    }
    return obj(API, "Tenant", name, frame, minio, namespace=tenant["namespace"], spec=spec)


def _probe(path: str, failures: int) -> Obj:
    return {
        "httpGet": {"path": path, "port": 9000},
        "periodSeconds": 10,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def _setup(frame: Mapping[str, Any], minio: Mapping[str, Any], name: str, tenant: Mapping[str, Any]) -> Iterator[Obj]:
    """A Job named by what it does: where that changes another one is made, and the old one pruned."""
    data = _files(minio, tenant)
    text = "\n".join(value for _, value in sorted(data.items()))
    title = f"{name}-setup-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
    more = {"app.kubernetes.io/name": "minio-setup", "app.kubernetes.io/instance": name}
    place = {"namespace": tenant["namespace"], "labels": more}
    yield obj("v1", "ServiceAccount", f"{name}-setup", frame, minio, **place, automountServiceAccountToken=False)
    yield obj("v1", "ConfigMap", title, frame, minio, **place, immutable=True, data=data)
    labels = {**frame["labels"], **minio["labels"], **more}
    template = {"metadata": {"labels": labels}, "spec": _pod(frame, minio, name, tenant, title)}
    yield obj("batch/v1", "Job", title, frame, minio, **place, spec={"backoffLimit": 20, "template": template})


def _files(minio: Mapping[str, Any], tenant: Mapping[str, Any]) -> dict[str, str]:
    lines = (f"{name} {'on' if one['versioning'] else 'off'}\n" for name, one in objects_of(tenant, "buckets"))
    files = {"setup.sh": minio["setup"]["script"], "buckets": "".join(lines)}
    files |= {f"lifecycle-{name}.json": _json(rules) for name, rules in objects_of(tenant, "lifecycles")}
    files |= {f"policy-{name}.json": _json(client["policy"]) for name, client in objects_of(tenant, "clients")}
    for name, tier in objects_of(tenant, "tiers"):
        place = "".join(f" --{flag} {tier[key]}" for key, flag in _PLACE.items() if key in tier)
        files[f"tier-{name}"] = f"{tier['kind']}{place}\n"
    return files


def _json(value: Any) -> str:
    """As Helm's `toJson` writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _pod(frame: Mapping[str, Any], minio: Mapping[str, Any], name: str, tenant: Mapping[str, Any], title: str) -> Obj:
    setup = minio["setup"]
    secrets = [{"secret": {"name": tenant["secret"], "items": [{"key": "config.env", "path": "root/config.env"}]}}]
    secrets += [_keys(client["secret"], who) for who, client in objects_of(tenant, "clients")]
    secrets += [_keys(tier["secret"], f"tier-{tier_name}") for tier_name, tier in objects_of(tenant, "tiers")]
    container = {
        "name": "setup",
        "image": setup["image"],
        "command": ["/bin/sh", "/setup/setup.sh"],
        "env": env({"ENDPOINT": "http://minio", "HOME": "/tmp", "MC_CONFIG_DIR": "/tmp/mc"}),
        "resources": setup["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "setup", "mountPath": "/setup", "readOnly": True},
            {"name": "secrets", "mountPath": "/secrets", "readOnly": True},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }
    return {
        "serviceAccountName": f"{name}-setup",
        "automountServiceAccountToken": False,
        "restartPolicy": "OnFailure",
        "securityContext": minio["securityContext"],
        "containers": [container],
        "volumes": [
            {"name": "setup", "configMap": {"name": title}},
            {"name": "secrets", "projected": {"sources": secrets}},
            {"name": "temporary", "emptyDir": {"sizeLimit": "100Mi"}},
        ],
    }


def _keys(secret: str, folder: str) -> Obj:
    items = [{"key": key, "path": f"{folder}/{key}"} for key in ("access-key", "secret-key")]
    return {"secret": {"name": secret, "items": items}}
