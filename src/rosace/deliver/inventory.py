"""What a build is made of: its images, and a bill of materials that scanners read.

Comes in: `Estate`. Goes out: plain data. The bill is CycloneDX 1.6 (cyclonedx.org/docs/1.6/json); its serial number is
made from its content, and it has no time stamp, so that two builds of the same are the same.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Mapping
from typing import Any, cast

from rosace import __version__
from rosace.contract.operator import Image
from rosace.plan.clusters.topology import Estate, Part
from rosace.plan.clusters.workloads import operators

CYCLONEDX = "1.6"
"""The edition of the bill of materials."""


def images(estate: Estate) -> list[dict[str, Any]]:
    """Every image once, by name: what is pulled, what it is a copy of, where its tag is published."""
    found: dict[str, dict[str, Any]] = {}
    for part in estate.parts:
        for named in part.engine.kubernetes.images(part.site):
            image = _moved(estate, part, named)
            entry = found.setdefault(image.reference, _image(image, part.site.image(image)))
            entry["engines"] = sorted({*entry["engines"], part.engine.name})
            entry["clusters"] = sorted({*entry["clusters"], part.site.cluster_name})
    return sorted(found.values(), key=lambda entry: str(entry["image"]))


def _moved(estate: Estate, part: Part, image: Image) -> Image:
    """An operator's image as `delivery.operators` tells its chart, where that is not what is pinned."""
    for one in part.operators:
        elsewhere, path = estate.checked.platform.delivery.operators.get(one.name), one.upstream.images.get(image.name)
        if elsewhere is None or path is None:
            continue
        told: object = elsewhere.values
        for key in path.split("."):
            told = cast("Mapping[str, object]", told).get(key) if isinstance(told, Mapping) else None
        if isinstance(told, Mapping):
            said = cast("Mapping[str, object]", told)
            words = {key: str(said[key]) for key in ("registry", "repository", "tag") if said.get(key)}
            return dataclasses.replace(image, **words, digest="") if words else image
    return image


def _image(image: Image, pulled: str) -> dict[str, Any]:
    return {
        "image": pulled,
        "upstream": image.reference,
        "digest": image.digest or "unknown",
        "licence": image.licence or "unknown",
        "source": image.source,
        "engines": [],
        "clusters": [],
    }


def charts(estate: Estate) -> list[dict[str, Any]]:
    """Every upstream chart once: where it comes from, which is a mirror where `delivery.operators` names one."""
    found: dict[str, dict[str, Any]] = {}
    for cluster in estate.clusters:
        for _, one in operators(estate, cluster):
            pinned = one.upstream
            place = {"version": pinned.version, "repository": pinned.repository}
            if mirror := estate.checked.platform.delivery.operators.get(one.name):
                place = {"version": mirror.revision or pinned.version, "repository": mirror.repo}
                place |= {"path": mirror.path} if mirror.path else {}
            found[one.name] = {
                "name": one.name,
                "chart": pinned.chart,
                **place,
                "source": pinned.source,
                "crds": list(one.crds),
            }
    return sorted(found.values(), key=lambda entry: str(entry["name"]))


def bill(estate: Estate) -> dict[str, Any]:
    """The bill of materials: images, upstream charts, and Rosace, which wrote the rest."""
    components = [*(_container(entry) for entry in images(estate)), *(_chart(entry) for entry in charts(estate))]
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": CYCLONEDX,
        "version": 1,
        "metadata": {
            "component": {
                "type": "platform",
                "bom-ref": estate.platform,
                "name": estate.platform,
                "version": estate.environment,
            },
            "tools": {"components": [{"type": "application", "name": "rosace", "version": __version__}]},
        },
        "components": components,
        "dependencies": [
            {"ref": estate.platform, "dependsOn": [component["bom-ref"] for component in components]},
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": CYCLONEDX, "serialNumber": f"urn:uuid:{serial}", **body}


def _container(entry: dict[str, Any]) -> dict[str, Any]:
    name, _, tag = str(entry["upstream"]).rpartition(":")
    component: dict[str, Any] = {
        "type": "container",
        "bom-ref": f"image:{entry['upstream']}",
        "name": name,
        "version": tag,
        "externalReferences": [{"type": "distribution", "url": entry["source"]}],
    }
    if entry["digest"] != "unknown":
        component["hashes"] = [{"alg": "SHA-256", "content": str(entry["digest"]).removeprefix("sha256:")}]
    if entry["licence"] != "unknown":
        component["licenses"] = [{"license": {"id": entry["licence"]}}]
    return component


def _chart(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": f"chart:{entry['name']}",
        "name": entry["chart"],
        "version": entry["version"],
        "externalReferences": [
            {"type": "distribution", "url": entry["repository"]},
            {"type": "release-notes", "url": entry["source"]},
        ],
    }
