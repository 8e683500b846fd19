"""How Gatekeeper is watched. Names of metrics: open-policy-agent.github.io/gatekeeper/website, "Metrics", v3.23.x."""

from __future__ import annotations

from collections.abc import Mapping

from rosace.contract.monitoring import Panel, Rule, Scrape, Watch

SLOWEST = "histogram_quantile(0.99, sum by (le) (rate(gatekeeper_validation_request_duration_seconds_bucket[5m])))"


def watch(namespace: str, pods: Mapping[str, Mapping[str, str]]) -> Watch:
    """Scrapes, alerts and panels. `pods`: the two kinds of pods with their labels."""
    scrapes = tuple(Scrape(f"gatekeeper-{name}", namespace, labels, "metrics") for name, labels in pods.items())
    rules = (
        Rule(
            "GatekeeperViolations",
            "sum by (enforcement_action) (gatekeeper_violations) > 0",
            "15m",
            "warning",
            "{{ $value }} objects break a policy that is set to {{ $labels.enforcement_action }}",
            "`kubectl get constraints` counts them, `kubectl describe` of one names the objects. They came in before "
            "the policy or while nobody answered: bring them into line, or make the policy fit.",
        ),
        Rule(
            "GatekeeperAuditLate",
            "time() - max(gatekeeper_audit_last_run_time) > 900",
            "5m",
            "warning",
            "Nobody has looked at what is there for a quarter of an hour",
            "Look at the log of gatekeeper-audit: it may want more memory, or not reach the API server.",
        ),
        Rule(
            "GatekeeperSlow",
            f"{SLOWEST} > 2",
            "15m",
            "warning",
            "Gatekeeper nearly takes the three seconds after which the API server lets objects in unseen",
            "Give it more cores or replicas (`engines.gatekeeper`), or look which policy is slow.",
        ),
        Rule(
            "GatekeeperTemplateBroken",
            'sum(gatekeeper_constraint_templates{status="error"}) > 0',
            "10m",
            "critical",
            "A policy is not enforced: Gatekeeper cannot read its template",
            "`kubectl get constrainttemplates -o yaml` shows what it says of each in `status.byPod`.",
        ),
    )
    panels = (
        Panel("Violations", "sum by (enforcement_action) (gatekeeper_violations)", "short", "{{enforcement_action}}"),
        Panel(
            "Answers",
            "sum by (admission_status) (rate(gatekeeper_validation_request_count[5m]))",
            "reqps",
            "{{admission_status}}",
        ),
        Panel(
            "Time of answers, 99th percentile",
            SLOWEST,
            "s",
        ),
    )
    return Watch(scrapes, rules, panels)
