"""How a load balancer is kept inside a provider's network, and how external-dns is told its name.

Comes in: a provider's word, names. Goes out: annotations of Services, also of those that operators make. Sources:
kubernetes-sigs.github.io/external-dns (latest, "Annotations": the prefix of its annotations changed in 0.22.0, so both
are set); AWS Load Balancer Controller 2.10, "Service annotations"; Azure, "Use an internal load balancer with AKS";
Google, "Create an internal load balancer".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WHY = "rosace.io/why"
"""The annotation that every entrance of the platform has, also those that operators make: policies ask for it."""

INTERNAL: Mapping[str, Mapping[str, str]] = {
    "aws": {
        "service.beta.kubernetes.io/aws-load-balancer-type": "external",
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
        "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
        # Without it pods would see the balancer's address, and policies would not know other clusters' pods.
        "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes": "preserve_client_ip.enabled=true",
    },
    "azure": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
    "gcp": {"networking.gke.io/load-balancer-type": "Internal"},
}
"""What makes a load balancer internal, by provider; on-premise all are."""


def used_from(clusters: Iterable[str]) -> dict[str, str]:
    """Why an entrance is there, for people and policies."""
    return {WHY: f"used from {', '.join(clusters)}"}


def called(host: str) -> dict[str, str]:
    """The annotations by which external-dns writes a name into the public zone."""
    prefixes = ("external-dns.alpha.kubernetes.io", "external-dns.kubernetes.io")
    return {f"{prefix}/hostname": host for prefix in prefixes}
