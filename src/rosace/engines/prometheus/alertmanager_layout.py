"""Alertmanager's objects as `charts/observability` lays them out. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, secret_env


def alertmanager(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    """The Alertmanager of a cluster, its configuration, account, service and budget."""
    alerts = section["alertmanager"]
    own = {"namespace": section["namespace"], "labels": alerts["labels"]}
    selector = {"app.kubernetes.io/name": "alertmanager", "alertmanager": alerts["name"]}
    yield obj("monitoring.coreos.com/v1", "Alertmanager", alerts["name"], frame, own, spec=_spec(frame, section))
    yield obj("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", alerts["name"], frame, own, spec=alerts["config"])
    yield obj("v1", "ServiceAccount", alerts["name"], frame, own, automountServiceAccountToken=False)
    yield obj(
        "v1",
        "Service",
        alerts["name"],
        frame,
        own,
        spec={"selector": selector, "ports": [{"name": "web", "port": alerts["port"], "targetPort": "web"}]},
    )
    yield obj(
        "policy/v1",
        "PodDisruptionBudget",
        alerts["name"],
        frame,
        own,
        spec={**alerts["disruptions"], "selector": {"matchLabels": selector}},
    )


def _spec(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    alerts = section["alertmanager"]
    secure = {"securityContext": frame["containerSecurity"]}
    reloader: Obj = {**secure, "resources": section["reloader"]["resources"]}
    if alerts["variables"]:
        reloader["env"] = [
            secret_env(name, one["secret"], one["key"]) for name, one in sorted(alerts["variables"].items())
        ]
    storage = alerts["storage"]
    claim: Obj = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage["size"]}}}
    if "class" in storage:
        claim["storageClassName"] = storage["class"]
    return {
        "version": alerts["version"],
        "image": alerts["image"],
        "replicas": alerts["replicas"],
        "serviceAccountName": alerts["name"],
        "automountServiceAccountToken": False,
        "retention": alerts["retention"],
        "alertmanagerConfiguration": {"name": alerts["name"]},
        "resources": alerts["resources"],
        "storage": {"volumeClaimTemplate": {"spec": claim}},
        **alerts["pod"],
        "containers": [{"name": "alertmanager", **secure}, {"name": "config-reloader", **reloader}],
        "initContainers": [{"name": "init-config-reloader", **reloader}],
    }
