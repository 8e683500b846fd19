"""The hub's configuration, from what was checked. Pure.

Names and meanings: jupyterhub.readthedocs.io (5.x), jupyterhub-kubespawner.readthedocs.io (7.x),
oauthenticator.readthedocs.io (17.x).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HUB, PROXY, PROXY_API, SERVER = 8081, 8000, 8001, 8888
"""Ports of the hub, of the proxy for people and for the hub, and of a notebook's server."""

LABELS = {"app.kubernetes.io/name": "jupyter", "app.kubernetes.io/component": "notebook"}
"""Labels of the servers' pods."""

SECURITY: Mapping[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def hub(address: str, proxy: str, idle: int) -> dict[str, Any]:
    """JupyterHub: `address` is the hub as servers in other namespaces reach it, `proxy` the proxy's API."""
    return {
        "hub_bind_url": f"http://:{HUB}",
        "hub_connect_url": address,
        "db_url": "sqlite:////data/jupyterhub.sqlite",
        "cleanup_servers": False,
        "authenticate_prometheus": False,
        "spawner_class": "kubespawner.KubeSpawner",
        "authenticator_class": "generic-oauth",
        "services": [
            {
                "name": "culler",
                "command": ["python3", "-m", "jupyterhub_idle_culler", f"--timeout={idle}", "--cull-every=300"],
            }
        ],
        "load_roles": [
            {
                "name": "culler",
                "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
                "services": ["culler"],
            }
        ],
    }


def login(groups: list[str], everybody: bool) -> dict[str, Any]:
    """Who may log in: the members of the notebooks' projects, known by the identity provider's claim `groups`."""
    return {
        "allow_all": everybody,
        "allowed_groups": groups,
        "manage_groups": True,
        "auth_state_groups_key": "oauth_user.groups",
        "username_claim": "preferred_username",
        "scope": ["openid", "profile", "email", "groups"],
    }


def spawner(image: str, size: str, storage_class: str, environment: Mapping[str, Any]) -> dict[str, Any]:
    """What every server has in common: an ordinary user, closed pods, a home folder that stays."""
    return {
        "image": image,
        "cmd": ["jupyterhub-singleuser"],
        "port": SERVER,
        "uid": 1000,
        "gid": 100,
        "fs_gid": 100,
        "allow_privilege_escalation": False,
        "automount_service_account_token": False,
        "pod_security_context": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "container_security_context": dict(SECURITY),
        "enable_user_namespaces": False,
        "storage_pvc_ensure": True,
        "pvc_name_template": "notebook-{user_server}",
        "storage_capacity": size,
        "storage_access_modes": ["ReadWriteOnce"],
        **({"storage_class": storage_class} if storage_class else {}),
        "volumes": [
            {"name": "home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}},
            {"name": "temporary", "emptyDir": {}},
        ],
        "volume_mounts": [
            {"name": "home", "mountPath": "/home/jovyan"},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
        "environment": dict(environment),
        "start_timeout": 300,
    }
