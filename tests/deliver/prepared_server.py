"""An API server on which the charts of an example can be installed."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from api_server import ApiServer, crds_of, running_api_server
from built import PROJECTS
from compiled import example, laid_out
from policy_kinds import definitions


@contextmanager
def server_for(name: str, folder: Path) -> Generator[ApiServer]:
    """A real one with every definition; of what has none to be had, one that takes anything."""
    files = [file for project in PROJECTS for file in crds_of(project)]
    objects = [one for release in example(name).releases for one in laid_out(release)]
    named = {one["metadata"]["name"]: one for one in definitions(objects)}
    for one in named.values():
        files.append(folder / f"{one['metadata']['name']}.json")
        files[-1].write_text(json.dumps(one), encoding="utf-8")
    made = {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"}
    others = {one["metadata"].get("namespace", "default") for one in objects} - made - {"default"}
    with running_api_server(files) as running:
        # Rancher's own namespaces, of clusters and projects, are there before anything of ours.
        for space in sorted(others):
            assert running.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}) is None
        yield running
