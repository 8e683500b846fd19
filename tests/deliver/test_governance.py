"""Namespaces, quotas, priorities, secrets, people and doors, as the governance chart gets them."""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
from compiled import EXAMPLES, ROOT, example, laid_out, of_section
from three_clusters import ONE, THREE, estate

from rosace.deliver.concerns import Concern, access, entrances, namespaces, secrets
from rosace.deliver.releases import Release, releases
from rosace.plan.clusters.topology import Estate

sys.path.append(str(ROOT / "tests" / "cluster"))


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Estate:
    return estate(monkeypatch, THREE)


def laid(concern: Concern, whole: Estate, cluster: str) -> list[dict[str, Any]]:
    """What Helm makes of a concern's section."""
    return of_section(concern.chart, concern.name, concern.values(whole, cluster))


def governed(whole: Estate) -> list[Release]:
    return [release for release in releases(whole) if release.chart == "governance"]


def named(objects: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}


OTHERS = ("external-secrets.io/", "cilium.io/")


@pytest.mark.slow
@pytest.mark.parametrize("words", [ONE, THREE], ids=["one cluster", "three clusters"])
def test_kubernetes_knows_every_field(words: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from schemas import kubernetes, problems

    schemas = kubernetes("1.35")
    if isinstance(schemas, str):
        pytest.skip(schemas)
    for release in governed(estate(monkeypatch, words)):
        # Those of other projects are held against their own definitions elsewhere (test_drift, test_cilium).
        known = [one for one in laid_out(release) if not one["apiVersion"].startswith(OTHERS)]
        assert len(known) > 5
        assert problems(known, schemas) == []


def test_each_namespace_enforces_what_its_pods_keep_to(three: Estate) -> None:
    objects = laid(namespaces.CONCERN, three, "work")
    spaces = named(objects, "Namespace")
    assert sorted(spaces) == ["guests", "jobs", "log", "monitoring", "operators", "team"]
    word = "pod-security.kubernetes.io"
    levels = {name: one["metadata"]["labels"][f"{word}/enforce"] for name, one in spaces.items()}
    assert levels.pop("monitoring") == "privileged", "what measures nodes sees the host"
    assert set(levels.values()) == {"restricted"}
    for one in spaces.values():
        labels = one["metadata"]["labels"]
        assert labels[f"{word}/warn"] == labels[f"{word}/audit"] == "restricted"
        assert {labels[f"{word}/{mode}-version"] for mode in ("enforce", "warn", "audit")} == {"v1.34"}
        assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert spaces["team"]["metadata"]["labels"]["rosace.io/project"] == "team"


def test_namespaces_of_others_are_left_alone(three: Estate) -> None:
    assert "guests" not in namespaces.CONCERN.values(three, "keep")["spaces"], "no job of theirs runs there"
    assert "kube-system" not in namespaces.CONCERN.values(three, "work")["spaces"]


def test_a_project_has_its_share_and_no_pod_without_a_request(three: Estate) -> None:
    objects = laid(namespaces.CONCERN, three, "work")
    quota = {"requests.cpu": "8", "requests.memory": "32Gi", "limits.memory": "32Gi"}
    assert [
        (one["metadata"]["namespace"], one["spec"]["hard"]) for one in objects if "hard" in one.get("spec", {})
    ] == [("team", quota)]
    limits = {one["metadata"]["namespace"]: one["spec"] for one in objects if one["kind"] == "LimitRange"}
    assert set(limits) == {"team", "guests"}
    (container,) = limits["team"]["limits"]
    assert container["default"]["memory"] == container["defaultRequest"]["memory"]
    assert "cpu" not in container["default"], "a limit of cores slows a pod down while cores are idle"


def test_stores_come_before_people_and_people_before_batches(three: Estate) -> None:
    classes = named(laid(namespaces.CONCERN, three, "keep"), "PriorityClass")
    order = sorted(classes, key=lambda name: -classes[name]["value"])
    assert order == ["small-critical", "small-normal", "small-batch"]
    assert not any(one.get("globalDefault") for one in classes.values())


def test_the_same_secret_has_one_place_in_the_store(three: Estate) -> None:
    places = {
        (cluster, one["metadata"]["namespace"], one["metadata"]["name"]): {
            part["remoteRef"]["key"] for part in one["spec"]["data"]
        }
        for cluster in three.clusters
        for one in laid(secrets.CONCERN, three, cluster)
        if one["kind"] == "ExternalSecret"
    }
    assert places == {
        ("work", "log", "log-key"): {"small/prod/log-key"},
        ("work", "team", "log-made"): {"small/prod/log-made"},
        ("work", "team", "rows"): {"small/prod/rows"},
        ("keep", "rows", "rows"): {"small/prod/rows"},
    }


def test_a_secret_goes_where_its_reader_lives(three: Estate) -> None:
    fetched = {cluster: secrets.CONCERN.values(three, cluster)["fetched"] for cluster in three.clusters}
    keys = fetched["work"]["team"]["rows"]["keys"]
    assert sorted(keys) == ["ca.crt", "password", "username"], "asked for by rooms on two clusters"
    assert "team" not in fetched["keep"]
    spaces = {space for cluster in three.clusters for space in namespaces.CONCERN.values(three, cluster)["spaces"]}
    assert "nobody-lives-here" not in spaces


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_place_of_the_store_means_one_thing(name: str) -> None:
    whole = example(name).estate
    meaning: dict[str, set[str]] = {}
    for cluster in whole.clusters:
        for need in secrets.brought(whole, cluster):
            if not need.copies_of:
                meaning.setdefault(secrets.remote(whole, need), set()).add(need.purpose)
    assert not {place: said for place, said in meaning.items() if len(said) > 1}


def test_a_secret_is_fetched_with_all_that_its_reader_looks_at(three: Estate) -> None:
    objects = laid(secrets.CONCERN, three, "work")
    spec = named(objects, "ExternalSecret")["log-key"]["spec"]
    assert spec["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "platform"}
    fetched = [(one["secretKey"], one["remoteRef"]["key"], one["remoteRef"]["property"]) for one in spec["data"]]
    assert fetched == [(key, "small/prod/log-key", key) for key in ("tls.key", "tls.crt")]
    template = {"type": "example", "metadata": {"annotations": {}, "labels": {"example.com/reads": "yes"}}}
    assert spec["target"]["template"] == template


def test_what_an_operator_makes_reaches_others_by_the_store(three: Estate) -> None:
    objects = laid(secrets.CONCERN, three, "work")
    (push,) = named(objects, "PushSecret").values()
    assert (push["metadata"]["namespace"], push["spec"]["selector"]) == ("log", {"secret": {"name": "log-made"}})
    assert push["spec"]["data"][0]["match"]["remoteRef"]["remoteKey"] == "small/prod/log-made"
    assert "log-made" not in secrets.CONCERN.values(three, "work")["fetched"]["log"]


def test_sealed_secrets_are_commands_and_no_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    words = copy.deepcopy(THREE) | {"delivery": {"secrets": "sealed-secrets"}}
    whole = estate(monkeypatch, words)
    assert not secrets.CONCERN.values(whole, "work")["enabled"]
    commands = secrets.sealing(whole, "work")
    assert len(commands) == 3
    assert commands[0] == (
        "kubectl create secret generic log-key -n log --type=example --from-file=tls.key=values/log-key/tls.key "
        "--from-file=tls.crt=values/log-key/tls.crt --dry-run=client -o yaml | "
        "kubectl label -f - --local -o yaml example.com/reads=yes | "
        "kubeseal --format yaml > sealed/work/log-log-key.yaml"
    )


def test_members_get_roles_in_their_namespace_only(three: Estate) -> None:
    objects = laid(access.CONCERN, three, "work")
    bindings = [one for one in objects if one["kind"] == "RoleBinding"]
    told = [
        (one["metadata"]["namespace"], one["roleRef"]["name"], [subject["name"] for subject in one["subjects"]])
        for one in bindings
    ]
    assert told == [("team", "admin", ["engineers"]), ("team", "view", ["oidc:all/people"])]
    assert not [one for one in objects if one["kind"] == "ClusterRoleBinding"]


def test_roles_know_the_resources_of_operators(three: Estate) -> None:
    roles = named(laid(access.CONCERN, three, "work"), "ClusterRole")
    for role, verb in (("view", "get"), ("edit", "patch")):
        one = roles[f"small-{role}"]
        assert one["metadata"]["labels"][f"rbac.authorization.k8s.io/aggregate-to-{role}"] == "true"
        assert one["rules"][0]["apiGroups"] == ["example.com"]
        assert one["rules"][0]["resources"] == ["jobs", "runs"]
        assert verb in one["rules"][0]["verbs"]
        assert "*" not in one["rules"][0]["verbs"]


def test_doors_answer_to_the_names_that_clients_were_told(three: Estate) -> None:
    objects = laid(entrances.CONCERN, three, "keep")
    doors = named(objects, "Service")
    told = {name: one["metadata"]["annotations"] for name, one in doors.items()}
    hosts = {name: said["external-dns.alpha.kubernetes.io/hostname"] for name, said in told.items()}
    assert hosts == {
        "bucket-entrance": "bucket.bucket.keep.example.com",
        "meter-store-entrance": "meter-store.monitoring.keep.example.com",
        "rows-rw-entrance": "rows-rw.rows.keep.example.com",
    }
    assert all(said["service.beta.kubernetes.io/azure-load-balancer-internal"] == "true" for said in told.values())
    assert {one["spec"]["externalTrafficPolicy"] for one in doors.values()} == {"Local"}
    assert doors["rows-rw-entrance"]["spec"]["selector"] == {"app": "rows", "role": "primary"}
    (port,) = doors["bucket-entrance"]["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (443, 9000), "the port of the address, then the pod's"


def test_one_cluster_has_no_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not entrances.CONCERN.values(estate(monkeypatch, ONE), "main")["enabled"]
