"""OpenSearch's configuration, from what was checked. Pure.

Names and meanings: docs.opensearch.org/latest, "Configuring OpenSearch", "Creating a cluster", "Configuring TLS
certificates", "YAML files" of the security plugin. That the plugin puts variables in (`${envbc.NAME}`: the bcrypt hash
of one) whenever a node loads its configuration: org.opensearch.security.support.SecurityUtils, `replaceEnvVars`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

METRICS = 9114
"""Where the exporter shows what it asked."""

HTTP, TRANSPORT = 9200, 9300

ADMIN, WRITER, EXPORTER = "admin", "exports", "exporter"
"""Who does everything; who writes exported topics; who reads figures for Prometheus."""

PASSWORDS = {ADMIN: "ADMIN_PASSWORD", WRITER: "EXPORTS_PASSWORD", EXPORTER: "EXPORTER_PASSWORD"}
"""The variables of the servers that hold the users' passwords."""

SUBJECT = "CN=opensearch"
"""The subject of the servers' certificate: who presents it on the transport port is one of them."""


def server(name: str, replicas: int) -> dict[str, Any]:
    """opensearch.yml. Memory is not mapped from files: that needs a setting of the node (`vm.max_map_count`)."""
    members = [f"{name}-{number}" for number in range(replicas)]
    discovery: dict[str, Any] = (
        {"discovery.type": "single-node"}
        if replicas == 1
        else {"discovery.seed_hosts": [f"{name}-nodes"], "cluster.initial_cluster_manager_nodes": members}
    )
    return {
        "cluster.name": name,
        "node.name": "${HOSTNAME}",
        "network.host": "0.0.0.0",
        "http.port": HTTP,
        "transport.port": TRANSPORT,
        **discovery,
        "node.store.allow_mmap": False,
        # An index exists when something is exported to it, and is deleted by its name, never by a pattern.
        "action.destructive_requires_name": True,
        **_tls("transport"),
        **_tls("http"),
        "plugins.security.ssl.http.enabled": True,
        # One certificate for all: the chain is verified, and the subject by `nodes_dn`.
        "plugins.security.ssl.transport.enforce_hostname_verification": False,
        "plugins.security.nodes_dn": [SUBJECT],
        "plugins.security.allow_default_init_securityindex": True,
        "plugins.security.restapi.roles_enabled": ["all_access", "security_rest_api_access"],
        "plugins.security.system_indices.enabled": True,
    }


def _tls(layer: str) -> dict[str, str]:
    """The certificate's files; they must lie below the configuration's folder."""
    return {
        f"plugins.security.ssl.{layer}.pemcert_filepath": "certificate/tls.crt",
        f"plugins.security.ssl.{layer}.pemkey_filepath": "certificate/tls.key",
        f"plugins.security.ssl.{layer}.pemtrustedcas_filepath": "certificate/ca.crt",
    }


def security(indexes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The security plugin's files: three users, and no right that they do not need."""
    written = sorted(indexes)
    return {
        "config.yml": {
            "_meta": {"type": "config", "config_version": 2},
            "config": {
                "dynamic": {
                    "http": {"anonymous_auth_enabled": False},
                    "authc": {
                        "basic": {
                            "http_enabled": True,
                            "transport_enabled": True,
                            "order": 0,
                            "http_authenticator": {"type": "basic", "challenge": True},
                            "authentication_backend": {"type": "intern"},
                        }
                    },
                }
            },
        },
        "internal_users.yml": {
            "_meta": {"type": "internalusers", "config_version": 2},
            **{user: {"hash": f"${{envbc.{variable}}}", "reserved": True} for user, variable in PASSWORDS.items()},
        },
        "roles.yml": {
            "_meta": {"type": "roles", "config_version": 2},
            WRITER: {
                "reserved": True,
                "cluster_permissions": ["cluster:monitor/main", "indices:data/write/bulk"],
                "index_permissions": [
                    {"index_patterns": [index], "allowed_actions": ["crud", "create_index", "manage"]}
                    for index in written
                ],
            },
            EXPORTER: {
                "reserved": True,
                "cluster_permissions": ["cluster_monitor"],
                "index_permissions": [{"index_patterns": ["*"], "allowed_actions": ["indices_monitor"]}],
            },
        },
        "roles_mapping.yml": {
            "_meta": {"type": "rolesmapping", "config_version": 2},
            "all_access": {"reserved": True, "users": [ADMIN]},
            WRITER: {"reserved": True, "users": [WRITER]},
            EXPORTER: {"reserved": True, "users": [EXPORTER]},
        },
        "action_groups.yml": {"_meta": {"type": "actiongroups", "config_version": 2}},
        "tenants.yml": {"_meta": {"type": "tenants", "config_version": 2}},
        "nodes_dn.yml": {"_meta": {"type": "nodesdn", "config_version": 2}},
    }
