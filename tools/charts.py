"""Writes what is derived in `charts/`: default values, their schema, the umbrella, Spark's runner.

Comes in: the examples, compiled, and their rooms. Goes out: `values.yaml` and `values.schema.json` of each chart, and
`charts/platform`. `--check` writes nothing, and exits 1 where a file is not what it would be.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rosace.check.platform import check
from rosace.deliver.build import Built, build
from rosace.deliver.inventory import charts as upstream
from rosace.deliver.yamltext import dump
from rosace.engines.registry import engines
from rosace.source.load import load

ROOT = Path(__file__).resolve().parent.parent
CHARTS = ROOT / "charts"
UMBRELLA = "platform"
SAMPLES = (
    ("flights", "prod", ("platform=platform", "delivery.prefix=''")),
    ("flights", "prod", ()),
    ("vision360", "prod", ()),
    ("flights", "prod", ("storage.provider=seaweedfs", "platform=platform", "delivery.prefix=''")),
)
"""Platforms from which values are learnt: example, environment, single values. The first gives the defaults."""

PASSED_ON = frozenset(
    {
        *("affinity", "annotations", "config", "containerSecurity", "data", "jvm", "labels", "matchLabels"),
        *("nodeSelector", "pod", "podSecurityContext", "properties", "resources", "securityContext", "settings"),
        *("tolerations", "topologySpreadConstraints", "values"),
    }
)
"""Keys whose content is handed on to Kubernetes or an engine as it is: their schema is not ours."""

Schema = dict[str, Any]


def main(options: list[str]) -> int:
    """Writes the files, or compares them. Returns an exit code."""
    stale = []
    for path, text in files().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if "--check" not in options:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print("\n".join(stale))
    return 1 if stale and "--check" in options else 0


def files() -> dict[Path, str]:
    """Every derived file with its text."""
    built = [_sample(*sample) for sample in SAMPLES]
    names = frozenset(name for one in built for name in _names(one))
    spaces = frozenset(built[0].estate.namespaces.values())
    found: dict[Path, str] = {}
    charts = sorted({release.chart for one in built for release in one.releases})
    for chart in charts:
        sections = _sections(built, chart)
        frame = built[0].releases[0].values["global"]
        shapes = {name: _shape([*samples, {"enabled": False}], names) for name, samples in sections.items()}
        found[CHARTS / chart / "values.yaml"] = _values(chart, frame, sections, names, spaces)
        found[CHARTS / chart / "values.schema.json"] = _text(_whole(chart, shapes))
    return found | _umbrella(built, charts) | _runner()


def _sample(example: str, environment: str, assignments: tuple[str, ...]) -> Built:
    folder = ROOT / "examples" / example
    tree = load(folder / "platform.yaml", [folder / "env" / f"{environment}.yaml"], list(assignments))
    return build(check(tree, folder), environment)


def _sections(built: list[Built], chart: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for release in (release for one in built for release in one.releases if release.chart == chart):
        for name in release.sections:
            found.setdefault(name, []).append(release.values[name])
    return dict(sorted(found.items()))


def _names(built: Built) -> Iterator[str]:
    """Everything that a user named: a mapping with such a key is open."""
    platform = built.estate.checked.platform
    # Not of clusters and namespaces: some are called like words of charts (`storage`), the others have a dash.
    for section in ("topics", "tables", "jobs", "queries", "exports", "notebooks", "projects", "sources"):
        yield from getattr(platform, section)
    for tenant, words in platform.storage.tenants.items():
        yield from (tenant, *words.buckets)
    for project in platform.projects.values():
        yield from project.members
    if platform.monitoring:
        yield from (*platform.monitoring.alerts, *platform.monitoring.receivers)


def _open(samples: list[Mapping[str, Any]], names: frozenset[str]) -> bool:
    keys = {key for sample in samples for key in sample}
    return bool(keys & names) or any(not key.isalnum() for key in keys) or not keys


def _shape(samples: list[Any], names: frozenset[str], depth: int = 0) -> Schema:
    """The schema that all samples keep.

    A section's own keys are closed, so that a misspelt one is refused; below them types are told, and other keys let
    through: no sample has everything that a platform may say.
    """
    shapes: list[Schema] = []
    if mappings := [one for one in samples if isinstance(one, Mapping)]:
        values: dict[str, list[Any]] = {}
        for one in mappings:
            for key, value in one.items():
                values.setdefault(key, []).append(value)
        if _open(mappings, names):
            inner = [value for several in values.values() for value in several]
            shapes.append(
                {"type": "object", "additionalProperties": _shape(inner, names, depth + 1) if inner else True}
            )
        else:
            known = {
                key: {} if key in PASSED_ON else _shape(several, names, depth + 1)
                for key, several in sorted(values.items())
            }
            closed = {"additionalProperties": False} if depth == 0 else {}
            shapes.append({"type": "object", "properties": known, **closed})
    if lists := [one for one in samples if isinstance(one, list | tuple)]:
        items = [item for one in lists for item in one]
        shapes.append({"type": "array", "items": _shape(items, names, depth + 1) if items else {}})
    kinds = {_kind(one) for one in samples if not isinstance(one, Mapping | list | tuple)}
    shapes += [{"type": kind} for kind in sorted(kinds)]
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes} if shapes else {}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "integer" if isinstance(value, int) else "number"


def _whole(chart: str, sections: Mapping[str, Schema]) -> Schema:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Values of the chart {chart}",
        "type": "object",
        # `enabled` is what an umbrella asks for, `global` what it hands down.
        "properties": {"enabled": {"type": "boolean"}, "global": {"type": "object"}, **sections},
        "additionalProperties": False,
    }


def _values(
    chart: str,
    frame: Mapping[str, Any],
    sections: Mapping[str, list[Mapping[str, Any]]],
    names: frozenset[str],
    spaces: frozenset[str],
) -> str:
    neutral = {**frame, "platform": "platform", "environment": "default", "cluster": "main"}
    neutral["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
    parts = [
        f"# Values of the chart {chart}: what a section says when nobody says anything.",
        dump({"global": neutral}).rstrip("\n"),
    ]
    rooms = engines()
    for name, samples in sections.items():
        about = f"{rooms[name].title}: {rooms[name].summary}" if name in rooms else name
        parts += ["", f"# {about}"]
        parts.append(dump({name: {**_common(samples, names, spaces), "enabled": False}}).rstrip("\n"))
    return "\n".join(parts) + "\n"


def _common(samples: list[Any], names: frozenset[str], spaces: frozenset[str]) -> Any:
    """What the first sample says where all samples say something, without what a user named.

    Helm lays values over these key by key: a default that not every platform overrides would show through.
    """
    first = samples[0]
    if isinstance(first, Mapping):
        if not all(isinstance(one, Mapping) for one in samples):
            return {}
        if any(set(one) & names or (one and set(one) <= spaces) for one in samples):
            return {}
        shared = [key for key in first if all(key in one for one in samples)]
        return {key: _common([one[key] for one in samples], names, spaces) for key in shared}
    if isinstance(first, list | tuple):
        named = any(isinstance(one, Mapping) and one.get("name") in names | spaces for one in first)
        said = {one for one in first if isinstance(one, str)}
        return [] if named or said & (names | spaces) else list(first)
    return first


def _runner() -> dict[Path, str]:
    """What each Spark driver runs, beside the chart that mounts it: a chart stands alone and holds no links."""
    there = CHARTS / "processing" / "files" / "spark-runner"
    here = ROOT / "src" / "rosace" / "engines" / "spark" / "runner"
    return {there / path.name: path.read_text(encoding="utf-8") for path in sorted(here.glob("*.py"))}


def _umbrella(built: list[Built], charts: list[str]) -> dict[Path, str]:
    """One chart over all: ours from beside it, upstream's from their own repositories, each behind a condition."""
    operators = {entry["name"]: entry for one in built for entry in upstream(one.estate)}
    ours = [
        {"name": chart, "version": _version(chart), "repository": f"file://../{chart}", "condition": f"{chart}.enabled"}
        for chart in charts
    ]
    theirs = [
        {
            "name": entry["chart"],
            **({"alias": name} if name != entry["chart"] else {}),
            "version": entry["version"],
            "repository": entry["repository"],
            "condition": f"{name}.enabled",
        }
        for name, entry in sorted(operators.items())
    ]
    chart = {
        "apiVersion": "v2",
        "name": UMBRELLA,
        "description": "All charts of a platform and the operators below them, each behind a condition",
        "type": "application",
        "version": "0.1.0",
        "kubeVersion": ">=1.30.0-0",
        "maintainers": [{"name": "Rosace"}],
        "dependencies": [*ours, *theirs],
    }
    values = {name: {"enabled": False} for name in (*charts, *sorted(operators))}
    head = "# What is on. Values of a chart go below its name: `streaming: {enabled: true, kafka: {...}}`.\n"
    return {
        CHARTS / UMBRELLA / "Chart.yaml": dump(chart),
        CHARTS / UMBRELLA / "values.yaml": head + dump(values),
    }


def _version(chart: str) -> str:
    for line in (CHARTS / chart / "Chart.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("version:"):
            return line.partition(":")[2].strip()
    raise ValueError(f"charts/{chart}/Chart.yaml has no version")


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=1, sort_keys=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
