"""Writes what is derived in `charts/`: default values, their schema and meaning, the umbrella, Spark's runner,
the recipe of Kafka Connect's image.

Comes in: the types of sections, and the examples, compiled. Goes out: `values.yaml`, `values.schema.json` and the table
in the README of each chart, and `charts/platform`. `--check` writes nothing, and exits 1 where a file is not what it
would be.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

from chartschema import Schema, required, resolved, rows, whole

from rosace.check.platform import check
from rosace.contract.registry import engines
from rosace.contract.versions import versions
from rosace.deliver.build import Built, build
from rosace.deliver.concerns import CONCERNS
from rosace.deliver.inventory import charts as upstream
from rosace.deliver.yamltext import dump
from rosace.source.load import load

ROOT = Path(__file__).resolve().parent.parent
CHARTS = ROOT / "charts"
UMBRELLA = "platform"
SAMPLES = (
    ("flights", "prod", ("platform=platform", "delivery.prefix=''", "delivery.registry=null")),
    ("flights", "prod", ("delivery.registry=null",)),
    ("vision360", "prod", ("platform=platform",)),
    ("clouds", "prod", ()),
    (
        "flights",
        "prod",
        ("storage.provider=seaweedfs", "platform=platform", "delivery.prefix=''", "delivery.registry=null"),
    ),
)
"""Platforms of which defaults are made: example, environment, single values. What all say, the first says."""

BEGIN, END = "<!-- values: made of the sections' types -->\n", "<!-- /values -->\n"
"""What stands around the table of values in a chart's README."""


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
    shapes = charted()
    found: dict[Path, str] = {}
    for chart in sorted(shapes):
        schema = whole(chart, shapes[chart])
        readme = CHARTS / chart / "README.md"
        frame = built[0].releases[0].values["global"]
        found[CHARTS / chart / "values.yaml"] = _values(schema, frame, _sections(built, chart))
        found[CHARTS / chart / "values.schema.json"] = json.dumps(schema, indent=1) + "\n"
        found[readme] = _told(readme.read_text(encoding="utf-8"), schema, list(shapes[chart]))
    return found | _apps(shapes) | _umbrella(built, sorted(shapes)) | _runner() | _connect() | _shared(sorted(shapes))


def charted() -> dict[str, dict[str, type]]:
    """Each chart's sections with their types: those of rooms, and those of a platform's concerns."""
    found: dict[str, dict[str, type]] = {}
    for name, room in engines().items():
        if "kubernetes" in room.targets and room.kubernetes.chart:
            found.setdefault(room.kubernetes.chart, {})[name] = room.kubernetes.shape
    for concern in CONCERNS:
        found.setdefault(concern.chart, {})[concern.name] = concern.shape
    return {chart: dict(sorted(sections.items())) for chart, sections in found.items()}


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


def _values(schema: Schema, frame: Mapping[str, Any], sections: Mapping[str, list[Mapping[str, Any]]]) -> str:
    neutral = {**frame, "platform": "platform", "environment": "default", "cluster": "main"}
    neutral["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
    parts = [
        f"# {schema['title']}: what a section says when nobody says anything.",
        _explained(schema, "global", neutral),
    ]
    rooms = engines()
    for name, samples in sections.items():
        about = f"{rooms[name].title}: {rooms[name].summary}" if name in rooms else _about(schema, name)
        parts += ["", f"# {about}"]
        parts.append(
            _explained(schema, name, {**_common(samples, schema["properties"][name], schema), "enabled": False})
        )
    return "\n".join(parts) + "\n"


def _about(schema: Schema, section: str) -> str:
    return schema["properties"][section]["description"].rstrip(".")


def _explained(schema: Schema, section: str, said: Mapping[str, Any]) -> str:
    """A section's text, with the meaning above each of its own keys."""
    meanings = {key: meaning for key, _, meaning in rows(schema, section)}
    parts = [f"{section}:"]
    for key, value in said.items():
        parts += [f"  # {line}" for line in wrap(meanings[key], 115)]
        parts.append(indent(dump({key: value}).rstrip("\n"), "  "))
    return "\n".join(parts)


def _told(readme: str, schema: Schema, sections: list[str]) -> str:
    """A README with the table of the chart's values. Raises ValueError where it has no place for it."""
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{schema['title']}: the README has no place for the table ({BEGIN!r}, {END!r})")
    lines: list[str] = []
    for section in sections:
        lines += ["", f"### `{section}`", "", f"{_about(schema, section)}.", ""]
        lines += ["| key | kind | meaning |", "|---|---|---|"]
        lines += [f"| `{key}` | {kind} | {' '.join(text.split())} |" for key, kind, text in rows(schema, section)]
    return head + BEGIN + "\n".join([*lines, "", END]) + tail


def _common(samples: list[Any], said: Schema, schema: Schema) -> Any:
    """What the first sample says, as far as it is no platform's own.

    Helm lays values over these key by key: what not every platform overrides would show through. So a key that may be
    absent has no default, nor has what is called by names (`topics`), and of plain words only those that all say.
    """
    first, said = samples[0], resolved(said, schema)
    if isinstance(first, Mapping):
        if "properties" in said:
            everywhere = [key for key in required(said) if all(key in one for one in samples)]
            needed = [key for key in said["properties"] if key in everywhere]
            found = {key: _common([one[key] for one in samples], said["properties"][key], schema) for key in needed}
            # On, it would ask for what has no default; whoever has it says so.
            return {**found, "enabled": False} if any(one.get("enabled") is False for one in samples) else found
        if said.get("additionalProperties") is True:
            return dict(first)
        if said.get("additionalProperties") != {"type": "string"} or len(samples) == 1:
            return {}
        return {key: value for key, value in first.items() if all(key in one for one in samples)}
    if isinstance(first, list | tuple):
        return list(first) if all(one == first for one in samples[1:]) and len(samples) > 1 else []
    return first


def _apps(shapes: Mapping[str, Mapping[str, type]]) -> dict[Path, str]:
    """`Chart.yaml` of each chart that lays out one engine: its application is of that engine's version."""
    found: dict[Path, str] = {}
    for chart, sections in shapes.items():
        file = CHARTS / chart / "Chart.yaml"
        text = file.read_text(encoding="utf-8")
        (engine, *others) = (engines().get(name) for name in sections)
        if engine and not others and "appVersion:" in text:
            told = f'appVersion: "{versions(engine.folder).version}"'
            found[file] = re.sub(r"^appVersion:.*$", told, text, flags=re.MULTILINE)
    return found


def _shared(charts: list[str]) -> dict[Path, str]:
    """What the templates of all charts have in common, in each: a chart stands alone."""
    text = (CHARTS / "shared" / "_rosace.tpl").read_text(encoding="utf-8")
    said = "Derived from charts/shared/_rosace.tpl by tools/charts.py: edit that, then run it."
    extra = (CHARTS / "shared" / "extra.yaml").read_text(encoding="utf-8")
    also = "Derived from charts/shared/extra.yaml by tools/charts.py: edit that, then run it."
    found = {CHARTS / chart / "templates" / "_rosace.tpl": f"{{{{/* {said} */}}}}\n{text}" for chart in charts}
    return found | {CHARTS / chart / "templates" / "extra.yaml": f"{{{{/* {also} */}}}}\n{extra}" for chart in charts}


def _connect() -> dict[Path, str]:
    """The recipe of Kafka Connect's image, with the versions that Kafka's room pins."""
    folder = engines()["kafka"].folder
    pinned = versions(folder)
    recipe = (folder / "Containerfile").read_text(encoding="utf-8")
    said = {"kafka": pinned.image("kafka").reference, "tag": pinned.image("kafka-connect").tag, **pinned.parts}
    there = CHARTS / "streaming" / "connect" / "Containerfile"
    return {there: _derived("src/rosace/engines/kafka/Containerfile") + recipe.format_map(said)} | _rosace()


def _rosace() -> dict[Path, str]:
    """The recipe of the image that sends and loads the files of sources."""
    kit = ROOT / "src" / "rosace" / "kit"
    pinned = versions(kit)
    said = {"tag": pinned.image("rosace").tag, **pinned.parts}
    text = _derived("src/rosace/kit/Containerfile") + (kit / "Containerfile").read_text("utf-8").format_map(said)
    return {CHARTS / "processing" / "rosace" / "Containerfile": text}


def _derived(source: str) -> str:
    """The first line of a copy: nobody should edit it."""
    return f"# Derived from {source} by tools/charts.py: edit that, then run it.\n"


def _runner() -> dict[Path, str]:
    """What each Spark driver runs, beside the chart that mounts it: a chart stands alone and holds no links."""
    there = CHARTS / "processing" / "files" / "spark-runner"
    here = ROOT / "src" / "rosace" / "engines" / "spark" / "runner"
    return {
        there / path.name: _derived(path.relative_to(ROOT).as_posix()) + path.read_text(encoding="utf-8")
        for path in sorted(here.glob("*.py"))
    }


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
