"""Spark on Kubernetes, by the Kubeflow Spark operator: what is decided. the chart lays it out.

Sources: kubeflow.github.io/spark-operator/index.yaml (2.5.1, June 2026); spark.apache.org/docs/4.1.1/
running-on-kubernetes. What a driver asks of the API server was read from a real one's audit log (Spark 4.3).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image, Operator
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import Workload
from rosace.engines.spark import pods, settings, shared, watching
from rosace.engines.spark.applications import application, common, common_properties, jobs_of, properties
from rosace.engines.spark.jobs import TOKEN
from rosace.engines.spark.peers import operator_peer, peers
from rosace.engines.spark.values import SparkValues
from rosace.kit import jars, trial
from rosace.kit.manifest import CONTAINER_SECURITY, name_labels, pod_security
from rosace.model.capabilities import BatchSession, Capability, IcebergCatalog, S3Endpoint, Secret
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

SPARK = PINNED.image("spark")
OPERATOR = PINNED.image("spark-operator")

RIGHTS: list[Passed] = [
    {
        "apiGroups": [""],
        "resources": ["pods"],
        "verbs": ["create", "get", "list", "watch", "patch", "delete", "deletecollection"],
    },
    {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create", "get", "list", "delete", "deletecollection"]},
    {"apiGroups": [""], "resources": ["services"], "verbs": ["get", "list", "delete", "deletecollection"]},
    {"apiGroups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["list", "deletecollection"]},
]
"""What a driver does: it makes its executors, tells them their configuration, and takes all of it away at the end."""

UPSTREAM = PINNED.chart("spark-operator")


class Kubernetes(KubernetesRoom):
    """Spark's cluster side."""

    chart = "processing"
    shape = SparkValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        here = f"{shared.NAME}-connect"
        there = shared.enabled(site)
        inside = dataclasses.replace(site, outside=False)
        servers = tuple(
            (name, inside.address(f"{name}-connect-server", settings.CONNECT, "sc", site.namespaces.projects[name]))
            for name in shared.project_names(site)
        )
        control = site.address(here, settings.CONNECT, "sc") if there else None
        return (
            BatchSession(control, site.address(here, settings.UI, "http") if there else None, Secret(TOKEN), servers),
        )

    def values(self, site: ClusterSite) -> SparkValues:
        jobs = {name: application(site, job) for name, job in jobs_of(site).items()}
        projects = shared.projects(site)
        accounts: dict[str, list[str]] = {}
        for one in (*jobs.values(), *projects.values()):
            accounts.setdefault(one["namespace"], []).append(one["serviceAccount"])
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels("spark"),
            "version": PINNED.version,
            "image": _image(site),
            "runner": pods.RUNNER,
            "pod": {"securityContext": pod_security(pods.USER)},
            "prepare": jars.PREPARATION,
            "rights": RIGHTS,
            "accounts": {namespace: sorted(names) for namespace, names in sorted(accounts.items())},
            "common": common(site),
            "jobs": jobs,
            "interactive": projects,
            "shared": shared.values(site),
            "test": trial.trial("spark", _image(site), pods.USER),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        return peers(site)

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        namespace = _operator_namespace(site)
        watched = tuple(sorted(_namespaces(site)))
        restricted = {
            "podSecurityContext": {"runAsNonRoot": True, "fsGroup": 185, "seccompProfile": {"type": "RuntimeDefault"}},
            "securityContext": CONTAINER_SECURITY,
        }
        registry = site.checked.platform.delivery.registry
        return (
            Operator(
                upstream=UPSTREAM,
                namespace=namespace,
                crds=(
                    "sparkapplications.sparkoperator.k8s.io",
                    "scheduledsparkapplications.sparkoperator.k8s.io",
                    "sparkconnects.sparkoperator.k8s.io",
                ),
                values={
                    **({"image": {"registry": registry}} if registry else {}),
                    "controller": {
                        # Each submission starts a JVM beside the controller.
                        "resources": resources(Resources(), "250m", Size.parse("1Gi")),
                        **restricted,
                    },
                    "webhook": {
                        "enable": True,
                        "resources": resources(Resources(), "50m", Size.parse("256Mi")),
                        **restricted,
                    },
                    "spark": {
                        "jobNamespaces": list(watched),
                        # Each job has an account of its own, made by the chart `processing`.
                        "serviceAccount": {"create": False},
                        "rbac": {"create": False},
                    },
                    "prometheus": {
                        "metrics": {"enable": True, "port": settings.OPERATOR_METRICS, "portName": "metrics"}
                    },
                },
                watched=watched,
                workload=operator_peer(namespace),
            ),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (OPERATOR,) if pods.spec_of(site).image else (SPARK, OPERATOR)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Those of jobs are said by who offers Kafka, the object store and the database; here those of people."""
        purpose = "the word by which master, workers and drivers of the shared Spark cluster know each other"
        own = (SecretNeed(shared.NAME, site.namespace, (shared.SECRET_KEY,), purpose),) if shared.enabled(site) else ()
        s3, database = site.need(S3Endpoint), site.need(IcebergCatalog).database
        people = [site.namespaces.projects[name] for name in shared.project_names(site)]
        return (
            *own,
            *(SecretNeed(s3.secret, one, ("access-key", "secret-key"), f"S3 user of {one}") for one in people),
            *(
                SecretNeed(database.secret, one, ("username", "password"), "who the platform is in its database")
                for one in people
            ),
        )

    def watch(self, site: ClusterSite) -> Watch:
        namespaces = sorted({site.namespace_of(job) for job in jobs_of(site).values()})
        people = [site.namespaces.projects[name] for name in shared.project_names(site)]
        return watching.watch(namespaces, people, _operator_namespace(site), site if shared.enabled(site) else None)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """Spark's properties by job."""
        alike = common_properties(site)
        found = {f"{name}.conf": {**alike, **application(site, job)["config"]} for name, job in jobs_of(site).items()}
        if shared.enabled(site):
            found["shared.conf"] = properties(site, "shared", pods.spec_of(site).shared.max)
        return found

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        after = [name for name, job in jobs_of(site).items() if job.spec.after]
        loads = [name for name, source in site.checked.sources.items() if source.target.kind == "table"]
        return (
            Parity("driver", "one for all jobs", "one for each job", "mapped", "jobs do not share their fate"),
            Parity("executors", "in the driver", "pods", "mapped", "scaled by dynamic allocation"),
            Parity("SQL, order and runner", "jobs.py", "the same", "same"),
            Parity("exactly once into tables", settings.MANAGER.rpartition(".")[2], "the same", "same"),
            Parity("checkpoints", settings.CHECKPOINTS, settings.CHECKPOINTS, "same"),
            Parity("jars", "fetched and checked once", "fetched and checked by each pod", "mapped", "or in your image"),
            *(
                Parity(f"{name}: packages of Python", "installed by pip", "", "mapped", "an image of yours has them")
                for name, job in jobs_of(site).items()
                if job.spec.requirements
            ),
            Parity("S3 keys", "in a file", "in the environment, from a secret", "mapped", "secrets stay secrets"),
            Parity("the lake's password", "in a file", "a password file in memory", "mapped", "secrets stay secrets"),
            Parity(
                "Kafka", "plain, loopback", "SCRAM over TLS", "mapped", "the client fills its password in (KIP-421)"
            ),
            Parity("job control", "HTTP with a token", "Spark operator", "mapped", "one application, one job"),
            Parity(
                "draining a stream",
                "rosace down",
                "",
                "not representable",
                "a stream on clusters does not end by itself",
            ),
            *(
                Parity(
                    f"{name}: `:day` and its like",
                    "the moment that is due",
                    "the newest moment before the run began",
                    "mapped",
                    "the operator puts when it began into a run's name",
                )
                for name, job in jobs_of(site).items()
                if any(statement.parameters for statement in job.statements)
            ),
            *(
                Parity(
                    f"{name}: after",
                    "when those before it are done",
                    "by its schedule",
                    "not representable",
                    "nobody on clusters says when a stream is done",
                )
                for name in after
            ),
            *(
                Parity(f"load {name}", "a batch job", "", "not representable", "the file is on this machine")
                for name in loads
            ),
        )


def _image(site: ClusterSite) -> str:
    return pods.spec_of(site).image or site.image(SPARK)


def _operator_namespace(site: PlacedSite) -> str:
    return site.operator_namespace(UPSTREAM, f"{site.checked.platform.delivery.prefix}spark-operator")


def _namespaces(site: OfferedSite) -> set[str]:
    """Where the operator finds what it looks after."""
    jobs = {site.namespace_of(job) for job in jobs_of(site).values()}
    return {site.namespace} | jobs | {site.namespaces.projects[name] for name in shared.project_names(site)}


KUBERNETES = Kubernetes()
