"""PostgreSQL's objects as `charts/serving` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.engines.manifest import Obj, name_labels, obj
from rosace.engines.postgresql.settings import configuration

DATA = "/var/lib/postgresql/data"
SOCKETS = {"name": "sockets", "mountPath": "/var/run/postgresql"}
CONFIGURATION = {"name": "configuration", "mountPath": "/etc/postgresql"}
INITIALISE = """\
if [ -e "$PGDATA/PG_VERSION" ]; then exit 0; fi
rm -rf "$PGDATA.new"
initdb --pgdata="$PGDATA.new" --username=postgres --pwfile=/etc/postgresql-admin/password "$@"
mv "$PGDATA.new" "$PGDATA"
sync
"""
KEEP = """\
trap 'exit 0' TERM
seen=
while :; do
  touch "$PGHOST/keeper.alive"
  now=$(cat /etc/postgresql/roles.sql /etc/postgresql-user/password /etc/postgresql-admin/password | sha256sum)
  if [ "$now" != "$seen" ] && psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/etc/postgresql/roles.sql; then
    seen=$now
    touch "$PGHOST/keeper.done"
  fi
  sleep 5 & wait $!
done
"""


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section."""
    if not section["enabled"]:
        return []
    name = section["name"]
    return [
        obj("v1", "ServiceAccount", name, frame, section, automountServiceAccountToken=False),
        obj("v1", "ConfigMap", name, frame, section, data=_files(section)),
        obj("v1", "Service", name, frame, section, spec=_service(section)),
        obj("v1", "Service", f"{name}-nodes", frame, section, spec={"clusterIP": "None", **_service(section)}),
        obj("apps/v1", "StatefulSet", name, frame, section, spec=_stateful_set(frame, section)),
    ]


def _files(section: Mapping[str, Any]) -> dict[str, str]:
    return {
        "postgresql.conf": configuration(dict(sorted(section["config"].items()))),
        "pg_hba.conf": "".join(f"{line}\n" for line in section["access"]),
        "pg_ident.conf": "".join(f"{line}\n" for line in section["identities"]),
        "roles.sql": section["roles"] + section["serving"],
    }


def _service(section: Mapping[str, Any]) -> Obj:
    return {
        "selector": name_labels(section["name"]),
        "ports": [{"name": "postgresql", "port": section["port"], "targetPort": "postgresql", "protocol": "TCP"}],
    }


def _stateful_set(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    selector = name_labels(section["name"])
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": section["storage"]["size"]}},
        **({"storageClassName": section["storage"]["class"]} if "class" in section["storage"] else {}),
    }
    return {
        "serviceName": f"{section['name']}-nodes",
        "replicas": 1,
        "selector": {"matchLabels": selector},
        "template": {
            "metadata": {"labels": {**frame["labels"], **section["labels"], **selector}},
            "spec": _pod(frame, section),
        },
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
    }


def _pod(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    return {
        "serviceAccountName": section["name"],
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 120,
        "priorityClassName": section["priority"],
        "securityContext": section["securityContext"],
        "initContainers": [_initialise(frame, section)],
        "containers": [_server(frame, section), _keeper(frame, section), _exporter(frame, section)],
        "volumes": _volumes(section),
    }


def _initialise(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    return {
        "name": "initialise",
        "image": section["image"],
        "command": ["sh", "-ec", INITIALISE, "initialise"],
        "args": section["initdb"],
        "env": [{"name": "PGDATA", "value": f"{DATA}/cluster"}],
        "resources": section["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "data", "mountPath": DATA},
            {"name": "admin", "mountPath": "/etc/postgresql-admin", "readOnly": True},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }


def _server(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    asked = {"exec": {"command": ["pg_isready", "--quiet", "--host=/var/run/postgresql"]}, "timeoutSeconds": 5}
    return {
        "name": "postgresql",
        "image": section["image"],
        "command": ["postgres", "-D", f"{DATA}/cluster", "-c", "config_file=/etc/postgresql/postgresql.conf"],
        "ports": [{"name": "postgresql", "containerPort": section["port"], "protocol": "TCP"}],
        "startupProbe": {**asked, "periodSeconds": 5, "failureThreshold": 360},
        "readinessProbe": {**asked, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": "postgresql"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": section["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "data", "mountPath": DATA},
            {**CONFIGURATION, "readOnly": True},
            {"name": "certificate", "mountPath": "/etc/postgresql-tls", "readOnly": True},
            SOCKETS,
            {"name": "memory", "mountPath": "/dev/shm"},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }


def _keeper(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    return {
        "name": "keeper",
        "image": section["image"],
        "command": ["sh", "-c", KEEP],
        "env": [
            {"name": "PGHOST", "value": "/var/run/postgresql"},
            {"name": "PGUSER", "value": "postgres"},
            {"name": "PGDATABASE", "value": "postgres"},
        ],
        "readinessProbe": {"exec": {"command": ["test", "-e", "/var/run/postgresql/keeper.done"]}, "periodSeconds": 5},
        "livenessProbe": {
            "exec": {"command": ["sh", "-c", 'test -n "$(find /var/run/postgresql/keeper.alive -mmin -2)"']},
            "timeoutSeconds": 5,
            "periodSeconds": 30,
            "failureThreshold": 4,
        },
        "resources": section["keeper"]["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {**CONFIGURATION, "readOnly": True},
            {"name": "admin", "mountPath": "/etc/postgresql-admin", "readOnly": True},
            {"name": "user", "mountPath": "/etc/postgresql-user", "readOnly": True},
            SOCKETS,
        ],
    }


def _exporter(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    exporter = section["exporter"]
    source = f"host=/var/run/postgresql user={exporter['role']} dbname=postgres sslmode=disable"
    return {
        "name": "exporter",
        "image": exporter["image"],
        "args": [f"--web.listen-address=:{exporter['port']}"],
        "env": [{"name": "DATA_SOURCE_NAME", "value": source}],
        "ports": [{"name": "metrics", "containerPort": exporter["port"], "protocol": "TCP"}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "metrics"}},
        "livenessProbe": {"tcpSocket": {"port": "metrics"}, "periodSeconds": 20, "failureThreshold": 6},
        "resources": exporter["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [SOCKETS],
    }


def _volumes(section: Mapping[str, Any]) -> list[Obj]:
    secrets = section["secrets"]
    return [
        {"name": "configuration", "configMap": {"name": section["name"]}},
        {"name": "admin", "secret": {"secretName": secrets["admin"], "defaultMode": 0o440}},
        {"name": "user", "secret": {"secretName": secrets["user"], "defaultMode": 0o440}},
        {"name": "certificate", "secret": {"secretName": secrets["certificate"], "defaultMode": 0o440}},
        {"name": "sockets", "emptyDir": {}},
        {"name": "memory", "emptyDir": {"medium": "Memory", "sizeLimit": section["sharedMemory"]}},
        {"name": "temporary", "emptyDir": {}},
    ]
