"""Scans in the words of the operator's chart. Pure.

Sources: aquasecurity/trivy-operator v0.33.0, deploy/helm/values.yaml; its documentation, "TTL scans" and "Trivy".
"""

from __future__ import annotations

from typing import Any

from rosace.engines.trivy.spec import TrivySpec
from rosace.model.cluster_words import Policies

SCAN, METRICS = 4954, 8080
"""Where the server takes images to scan, and where the operator shows what came of it."""

AGES = {"daily": "24h", "weekly": "168h"}
"""How old a report becomes. Then the operator removes it, and scans again what has none."""

PATIENCE = 15
"""Minutes that one image may take: the first scan of a Java engine also fetches an index of all archives in Maven."""

OTHERS = (
    "clusterComplianceEnabled",
    "configAuditScannerEnabled",
    "exposedSecretScannerEnabled",
    "infraAssessmentScannerEnabled",
    "rbacAssessmentScannerEnabled",
    "sbomGenerationEnabled",
)
"""What else the operator would do by itself. The benchmark and the policies have judges of their own, and a build has
its bill of materials."""


def operator(words: Policies) -> dict[str, Any]:
    """What the operator does, and how often."""
    return {
        "scannerReportTTL": AGES[words.vulnerabilities],
        "scanJobsConcurrentLimit": 1,
        # A pod of a scan has as many containers as the pod that it looks at, each with its own image.
        "scanJobTimeout": f"{2 * PATIENCE}m",
        **dict.fromkeys(OTHERS, False),
        # Else it could read every secret of the cluster, to find those for registries.
        "accessGlobalSecretsAndServiceAccount": False,
        "builtInTrivyServer": True,
    }


def scanner(spec: TrivySpec) -> dict[str, Any]:
    """What is reported, and what a scan may take."""
    memory = str(spec.memory)
    return {
        "severity": ",".join(one.upper() for one in spec.severities),
        # What nobody has mended yet, nobody can mend here by another image.
        "ignoreUnfixed": True,
        "timeout": f"{PATIENCE}m0s",
        # The chart limits cores: a limit of its own would remain below.
        "resources": {"requests": {"cpu": "100m", "memory": memory}, "limits": {"cpu": "1", "memory": memory}},
    }
