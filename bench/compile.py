"""How fast a platform is compiled for clusters, against Helm and kubeconform on the same objects.

A platform of topics, since each becomes one object: 1,000 and 10,000 of them, compiled in a cold process, whole (read,
check, decide, lay out, write YAML). Helm gets the chart and the values that the build wrote, and prints the same;
kubeconform reads what Rosace printed and holds it against the schema of the kind. Then one field of the vision's
platform is edited again and again in a process that stays, until the new tree is there.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from figure import Figure, each, median
from rig import ROSACE, Run, Unmeasured, timed
from session import Session

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE, TIMES = 1_000, 10_000, 3

sys.path.insert(0, str(ROOT / "tools"))


def measure(session: Session) -> list[Figure]:
    """Objects per second cold, growth from 1,000 to 10,000, ratio to Helm, and the time from an edit to a tree."""
    del session
    from clustertools import Unavailable, tool

    try:
        helm = str(tool("helm"))
    except Unavailable as reason:
        raise Unmeasured(f"no Helm to compare with: {reason}") from None
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        runs = {count: _cold(_platform(folder / str(count), count)) for count in (SMALL, LARGE)}
        tree = folder / "out"
        timed([ROSACE, "build", str(folder / str(LARGE)), "-o", str(tree)])
        ours = _again([ROSACE, "build", str(folder / str(LARGE)), "--show"])
        theirs = _again(_template(helm, tree))
        laid = _again([sys.executable, "-P", str(Path(__file__).with_name("lay_out.py")), str(tree)])
        _same(folder, tree, helm)
        judged = _kubeconform(folder, tree)
    objects = LARGE + 3
    wall = {count: median([run.seconds for run in several]) for count, several in runs.items()}
    cpu = {name: median([run.cpu for run in several]) for name, several in
           {"whole": ours, "layout": laid, "helm": theirs}.items()}  # fmt: skip
    rates = {name: objects / seconds for name, seconds in cpu.items()}
    parts = {
        "Rosace, from platform.yaml": f"{cpu['whole']:.2f} s CPU, {rates['whole']:,.0f} objects/s",
        "Rosace, from the values that Helm gets": f"{cpu['layout']:.2f} s CPU, {rates['layout']:,.0f} objects/s",
        "helm template": f"{cpu['helm']:.2f} s CPU, {rates['helm']:,.0f} objects/s",
        "kubeconform of the same": judged,
        "whole, against Helm": f"{rates['whole'] / rates['helm']:.2f}",
    }
    edits = _edits()
    return [
        Figure(
            "build", f"`build` of {LARGE:,} objects, cold process, wall", wall[LARGE], "s", 2.0,
            parts={"each": each([run.seconds for run in runs[LARGE]])},
        ),
        Figure("build-growth", f"time of {LARGE:,} objects / time of {SMALL:,}", wall[LARGE] / wall[SMALL], limit=11.0),
        Figure(
            "build-helm", "objects per CPU second from the same values, Rosace / helm template",
            rates["layout"] / rates["helm"], limit=3.0, at_least=True, parts=parts,
        ),
        Figure(
            "build-edit", "one field edited to a new tree, warm process, wall", median(edits), "s", 0.1,
            parts={"each": each(edits)},
        ),
    ]  # fmt: skip


def _platform(folder: Path, count: int) -> Path:
    folder.mkdir()
    topics = (f"  topic-{n}: {{columns: {{id: int!, amount: double}}, key: id, partitions: 12}}" for n in range(count))
    text = "\n".join(["platform: large", "topics:", *topics, "clusters: {main: {}}", ""])
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    return folder


def _cold(folder: Path) -> list[Run]:
    return [timed([ROSACE, "build", str(folder), "-o", str(folder / "out")]) for _ in range(TIMES)]


def _again(argv: list[str]) -> list[Run]:
    return [timed(argv) for _ in range(TIMES)]


def _template(helm: str, tree: Path) -> list[str]:
    own = [str(path) for path in (tree / "env" / "default.yaml", tree / "clusters/main/values/streaming.yaml")]
    return [helm, "template", "streaming", str(tree / "charts/streaming"), "-f", own[0], "-f", own[1]]


def _same(folder: Path, tree: Path, helm: str) -> None:
    """Both printed the same objects, or nothing is worth comparing."""
    import yaml

    def read(text: str) -> list[Any]:
        found = [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one]
        return sorted(json.dumps(one, sort_keys=True) for one in found)

    told = timed(_template(helm, tree)).stdout
    if read(told) != read((tree / "clusters/main/rendered/streaming.yaml").read_text(encoding="utf-8")):
        raise Unmeasured("Helm and Rosace did not lay out the same objects")


def _kubeconform(folder: Path, tree: Path) -> str:
    """What kubeconform takes for the same objects, in words; it only judges, so it is no ratio of ours."""
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
    rendered = str(tree / "clusters/main/rendered/streaming.yaml")
    runs = _again([program, "-schema-location", f"{folder}/{{{{.ResourceKind}}}}.json", rendered])
    seconds = median([run.cpu for run in runs])
    return f"{seconds:.2f} s CPU, {(LARGE + 3) / seconds:,.0f} objects/s"


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
