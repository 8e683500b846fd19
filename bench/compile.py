"""How fast a platform is compiled for clusters, and what looking at the objects costs beside Helm itself.

The platform has a Spark job for every four topics, and a table each: jobs bring applications, accounts, rights, secrets
and network policies, so its objects are as large as real ones. It is compiled in a cold process, whole: read, checked
across every layer, decided, its charts, values and applications written. With `--render` Helm lays the objects out
too: that is held against the same calls of Helm by hand, with the charts and values that the build wrote. kubeconform
reads the objects of one chart and holds them against the schemas of their kinds. Then one field of the vision's
platform is edited again and again in a process that stays, until the new tree is there.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from figure import Figure, each, median
from rig import ROSACE, Unmeasured, timed
from session import Session

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE, TIMES = 75, 825, 3
"""Jobs, for about 1,000 and 10,000 objects; how often each is measured."""

sys.path.insert(0, str(ROOT / "tools"))


def measure(session: Session) -> list[Figure]:
    """Seconds for 10,000 objects' values cold, growth from 1,000, what `--render` adds to Helm, and an edit's time."""
    del session
    from clustertools import Unavailable, tool

    try:
        helm = str(tool("helm"))
    except Unavailable as reason:
        raise Unmeasured(f"no Helm to count and lay out objects: {reason}") from None
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small, large = (_platform(folder / str(count), count) for count in (SMALL, LARGE))
        plain = {one: [timed(_build(one)) for _ in range(TIMES)] for one in (small, large)}
        by_hand = {one: [timed(argv) for argv in _templates(helm, one)] for one in (small, large)}
        objects = {one: len(_objects("\n---\n".join(run.stdout for run in runs))) for one, runs in by_hand.items()}
        theirs = [sum(timed(argv).cpu for argv in _templates(helm, large)) for _ in range(TIMES)]
        known = {**os.environ, "ROSACE_HELM": helm}
        ours = [timed([*_build(large), "--render"], env=known).cpu for _ in range(TIMES)]
        _same(large, objects[large])
        judged = _kubeconform(folder, large)
    wall = {one: median([run.seconds for run in runs]) for one, runs in plain.items()}
    per_object = (wall[large] / objects[large]) / (wall[small] / objects[small])
    edits = _edits()
    parts = {
        "build": f"{median([run.cpu for run in plain[large]]):.2f} s CPU",
        "build --render": f"{median(ours):.2f} s CPU",
        "helm template, by hand": f"{median(theirs):.2f} s CPU, {objects[large] / median(theirs):,.0f} objects/s",
        "kubeconform, reading the same": judged,
    }
    text = f"`build` of the values of {objects[large]:,} objects in a cold process, wall"
    growth = f"time of {objects[large]:,} objects / time of {objects[small]:,}, brought to a factor of ten"
    render = "CPU seconds of `build --render`, Helm's among them / of the same Helm calls by hand"
    edited = "one field of vision360 edited to a new tree in a warm process, wall"
    return [
        Figure("build", text, wall[large], "s", 1.0, parts={"each": each([run.seconds for run in plain[large]])}),
        Figure("build-growth", growth, 10 * per_object, limit=11.0),
        Figure("build-render", render, median(ours) / median(theirs), limit=1.15, parts=parts),
        Figure("build-edit", edited, median(edits), "s", 0.1, parts={"each": each(edits)}),
    ]


def _platform(folder: Path, jobs: int) -> Path:
    folder.mkdir()
    columns = "columns: {id: int!, amount: double}"
    lines = ["platform: large", "topics:"]
    lines += [f"  topic-{n}: {{{columns}, key: id, partitions: 12}}" for n in range(4 * jobs)]
    lines += ["tables:", *(f"  table_{n}: {{{columns}}}" for n in range(jobs)), "jobs:"]
    for n in range(jobs):
        reads = ", ".join(f"topic-{4 * n + k}" for k in range(4))
        lines.append(f"  job-{n}: {{engine: spark, python: run.py, reads: [{reads}], writes: [lake.table_{n}]}}")
    fed = ", ".join(f"topic-{n}" for n in range(4 * jobs))
    lines += [f"producers: {{shop: {{writes: [{fed}], addresses: [203.0.113.0/24]}}}}"]
    lines += ["monitoring: {}", "clusters: {main: {}}", ""]
    (folder / "platform.yaml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "run.py").write_text("def run(spark):\n    pass\n", encoding="utf-8")
    return folder


def _build(folder: Path) -> list[str]:
    return [str(ROSACE), "build", str(folder), "-o", str(folder / "out")]


def _templates(helm: str, folder: Path) -> list[list[str]]:
    """The commands that render every release of the tree."""
    tree = folder / "out"
    return [
        [helm, "template", one["chart"], str(tree / "charts" / one["chart"]), "--no-hooks",
         "--namespace", one["namespace"], *(word for name in one["values"] for word in ("-f", str(tree / name)))]
        for one in json.loads((tree / "releases.json").read_text(encoding="utf-8"))
    ]  # fmt: skip


def _rendered(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("out/clusters/*/rendered/*.yaml")))


def _objects(text: str) -> list[str]:
    """Each object as a text that can be compared."""
    import yaml

    return sorted(json.dumps(one, sort_keys=True) for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one)


def _same(folder: Path, objects: int) -> None:
    """`--render` wrote as many objects as Helm printed by hand, or nothing is worth comparing."""
    if len(_objects(_rendered(folder))) != objects:
        raise Unmeasured("Helm by hand and `build --render` did not lay out the same objects")


def _kubeconform(folder: Path, large: Path) -> str:
    """What kubeconform takes for Kafka's objects, in words; it only judges, so it is no ratio of ours."""
    from clustertools import Unavailable, tool

    shared = Path(os.environ.get("ROSACE_SHARED") or ROOT.parent / "shared") / "crds" / "strimzi-kafka-operator"
    try:
        program = str(tool("kubeconform"))
    except Unavailable as reason:
        return f"not run: {reason}"
    if not shared.is_dir():
        return "not run: the definitions of Strimzi's kinds are not there"
    import yaml

    for file in shared.glob("*.yaml"):
        for crd in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            kind = crd["spec"]["names"]["kind"].lower()
            schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
            (folder / f"{kind}.json").write_text(json.dumps(schema), encoding="utf-8")
    rendered = large / "out/clusters/main/rendered/streaming.yaml"
    judge = [program, "-schema-location", f"{folder}/{{{{.ResourceKind}}}}.json", str(rendered)]
    seconds = median([timed(judge).cpu for _ in range(TIMES)])
    count = len(_objects(rendered.read_text(encoding="utf-8")))
    return f"{seconds:.2f} s CPU for {count:,} objects of Kafka's, {count / seconds:,.0f} objects/s"


def _edits() -> list[float]:
    """Seconds from an edited file to the files of the new tree, in one process."""
    from rosace.check.platform import check
    from rosace.deliver.build import build
    from rosace.source.load import load

    folder = ROOT / "examples" / "vision360"
    overlay = folder / "env" / "prod.yaml"
    seconds: list[float] = []
    for number in range(9):
        begun = time.perf_counter()
        tree = load(folder / "platform.yaml", [overlay], [f"topics.logs.partitions={12 + number}"])
        files = build(check(tree, folder), "prod").files
        seconds.append(time.perf_counter() - begun)
        assert f"partitions: {12 + number}" in "".join(files.values())
    return seconds[2:]
