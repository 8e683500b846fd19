"""Two opinions on workloads from outside this project: kube-score and checkov, each as its own program.

Comes in: the objects of one cluster. Goes out: findings. Pods that operators make of custom resources are shown to the
judges as plain pods. Both judge what lies before them: nothing is asked of a cluster, a registry or a service.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clustertools import tool
from pod_template import title
from podspecs import WORKLOADS, pod_templates

Obj = dict[str, Any]
KUBERNETES = "v1.30"
"""The oldest version that the charts take."""

FINE = 10
"""kube-score's grade of what it has nothing to say about."""

PARTS = 2
"""Of `kind/name` and of `kind.namespace.name`: what separates the kind from the rest."""

_PLAIN = {kind for _, kind in WORKLOADS} | {"Pod"}


@dataclass(frozen=True, order=True)
class Finding:
    """What a judge says of an object. `owner`: "Kind/name"; of an operator's pod the custom resource."""

    check: str
    owner: str
    namespace: str
    message: str
    operators: bool


def findings(objects: Sequence[Obj], folder: Path) -> list[Finding]:
    """What both judges say of one cluster's objects. `folder` is empty. Raises Unavailable without the programs."""
    made, owners = _made_by_operators(objects)
    everything = [*objects, *made]
    found: list[Finding] = []
    for check, kind, name, namespace, message in (*_kube_score(everything), *_checkov(everything, folder)):
        owner = owners.get(name) if kind == "Pod" else None
        found.append(Finding(check, owner or f"{kind}/{name}", namespace, message, owner is not None))
    return sorted(set(found))


def _made_by_operators(objects: Sequence[Obj]) -> tuple[list[Obj], dict[str, str]]:
    """Pods as operators will make them, as far as the resources say, and each one's resource by the pod's name."""
    places = {title(one): one["metadata"].get("namespace", "") for one in objects}
    pods, owners = [], {}
    for number, template in enumerate(pod_templates(objects)):
        if template.owner.partition("/")[0] in _PLAIN:
            continue
        name = f"made-{number}"
        owners[name] = template.owner
        metadata = {"name": name, "namespace": places[template.owner], "annotations": dict(template.annotations)}
        pods.append({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template.spec})
    return pods, owners


def _kube_score(objects: Sequence[Obj]) -> Iterator[tuple[str, str, str, str, str]]:
    more = ["--kubernetes-version", KUBERNETES, "--enable-optional-test", "container-seccomp-profile"]
    text = "\n---\n".join(json.dumps(one) for one in objects)
    command = [str(tool("kube-score")), "score", "--output-format", "json", *more, "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    for one in json.loads(done.stdout) or []:
        for check in one["checks"]:
            if check["skipped"] or check["grade"] >= FINE:
                continue
            meta, kind = one["object_meta"], one["type_meta"]["kind"]
            for comment in check["comments"] or [{"summary": check["check"]["name"]}]:
                namespace = meta.get("namespace", "")
                yield check["check"]["id"], kind, meta["name"], namespace, comment["summary"]


def _checkov(objects: Sequence[Obj], folder: Path) -> Iterator[tuple[str, str, str, str, str]]:
    for number, one in enumerate(objects):
        (folder / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
    nowhere = "http://127.0.0.1:9"  # the port for what is thrown away: it judges without asking anybody
    quiet = {"LOG_LEVEL": "ERROR", "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": "", "no_proxy": ""}
    quiet |= {"http_proxy": nowhere, "https_proxy": nowhere}
    how = ["--framework", "kubernetes", "--skip-download", "--compact", "--quiet", "--output", "json"]
    command = [str(tool("checkov")), "--directory", str(folder), *how]
    done = subprocess.run(command, env={**os.environ, **quiet}, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(done.stdout)
    if "results" not in said:  # there is nothing that it judges
        return
    assert not said["summary"]["parsing_errors"]
    for one in said["results"]["failed_checks"]:
        kind, namespace, name = one["resource"].split(".", PARTS)
        yield one["check_id"], kind, name, namespace, one["check_name"]
