"""A platform of small rooms on three clusters that has one of everything that governance looks at."""

from __future__ import annotations

from typing import Any

import pytest
from deliver_rooms import Houses, Room, operator

from rosace.contract.cluster import ClusterSite, Offered, OfferedSite, PlacedSite
from rosace.contract.needs import SecretNeed
from rosace.contract.workload import (
    API_SERVER,
    INTERNET,
    SCRAPED,
    AsksNodes,
    Needs,
    NeedsOfAll,
    Own,
    Serves,
    Within,
    Workload,
)
from rosace.model.capabilities import (
    IcebergCatalog,
    KafkaBootstrap,
    Metrics,
    MetricStores,
    PostgresDatabase,
    S3Endpoint,
    Secret,
)
from rosace.plan.clusters.topology import Estate

ONE: dict[str, Any] = {"clusters": {"main": {}}}

THREE: dict[str, Any] = {
    "clusters": {
        "work": {
            "provider": "aws",
            "api": ["10.1.8.0/24"],
            "runs": ["log", "lake", "jobs"],
            "dns": "work.example.com",
            "pods": "10.42.0.0/16",
            "entrances": "10.1.0.0/24",
        },
        "keep": {
            "provider": "azure",
            "cni": "cilium",
            "runs": ["rows", "bucket"],
            "dns": "keep.example.com",
            "pods": "10.52.0.0/16",
            "entrances": "10.2.0.0/24",
        },
        "see": {"provider": "on-premise", "runs": ["far"], "dns": "see.example.com", "pods": "10.62.0.0/16"},
    },
    "projects": {
        "team": {"members": {"engineers": "owner", "oidc:all/people": "viewer"}, "quota": {"cpu": 8, "memory": "32Gi"}},
        "guests": {},
    },
}


def estate(patch: pytest.MonkeyPatch, words: dict[str, Any]) -> Estate:
    """Stores, a catalog without pods, a log, jobs of a project, metrics on every cluster and who looks at them all."""
    houses = Houses(patch)
    houses.add("log", Room(offered=_log, pods=_log_pods, wants=_log_secrets), offers=(KafkaBootstrap,))
    houses.add("rows", Room(offered=_rows, pods=_rows_pods, wants=_rows_secrets), offers=(PostgresDatabase,))
    houses.add("bucket", Room(offered=_bucket, pods=_bucket_pods), offers=(S3Endpoint,))
    houses.add("lake", Room("", offered=_lake), offers=(IcebergCatalog,), needs=(PostgresDatabase, S3Endpoint))
    houses.add(
        "jobs",
        Room(pods=_job_pods, asks=_job_operators, wants=_job_secrets),
        needs=(KafkaBootstrap, IcebergCatalog),
        runs=("sql",),
    )
    houses.add(
        "meter",
        Room(offered=_meter, pods=_meter_pods),
        offers=(Metrics, MetricStores),
        everywhere=True,
        namespace="monitoring",
    )
    houses.add("far", Room(pods=_far_pods), needs=(MetricStores,), namespace="monitoring")
    return houses.estate(words)


PEERS, BLOCKS = Own("peers"), Own("blocks")


def _log(site: PlacedSite, needed: Offered) -> tuple[KafkaBootstrap]:
    return (KafkaBootstrap((site.address("log", 9093),)),)


def _log_pods(site: OfferedSite) -> tuple[Workload, ...]:
    serves: Serves = {KafkaBootstrap: (9093,), PEERS: (9091, 9092), SCRAPED: (9404,)}
    return (
        Workload("log-broker", "log", site.namespace, {"app": "log"}, serves, (Within("log-broker", PEERS),)),
        Workload(
            "log-tool", "log", site.namespace, {"app": "tool"}, {}, (Within("log-broker", PEERS), API_SERVER, INTERNET)
        ),
    )


def _log_secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    made = SecretNeed("log-made", site.namespace, ("ca.crt",), "made by an operator", generated=True)
    mark = {"example.com/reads": "yes"}
    return (made, SecretNeed("log-key", site.namespace, ("tls.key", "tls.crt"), "key", type="example", labels=mark))


def _rows(site: PlacedSite, needed: Offered) -> tuple[PostgresDatabase]:
    return (PostgresDatabase(site.address("rows-rw", 5432), "rows", "rows", Secret("rows"), "rows"),)


def _rows_pods(site: OfferedSite) -> tuple[Workload, ...]:
    serves: Serves = {PostgresDatabase: (5432,), SCRAPED: (9187,)}
    return (Workload("rows", "rows", site.namespace, {"app": "rows"}, serves, entrance={"role": "primary"}),)


def _rows_secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    client = site.namespaces.projects.get("team", "jobs")
    return tuple(
        SecretNeed("rows", space, ("username", "password"), "user of the database")
        for space in (site.namespace, client, "nobody-lives-here")
    )


def _bucket(site: PlacedSite, needed: Offered) -> tuple[S3Endpoint]:
    return (S3Endpoint(site.address("bucket", 443, "https"), "here", Secret("a"), Secret("b"), "bucket"),)


def _bucket_pods(site: OfferedSite) -> tuple[Workload, ...]:
    return (Workload("bucket", "bucket", site.namespace, {"app": "bucket"}, {S3Endpoint: (9000,)}),)


def _lake(site: PlacedSite, needed: Offered) -> tuple[IcebergCatalog]:
    return (IcebergCatalog("lake", "small", "s3://lake", needed.need(PostgresDatabase)),)


def _job_pods(site: OfferedSite) -> tuple[Workload, ...]:
    space = site.namespaces.projects.get("team", site.namespace)
    uses = (Needs(KafkaBootstrap), Needs(IcebergCatalog), Within("job-driver", BLOCKS), API_SERVER)
    serves: Serves = {BLOCKS: (7079,), SCRAPED: (4040,)}
    return (Workload("job-driver", "jobs", space, {"role": "driver"}, serves, uses),)


def _job_operators(site: OfferedSite) -> tuple[Any, ...]:
    pods = Workload(
        "job-operator", "jobs", "operators", {"app": "operator"}, {SCRAPED: (8080,)}, (API_SERVER,), webhook=(9443,)
    )
    return (operator("job-operator", "operators", pods, "jobs.example.com", "runs.example.com"),)


def _job_secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    space = site.namespaces.projects.get("team", site.namespace)
    copied = SecretNeed("log-made", space, ("ca.crt",), "the log's certificate", copies_of="log/log-made")
    return (copied, SecretNeed("rows", space, ("ca.crt",), "user of the database"))


def _meter(site: PlacedSite, needed: Offered) -> tuple[Metrics, MetricStores]:
    return (Metrics(site.address("meter", 9090, "http")), MetricStores(site.address("meter-store", 10901)))


def _meter_pods(site: OfferedSite) -> tuple[Workload, ...]:
    serves: Serves = {Metrics: (9090,), MetricStores: (10901,), SCRAPED: (9090,)}
    node = Workload("node", "meter", site.namespace, {"app": "node"}, {SCRAPED: (9100,)}, (), security="privileged")
    return (Workload("meter", "meter", site.namespace, {"app": "meter"}, serves, (API_SERVER,)), node)


def _far_pods(site: OfferedSite) -> tuple[Workload, ...]:
    return (
        Workload(
            "far", "far", site.namespace, {"app": "far"}, {SCRAPED: (10902,)}, (NeedsOfAll(MetricStores), AsksNodes())
        ),
    )
