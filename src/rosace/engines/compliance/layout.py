"""The scan as `charts/policies` lays it out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj

API = "compliance.cattle.io/v1"


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """One scheduled scan of the cluster."""
    if not section["enabled"]:
        return []
    said = section["scan"]
    spec: Obj = {
        "scheduledScanConfig": {"cronSchedule": said["schedule"], "retentionCount": said["keep"]},
        # What a machine cannot judge is no failure.
        "scoreWarning": "pass",
        **({"scanProfileName": said["profile"]} if "profile" in said else {}),
    }
    return [obj(API, "ClusterScan", f"{frame['platform']}-cis", frame, section, namespace=None, spec=spec)]
