"""What has to be there before: what the real Helm lays out asks for nothing that the tree's README does not name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from compiled import EXAMPLES, example, laid_out


def said(one: Any, key: str) -> Iterator[Any]:
    if isinstance(one, Mapping):
        yield from (value for name, value in one.items() if name == key)
        for value in one.values():
            yield from said(value, key)
    elif isinstance(one, list):
        for value in one:
            yield from said(value, key)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_objects_ask_for_is_named(name: str) -> None:
    built = example(name)
    page = built.files["README.md"]
    rows = page[page.index("## Before") : page.index("## By Argo CD")]
    for cluster in built.estate.clusters:
        objects = [one for release in built.releases if release.cluster == cluster for one in laid_out(release)]
        asked = {f"storage class `{one}`" for key in ("storageClassName", "class") for one in said(objects, key)}
        asked = {one for one in asked if "Connector`" not in one}
        kinds = {one["kind"] for one in objects}
        asked |= {"the metrics API"} if "HorizontalPodAutoscaler" in kinds else set()
        asked |= {"enforces NetworkPolicy"} if "NetworkPolicy" in kinds else set()
        asked |= {"ClusterSecretStore"} if "ExternalSecret" in kinds else set()
        told = [line for line in rows.splitlines() if line.startswith(f"| {cluster} |")]
        assert {one for one in asked if not any(one in line for line in told)} == set()
        classes = {line.split("`")[1] for line in told if "storage class" in line}
        written = str(objects)
        assert {one for one in classes if one not in written} == set()
