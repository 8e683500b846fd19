"""What is decided of scans of images on clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.contract.operator import Operator
from rosace.engines.trivy.kubernetes import KUBERNETES, NAME, SCANNER
from rosace.plan.clusters.links import Addresses, Pods, network
from rosace.plan.clusters.topology import Estate, estate_of
from rosace.plan.clusters.workloads import levels, operators, residents
from rosace.source.load import load

PLATFORM = """\
platform: small
clusters: {main: {storage-class: fast}}
topics: {t: {columns: {a: string!}}}
policies: {vulnerabilities: weekly}
engines: {kafka: {}, trivy: {severities: [critical], memory: 3Gi}}
delivery: {prefix: acme-}
"""


def estate(folder: Path, text: str = PLATFORM) -> Estate:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    return estate_of(check(load(folder / "platform.yaml"), folder), "prod")


def site_of(whole: Estate) -> ClusterSite:
    return next(part.site for part in whole.parts if part.engine.name == "trivy")


def operator(whole: Estate) -> Operator:
    return next(one for _, one in operators(whole, "main") if one.name == NAME)


def values(whole: Estate) -> dict[str, Any]:
    part = next(part for part in whole.parts if part.engine.name == "trivy")
    return dict(part.engine.kubernetes.operator_values(part.site, operator(whole)))


def test_words_become_the_charts(tmp_path: Path) -> None:
    found = values(estate(tmp_path))
    assert found["operator"]["scannerReportTTL"] == "168h"
    assert found["operator"]["scanJobsConcurrentLimit"] == 1
    assert found["trivy"]["severity"] == "CRITICAL"
    assert found["trivy"]["resources"]["limits"]["memory"] == "3Gi"
    assert found["trivy"]["storageClassName"] == "fast"


def test_daily_where_nobody_says(tmp_path: Path) -> None:
    found = values(estate(tmp_path, PLATFORM.replace("policies: {vulnerabilities: weekly}\n", "")))
    assert found["operator"]["scannerReportTTL"] == "24h"


def test_never_is_nothing(tmp_path: Path) -> None:
    text = PLATFORM.replace("weekly", "never").replace(", trivy: {severities: [critical], memory: 3Gi}", "")
    assert NAME not in {one.name for _, one in operators(estate(tmp_path, text), "main")}


def test_looks_at_the_platforms_namespaces_and_no_others(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    inhabited = {one.workload.namespace for one in residents(whole, "main")}
    assert values(whole)["targetNamespaces"].split(",") == sorted(inhabited)


def test_only_vulnerabilities_with_a_fix_are_judged(tmp_path: Path) -> None:
    found = values(estate(tmp_path))
    assert found["trivy"]["ignoreUnfixed"] is True
    on = {name for name, said in found["operator"].items() if said is True}
    assert on == {"builtInTrivyServer"}
    assert found["compliance"]["specs"] == []


def test_every_pod_keeps_to_the_strictest_level(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    found, server = values(whole), values(whole)["trivy"]["server"]
    scan = found["trivyOperator"]
    pods = (found["podSecurityContext"], server["podSecurityContext"], scan["scanJobPodTemplatePodSecurityContext"])
    assert all(one["runAsNonRoot"] and one["runAsUser"] > 0 for one in pods)
    containers = (
        found["securityContext"],
        server["securityContext"],
        scan["scanJobPodTemplateContainerSecurityContext"],
    )
    assert all(one["readOnlyRootFilesystem"] and one["capabilities"] == {"drop": ["ALL"]} for one in containers)
    assert levels(whole, "main")["acme-trivy-operator"] == "restricted"


def test_only_what_fetches_leaves_the_cluster(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    links = network(whole).links
    mine = [one for one in links if isinstance(one.source, Pods) and one.source.namespace == "acme-trivy-operator"]
    out = {one.source.name for one in mine if isinstance(one.target, Addresses) and one.target.cidr == "0.0.0.0/0"}
    assert out == {"trivy-server", "trivy-scan"}
    asked = {one.source.name for one in links if isinstance(one.target, Pods) and one.target.name == "trivy-server"}
    assert asked == {NAME, "trivy-scan"}


def test_the_scanner_is_known_by_its_digest(tmp_path: Path) -> None:
    image = values(estate(tmp_path))["trivy"]["image"]
    assert image["registry"] == "ghcr.io"
    assert image["tag"] == f"{SCANNER.tag}@{SCANNER.digest}"
    assert SCANNER.tag not in {"0.69.4", "0.69.5", "0.69.6"}, "published with malware (GHSA-69fq-xp46-6x23)"


def test_a_registry_of_ones_own_brings_images_and_databases(tmp_path: Path) -> None:
    found = values(estate(tmp_path, PLATFORM.replace("acme-", "acme-, registry: mirror.example.com")))
    places = (found["image"]["registry"], found["trivy"]["image"]["registry"])
    assert {*places, found["trivy"]["dbRegistry"], found["trivy"]["javaDbRegistry"]} == {"mirror.example.com"}


def test_scans_run_where_the_operator_is_moved_to(tmp_path: Path) -> None:
    moved = PLATFORM.replace(
        "acme-", "acme-, operators: {trivy-operator: {repo: https://charts.example.com, namespace: security}}"
    )
    site = site_of(estate(tmp_path, moved))
    assert {one.namespace for one in KUBERNETES.workloads(site)} == {"security"}
    assert KUBERNETES.watch(site).scrapes[0].namespace == "security"


def test_gatekeeper_lets_the_pods_of_scans_be(tmp_path: Path) -> None:
    """Nobody can give them the platform's labels."""
    judge = next(part for part in estate(tmp_path).parts if part.engine.name == "gatekeeper")
    assert "acme-trivy-operator" in judge.engine.kubernetes.values(judge.site)["namespaces"]["without"]
