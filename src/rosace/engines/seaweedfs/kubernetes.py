"""SeaweedFS on Kubernetes, without any operator: what is decided. the chart lays it out.

Masters, volume servers and one filer with the S3_PORT gateway, each a StatefulSet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Own, Serves, Use, Within, Workload
from rosace.engines.seaweedfs import components, settings, watching
from rosace.engines.seaweedfs.settings import FILER_PORT, GRPC, MASTER_PORT, METRICS_PORT, S3_PORT, VOLUME_PORT
from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.engines.seaweedfs.values import Components, SeaweedfsValues
from rosace.kit import buckets
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model.capabilities import Capability, S3Endpoint, Secret
from rosace.model.cluster_words import Disk, Resources
from rosace.model.quantity import Size

FILER, MASTER, VOLUME = Own("filer"), Own("master"), Own("volume")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

USER = 1000
"""The image says none; its files are readable by everybody."""

IMAGE = PINNED.image("seaweedfs")


class Kubernetes(KubernetesRoom):
    """SeaweedFS's cluster side."""

    chart = "storage"
    shape = SeaweedfsValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (
            S3Endpoint(
                address=site.address("seaweedfs-s3", S3_PORT, "http"),
                region=buckets.REGION,
                access_key=Secret(settings.ACCESS_SECRET),
                secret_key=Secret(settings.SECRET_SECRET),
                secret=buckets.SECRET,
            ),
        )

    def values(self, site: ClusterSite) -> SeaweedfsValues:
        return {
            "enabled": True,
            "name": "seaweedfs",
            "namespace": site.namespace,
            "labels": name_labels("seaweedfs"),
            "image": site.image(IMAGE),
            "ports": {"s3": S3_PORT, "metrics": METRICS_PORT},
            "securityContext": pod_security(USER),
            "files": dict(self.configuration(site)["seaweedfs"]),
            "components": _components(site),
            "clients": {
                name: {"secret": buckets.copy(name), "actions": components.actions(one.reads, one.writes)}
                for name, one in buckets.rights(site).items()
            },
            "setup": {
                "buckets": _buckets(site),
                "masters": ",".join(_peers(site)),
                "filer": f"seaweedfs-filer-0.seaweedfs-filer.{site.namespace}:{FILER_PORT}",
                "resources": resources(Resources(), "50m", Size.parse("128Mi")),
            },
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        def one(role: str, serves: Serves, *uses: Use) -> Workload:
            pods = {**serves, SCRAPED: (METRICS_PORT,)} if role != "setup" else serves
            return Workload(f"seaweedfs-{role}", "seaweedfs", site.namespace, _pods(role), pods, uses)

        master, volume, filer = (
            Within("seaweedfs-master", MASTER),
            Within("seaweedfs-volume", VOLUME),
            Within("seaweedfs-filer", FILER),
        )
        return (
            one("master", {MASTER: (MASTER_PORT, MASTER_PORT + GRPC)}, master, volume, filer),
            one("volume", {VOLUME: (VOLUME_PORT, VOLUME_PORT + GRPC)}, master, volume),
            one("filer", {S3Endpoint: (S3_PORT,), FILER: (FILER_PORT + GRPC, S3_PORT + GRPC)}, master, volume),
            one("setup", {}, master, volume, filer),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (IMAGE,)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        return (*buckets.needs(site), *buckets.beside(site, site.namespace))

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(site.namespace, {role: _pods(role) for role in ("master", "volume", "filer")})

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        return {
            "seaweedfs": {
                "master.toml": settings.master_file(_copies(site)),
                "filer.toml": settings.FILER,
                "security.toml": settings.SECURITY,
                "identities.sh": components.MAKE_IDENTITIES,
                "buckets.sh": components.MAKE_BUCKETS,
            }
        }

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        words, kept = site.checked.platform.storage, _copies(site)
        found = [
            Parity(
                "servers", "one process", f"{words.nodes} volume servers, masters, a filer", "mapped", "one machine"
            ),
            Parity(
                "erasure",
                "one copy",
                f"{kept} whole copies of each object",
                "mapped",
                f"SeaweedFS erasure-codes 10+4 and only what is old: {words.erasure} becomes as many copies as survive "
                f"the loss of {kept - 1} servers, at {kept} times the room",
            ),
            Parity(
                "identities",
                "one, which may do all",
                "one for each namespace, by bucket",
                "mapped",
                "nobody else lives on the machine's loopback address",
            ),
            Parity("filer", "one", "one: while it restarts nothing is served", "same"),
        ]
        if words.tenants:
            why = "SeaweedFS has no tenants; their buckets are its own"
            found.append(Parity("tenants", "buckets of one store", "buckets of one store", "same", why))
            why = "buckets do not expire or move here: take MinIO for that"
            found.append(Parity("lifecycles", "", "", "not representable", why))
        if words.cache:
            why = "SeaweedFS keeps what it reads in memory; volumes lie on storage.disk.class"
            found.append(Parity("cache", "", "", "not representable", why))
        return tuple(found)


def _components(site: ClusterSite) -> Components:
    spec, words = site.words(SeaweedfsSpec), site.checked.platform.storage
    peers = _peers(site)
    small = Disk.model_validate({"class": words.disk.class_} if words.disk.class_ else {})
    return {
        "master": {
            "replicas": len(peers),
            "arguments": list(components.master(spec, peers, _copies(site))),
            "ports": {"http": MASTER_PORT, "grpc": MASTER_PORT + GRPC},
            "health": "/cluster/status",
            "resources": resources(Resources(), "100m", Size.parse("256Mi")),
            "storage": storage(small, Size.parse("1Gi"), site.cluster),
            "topologySpreadConstraints": spread(_pods("master"), site.cluster.zones),
        },
        "volume": {
            "replicas": words.nodes,
            "arguments": list(components.volume(spec, peers)),
            "ports": {"http": VOLUME_PORT, "grpc": VOLUME_PORT + GRPC},
            "health": "/healthz",
            "resources": resources(Resources(), "250m", Size.parse("1Gi")),
            "storage": storage(words.disk, Size.parse("100Gi"), site.cluster),
            "topologySpreadConstraints": spread(_pods("volume"), site.cluster.zones),
        },
        "filer": {
            "replicas": 1,
            "arguments": list(components.filer(peers)),
            "ports": {"s3": S3_PORT, "grpc": FILER_PORT + GRPC, "s3-grpc": S3_PORT + GRPC},
            "health": "/status",
            "resources": resources(Resources(), "250m", Size.parse("1Gi")),
            "storage": storage(small, Size.parse("20Gi"), site.cluster),
            "topologySpreadConstraints": [],
        },
    }


def _pods(role: str) -> dict[str, str]:
    return {**name_labels("seaweedfs"), "app.kubernetes.io/component": role}


def _copies(site: ClusterSite) -> int:
    words = site.checked.platform.storage
    return components.copies(words.erasure, words.nodes)


def _peers(site: ClusterSite) -> list[str]:
    number = components.masters(site.checked.platform.storage.nodes)
    return [f"seaweedfs-master-{index}.seaweedfs-master.{site.namespace}:{MASTER_PORT}" for index in range(number)]


def _buckets(site: ClusterSite) -> list[str]:
    platform = site.checked.platform
    tenants = (bucket for tenant in platform.storage.tenants.values() for bucket in tenant.buckets)
    return sorted({*buckets.owned(platform), *tenants})


KUBERNETES = Kubernetes()
