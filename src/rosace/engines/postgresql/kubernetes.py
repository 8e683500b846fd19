"""PostgreSQL on Kubernetes, as a plain StatefulSet of the official image: what is decided. the chart lays it out.

Sources: the Dockerfile of postgres 18 (github.com/docker-library/postgres, folder 18/trixie: user 999, SIGINT stops);
github.com/prometheus-community/postgres_exporter, README and CHANGELOG of 0.20.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rosace.contract.backup import Backup
from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.registry import engines
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Serves, Within, Workload
from rosace.engines.postgresql import dumping, serving, settings, watching
from rosace.engines.postgresql.spec import PostgresqlSpec
from rosace.engines.postgresql.values import PostgresqlValues
from rosace.kit import backing, trial
from rosace.kit.exported import exported
from rosace.kit.manifest import name_labels, pod_security
from rosace.model.capabilities import Capability, IcebergCatalog, KafkaBootstrap, PostgresDatabase, Secret
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

NAME = "postgresql"
"""The service, the pods' label, and the secret that clients find."""

USER = 999
"""The user `postgres` of the image."""

POSTGRES = PINNED.image("postgresql")
EXPORTER = PINNED.image("postgres-exporter")
MEMORY, DISK = Size.parse("2Gi"), Size.parse("20Gi")


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "serving"
    shape = PostgresqlValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (
            PostgresDatabase(
                address=site.address(NAME, settings.PORT),
                database=settings.database_name(site.platform),
                user=settings.USER,
                password=Secret(settings.USER_SECRET),
                secret=NAME,
            ),
        )

    def values(self, site: ClusterSite) -> PostgresqlValues:
        spec = site.words(PostgresqlSpec)
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels(NAME),
            "name": NAME,
            "image": site.image(POSTGRES),
            "port": settings.PORT,
            "database": settings.database_name(site.platform),
            "config": self._config(site),
            "access": list(settings.CLUSTER_HBA),
            "identities": list(settings.CLUSTER_IDENT),
            "roles": settings.cluster_roles(settings.database_name(site.platform)),
            "serving": serving.statements(
                settings.database_name(site.platform), settings.USER, exported(site.checked, (NAME,))
            ),
            "initdb": list(settings.INITDB),
            "secrets": {"admin": f"{NAME}-admin", "user": NAME, "certificate": f"{NAME}-tls"},
            "resources": resources(spec.resources, "500m", MEMORY),
            "storage": storage(spec.disk, DISK, site.cluster),
            "sharedMemory": "256Mi",
            "priority": site.priority("critical"),
            "securityContext": pod_security(USER),
            "exporter": {
                "image": site.image(EXPORTER),
                "port": settings.METRICS,
                "role": settings.EXPORTER,
                "resources": resources(Resources(), "20m", Size.parse("64Mi")),
            },
            "keeper": {"resources": resources(Resources(), "10m", Size.parse("32Mi"))},
            "test": trial.trial(NAME, site.image(POSTGRES), USER),
        }

    def _config(self, site: ClusterSite) -> dict[str, str]:
        spec = site.words(PostgresqlSpec)
        return settings.cluster_settings(spec, settings.PORT, spec.resources.memory or MEMORY)

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        serves: Serves = {PostgresDatabase: (settings.PORT,), SCRAPED: (settings.METRICS,)}
        server = Workload(NAME, "postgresql", site.namespace, name_labels(NAME), serves)
        uses = (Within(NAME, PostgresDatabase),)
        test = trial.peer("postgresql", site.namespace, uses)
        return (server, test, *(backing.workload(one, "postgresql", uses) for one in self.backups(site)))

    def backups(self, site: OfferedSite) -> tuple[Backup, ...]:
        disk = storage(site.words(PostgresqlSpec).disk, DISK, site.cluster)
        return dumping.backups(site, NAME, POSTGRES, USER, disk) if backing.wanted(site) else ()

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (POSTGRES, EXPORTER, *((backing.CLIENT,) if backing.wanted(site) else ()))

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        own = (
            SecretNeed(f"{NAME}-admin", site.namespace, ("username", "password"), "PostgreSQL's superuser"),
            SecretNeed(f"{NAME}-tls", site.namespace, ("tls.crt", "tls.key"), "PostgreSQL's certificate and key"),
            _user(site.namespace),
        )
        return (*own, *(_user(namespace) for namespace in _clients(site)), *backing.secrets(site))

    def watch(self, site: ClusterSite) -> Watch:
        found = watching.watch(site)
        late = tuple(backing.late(site, one) for one in self.backups(site))
        return replace(found, rules=(*found.rules, *late))

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        return {"postgresql.conf": self._config(site)}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        spec = site.words(PostgresqlSpec)
        here, there = settings.server_settings(spec, settings.PORT, ""), self._config(site)
        return (
            Parity("servers", "1", "1", "same", "what a lost volume takes is what the backups' RPO allows"),
            Parity(
                "shared_buffers",
                str(here["shared_buffers"]),
                there["shared_buffers"],
                "same" if str(here["shared_buffers"]) == there["shared_buffers"] else "mapped",
                "a quarter of the pod's memory, where nobody chose",
            ),
            Parity("max_connections", str(here["max_connections"]), there["max_connections"], "same"),
            Parity("durability", "fsync, full_page_writes, checksums", "fsync, full_page_writes, checksums", "same"),
            Parity(
                "connections",
                "plain, loopback only",
                "TLS 1.2 or newer, with password; plain ones are refused",
                "mapped",
                "clients encrypt but do not verify the server (sslmode `prefer`); network policies say who reaches it",
            ),
            Parity(
                "role and database",
                "made once by an action",
                "kept by a sidecar, passwords too",
                "mapped",
                "on clusters passwords come from secrets that somebody else may change at any time",
            ),
        )


def _user(namespace: str) -> SecretNeed:
    return SecretNeed(NAME, namespace, ("username", "password"), "who the platform is in its database")


def _clients(site: ClusterSite) -> list[str]:
    """Namespaces of those that connect: engines that use the database or the catalog in it, their jobs, exports."""
    checked, found = site.checked, set[str]()
    users = {PostgresDatabase, IcebergCatalog}
    for name in checked.engines:
        if users & {*engines()[name].needs, *engines()[name].optional}:
            found.add(site.namespaces.engines[name])
            projects = {job.spec.project for job in checked.jobs.values() if job.spec.engine == name}
            found |= {site.namespaces.projects[project] for project in projects if project}
    if any(export.to == NAME for export in checked.platform.exports.values()):
        found |= {site.namespaces.engines[name] for name in checked.engines if KafkaBootstrap in engines()[name].offers}
    return sorted(found - {site.namespace})


KUBERNETES = Kubernetes()
