"""Alertmanager's configuration, and the flags of Prometheus that follow from the words of `monitoring:`. Pure.

Sources: prometheus.io/docs/alerting/0.28/configuration; prometheus-operator v0.85.0, Documentation/api-reference/api.md
(`AlertmanagerConfig` v1alpha1, which the operator turns into Alertmanager's own file).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.contract.values import FromSecret
from rosace.model.cluster_words import Monitoring, Receiver
from rosace.model.quantity import Duration, Size

WEB, GRPC, SIDECAR, RELOADER, ALERTS_WEB, MESH = 9090, 10901, 10902, 8080, 9093, 9094
"""Ports that the operator gives (pkg/prometheus/statefulset.go, pkg/alertmanager/statefulset.go at v0.85.0)."""

OPERATOR, NODE_EXPORTER, STATE_METRICS = 8080, 9100, 8080
"""Ports of what is installed beside: their charts' defaults."""

NOBODY = "nobody"
"""The receiver of alerts that no route asks for: they are shown, nobody is called."""

MAIL = 587
"""Where a mail server takes messages from programs, with STARTTLS (RFC 6409)."""

EMAIL_KEYS = ("to", "from", "host", "username", "password")
"""Keys of the secret of an `email` receiver. `host` is the name of a server that takes STARTTLS on port 587."""

_SUBJECT = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }} on {{ .CommonLabels.cluster }}"
_TEXT = (
    "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.runbook }}\n"
    "{{ range .Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}\n\n{{ end }}"
)


def scrape_timeout(interval: Duration) -> str:
    """Ten seconds, or the whole interval where that is shorter: a timeout may not be longer than the interval."""
    return str(min(interval, Duration(10)))


def retention_size(disk: Size) -> str:
    """Four fifths of the volume: old samples go before it is full. The rest is for the log and for compaction."""
    return f"{int(disk) * 4 // 5 >> 20}MiB"


def receiver_keys(receiver: Receiver) -> tuple[str, ...]:
    """Which keys the secret of a receiver has."""
    return EMAIL_KEYS if receiver.kind == "email" else ("url",)


def variables(receivers: Mapping[str, Receiver]) -> dict[str, FromSecret]:
    """Environment variable to secret and key, for what an AlertmanagerConfig takes from no secret: parts of an email.

    The operator's config-reloader puts them into the configuration as it hands it on (`$(NAME)`; prometheus-operator
    v0.85.0, pkg/alertmanager/statefulset.go, `alertmanagerConfigEnvsubstFilename`).
    """
    return {
        _variable(name, key): {"secret": receiver.secret, "key": key}
        for name, receiver in sorted(receivers.items())
        if receiver.kind == "email"
        for key in EMAIL_KEYS
        if key != "password"
    }


def alertmanager(monitoring: Monitoring) -> dict[str, Any]:
    """What an AlertmanagerConfig says. It names secrets and variables; no address and no token stands in it."""
    receivers = dict(sorted(monitoring.receivers.items()))
    return {
        "route": {
            "receiver": NOBODY,
            "groupBy": ["alertname", "cluster", "namespace"],
            "groupWait": "30s",
            "groupInterval": "5m",
            "repeatInterval": "4h",
            "routes": [
                {
                    "receiver": name,
                    "matchers": [_match(*receiver.severities)],
                    "continue": True,
                }
                for name, receiver in receivers.items()
            ],
        },
        "inhibitRules": [
            {
                "sourceMatch": [_match("critical")],
                "targetMatch": [_match("warning", "info")],
                "equal": ["alertname", "cluster", "namespace"],
            }
        ],
        "receivers": [{"name": NOBODY}, *(_receiver(name, receiver) for name, receiver in receivers.items())],
    }


def _match(*severities: str) -> dict[str, str]:
    return {"name": "severity", "matchType": "=~", "value": "|".join(severities)}


def _receiver(name: str, receiver: Receiver) -> dict[str, Any]:
    return {"name": name, f"{receiver.kind}Configs": [dict(_said(name, receiver))]}


def _said(name: str, receiver: Receiver) -> Iterator[tuple[str, Any]]:
    address = {"name": receiver.secret, "key": "url"}
    yield "sendResolved", True
    if receiver.kind == "slack":
        yield from {"apiURL": address, "title": _SUBJECT, "text": _TEXT}.items()
    elif receiver.kind == "webhook":
        yield "urlSecret", address
    elif receiver.kind == "pagerduty":
        yield from {"routingKey": address, "description": _SUBJECT}.items()
    else:
        yield from {
            "to": f"$({_variable(name, 'to')})",
            "from": f"$({_variable(name, 'from')})",
            "smarthost": f"$({_variable(name, 'host')}):{MAIL}",
            "authUsername": f"$({_variable(name, 'username')})",
            "authPassword": {"name": receiver.secret, "key": "password"},
            "requireTLS": True,
            "headers": [{"key": "Subject", "value": _SUBJECT}],
            "text": _TEXT,
        }.items()


def _variable(receiver: str, key: str) -> str:
    return f"EMAIL_{receiver}_{key}".upper().replace("-", "_").replace(".", "_")
