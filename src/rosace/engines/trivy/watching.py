"""How scans are watched. Names of metrics: aquasecurity/trivy-operator, "Metrics"; pkg/metrics/collector.go."""

from __future__ import annotations

from collections.abc import Mapping

from rosace.contract.monitoring import Panel, Rule, Scrape, Watch

IMAGE = "image_registry, image_repository, image_tag"
"""The labels by which an image is known; the other labels say in which pods it runs."""

FOUND = f"max by ({IMAGE}, severity) (trivy_image_vulnerabilities)"
"""Vulnerabilities of each image, once for all pods that run it. Only what can be mended is reported."""


def watch(namespace: str, pods: Mapping[str, str]) -> Watch:
    """Scrapes, alerts and panels. `pods`: labels of the operator's pod, which counts what its reports say."""
    rules = (
        Rule(
            "CriticalVulnerability",
            f'max by ({IMAGE}) (trivy_image_vulnerabilities{{severity="Critical"}}) > 0',
            "1h",
            "warning",
            "Image {{ $labels.image_repository }}:{{ $labels.image_tag }} has {{ $value }} critical vulnerabilities "
            "for which there is a fix",
            "`kubectl get vulnerabilityreports -A -o wide` shows in which pods it runs, `kubectl describe` of one "
            "which packages must become which versions. Take a newer image; if there is none, ask its project, and "
            "judge whether anybody can reach the weak part (network policies say who may talk to the pod).",
        ),
        Rule(
            "ImagesNotScanned",
            "absent(trivy_image_vulnerabilities)",
            "6h",
            "warning",
            "There is no report of any image's vulnerabilities",
            "Look at the log of trivy-operator, and at the jobs in its namespace: scans must reach trivy-server and "
            "the images' registries, trivy-server the registry of its database.",
        ),
    )
    panels = (
        Panel("Vulnerabilities with a fix", f"sum by (severity) ({FOUND})", "short", "{{severity}}"),
        Panel(
            "Images with critical vulnerabilities",
            f'topk(10, max by ({IMAGE}) (trivy_image_vulnerabilities{{severity="Critical"}}) > 0)',
            "short",
            "{{image_repository}}:{{image_tag}}",
        ),
        Panel("Images scanned", f"count(count by ({IMAGE}) (trivy_image_vulnerabilities))"),
    )
    return Watch((Scrape("trivy-operator", namespace, pods, "metrics"),), rules, panels)
