"""A change of what a pod reads at its start makes a new pod: each file of a ConfigMap is changed by a value of its own.

The charts are rendered by the real Helm before and after, for each file that a workload of an example mounts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from compiled import EXAMPLES, ROOT, compiled, example, of_section, plain

LATER = {
    ("Deployment", "grafana"): "dashboards are read again while it runs",
    ("ScheduledSparkApplication",): "each run is a new pod",
    ("Job",): "its name says what it reads",
}
"""Who needs no new pod: kind and name, as far as they are said, and why."""

FIXED = {
    "roles.sql": "a container beside PostgreSQL makes roles so while it runs",
    "jupyterhub_config.py": "the chart's own text",
    "access-control.properties": "the chart's own text",
    "resource-groups.properties": "the chart's own text",
    "spark-runner": "the chart's own files",
}
"""Files, or ConfigMaps, that no value changes or that nobody has to read anew."""

SECTIONS = ("flink", "jupyter", "opensearch", "postgresql", "prometheus", "seaweedfs", "spark", "thanos", "trino")

File = tuple[str, str, str]
"""Namespace and name of a ConfigMap, and a key of it."""


def sections() -> dict[str, tuple[str, dict[str, Any]]]:
    """Each section as the example has it that says most of it: the chart, and its values."""
    seaweed = compiled(ROOT / "examples" / "flights", "prod", "storage.provider=seaweedfs")
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for release in (one for built in (*map(example, EXAMPLES), seaweed) for one in built.releases):
        for name, said in release.values.items():
            known = found.get(name, ("", {}))[1]
            if name in SECTIONS and said.get("enabled") and len(json.dumps(said)) > len(json.dumps(known)):
                found[name] = release.chart, plain(said)
    return found


def files(objects: list[dict[str, Any]]) -> dict[File, str]:
    return {
        (one["metadata"]["namespace"], one["metadata"]["name"], key): text
        for one in objects
        if one["kind"] == "ConfigMap" and one["metadata"]["name"] not in FIXED
        for key, text in one.get("data", {}).items()
        if key not in FIXED
    }


def mounted(one: Any) -> Iterator[str]:
    """The ConfigMaps that an object names, wherever in it."""
    if isinstance(one, Mapping):
        for key, value in one.items():
            if key in ("configMap", "configMapRef", "configMapKeyRef") and isinstance(value, Mapping):
                yield value["name"]
            yield from mounted(value)
    elif isinstance(one, list):
        for part in one:
            yield from mounted(part)


def readers(objects: list[dict[str, Any]], file: File) -> dict[str, str]:
    """Who mounts a file and has to become new with it: what it is, as text."""
    return {
        who(one): json.dumps((one["metadata"]["name"], one["spec"]), sort_keys=True)
        for one in objects
        if one["metadata"].get("namespace") == file[0] and file[1] in set(mounted(one)) and not spared(one)
    }


def who(one: dict[str, Any]) -> str:
    """An object's kind and name; of one that becomes another object when it changes, its kind alone."""
    name = one["metadata"]["name"]
    # Its operator changes no pod that runs (Spark operator 2.5.1, mutateServerPod).
    return f"SparkConnect {name[:-9]}" if one["kind"] == "SparkConnect" else f"{one['kind']} {name}"


def spared(one: dict[str, Any]) -> bool:
    said = (one["kind"], one["metadata"]["name"])
    return any(said[: len(known)] == known for known in LATER)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield path, value


def otherwise(section: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The section with another value."""
    told = plain(section)
    place = told
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = f"{value}x" if isinstance(value, str) else value + 1
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", SECTIONS)
def test_a_change_of_what_a_pod_reads_makes_a_new_pod(name: str) -> None:
    chart, section = sections()[name]
    before = of_section(chart, name, section)
    asked = {file: text for file, text in files(before).items() if readers(before, file)}
    assert asked
    stale = {file: found for file, text in asked.items() if (found := unchanged(chart, name, section, file, text))}
    assert stale == {}


def unchanged(chart: str, name: str, section: dict[str, Any], file: File, text: str) -> list[str]:
    """Who mounts a file and is the same when it is another."""
    old = readers(of_section(chart, name, section), file)
    inside = [(path, value) for path, value in leaves(section) if json.dumps(value)[1:-1] in json.dumps(text)]
    for path, value in sorted(inside, key=lambda one: -len(str(one[1])))[:12]:
        try:
            after = of_section(chart, name, otherwise(section, path, value))
        except AssertionError:
            # A word that the chart's schema knows no other value of: another value tells.
            continue
        if files(after).get(file) not in (None, text):
            new = readers(after, file)
            return [who for who, spec in old.items() if new.get(who) == spec]
    return ["nothing that changes it was found"]
