"""What is decided of Gatekeeper on clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.engines.gatekeeper import rules, settings
from rosace.engines.gatekeeper.kubernetes import KINDS, KUBERNETES
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: small
clusters: {main: {}}
topics: {t: {columns: {a: string!}}}
engines: {kafka: {}, gatekeeper: {replicas: 2, audit: 2m}}
policies: {registries: [registry.example.com/data, mirror.example.com], enforce: warn}
delivery: {registry: mirror.example.com, prefix: acme-}
"""


def site_of(folder: Path, text: str = PLATFORM) -> ClusterSite:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    estate = estate_of(check(load(folder / "platform.yaml"), folder), "prod")
    return next(part.site for part in estate.parts if part.engine.name == "gatekeeper")


def objects(site: ClusterSite, **other: Any) -> list[dict[str, Any]]:
    return of_section("policies", "gatekeeper", {**KUBERNETES.values(site), **other})


def test_words_become_policies(tmp_path: Path) -> None:
    values = KUBERNETES.values(site_of(tmp_path))
    assert values["enforcement"] == "warn"
    allowed = values["policies"]["image-registries"]["parameters"]["registries"]
    assert allowed == ["registry.example.com/data", "mirror.example.com"]
    assert values["policies"]["container-resources"]["parameters"]["resources"] == settings.RESOURCES
    assert {one["kind"] for one in values["policies"].values()} == {
        "RosaceContainerResources",
        "RosaceHostAccess",
        "RosaceImageRegistries",
        "RosaceImageTags",
        "RosaceRequiredLabels",
        "RosaceServiceEntrances",
    }


def test_any_registry_where_none_is_said(tmp_path: Path) -> None:
    text = PLATFORM.replace("registries: [registry.example.com/data, mirror.example.com], ", "")
    assert "image-registries" not in KUBERNETES.values(site_of(tmp_path, text))["policies"]


def test_holds_in_the_platforms_namespaces_but_for_operators(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    (match,) = {
        str(one["spec"]["match"]["namespaceSelector"]) for one in objects(site) if one["kind"] != "ConstraintTemplate"
    }
    assert match == "{'matchLabels': {'app.kubernetes.io/part-of': 'small'}}"
    without = KUBERNETES.values(site)["namespaces"]["without"]
    assert "acme-gatekeeper" in without
    assert "acme-kafka" not in without
    assert set(site.around.operators) - set(without) <= {
        *site.namespaces.engines.values(),
        *site.namespaces.projects.values(),
    }


def test_operators_that_share_a_namespace_are_known_by_labels(tmp_path: Path) -> None:
    moved = PLATFORM.replace(
        "prefix: acme-",
        "operators: {strimzi-kafka-operator: {repo: https://charts.example.com, namespace: kafka}}",
    )
    values = KUBERNETES.values(site_of(tmp_path, moved))
    exempt = values["policies"]["host-access"]["parameters"]["exempt"]
    assert "kafka" in {one["namespace"] for one in exempt}
    assert all(one["labels"] for one in exempt)
    assert "kafka" not in values["namespaces"]["without"]


def test_constraints_come_after_their_templates(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    kinds = [one["kind"] for one in objects(site)]
    assert kinds[:6] == ["ConstraintTemplate"] * 6
    assert len(kinds) == 12
    assert {one["kind"] for one in objects(site, constrain=False)} == {"ConstraintTemplate"}
    for one in objects(site)[6:]:
        assert one["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "1"


def test_the_operator_answers_the_api_server(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    (operator,) = KUBERNETES.operators(site)
    assert operator.workload and operator.workload.webhook == (8443,)
    assert len(operator.crds) == len(KINDS) == 17
    assert operator.values["replicas"] == 2
    assert operator.values["auditInterval"] == 120
    assert operator.values["image"]["repository"] == "mirror.example.com/openpolicyagent/gatekeeper"


def test_policies_that_would_refuse_the_platform_are_said(tmp_path: Path) -> None:
    text = PLATFORM.replace("registry: mirror.example.com, ", "")
    assert [one.code for one in rules.check(site_of(tmp_path, text).checked)] == ["registries-without-own"]
    assert rules.check(site_of(tmp_path).checked) == []
