"""Nothing stays out of sync: what a real API server keeps is what was written, but for what applications let differ.

Argo CD compares what it wrote with what the server keeps. What the server drops, or adds to an entry of a list of a
custom resource, would be a difference for ever, and `selfHeal` would write it again and again. Of Kubernetes' own kinds
Argo CD knows the defaults, so that a nought that is dropped is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from api_server import ApiServer, api_server, crds_of
from built import EXAMPLES, PROJECTS, argo, clusters, everything
from compiled import example
from pinned_crds import files_of, revisions, shared_crds
from policy_kinds import definitions

__all__ = ["api_server"]

Obj = dict[str, Any]
pytestmark = pytest.mark.live

NOUGHTS = ({}, [], None, False, 0, "")


@pytest.fixture(scope="module")
def server(api_server: ApiServer) -> ApiServer:
    """One with the definitions that the first wave brings."""
    api_server.load_crds([file for project in PROJECTS for file in crds_of(project)])
    return api_server


def kept(server: ApiServer, one: Obj) -> Obj:
    """What the server would keep of an object."""
    place = server.place(one)
    assert place, f"the server knows no kind {one['kind']}"
    if space := one["metadata"].get("namespace"):
        assert server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}) is None
    answer = server.request(
        "PATCH",
        place,
        params={"fieldManager": "rosace", "force": "true", "dryRun": "All"},
        headers={"Content-Type": "application/apply-patch+yaml"},
        data=json.dumps(one).encode(),
    )
    assert answer.ok, f"{one['kind']}/{one['metadata']['name']}: {answer.text}"
    return answer.json()


UNITS = {"": 1, "m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def amount(value: object) -> float | None:
    """A quantity as a number: of Kubernetes' own kinds Argo CD compares these (`1.5Gi` is kept as `1536Mi`)."""
    said = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(m|[KMGT]i|[kMGT])?", str(value))
    return float(said[1]) * UNITS[said[2] or ""] if said and not isinstance(value, bool) else None


def differences(wanted: Any, found: Any, path: str, *, custom: bool) -> Iterator[str]:
    """Where the two differ. What the server adds to a mapping counts within a list of a custom resource only."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if key in found:
                yield from differences(value, found[key], f"{path}.{key}", custom=custom)
            elif value not in ({}, [], None) and (custom or value not in NOUGHTS):
                yield f"{path}.{key}: dropped"
        if custom and "[" in path:
            yield from (f"{path}.{key}: added" for key in found if key not in wanted)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (mine, theirs) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(mine, theirs, f"{path}[{number}]", custom=custom)
    elif wanted != found and (custom or amount(wanted) is None or amount(wanted) != amount(found)):
        yield f"{path}: {found!r}, not {wanted!r}"


def of(server: ApiServer, one: Obj) -> list[str]:
    """Where the server keeps something else than what is written. Groups of Kubernetes itself have no own domain."""
    group = one["apiVersion"].rpartition("/")[0]
    custom = ("." in group and not group.endswith(".k8s.io")) or group == "apiextensions.k8s.io"
    return list(differences(one, kept(server, one), "", custom=custom))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_charts_lay_out_is_kept_as_it_is(server: ApiServer, name: str, tmp_path: Path) -> None:
    for objects in (*clusters(name).values(), argo(name)):
        for one in definitions(objects):
            file = tmp_path / f"{one['metadata']['name']}.json"
            if server.get(one) is None:
                file.write_text(json.dumps(one), encoding="utf-8")
                server.load_crds([file])
        for one in objects:
            assert of(server, one) == [], f"{one['kind']}/{one['metadata']['name']}"


def ignored(application: Mapping[str, Any]) -> list[re.Pattern[str]]:
    """The paths that an application lets differ, of definitions: the jq that they are written in, as far as it goes."""
    paths = [path for one in application["spec"].get("ignoreDifferences", ()) for path in one["jqPathExpressions"]]
    return [re.compile(re.escape(path).replace(r"\[\]", r"\[\d+\]").replace(r"\?", "") + ": dropped") for path in paths]


@pytest.mark.parametrize("chart", sorted(revisions()))
def test_definitions_are_kept_but_for_what_may_differ(server: ApiServer, chart: str) -> None:
    found = [app for name in EXAMPLES for app in example(name).applications if app.name.endswith(f"-crds-{chart}")]
    seen = 0
    for file in crds_of(chart):
        # A lone `=` is a word to the API server and a tag of its own to YAML 1.1.
        text = file.read_text(encoding="utf-8").replace("- =\n", '- "="\n')
        for one in yaml.load_all(text, Loader=yaml.CSafeLoader):
            if not one or one["kind"] != "CustomResourceDefinition":
                continue
            one.pop("status", None)
            told = json.loads(json.dumps(one, default=str))
            left = [
                line for line in of(server, told) if not any(path.fullmatch(line) for path in ignored(found[0].body))
            ]
            assert left == [], one["metadata"]["name"]
            seen += 1
    assert seen


def test_secrets_say_what_every_release_would_add() -> None:
    """Defaults within the lists of an ExternalSecret, by the definition of each release that is at hand."""
    releases = [one for one in sorted((shared_crds() / "external-secrets").glob("v*")) if files_of(one)]
    if not releases:
        pytest.skip("External Secrets' definitions are not here: no folder crds/external-secrets in ROSACE_SHARED")
    secrets = [one for name in EXAMPLES for one in everything(name) if one["kind"] == "ExternalSecret"]
    assert secrets
    added: dict[str, str] = {}
    for release in releases:
        (crd,) = yaml.load_all((release / "external-secrets.io_externalsecrets.yaml").read_text(), yaml.CSafeLoader)
        (version,) = (one for one in crd["spec"]["versions"] if one["name"] == "v1")
        entry = version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["data"]["items"]
        fields = entry["properties"]["remoteRef"]["properties"]
        defaults = {key: one["default"] for key, one in fields.items() if "default" in one}
        added |= defaults
        for one in secrets:
            for each in one["spec"]["data"]:
                assert defaults.items() <= each["remoteRef"].items(), f"{release.name}: {one['metadata']['name']}"
    assert added, "no release adds anything: then nothing need be said"
