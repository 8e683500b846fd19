"""Spark for people, on clusters: a cluster whose workers follow the load, and a Connect server for each project.

Decided here, laid out by the chart. Sources: spark.apache.org/docs/4.1.1/spark-standalone and
/spark-connect-overview; kubernetes.io, "Horizontal Pod Autoscaling" (autoscaling/v2); github.com/kubeflow/
spark-operator, internal/controller/sparkconnect (v2.5.1): the server's ports and labels.
"""

from __future__ import annotations

from typing import Literal

from rosace.contract.cluster import ClusterSite, PlacedSite, resources, storage
from rosace.contract.values import Environment, Mount, Off, Passed
from rosace.engines.spark import pods, settings
from rosace.engines.spark.applications import common_files, properties
from rosace.engines.spark.values import (
    Master,
    Node,
    Project,
    Share,
    SharedCluster,
    Surroundings,
    Worker,
    WorkerScale,
)
from rosace.kit import jars
from rosace.kit.manifest import spread
from rosace.model.cluster_words import Disk, Resources
from rosace.model.quantity import Size

NAME = "spark-shared"
CONF = "/opt/spark/conf"
STATE = "/opt/rosace/state"

DAEMON = Size.mebibytes(512)
"""The heap of a master, and of a worker beside that of its executor; a worker takes 128 MiB more."""

LEAST_WORKER = Size.mebibytes(2048)
"""Less leaves an executor less than the 472 MiB of heap without which Spark refuses to start."""

SECRET_KEY = "auth-secret"
"""The key, in the secret `spark-shared`, of the word that master, workers and drivers know each other by."""


def enabled(site: PlacedSite) -> bool:
    """Where nobody said it: a platform with notebooks or queries has people who ask."""
    said = pods.spec_of(site).shared.enabled
    platform = site.checked.platform
    return bool(platform.notebooks or platform.queries) if said is None else said


def master_url(site: ClusterSite) -> str:
    """The address of the shared cluster's master."""
    return f"spark://{site.service(f'{NAME}-master')}:{settings.MASTER}"


def values(site: ClusterSite) -> SharedCluster | Off:
    """The part of the chart's section about the shared cluster."""
    if not enabled(site):
        return {"enabled": False}
    volumes: list[Mount] = [
        {"name": "job", "path": jars.JOB, "configMap": NAME},
        {"name": "conf", "path": CONF, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
        *pods.writable(site),
    ]
    return {
        "enabled": True,
        "name": NAME,
        "files": _files(site),
        "autoscaling": _autoscaling(site),
        "master": _master(site, volumes),
        "worker": _worker(site, volumes),
        "connect": _connect(site, volumes),
    }


def _autoscaling(site: ClusterSite) -> WorkerScale:
    """Up at once, at most double; down only after five quiet minutes, one worker at a time."""
    asked = pods.spec_of(site).shared
    behavior: Passed = {
        "scaleUp": {
            "stabilizationWindowSeconds": 0,
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 60}],
        },
        "scaleDown": {
            "stabilizationWindowSeconds": 300,
            "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
        },
    }
    return {"min": asked.min, "max": asked.max, "cpu": asked.cpu, "behavior": behavior}


def _surroundings(
    site: ClusterSite, role: Literal["master", "worker", "connect"], volumes: list[Mount]
) -> Surroundings:
    lake = role == "connect"
    prepared = pods.preparation(site, lake=lake)
    prepared["plain"] |= {
        "TEMPLATE": f"{jars.JOB}/spark-defaults.conf",
        "TARGET": f"{CONF}/spark-defaults.conf",
        "SECRET_NAME": "spark.authenticate.secret",
    }
    prepared["secrets"]["SECRET_VALUE"] = {"secret": NAME, "key": SECRET_KEY}
    env: Environment = pods.store_environment(site) if role != "master" else {"secrets": {}, "plain": {}}
    env["plain"] |= {
        "SPARK_CONF_DIR": CONF,
        "SPARK_LOCAL_DIRS": "/tmp",
        "SPARK_WORKER_DIR": pods.WORK,
        "SPARK_NO_DAEMONIZE": "true",
        "SPARK_DAEMON_MEMORY": f"{DAEMON.mib}m",
        "SPARK_DAEMON_JAVA_OPTS": f"-Dlog4j2.configurationFile=file:{jars.JOB}/log4j2.properties",
    }
    env["fields"] = {"POD_IP": "status.podIP"}
    if lake:
        env["plain"] |= {"PGPASSFILE": jars.PASSWORDS, "SPARK_LOG_DIR": "/tmp/logs", "SPARK_PID_DIR": "/tmp"}
    labels = {"app.kubernetes.io/name": NAME, "app.kubernetes.io/component": role}
    return {
        "env": env,
        "prepare": prepared,
        "volumes": volumes,
        "spread": spread(labels, site.cluster.zones),
        "grace": 60,
    }


def _master(site: ClusterSite, volumes: list[Mount]) -> Master:
    return {
        **_surroundings(site, "master", [*volumes, {"name": "state", "path": STATE, "claim": "state"}]),
        "command": [
            "/opt/spark/bin/spark-class",
            "org.apache.spark.deploy.master.Master",
            "--host",
            f"{NAME}-master-0.{site.service(f'{NAME}-master')}",
            "--port",
            str(settings.MASTER),
            "--webui-port",
            str(settings.MASTER_UI),
        ],
        "ports": {"cluster": settings.MASTER, "metrics": settings.MASTER_UI},
        "probe": {"ready": "cluster", "live": "metrics"},
        "resources": resources(Resources(), "100m", Size.parse("1Gi")),
        "storage": storage(Disk(), Size.parse("1Gi"), site.cluster),
    }


def _worker(site: ClusterSite, volumes: list[Mount]) -> Worker:
    asked, shape, whole = pods.spec_of(site).shared.resources, _executor(site), _whole(site)
    return {
        **_surroundings(site, "worker", volumes),
        "command": [
            "/opt/spark/bin/spark-class",
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "$(POD_IP)",
            "--port",
            str(settings.WORKER),
            "--webui-port",
            str(settings.WORKER_UI),
            "--cores",
            str(shape["cores"]),
            "--memory",
            shape["memory"],
            master_url(site),
        ],
        # Executors hand their blocks over, then the worker goes (SIGPWR: spark.decommission.enabled).
        "preStop": ["bash", "-c", "kill -PWR 1; sleep 45"],
        "ports": {"blocks": settings.BLOCKS, "metrics": settings.WORKER_UI, "worker": settings.WORKER},
        "probe": {"ready": "worker", "live": "metrics"},
        "resources": resources(asked.model_copy(update={"memory": whole}), shape["coreRequest"], whole),
    }


def _whole(site: ClusterSite) -> Size:
    """The memory of a worker's pod."""
    spec = pods.spec_of(site)
    return max(LEAST_WORKER, spec.shared.resources.memory or spec.executor.memory or Size.parse("4Gi"))


def _executor(site: ClusterSite) -> Share:
    """What a worker gives to the one executor it has: all but what it takes itself."""
    spec = pods.spec_of(site)
    left = Resources(cpu=spec.shared.resources.cpu, memory=Size(_whole(site) - DAEMON - Size.mebibytes(128)))
    return pods.shape(left, spec.executor, "2", Size.parse("4Gi"))


def _connect(site: ClusterSite, volumes: list[Mount]) -> Node:
    return {
        **_surroundings(site, "connect", volumes),
        "command": [
            "/opt/spark/sbin/start-connect-server.sh",
            "--master",
            master_url(site),
            "--conf",
            "spark.driver.host=$(POD_IP)",
        ],
        "ports": {
            "blocks": settings.BLOCKS,
            "connect": settings.CONNECT,
            "driver": settings.RPC,
            "metrics": settings.UI,
        },
        "probe": {"ready": "connect", "live": "metrics"},
        "resources": resources(Resources(), "500m", Size.parse("2Gi")),
    }


def _files(site: ClusterSite) -> dict[str, str]:
    asked, executor = pods.spec_of(site).shared, _executor(site)
    cores = executor["cores"]
    told = {
        **properties(site, "shared", asked.max * cores),
        "spark.driver.bindAddress": "0.0.0.0",
        "spark.driver.memory": "1280m",
        "spark.connect.grpc.binding.port": str(settings.CONNECT),
        "spark.deploy.recoveryMode": "FILESYSTEM",
        "spark.deploy.recoveryDirectory": STATE,
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.shuffleTracking.enabled": "true",
        "spark.dynamicAllocation.minExecutors": "0",
        "spark.dynamicAllocation.maxExecutors": str(asked.max),
        "spark.executor.cores": str(cores),
        "spark.executor.memory": executor["memory"],
        "spark.worker.cleanup.enabled": "true",
    }
    return _told(site, told)


def _told(site: ClusterSite, told: dict[str, str]) -> dict[str, str]:
    return {"spark-defaults.conf": settings.properties_text(told), **common_files(site)}


def projects(site: ClusterSite) -> dict[str, Project]:
    """A Connect server for each project that has notebooks, in its own namespace and within its quota."""
    return {name: _project(site, name) for name in project_names(site)}


def project_names(site: PlacedSite) -> list[str]:
    """Projects that have notebooks."""
    return sorted({note.project for note in site.checked.platform.notebooks.values() if note.project})


def _project(site: ClusterSite, project: str) -> Project:
    spec = pods.spec_of(site)
    scale, name = spec.interactive, f"{project}-connect"
    server = pods.shape(spec.driver, Resources(), "500m", Size.parse("2Gi"))
    executor = pods.shape(Resources(), spec.executor, "1", Size.parse("2Gi"))
    told = {
        **properties(site, name, scale.max * executor["cores"]),
        "spark.connect.grpc.binding.port": str(settings.CONNECT),
        "spark.kubernetes.container.image.pullPolicy": "IfNotPresent",
        "spark.kubernetes.executor.request.cores": executor["coreRequest"],
        "spark.executor.memory": executor["memory"],
        "spark.executor.memoryOverhead": executor["memoryOverhead"],
    }
    env = pods.store_environment(site)
    serving = pods.store_environment(site)
    serving["plain"] |= {"PGPASSFILE": jars.PASSWORDS, "SPARK_LOG_DIR": "/tmp/logs", "SPARK_PID_DIR": "/tmp"}
    serving["plain"]["SPARK_CONF_DIR"] = jars.JOB
    return {
        "namespace": site.namespaces.projects[project],
        "serviceAccount": f"spark-{name}",
        "files": _told(site, told),
        "volumes": [
            {"name": "job", "path": jars.JOB, "configMap": f"spark-{name}"},
            *pods.writable(site),
        ],
        "dynamicAllocation": pods.allocation(scale.min, scale.max),
        "server": {
            "cores": server["cores"],
            "memory": server["memory"],
            "resources": resources(Resources(), server["coreRequest"], spec.driver.memory or Size.parse("2Gi")),
            "ports": {
                "blocks": settings.BLOCKS,
                "connect": settings.CONNECT,
                "driver": settings.RPC,
                "metrics": settings.UI,
            },
            "env": serving,
            "prepare": pods.preparation(site, lake=True),
        },
        "executor": {
            "cores": executor["cores"],
            "memory": executor["memory"],
            "resources": resources(Resources(), executor["coreRequest"], spec.executor.memory or Size.parse("2Gi")),
            "env": env,
            "prepare": pods.preparation(site, lake=False),
        },
    }
