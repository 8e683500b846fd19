"""Flink on Kubernetes, natively, by its operator: what is decided. `clusters.py` says it of a job.

Sources: flink.apache.org/2026/05/26/apache-flink-kubernetes-operator-1.15.0-release-announcement; the operator's "RBAC
model" for what a job manager asks of the API server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity
from rosace.contract.operator import Image, Operator
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, INTERNET, SCRAPED, Needs, Own, Use, Within, Workload
from rosace.engines.flink import clusters, settings, watching
from rosace.engines.flink.values import FlinkValues
from rosace.kit import jars, trial
from rosace.kit.egress import reach
from rosace.kit.manifest import CONTAINER_SECURITY, name_labels, pod_security
from rosace.model.capabilities import Capability, KafkaBootstrap, PostgresDatabase, S3Endpoint, StreamSql
from rosace.model.checked import CheckedJob
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

BLOB, DATA, HEALTH, REST, RPC = Own("blob"), Own("data"), Own("health"), Own("rest"), Own("rpc")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

FLINK = PINNED.image("flink")
OPERATOR = PINNED.image("flink-operator")
_PLUGIN = PINNED.artifact("flink-s3-fs-hadoop")
USER = 9999
"""`flink` in the image's Dockerfile, and in the operator's."""


RIGHTS: list[Passed] = [
    {
        "apiGroups": [""],
        "resources": ["pods"],
        "verbs": ["create", "get", "list", "watch", "patch", "delete", "deletecollection"],
    },
    {
        "apiGroups": [""],
        "resources": ["configmaps"],
        "verbs": ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"],
    },
    {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list", "watch", "delete"]},
    {"apiGroups": ["apps"], "resources": ["deployments/finalizers"], "verbs": ["update"]},
]
"""A job manager makes task managers, keeps who leads in ConfigMaps, and owns what it makes through its deployment."""

UPSTREAM = PINNED.chart("flink-kubernetes-operator")


class Kubernetes(KubernetesRoom):
    """Flink's cluster side."""

    chart = "processing"
    shape = FlinkValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """Nobody is offered a gateway, jobs are resources. `rest` is the shared cluster's, if there is one."""
        there = site.namespace in clusters.sessions(site)
        return (StreamSql(None, site.address(f"{clusters.SESSION}-rest", settings.REST, "http") if there else None),)

    def values(self, site: ClusterSite) -> FlinkValues:
        alone = (job for job in clusters.jobs_of(site).values() if not clusters.shared(job))
        jobs = {job.name: clusters.application(site, job) for job in alone}
        sessions = {name: clusters.session(site, some) for name, some in clusters.sessions(site).items()}
        accounts = {name: [one["serviceAccount"]] for name, one in sessions.items()}
        for one in jobs.values():
            accounts.setdefault(one["namespace"], []).append(one["serviceAccount"])
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels("flink"),
            "version": "v2_1",
            "image": clusters.spec_of(site).image or site.image(FLINK),
            # One more restarts every job, each from a savepoint.
            "restartNonce": 0,
            "restPort": settings.REST,
            "taskPort": settings.TASK_RPC,
            "metricsPort": settings.METRICS,
            "logging": settings.LOGGING,
            "pod": {"securityContext": pod_security(USER)},
            "prepare": jars.PREPARATION,
            "rights": RIGHTS,
            "accounts": {namespace: sorted(names) for namespace, names in sorted(accounts.items())},
            "jobs": jobs,
            "sessions": sessions,
            "test": trial.trial("flink", clusters.spec_of(site).image or site.image(FLINK), USER),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        found: list[Workload] = []
        for job in clusters.jobs_of(site).values():
            if not clusters.shared(job):
                found += _peers(site, job.name, site.namespace_of(job), [job])
        for namespace, jobs in clusters.sessions(site).items():
            found += _peers(site, clusters.SESSION, namespace, jobs)
        managers: dict[str, list[Use]] = {}
        for one in found:
            if REST in one.serves:
                managers.setdefault(one.namespace, []).append(Within(one.name, REST))
        return (*found, *(trial.peer("flink", space, tuple(words)) for space, words in managers.items()))

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        namespace = _operator_namespace(site)
        watched = tuple(sorted({site.namespace, *_namespaces(site)}))
        sessions = bool(clusters.sessions(site))
        pods = Workload(
            "flink-operator",
            "flink",
            namespace,
            {"app.kubernetes.io/name": "flink-kubernetes-operator"},
            {HEALTH: (settings.OPERATOR_HEALTH,)},
            # It fetches the jar of a job that is submitted to a shared cluster.
            (API_SERVER, *(Within(name, REST) for name in _managers(site)), *((INTERNET,) if sessions else ())),
        )
        image = site.image(OPERATOR).rpartition(":")[0]
        return (
            Operator(
                upstream=UPSTREAM,
                namespace=namespace,
                crds=(
                    "flinkdeployments.flink.apache.org",
                    "flinksessionjobs.flink.apache.org",
                    "flinkstatesnapshots.flink.apache.org",
                    "flinkbluegreendeployments.flink.apache.org",
                ),
                values={
                    "image": {"repository": image, "tag": OPERATOR.tag},
                    "watchNamespaces": list(watched),
                    # Its webhook needs cert-manager; what it would refuse is refused before anything is delivered.
                    "webhook": {"create": False},
                    "rbac": {"jobRole": {"create": False}, "jobRoleBinding": {"create": False}},
                    "jobServiceAccount": {"create": False},
                    "podSecurityContext": pod_security(USER),
                    "operatorSecurityContext": {**CONTAINER_SECURITY, "readOnlyRootFilesystem": False},
                    "operatorPod": {"resources": resources(Resources(), "200m", Size.parse("1Gi"))},
                },
                watched=watched,
                workload=pods,
            ),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (OPERATOR,) if clusters.spec_of(site).image else (FLINK, OPERATOR)

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(sorted(_namespaces(site)))

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """`config.yaml` by job, as the operator writes it."""
        return {
            f"{name}.yaml": {
                **clusters.common(site),
                **clusters.of_job(site, job),
                **clusters.scaling(site, job),
                **clusters.places(site, name),
            }
            for name, job in clusters.jobs_of(site).items()
        }

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        return (
            Parity("statements of a job", "sql.py and jobs.py", "the same", "same"),
            Parity("checkpoints, sinks, transactions", "exactly once", "the same settings", "same"),
            Parity("clusters", "one session cluster", "one for each job", "mapped", "`mode: session` shares one"),
            Parity("submission", "SQL gateway", "SqlDriver with a script", "mapped", "FLIP-480; by the operator"),
            Parity(
                "job manager that dies", "jobs are submitted again", "they resume", "mapped", "leaders in Kubernetes"
            ),
            Parity("subtasks", "slots of one task manager", "a task manager each", "mapped", "scaled by lag"),
            Parity("jars", "fetched and checked once", "fetched and checked by each pod", "mapped", "or in your image"),
            Parity(
                "S3 plugin",
                PINNED.artifact("flink-s3-fs-hadoop").version,
                PINNED.version,
                "mapped",
                "the image brings its own",
            ),
            Parity("S3 keys", "in config.yaml, 0600", "in the environment", "mapped", "from a secret"),
            Parity(
                "the lake's password", "in the session's DDL", "a password file in memory", "mapped", "never in SQL"
            ),
            Parity(
                "Kafka", "plain, loopback", "SCRAM over TLS", "mapped", "the client fills its password in (KIP-421)"
            ),
            Parity(
                "between its own pods", "loopback", "plain, by network policy alone", "mapped", "no TLS of its own yet"
            ),
            Parity(
                "draining at the end of input", "stop with drain", "", "not representable", "streams there do not end"
            ),
        )


def _peers(site: OfferedSite, name: str, namespace: str, jobs: list[CheckedJob]) -> Iterator[Workload]:
    """Labels are Flink's own (native Kubernetes, "Manual Resource Cleanup")."""
    manager, worker = f"flink-{name}-jobmanager", f"flink-{name}-taskmanager"
    outside = () if clusters.spec_of(site).image else (reach(site.checked.platform.delivery.maven),)
    lake = (Needs(PostgresDatabase),) if any(clusters.touches(job, "table") for job in jobs) else ()
    topics = (Needs(KafkaBootstrap),) if any(clusters.touches(job, "topic") for job in jobs) else ()
    uses = (API_SERVER, Needs(S3Endpoint), *lake, *topics, *outside)
    yield Workload(
        manager,
        "flink",
        namespace,
        {"app": name, "component": "jobmanager"},
        {REST: (settings.REST,), RPC: (settings.RPC,), BLOB: (settings.BLOB,), SCRAPED: (settings.METRICS,)},
        (*uses, Within(worker, RPC)),
    )
    yield Workload(
        worker,
        "flink",
        namespace,
        {"app": name, "component": "taskmanager"},
        {RPC: (settings.TASK_RPC,), DATA: (settings.DATA,), SCRAPED: (settings.METRICS,)},
        (*uses, Within(manager, RPC), Within(manager, BLOB), Within(worker, DATA)),
    )


def _managers(site: OfferedSite) -> list[str]:
    alone = [job.name for job in clusters.jobs_of(site).values() if not clusters.shared(job)]
    names = [*alone, *([clusters.SESSION] if clusters.sessions(site) else [])]
    return [f"flink-{name}-jobmanager" for name in names]


def _namespaces(site: OfferedSite) -> set[str]:
    return {site.namespace_of(job) for job in clusters.jobs_of(site).values()}


def _operator_namespace(site: PlacedSite) -> str:
    return site.operator_namespace(UPSTREAM, f"{site.checked.platform.delivery.prefix}flink-operator")


KUBERNETES = Kubernetes()
