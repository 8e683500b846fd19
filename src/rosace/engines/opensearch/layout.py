"""OpenSearch's objects as `charts/serving` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rosace.engines.manifest import Obj, name_labels, obj, objects_of, secret_env

HOME = "/usr/share/opensearch"
GATHER = f"""\
cp -r {HOME}/config/. /configuration/
rm -rf /configuration/opensearch-security
mkdir /configuration/opensearch-security
cp /given/opensearch.yml /configuration/
for file in /given/security-*; do cp "$file" "/configuration/opensearch-security/${{file#/given/security-}}"; done
"""


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section."""
    if not section["enabled"]:
        return []
    name = section["name"]
    found = [
        obj("v1", "ServiceAccount", name, frame, section, automountServiceAccountToken=False),
        obj("v1", "ConfigMap", name, frame, section, data=_files(section)),
        obj("v1", "Service", name, frame, section, spec=_service(section)),
        obj("v1", "Service", f"{name}-nodes", frame, section, spec=_nodes(section)),
        obj("apps/v1", "StatefulSet", name, frame, section, spec=_stateful_set(frame, section)),
        obj("apps/v1", "Deployment", f"{name}-exporter", frame, section, spec=_exporter(frame, section)),
    ]
    if section["replicas"] > 1:
        budget = {"maxUnavailable": 1, "selector": {"matchLabels": _pods(section, "server")}}
        found.append(obj("policy/v1", "PodDisruptionBudget", name, frame, section, spec=budget))
    return found


def _pods(section: Mapping[str, Any], part: str) -> dict[str, str]:
    return name_labels(section["name"], **{"app.kubernetes.io/component": part})


def _files(section: Mapping[str, Any]) -> dict[str, str]:
    """JSON is YAML, which the servers read."""

    def text(value: Any) -> str:
        return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    told = {f"security-{name}": text(value) for name, value in section["security"].items()}
    return {"opensearch.yml": text(section["config"]), **told}


def _service(section: Mapping[str, Any]) -> Obj:
    ports = [{"name": "https", "port": section["ports"]["http"], "targetPort": "https", "protocol": "TCP"}]
    return {"selector": _pods(section, "server"), "ports": ports}


def _nodes(section: Mapping[str, Any]) -> Obj:
    port = {
        "name": "transport",
        "port": section["ports"]["transport"],
        "targetPort": "transport",
        "protocol": "TCP",
    }
    return {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": _pods(section, "server"),
        "ports": [port],
    }


def _stateful_set(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": section["storage"]["size"]}},
        **({"storageClassName": section["storage"]["class"]} if "class" in section["storage"] else {}),
    }
    labels = _pods(section, "server")
    return {
        "serviceName": f"{section['name']}-nodes",
        "replicas": section["replicas"],
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": {**frame["labels"], **section["labels"], **labels}},
            "spec": {
                "serviceAccountName": section["name"],
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "terminationGracePeriodSeconds": 120,
                "priorityClassName": section["priority"],
                "securityContext": section["securityContext"],
                "topologySpreadConstraints": section["topologySpreadConstraints"],
                "initContainers": [_gather(frame, section)],
                "containers": [_server(frame, section)],
                "volumes": [
                    {"name": "given", "configMap": {"name": section["name"]}},
                    {"name": "certificate", "secret": {"secretName": section["certificate"], "defaultMode": 0o440}},
                    *({"name": name, "emptyDir": {}} for name in ("configuration", "logs", "temporary")),
                ],
            },
        },
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
    }


def _gather(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    return {
        "name": "configuration",
        "image": section["image"],
        "command": ["sh", "-ec", GATHER],
        "resources": section["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "given", "mountPath": "/given", "readOnly": True},
            {"name": "configuration", "mountPath": "/configuration"},
        ],
    }


def _server(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    told = {
        "DISABLE_INSTALL_DEMO_CONFIG": "true",
        "DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI": "true",
        "OPENSEARCH_JAVA_OPTS": f"-Xms{section['heap']} -Xmx{section['heap']}",
    }
    healthy = {"path": "/_plugins/_security/health", "port": "https", "scheme": "HTTPS"}
    return {
        "name": "opensearch",
        "image": section["image"],
        "env": [
            *({"name": name, "value": value} for name, value in told.items()),
            *(secret_env(name, one["secret"], one["key"]) for name, one in objects_of(section, "passwords")),
        ],
        "ports": [
            {"name": "https", "containerPort": section["ports"]["http"], "protocol": "TCP"},
            {"name": "transport", "containerPort": section["ports"]["transport"], "protocol": "TCP"},
        ],
        "startupProbe": {"tcpSocket": {"port": "transport"}, "periodSeconds": 5, "failureThreshold": 120},
        "readinessProbe": {"httpGet": healthy, "periodSeconds": 10, "timeoutSeconds": 5},
        "livenessProbe": {"tcpSocket": {"port": "transport"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": section["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "configuration", "mountPath": f"{HOME}/config"},
            {"name": "certificate", "mountPath": f"{HOME}/config/certificate", "readOnly": True},
            {"name": "data", "mountPath": f"{HOME}/data"},
            {"name": "logs", "mountPath": f"{HOME}/logs"},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }


def _exporter(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    exporter, labels = section["exporter"], _pods(section, "exporter")
    container: Obj = {
        "name": "exporter",
        "image": exporter["image"],
        "args": [
            f"--es.uri=https://{section['name']}:{section['ports']['http']}",
            "--es.ca=/etc/opensearch/ca.crt",
            "--es.all",
            "--es.indices",
            f"--web.listen-address=:{exporter['port']}",
        ],
        "env": [
            secret_env("ES_USERNAME", exporter["secret"], "username"),
            secret_env("ES_PASSWORD", exporter["secret"], "password"),
        ],
        "ports": [{"name": "metrics", "containerPort": exporter["port"], "protocol": "TCP"}],
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "metrics"}},
        "livenessProbe": {"tcpSocket": {"port": "metrics"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": exporter["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [{"name": "authority", "mountPath": "/etc/opensearch", "readOnly": True}],
    }
    authority = {"secretName": section["certificate"], "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    return {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": {**frame["labels"], **section["labels"], **labels}},
            "spec": {
                "serviceAccountName": section["name"],
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": exporter["securityContext"],
                "containers": [container],
                "volumes": [{"name": "authority", "secret": authority}],
            },
        },
    }
