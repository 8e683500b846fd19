"""How SeaweedFS is watched on clusters. Names of metrics: github.com/seaweedfs/seaweedfs, weed/stats/metrics.go."""

from __future__ import annotations

from collections.abc import Mapping

from rosace.contract.monitoring import Panel, Rule, Scrape, Watch


def watch(namespace: str, roles: Mapping[str, Mapping[str, str]]) -> Watch:
    """Scrapes, alerts and panels. `roles` maps the kind of server to the labels of its pods."""
    scrapes = tuple(Scrape(f"seaweedfs-{role}", namespace, labels, "metrics") for role, labels in roles.items())
    rules = (
        Rule(
            "SeaweedfsServerDown",
            f'up{{namespace="{namespace}"}} == 0',
            "5m",
            "critical",
            "A server of SeaweedFS does not answer",
            "Bring the pod back. Without the filer nothing is served; without one volume server other copies are.",
        ),
        Rule(
            "SeaweedfsFailing",
            'sum(rate(SeaweedFS_s3_request_total{code=~"5.."}[5m])) > 0.5',
            "10m",
            "warning",
            "SeaweedFS answers requests with errors of its own",
            "Read the filer's log: `failed to find writable volumes` means that disks are full (storage.disk.size).",
        ),
    )
    panels = (
        Panel("Requests", "sum by (type, code) (rate(SeaweedFS_s3_request_total[5m]))", "reqps", "{{type}} {{code}}"),
        Panel("Volumes", "sum by (collection) (SeaweedFS_volumeServer_volumes)", "short", "{{collection}}"),
    )
    return Watch(scrapes, rules, panels)
