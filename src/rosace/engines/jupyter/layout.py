"""JupyterHub's objects as `charts/notebooks` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, name_labels, obj, secret_env

PROGRAM = """\
import json
from pathlib import Path

told = json.loads(Path("/etc/jupyterhub/settings.json").read_text())
for part, traits in told["config"].items():
    for name, value in traits.items():
        setattr(c[part], name, value)


def profiles(spawner):
    mine = {group.name for group in spawner.user.groups}
    fits = [one for one in told["profiles"] if not one["groups"] or mine & set(one["groups"])]
    return [{key: one[key] for key in ("display_name", "slug", "kubespawner_override")} for one in fits]


c.KubeSpawner.profile_list = profiles
"""
LOGIN = {
    "OAUTH_CLIENT_ID": "client-id",
    "OAUTH_CLIENT_SECRET": "client-secret",
    "OAUTH2_AUTHORIZE_URL": "authorize-url",
    "OAUTH2_TOKEN_URL": "token-url",
    "OAUTH2_USERDATA_URL": "userdata-url",
    "OAUTH_CALLBACK_URL": "callback-url",
}
OWN = {
    "CONFIGPROXY_AUTH_TOKEN": "proxy-token",
    "JPY_COOKIE_SECRET": "cookie-secret",
    "JUPYTERHUB_CRYPT_KEY": "crypt-key",
}


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section."""
    if not section["enabled"]:
        return []
    name, hub, proxy = section["name"], section["hub"], section["proxy"]
    settings = {"config": section["config"], "profiles": section["profiles"]}
    told = json.dumps(settings, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": hub["storage"]["size"]}},
        **({"storageClassName": hub["storage"]["class"]} if "class" in hub["storage"] else {}),
    }
    ports = proxy["ports"]
    return [
        obj("v1", "ServiceAccount", f"{name}-hub", frame, section, automountServiceAccountToken=False),
        obj("v1", "ServiceAccount", f"{name}-proxy", frame, section, automountServiceAccountToken=False),
        *_rights(frame, section),
        obj("v1", "ConfigMap", name, frame, section, data={"jupyterhub_config.py": PROGRAM, "settings.json": told}),
        obj("v1", "PersistentVolumeClaim", f"{name}-hub", frame, section, spec=claim),
        obj("v1", "Service", f"{name}-hub", frame, section, spec=_service(section, "hub", "http", hub["port"])),
        obj("v1", "Service", f"{name}-proxy", frame, section, spec=_service(section, "proxy", "api", ports["api"])),
        obj("v1", "Service", name, frame, section, spec=_service(section, "proxy", "http", 80)),
        obj("apps/v1", "Deployment", f"{name}-hub", frame, section, spec=_hub(frame, section)),
        obj("apps/v1", "Deployment", f"{name}-proxy", frame, section, spec=_proxy(frame, section)),
    ]


def _pods(section: Mapping[str, Any], part: str) -> dict[str, str]:
    return name_labels(section["name"], **{"app.kubernetes.io/component": part})


def _service(section: Mapping[str, Any], part: str, port: str, number: int) -> Obj:
    ports = [{"name": port, "port": number, "targetPort": port, "protocol": "TCP"}]
    return {"selector": _pods(section, part), "ports": ports}


def _rights(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    """The hub may make and remove servers and home folders where notebooks are, and nothing else."""
    name = f"{section['name']}-hub"
    rules = [
        {
            "apiGroups": [""],
            "resources": ["pods", "persistentvolumeclaims"],
            "verbs": ["get", "list", "watch", "create", "delete"],
        },
        {"apiGroups": [""], "resources": ["events"], "verbs": ["get", "list", "watch"]},
    ]
    api = "rbac.authorization.k8s.io"
    for space in section["namespaces"]:
        yield obj(f"{api}/v1", "Role", name, frame, section, namespace=space, rules=rules)
        yield obj(
            f"{api}/v1",
            "RoleBinding",
            name,
            frame,
            section,
            namespace=space,
            roleRef={"apiGroup": api, "kind": "Role", "name": name},
            subjects=[{"kind": "ServiceAccount", "name": name, "namespace": section["namespace"]}],
        )


def _deployment(frame: Mapping[str, Any], section: Mapping[str, Any], part: str, pod: Obj) -> Obj:
    labels = _pods(section, part)
    return {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": {**frame["labels"], **section["labels"], **labels}},
            "spec": {
                "serviceAccountName": f"{section['name']}-{part}",
                "automountServiceAccountToken": part == "hub",
                "enableServiceLinks": False,
                "securityContext": section[part]["securityContext"],
                **pod,
            },
        },
    }


def _hub(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    hub, secrets = section["hub"], section["secrets"]
    probe = {"httpGet": {"path": "/hub/health", "port": "http"}, "timeoutSeconds": 5}
    container: Obj = {
        "name": "hub",
        "image": hub["image"],
        "command": ["jupyterhub", "--config=/etc/jupyterhub/jupyterhub_config.py", "--upgrade-db"],
        "workingDir": "/data",
        "env": [
            {"name": "HOME", "value": "/tmp"},
            *(secret_env(name, secrets["hub"], key) for name, key in sorted(OWN.items())),
            *(secret_env(name, secrets["login"], key) for name, key in sorted(LOGIN.items())),
        ],
        "ports": [{"name": "http", "containerPort": hub["port"], "protocol": "TCP"}],
        "startupProbe": {**probe, "periodSeconds": 5, "failureThreshold": 60},
        "readinessProbe": {**probe, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": hub["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "configuration", "mountPath": "/etc/jupyterhub", "readOnly": True},
            {"name": "data", "mountPath": "/data"},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }
    volumes = [
        {"name": "configuration", "configMap": {"name": section["name"]}},
        {"name": "data", "persistentVolumeClaim": {"claimName": f"{section['name']}-hub"}},
        {"name": "temporary", "emptyDir": {}},
    ]
    return _deployment(frame, section, "hub", {"containers": [container], "volumes": volumes})


def _proxy(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    proxy, hub = section["proxy"], f"http://{section['name']}-hub:{section['hub']['port']}"
    probe = {"httpGet": {"path": "/_chp_healthz", "port": "http"}, "timeoutSeconds": 5}
    container: Obj = {
        "name": "proxy",
        "image": proxy["image"],
        "command": [
            "configurable-http-proxy",
            "--ip=0.0.0.0",
            f"--port={proxy['ports']['http']}",
            "--api-ip=0.0.0.0",
            f"--api-port={proxy['ports']['api']}",
            f"--default-target={hub}",
            f"--error-target={hub}/hub/error",
        ],
        "env": [secret_env("CONFIGPROXY_AUTH_TOKEN", section["secrets"]["hub"], "proxy-token")],
        "ports": [
            {"name": "http", "containerPort": proxy["ports"]["http"], "protocol": "TCP"},
            {"name": "api", "containerPort": proxy["ports"]["api"], "protocol": "TCP"},
        ],
        "readinessProbe": {**probe, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": proxy["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [{"name": "temporary", "mountPath": "/tmp"}],
    }
    volumes = [{"name": "temporary", "emptyDir": {}}]
    return _deployment(frame, section, "proxy", {"containers": [container], "volumes": volumes})
