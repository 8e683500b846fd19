"""Thanos on clusters: what is decided of its programs, their flags and the bucket."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.contract.needs import SecretNeed
from rosace.contract.workload import Needs, NeedsOfAll, Within
from rosace.engines.thanos import ENGINE, settings
from rosace.engines.thanos.kubernetes import KUBERNETES, QUERIES, SERIES
from rosace.kit import objstore
from rosace.model.capabilities import Address, MetricStores, S3Endpoint, Secret
from rosace.model.platform import Platform
from rosace.model.quantity import Duration, Size
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

KEPT = "platform: p\nmonitoring: {long-term: {bucket: past, keep: 90d}}\nclusters: {main: {}}\n"


def part(tmp_path: Path) -> Part:
    (tmp_path / "platform.yaml").write_text(KEPT, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    return next(one for one in estate.parts if one.engine is ENGINE)


def _secrets(part: Part) -> tuple[SecretNeed, ...]:
    return part.engine.kubernetes.secrets(part.site)


def endpoint(address: Address, **elsewhere: Address) -> S3Endpoint:
    return S3Endpoint(address, "eu", Secret("a"), Secret("b"), "s3-credentials", elsewhere)


@pytest.mark.parametrize(
    ("words", "wanted"), [({}, False), ({"monitoring": {}}, False), ({"monitoring": {"long-term": {}}}, True)]
)
def test_only_what_is_kept_long_needs_thanos(words: dict[str, object], wanted: bool) -> None:
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", **words})) is wanted


@pytest.mark.parametrize(("keep", "days"), [("1y", "365d"), ("90d", "90d"), ("1h", "1d"), ("36h", "2d")])
def test_what_is_kept_is_counted_in_days(keep: str, days: str) -> None:
    assert settings.days(Duration.parse(keep)) == days


def test_all_resolutions_are_kept_equally_long(tmp_path: Path) -> None:
    flags = KUBERNETES.values(part(tmp_path).site)["stores"]["compactor"]["flags"]
    assert {value for name, value in flags.items() if name.startswith("retention.")} == {"90d"}
    assert "deduplication.replica-label" not in flags


def test_one_compactor_however_many_answer(tmp_path: Path) -> None:
    section = KUBERNETES.values(part(tmp_path).site)
    assert section["stores"]["compactor"]["replicas"] == 1
    assert {one["replicas"] for one in section["servers"].values()} == {2}


def test_caches_fit_into_the_memory() -> None:
    assert settings.store(Size.parse("2Gi"))["index-cache-size"] == "512MB"
    assert (
        '"max_size": "256MB"' in settings.frontend("http://q", Size.parse("512Mi"))["query-range.response-cache-config"]
    )


def test_switches_have_no_value() -> None:
    assert settings.arguments("compact", {"wait": "", "data-dir": "/d"}, ("a:1",)) == [
        "compact",
        "--data-dir=/d",
        "--wait",
        "--endpoint=a:1",
    ]


@pytest.mark.parametrize(
    ("scheme", "port", "said", "insecure"),
    [("http", 9000, "s3.a:9000", True), ("https", 9000, "s3.a:9000", False), ("http", 80, "s3.a", True)],
)
def test_the_bucket_is_where_the_storage_says(scheme: str, port: int, said: str, insecure: bool) -> None:
    address, other = Address("s3.a", port, scheme), Address("other", 9000, scheme)
    config = objstore.objstore(endpoint(address), "metrics")["config"]
    assert (config["endpoint"], config["insecure"], config["bucket"]) == (said, insecure, "metrics")
    assert objstore.objstore(endpoint(address, metrics=other), "metrics")["config"]["endpoint"] == "other:9000"


def test_stores_of_several_clusters_answer_nobody_without_a_certificate(tmp_path: Path) -> None:
    alone = KUBERNETES.values(part(tmp_path).site)
    assert "tls" not in alone and "grpc-client-tls-secure" not in alone["servers"]["query"]["flags"]
    two = KEPT.replace("{main: {}}", "{a: {runs: [thanos, grafana, minio]}, b: {}}")
    (tmp_path / "platform.yaml").write_text(two, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    site = next(one.site for one in estate.parts if one.engine is ENGINE)
    section = KUBERNETES.values(site)
    query, store = section["servers"]["query"]["flags"], section["stores"]["store"]["flags"]
    assert query["grpc-client-server-name"] == "stores"
    assert store["grpc-server-tls-client-ca"] == query["grpc-client-tls-ca"] == "/etc/thanos-tls/ca.crt"
    assert "thanos-tls" in {need.name for need in KUBERNETES.secrets(site)}
    asked = {part.site.cluster_name for part in estate.parts for need in _secrets(part) if need.name == "thanos-tls"}
    assert asked == {"a", "b"}


def test_only_those_that_need_the_bucket_reach_it(tmp_path: Path) -> None:
    uses = {one.name: one.uses for one in KUBERNETES.workloads(part(tmp_path).site)}
    assert uses["thanos-query"] == (NeedsOfAll(MetricStores), Within("thanos-store", SERIES))
    assert {name for name, words in uses.items() if Needs(S3Endpoint) in words} == {"thanos-store", "thanos-compactor"}
    assert uses["thanos-frontend"] == (Within("thanos-query", QUERIES),)
