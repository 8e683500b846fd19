"""The charts of other projects, rendered at their pinned tags with what we tell them: nothing of them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from built import EXAMPLES
from compiled import example
from pod_security import RESTRICTED_ONLY
from podspecs import restricted
from schemas import Shape, crds, kubernetes
from upstream_charts import PLACES, definitions_of, everywhere, rendered

from rosace.contract.operator import Operator
from rosace.deliver.applications import LAST, PROJECT, WAVES, project, root, server
from rosace.plan.clusters.workloads import Resident, levels, operators, residents

pytestmark = pytest.mark.slow

CHARTS = sorted(PLACES)


def test_every_pinned_chart_is_held() -> None:
    used = {one.operator for name in EXAMPLES for one in rendered(name)}
    assert used == set(CHARTS)


@pytest.mark.parametrize("chart", CHARTS)
def test_pods_keep_to_what_their_namespace_enforces(chart: str) -> None:
    """Hooks too: a pod that Pod Security refuses is never there, and all later waves wait for it."""
    seen = 0
    for name, one in everywhere(chart):
        built = example(name)
        level = levels(built.estate, one.cluster)[one.namespace]
        broken = restricted(one.everything)
        if level == "baseline":
            broken = [each for each in broken if not any(word in each for word in RESTRICTED_ONLY)]
        assert level == "privileged" or broken == []
        seen += 1
    assert seen


@pytest.mark.parametrize("chart", CHARTS)
def test_argo_cd_may_write_all_that_they_lay_out(chart: str) -> None:
    """Kinds outside of namespaces, and namespaces: what the project lacks is refused, and the sync with it."""
    for name, one in everywhere(chart):
        built = example(name)
        spec = project(built.estate, built.applications, built.releases)["spec"]
        allowed = {(each["group"], each["kind"]) for each in spec["clusterResourceWhitelist"]}
        address = server(built.estate, built.estate.clusters[one.cluster])
        spaces = {each["namespace"] for each in spec["destinations"] if each["server"] == address}
        for each in one.everything:
            group, _, version = each["apiVersion"].rpartition("/")
            if namespaced(each["apiVersion"], each["kind"]):
                assert each["metadata"]["namespace"] in spaces, f"{each['kind']}/{each['metadata']['name']}"
            else:
                assert (group if version else "", each["kind"]) in allowed


@pytest.mark.parametrize("chart", CHARTS)
def test_no_chart_opens_what_is_closed_unless_it_says_so(chart: str) -> None:
    """Policies add up: a chart's own one that lets everything through makes those of the graph void."""
    for name, one in everywhere(chart):
        built = example(name)
        (operator,) = (each for _, each in operators(built.estate, one.cluster) if each.name == chart)
        policies = [each for each in one.everything if each["kind"] == "NetworkPolicy"]
        assert bool(policies) == operator.upstream.opens
        for each in policies:
            assert each["metadata"]["namespace"] == operator.namespace
        if policies:
            here = {each.part.engine.name for each in residents(built.estate, one.cluster) if in_space(each, operator)}
            assert len(here) == 1, "others live in a namespace that is open"


def in_space(resident: Resident, operator: Operator) -> bool:
    """Whether somebody's pods share the namespace of an operator."""
    return resident.workload.namespace == operator.namespace


def namespaced(api_version: str, kind: str) -> bool:
    """Whether objects of a kind belong to a namespace. Skips where no schema can be had."""
    for source in (kubernetes("1.35"), crds()):
        if isinstance(source, str):
            pytest.skip(source)
        if isinstance(found := source.shape(api_version, kind), Shape):
            return found.namespaced
    raise AssertionError(f"nobody knows {kind} of {api_version}")


@pytest.mark.parametrize("chart", CHARTS)
def test_definitions_lie_where_their_application_looks(chart: str) -> None:
    """At the pinned tag: Argo CD calls an application healthy that finds no folder or no file."""
    found = {
        one.upstream.definitions: one
        for name in EXAMPLES
        for cluster in example(name).estate.clusters
        for _, one in operators(example(name).estate, cluster)
        if one.name == chart
    }
    for there, one in found.items():
        assert (there is None) == (not one.crds)
        if there is None:
            continue
        folder = definitions_of(there)
        assert folder != "", f"{there.repository} has no folder {there.path} at {there.revision}"
        if isinstance(folder, str):
            pytest.skip(folder)
        assert set(one.crds) <= names(folder, there.include)


def names(folder: Path, pattern: str) -> set[str]:
    """The definitions of a folder, which holds nothing else by this pattern: plain files, and no templates."""
    found: set[str] = set()
    for file in folder.glob(pattern):
        # A lone `=` is a word to the API server and a tag of its own to YAML 1.1.
        text = file.read_text(encoding="utf-8").replace("- =\n", '- "="\n')
        for one in yaml.load_all(text, Loader=yaml.CSafeLoader):
            if one:
                assert one["kind"] == "CustomResourceDefinition", file.name
                found.add(one["metadata"]["name"])
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_project_comes_before_what_it_allows(name: str) -> None:
    """An engine that is added later brings kinds of its own: the project has to know them first."""
    built = example(name)
    wave = "argocd.argoproj.io/sync-wave"
    mine = project(built.estate, built.applications, built.releases)["metadata"]["annotations"][wave]
    assert int(mine) == PROJECT < min(app.wave for app in built.applications)
    assert max(app.wave for app in built.applications) == max(LAST, *WAVES.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_application_tries_again(name: str) -> None:
    built = example(name)
    for body in (*(app.body for app in built.applications), root(built.estate)):
        assert body["spec"]["syncPolicy"]["retry"]["limit"] > 0, body["metadata"]["name"]
