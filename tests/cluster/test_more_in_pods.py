"""What somebody says of pods beside what was compiled: it is in every pod, and Kubernetes and the operators take it.

The charts are rendered by the real Helm; what they make is held against the schemas of Kubernetes and operators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from compiled import EXAMPLES, example, helm, identity, laid_out, plain
from schemas import VERSIONS, crds, kubernetes, problems

from rosace.deliver import charts
from rosace.deliver.charts import chart_files, charts_folder
from rosace.deliver.yamltext import dump

MORE: dict[str, Any] = {
    "imagePullSecrets": [{"name": "pull"}],
    "nodeSelector": {"pool.example.com/name": "data"},
    "tolerations": [{"key": "pool", "operator": "Equal", "value": "data", "effect": "NoSchedule"}],
    "affinity": {
        "nodeAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 1, "preference": {"matchExpressions": [{"key": "ssd", "operator": "Exists"}]}}
            ]
        }
    },
    "podAnnotations": {"audit.example.com/by": "me"},
    "podLabels": {"team.example.com/name": "data"},
    "extraEnv": [{"name": "LANG", "value": "C.UTF-8"}],
    "extraVolumes": [{"name": "more", "emptyDir": {}}],
    "extraVolumeMounts": [{"name": "more", "mountPath": "/more"}],
}

STRIMZI = ("Kafka", "KafkaNodePool", "KafkaConnect", "KafkaMirrorMaker2")
MADE = (*STRIMZI, "Tenant", "Prometheus", "Alertmanager")
"""Kinds of which an operator makes pods that are nowhere written out."""


def pods(one: Any) -> Iterator[dict[str, Any]]:
    """Each pod's spec that is written out within an object."""
    if isinstance(one, Mapping):
        if isinstance(one.get("containers"), list):
            yield dict(one)
        for value in one.values():
            yield from pods(value)
    elif isinstance(one, list):
        for part in one:
            yield from pods(part)


def templates(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each pod that is written out within an object, with its metadata."""
    for value in [one, *filter(lambda part: isinstance(part, Mapping), _parts(one))]:
        if isinstance(value.get("spec"), Mapping) and isinstance(value["spec"].get("containers"), list):
            yield value


def _parts(one: Any) -> Iterator[Any]:
    for value in one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ():
        yield value
        yield from _parts(value)


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_said_of_pods_is_in_every_pod(name: str) -> None:
    api, operators = kubernetes(max(VERSIONS)), crds()
    if isinstance(api, str) or isinstance(operators, str):
        pytest.skip(f"{api} {operators}")
    for release in example(name).releases:
        before = {identity(one): one for one in laid_out(release)}
        values = plain(release.values)
        for section, said in values.items():
            if section != "global" and said["enabled"]:
                said.update(MORE)
        after = {identity(one): one for one in laid_out(replace(release, values=values))}
        assert set(before) == set(after)
        assert problems(after.values(), api, operators) == problems(before.values(), api, operators)
        for key, one in after.items():
            written = list(pods(own(one))) if one["kind"] not in MADE else []
            assert [pod for pod in written if not _said(pod)] == [], key
            assert one["kind"] not in MADE or one != before[key]
            if one["kind"] in STRIMZI:
                assert "pool.example.com/name" in str(one)
            assert bool(written) or one["kind"] in MADE or one == before[key]


def own(one: dict[str, Any]) -> dict[str, Any]:
    """What each role of Flink has of its own is laid by its operator over the one template of both."""
    return one["spec"]["podTemplate"] if one["kind"] == "FlinkDeployment" else one


def _said(pod: dict[str, Any]) -> bool:
    return (
        MORE["imagePullSecrets"][0] in pod["imagePullSecrets"]
        and MORE["tolerations"][0] in pod["tolerations"]
        and pod["nodeSelector"].items() >= MORE["nodeSelector"].items()
        and pod["affinity"]["nodeAffinity"] == MORE["affinity"]["nodeAffinity"]
        and MORE["extraVolumes"][0] in pod["volumes"]
        and all(MORE["extraEnv"][0] in one["env"] for one in pod["containers"])
        and all(MORE["extraVolumeMounts"][0] in one["volumeMounts"] for one in pod["containers"])
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_object_says_of_which_release_and_chart_it_is(name: str) -> None:
    """Its pods do not: each new version of a chart would make all of them new."""
    for release in example(name).releases:
        for one in laid_out(release):
            labels = one["metadata"]["labels"]
            assert labels["helm.sh/chart"].startswith(f"{release.chart}-"), identity(one)
            assert labels["app.kubernetes.io/instance"], identity(one)
            for pod in templates(one):
                assert pod is one or "helm.sh/chart" not in (pod.get("metadata") or {}).get("labels", {})


def test_a_version_changes_with_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    def version() -> str:
        chart_files.cache_clear()
        return next(line for line in chart_files("query")["Chart.yaml"].splitlines() if line.startswith("version:"))

    before, known = version(), charts._texts  # pyright: ignore[reportPrivateUsage]
    assert version() == before
    changed = [
        (name, text + "\n") if name == "values.yaml" else (name, text)
        for name, text in known(charts_folder() / "query")
    ]
    monkeypatch.setattr(charts, "_texts", lambda *_: iter(changed))
    after = version()
    chart_files.cache_clear()
    assert after != before
    assert after.startswith("version: 0.1.0+")


@pytest.mark.slow
@pytest.mark.parametrize("chart", sorted(path.parent.name for path in charts_folder().glob("*/values.schema.json")))
def test_further_objects_are_filled_in(chart: str, tmp_path: Any) -> None:
    one = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "more", "labels": {"release": "{{ .Release.Name }}"}},
    }
    (tmp_path / "values.yaml").write_text(dump({"extraObjects": [one]}), encoding="utf-8")
    done = helm("template", "mine", charts_folder() / chart, "-f", tmp_path / "values.yaml")
    assert done.returncode == 0, done.stderr
    assert "release: 'mine'" in done.stdout or "release: mine" in done.stdout
