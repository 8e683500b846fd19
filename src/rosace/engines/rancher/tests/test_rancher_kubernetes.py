"""What is asked of Rancher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiled import of_section

from rosace.check.platform import check
from rosace.deliver.applications import server
from rosace.deliver.concerns import namespaces
from rosace.engines.rancher import rules
from rosace.engines.rancher.kubernetes import KUBERNETES
from rosace.plan.clusters.topology import MANAGEMENT, Estate, estate_of
from rosace.source.load import load

PLATFORM = """\
platform: small
producers: {others: {writes: [t]}}
clusters:
  work: {provider: aws, api: 10.1.0.0/16, rancher: c-1, runs: [kafka, flink]}
  keep: {provider: on-premise, rancher: c-2, runs: [minio]}
  other: {provider: on-premise, runs: []}
topics: {t: {columns: {a: string!}, retention: 1d}, u: {columns: {a: string!}}}
jobs: {copy: {engine: flink, sql: copy.sql, project: team}}
projects: {team: {members: {people: owner, "azuread_group://x-1": viewer}, quota: {cpu: 8, memory: 32Gi}}}
backups: {etcd: {every: 5h, keep: 9}}
delivery: {rancher: "https://rancher.example.com/"}
engines:
  rancher:
    names: {keep: prod-keep}
    store: {endpoint: s3.example.com, bucket: safe, region: here, credential: "cattle-global-data:cc-1"}
"""


def estate(folder: Path, text: str = PLATFORM) -> Estate:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    (folder / "copy.sql").write_text("INSERT INTO u SELECT a FROM t", encoding="utf-8")
    return estate_of(check(load(folder / "platform.yaml"), folder), "prod")


def objects(whole: Estate) -> list[dict[str, Any]]:
    (part,) = whole.on(MANAGEMENT)
    return of_section("management", "rancher", KUBERNETES.values(part.site))


def kind(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [one for one in found if one["kind"] == name]


def test_it_lives_where_rancher_lives(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    assert list(whole.clusters) == ["work", "keep", "other", MANAGEMENT]
    assert server(whole, whole.clusters[MANAGEMENT]) == "https://rancher.example.com/k8s/clusters/local"
    assert [part.engine.name for part in whole.on(MANAGEMENT)] == ["rancher"]
    without = estate(tmp_path, PLATFORM.partition("delivery:")[0])
    assert MANAGEMENT not in without.clusters


def test_a_project_where_jobs_run(tmp_path: Path) -> None:
    found = objects(estate(tmp_path))
    (project,) = kind(found, "Project")
    assert (project["metadata"]["namespace"], project["metadata"]["name"]) == ("c-1", "p-small-team")
    assert project["spec"]["clusterName"] == "c-1"
    quota = {"limit": {"limitsMemory": "32Gi", "requestsCpu": "8", "requestsMemory": "32Gi"}}
    assert project["spec"]["resourceQuota"] == project["spec"]["namespaceDefaultResourceQuota"] == quota
    assert "Delete=false" in project["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]


def test_members_get_their_roles(tmp_path: Path) -> None:
    bound = kind(objects(estate(tmp_path)), "ProjectRoleTemplateBinding")
    assert {(one["groupPrincipalName"], one["roleTemplateName"]) for one in bound} == {
        ("azuread_group://x-1", "read-only"),
        ("keycloakoidc_group://people", "project-owner"),
    }
    assert {(one["metadata"]["namespace"], one["projectName"]) for one in bound} == {
        ("c-1-p-small-team", "c-1:p-small-team")
    }


def test_namespaces_say_whose_they_are(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    said = {
        (cluster, one["metadata"]["name"]): one["metadata"]["annotations"].get("field.cattle.io/projectId")
        for cluster in whole.clusters
        for one in of_section("governance", "namespaces", namespaces.CONCERN.values(whole, cluster))
        if one["kind"] == "Namespace"
    }
    assert {place: found for place, found in said.items() if found} == {("work", "team"): "c-1:p-small-team"}


def test_etcd_of_what_rancher_provisioned(tmp_path: Path) -> None:
    (cluster,) = kind(objects(estate(tmp_path)), "Cluster")
    assert (cluster["metadata"]["namespace"], cluster["metadata"]["name"]) == ("fleet-default", "prod-keep")
    etcd = cluster["spec"]["rkeConfig"]["etcd"]
    assert etcd["snapshotScheduleCron"] == "0 */4 * * *", "five hours divide no day: four do"
    assert etcd["snapshotRetention"] == 9
    assert etcd["s3"]["cloudCredentialName"] == "cattle-global-data:cc-1"
    assert etcd["s3"]["folder"] == "etcd/keep"
    assert cluster["spec"] == {"rkeConfig": {"etcd": etcd}}, "everything else stays Rancher's"


def test_rancher_itself_is_copied_encrypted(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    (backup,) = kind(objects(whole), "Backup")
    assert backup["spec"]["encryptionConfigSecretName"] == "rancher-backup-encryption"
    assert backup["spec"]["schedule"] == "30 */4 * * *"
    assert backup["spec"]["storageLocation"]["s3"]["bucketName"] == "safe"
    (part,) = whole.on(MANAGEMENT)
    assert {need.name for need in KUBERNETES.secrets(part.site)} == {"rancher-backup-encryption", "rancher-backup-s3"}


def test_without_a_bucket_it_says_so(tmp_path: Path) -> None:
    text = PLATFORM.partition("engines:")[0]
    whole = estate(tmp_path, text)
    assert not kind(objects(whole), "Backup")
    (cluster,) = kind(objects(whole), "Cluster")
    assert "s3" not in cluster["spec"]["rkeConfig"]["etcd"]
    assert [one.code for one in rules.check(whole.checked)] == ["rancher-no-store"]
    assert rules.check(estate(tmp_path).checked) == []
