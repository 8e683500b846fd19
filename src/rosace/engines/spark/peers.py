"""Which pods Spark has on clusters, what they serve and what they connect to: network policies follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rosace.contract.cluster import OfferedSite
from rosace.contract.workload import API_SERVER, SCRAPED, Needs, Own, Serves, Use, Within, Workload
from rosace.engines.spark import pods, settings, shared
from rosace.engines.spark.applications import jobs_of
from rosace.kit import trial
from rosace.kit.egress import reach
from rosace.model.capabilities import BatchSession, KafkaBootstrap, PostgresDatabase, S3Endpoint
from rosace.model.checked import CheckedJob

BLOCKS, CLUSTER, DRIVER, WORKER = Own("blocks"), Own("cluster"), Own("driver"), Own("worker")
"""What its pods serve each other."""

STORES = (Needs(S3Endpoint), Needs(PostgresDatabase))


def peers(site: OfferedSite) -> tuple[Workload, ...]:
    """All kinds of pods."""
    found = [one for job in jobs_of(site).values() for one in _of_job(site, job)]
    for name in shared.project_names(site):
        found += _of_project(site, name)
    return (*found, *(_of_shared(site) if shared.enabled(site) else ()))


def operator_peer(namespace: str) -> Workload:
    """The operator's controller and its webhook, which have this label in common."""
    return Workload(
        "spark-operator",
        "spark",
        namespace,
        {"app.kubernetes.io/name": "spark-operator"},
        {SCRAPED: (settings.OPERATOR_METRICS,)},
        (API_SERVER,),
        webhook=(settings.OPERATOR_WEBHOOK,),
    )


def _outside(site: OfferedSite) -> tuple[Use, ...]:
    """Pods that fetch their jars must reach the Maven repository."""
    return () if pods.spec_of(site).image else (reach(site.checked.platform.delivery.maven),)


def _pair(
    site: OfferedSite,
    name: str,
    namespace: str,
    roles: tuple[str, str],
    more: tuple[Use, ...],
    served: Serves,
) -> Iterator[Workload]:
    """A driver and its executors: blocks go between all of them, the API server hears the driver alone."""
    driver, executor = f"spark-{name}-{roles[0]}", f"spark-{name}-{roles[1]}"
    blocks = (Within(driver, BLOCKS), Within(executor, BLOCKS))
    yield Workload(
        driver,
        "spark",
        namespace,
        {"app.kubernetes.io/component": roles[0], "rosace.io/job": name},
        {DRIVER: (settings.RPC,), BLOCKS: (settings.BLOCKS,), SCRAPED: (settings.UI,), **served},
        (API_SERVER, *STORES, blocks[1], *more, *_outside(site)),
    )
    yield Workload(
        executor,
        "spark",
        namespace,
        {"app.kubernetes.io/component": roles[1], "rosace.io/job": name},
        {BLOCKS: (settings.BLOCKS,)},
        (Needs(S3Endpoint), Within(driver, DRIVER), *blocks, *more, *_outside(site)),
    )


def _of_job(site: OfferedSite, job: CheckedJob) -> Iterator[Workload]:
    touches = any(ref.kind == "topic" for ref in (*job.reads, *job.writes))
    more = (Needs(KafkaBootstrap),) if touches else ()
    return _pair(site, job.name, site.namespace_of(job), ("driver", "executor"), more, {})


def _of_project(site: OfferedSite, project: str) -> Iterator[Workload]:
    namespace = site.namespaces.projects[project]
    roles = ("connect-server", "connect-executor")
    name = f"{project}-connect"
    server, executors = _pair(site, name, namespace, roles, (), {BatchSession: (settings.CONNECT,)})
    # It asks nobody who they are: people of other projects do not come to it.
    yield replace(server, clients=(namespace,))
    yield executors
    yield trial.peer("spark", namespace, (Within(f"spark-{name}-{roles[0]}", SCRAPED),))


def _of_shared(site: OfferedSite) -> Iterator[Workload]:
    name = shared.NAME

    def peer(role: str, serves: Serves, uses: tuple[Use, ...]) -> Workload:
        labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": role}
        return Workload(f"{name}-{role}", "spark", site.namespace, labels, serves, (*uses, *_outside(site)))

    worker, connect = f"{name}-worker", f"{name}-connect"
    yield peer(
        "master",
        {CLUSTER: (settings.MASTER,), SCRAPED: (settings.MASTER_UI,)},
        # The master answers on connections of its own.
        (Within(worker, WORKER), Within(connect, DRIVER)),
    )
    yield peer(
        "worker",
        {WORKER: (settings.WORKER,), BLOCKS: (settings.BLOCKS,), SCRAPED: (settings.WORKER_UI,)},
        (
            Within(f"{name}-master", CLUSTER),
            Within(connect, DRIVER),
            Within(connect, BLOCKS),
            Within(worker, BLOCKS),
            Needs(S3Endpoint),
        ),
    )
    yield peer(
        "connect",
        {
            BatchSession: (settings.CONNECT,),
            DRIVER: (settings.RPC,),
            BLOCKS: (settings.BLOCKS,),
            SCRAPED: (settings.UI,),
        },
        (Within(f"{name}-master", CLUSTER), Within(worker, BLOCKS), *STORES),
    )
    yield trial.peer("spark", site.namespace, (Within(f"{name}-master", SCRAPED), Within(connect, SCRAPED)))
