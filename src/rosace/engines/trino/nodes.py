"""Trino's configuration in pods: one coordinator that plans, workers that compute. Pure.

Comes in: the room's words, projects, capabilities. Goes out: settings as mappings, by file. Names and meanings:
trino.io/docs/476, "Deploying Trino", "Resource groups", "Graceful shutdown", "File-based access control"; the fixed
user of management endpoints: io.trino.server.security.SecurityConfig, `management.user`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.contract.values import Passed
from rosace.engines.trino.settings import KAFKA_CLIENT
from rosace.engines.trino.spec import TrinoSpec
from rosace.model.capabilities import KafkaSecurity
from rosace.model.cluster_words import Project
from rosace.model.quantity import Size

FOLDER = "/etc/trino"
DATA = "/data/trino"
MANAGER = "management"
"""Who asks for health and metrics, and tells a worker to end: the cluster, not a person."""

SHARED_SECRET = "TRINO_SHARED_SECRET"
GRACE = 30
"""Seconds until the coordinator has noticed that a worker ends; waited for twice (`shutdown.grace-period`)."""

OTHERS = "others"
"""The group of queries that belong to no project."""

_KAFKA = "/etc/kafka"


def coordinator(spec: TrinoSpec, *, platform: str, port: int, address: str, heap: Size) -> dict[str, str]:
    """config.properties of the node that plans."""
    return {
        **_node(spec, port=port, address=address, heap=heap),
        "coordinator": "true",
        "node-scheduler.include-coordinator": "false",
        "web-ui.authentication.type": "fixed",
        "web-ui.user": platform,
    }


def worker(spec: TrinoSpec, *, port: int, address: str, heap: Size) -> dict[str, str]:
    """config.properties of a node that computes."""
    return {**_node(spec, port=port, address=address, heap=heap), "coordinator": "false"}


def _node(spec: TrinoSpec, *, port: int, address: str, heap: Size) -> dict[str, str]:
    return {
        "http-server.http.port": str(port),
        "http-server.log.enabled": "false",
        "discovery.uri": address,
        "query.max-memory-per-node": f"{heap.mib // 2}MB",
        "memory.heap-headroom-per-node": f"{heap.mib // 3}MB",
        "internal-communication.shared-secret": f"${{ENV:{SHARED_SECRET}}}",
        "management.user": MANAGER,
        "shutdown.grace-period": f"{GRACE}s",
        **spec.settings,
    }


def heap_of(memory: Size) -> Size:
    """The Java heap in a pod; the rest is code, threads and direct buffers."""
    return Size(memory // 4 * 3)


def jvm(heap: Size) -> list[str]:
    """jvm.config, as the documentation and the image have it, for a pod: what runs out of memory ends, and comes back.

    Kafka's clients may read the password's file and nothing else by themselves (KIP-421, CVE-2024-31141).
    """
    return [
        "-server",
        f"-Xms{heap.mib}m",
        f"-Xmx{heap.mib}m",
        "-XX:G1HeapRegionSize=32M",
        "-XX:+ExplicitGCInvokesConcurrent",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-OmitStackTraceInFastThrow",
        "-XX:ReservedCodeCacheSize=256M",
        "-XX:PerMethodRecompilationCutoff=10000",
        "-XX:PerBytecodeRecompilationCutoff=10000",
        "-Djdk.attach.allowAttachSelf=true",
        "-Djdk.nio.maxCachedBufferSize=2000000",
        "-XX:+EnableDynamicAgentLoading",
        "-Dorg.apache.kafka.automatic.config.providers=org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    ]


def node(platform: str) -> dict[str, str]:
    """node.properties; the image's start adds the pod's name as `node.id`."""
    return {
        "node.environment": platform.replace("-", "_"),
        "node.data-dir": DATA,
        "plugin.dir": "/usr/lib/trino/plugin",
    }


ACCESS: Passed = {
    "system_information": [{"user": MANAGER, "allow": ["read", "write"]}, {"user": ".*", "allow": ["read"]}]
}
"""Who may ask for health and metrics, and who may end a worker. Tables are everybody's who can reach Trino at all."""


def kafka_client(security: KafkaSecurity | None, user: str) -> dict[str, str]:
    """Settings of Trino's consumers, with SCRAM over TLS where the brokers ask for it."""
    if security is None:
        return dict(KAFKA_CLIENT)
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    return {
        **KAFKA_CLIENT,
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.jaas.config": f'{module} required username="{user}" password="${{dir:{_KAFKA}/user:password}}";',
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": f"{_KAFKA}/ca/ca.crt",
        "config.providers": "dir",
        "config.providers.dir.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
        "config.providers.dir.param.allowed.paths": f"{_KAFKA}/user",
    }


def resource_groups(projects: Mapping[str, Project], concurrency: int) -> Passed:
    """A group for each project and one for all others, so that no project's queries stand in another's way.

    A project's share of running queries and of memory is that of its quota; without any quota all are alike. A query
    belongs to a project by its user's name, its user's group (a member of the project), or a client tag.
    """
    weights = _weights(projects)
    whole = sum(weights.values())
    groups = [_group(name, weight, whole, concurrency) for name, weight in weights.items()]
    selectors: list[dict[str, Any]] = []
    for name, project in projects.items():
        path = f"queries.{name}"
        selectors += [{"user": name, "group": path}, {"clientTags": [name], "group": path}]
        selectors += [{"userGroup": member, "group": path} for member in project.members]
    root = {
        "name": "queries",
        "softMemoryLimit": "100%",
        "hardConcurrencyLimit": concurrency,
        "maxQueued": 50 * concurrency,
        "schedulingPolicy": "weighted_fair",
        "subGroups": groups,
    }
    return {"rootGroups": [root], "selectors": [*selectors, {"group": f"queries.{OTHERS}"}]}


def _weights(projects: Mapping[str, Project]) -> dict[str, int]:
    """Shares by memory in GiB; a project without a quota counts as the smallest one, and so do all others."""
    told = {name: project.quota.memory for name, project in projects.items()}
    sizes = {name: max(1, memory >> 30) for name, memory in told.items() if memory}
    least = min(sizes.values(), default=1)
    return {**{name: sizes.get(name, least) for name in told}, OTHERS: least}


def _group(name: str, weight: int, whole: int, concurrency: int) -> dict[str, Any]:
    share = weight / whole
    return {
        "name": name,
        "softMemoryLimit": f"{max(10, round(100 * share))}%",
        "hardConcurrencyLimit": max(1, round(concurrency * share)),
        "maxQueued": 10 * concurrency,
        "schedulingWeight": weight,
    }
