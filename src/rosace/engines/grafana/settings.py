"""Grafana's own configuration: `grafana.ini`, its data sources, and where dashboards lie. Pure.

Sources: grafana.com/docs/grafana/v12.4/setup-grafana/configure-grafana, and .../administration/provisioning.
"""

from __future__ import annotations

from collections.abc import Sequence

from rosace.contract.values import Passed
from rosace.engines.grafana.spec import GrafanaSpec

HTTP = 3000

DATA, BOARDS = "/var/lib/grafana", "/var/lib/rosace/dashboards"
"""Its own folder, on a volume; and the folder of the platform's dashboards, which nobody can write to."""

SOURCE, ALERTS = "metrics", "alerts"
"""The uids of the data sources."""


def ini(spec: GrafanaSpec, port: int) -> dict[str, dict[str, str]]:
    """Sections of `grafana.ini`. Name and password of the first user come from the environment."""
    server = {"http_port": str(port), **({"root_url": str(spec.url)} if spec.url else {})}
    return {
        "server": server,
        "paths": {"data": DATA, "plugins": f"{DATA}/plugins", "provisioning": "/etc/grafana/provisioning"},
        # It asks nobody on the Internet: not for updates, not for pictures of people, not for plugins.
        "analytics": {"reporting_enabled": "false", "check_for_updates": "false", "check_for_plugin_updates": "false"},
        "plugins": {"preinstall_disabled": "true", "plugin_admin_enabled": "false"},
        "news": {"news_feed_enabled": "false"},
        "security": {
            "disable_gravatar": "true",
            "content_security_policy": "true",
            "cookie_samesite": "strict",
            **({"cookie_secure": "true"} if str(spec.url or "").startswith("https://") else {}),
        },
        "users": {"allow_sign_up": "false", "default_theme": "system"},
        "auth.anonymous": {"enabled": str(spec.viewers).lower(), "org_role": "Viewer"},
        "log": {"mode": "console"},
        "metrics": {"enabled": "true"},
    }


def sources(metrics: str, alerts: Sequence[str], scrape: str) -> Passed:
    """The data sources: Prometheus or Thanos, and each Alertmanager, which takes Grafana's own alerts too."""
    return {
        "apiVersion": 1,
        "datasources": [
            {
                "name": "Metrics",
                "uid": SOURCE,
                "type": "prometheus",
                "access": "proxy",
                "url": metrics,
                "isDefault": True,
                "editable": False,
                "jsonData": {"httpMethod": "POST", "timeInterval": scrape, "manageAlerts": False},
            },
            *(_alerts(number, url) for number, url in enumerate(alerts)),
        ],
    }


def _alerts(number: int, url: str) -> Passed:
    return {
        "name": f"Alerts {number + 1}" if number else "Alerts",
        "uid": f"{ALERTS}-{number + 1}" if number else ALERTS,
        "type": "alertmanager",
        "access": "proxy",
        "url": url,
        "editable": False,
        "jsonData": {"implementation": "prometheus", "handleGrafanaManagedAlerts": True},
    }


def provider(platform: str) -> Passed:
    """Where the platform's dashboards are; looked for again every half minute."""
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": platform,
                "folder": platform,
                "type": "file",
                "disableDeletion": True,
                "allowUiUpdates": False,
                "updateIntervalSeconds": 30,
                "options": {"path": BOARDS},
            }
        ],
    }
