"""Panels as a Grafana dashboard.

Comes in: what a room draws of its engine. Goes out: the dashboard's JSON model, two panels a row, always the same for
the same panels. Must not: know an engine, or where metrics are: the source is a variable that people can change.
Source: grafana.com/docs/grafana/v12.4/dashboards/build-dashboards/view-dashboard-json-model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rosace.contract.monitoring import Panel

SCHEMA = 41
"""The model that Grafana 12 reads without rewriting it."""

SOURCE = "metrics"
"""The uid of the data source that dashboards ask unless somebody picks another."""

_WIDTH, _HEIGHT = 12, 8
_VARIABLE = {"type": "prometheus", "uid": "${source}"}


def dashboard(platform: str, engine: str, title: str, panels: Sequence[Panel]) -> dict[str, Any]:
    """The dashboard of one engine. Its uid depends on platform and engine alone, so that links to it stay true."""
    return {
        "uid": f"{platform}-{engine}"[:40],
        "title": title,
        "tags": [platform],
        "schemaVersion": SCHEMA,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [
                {
                    "name": "source",
                    "label": "Source",
                    "type": "datasource",
                    "query": "prometheus",
                    "current": {"text": "Metrics", "value": SOURCE},
                }
            ]
        },
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, 2)
    target: dict[str, Any] = {"refId": "A", "datasource": _VARIABLE, "expr": panel.expr}
    if panel.legend:
        target["legendFormat"] = panel.legend
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": _VARIABLE,
        "gridPos": {"x": column * _WIDTH, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "custom": {"fillOpacity": 10, "showPoints": "never"}},
            "overrides": [],
        },
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [target],
    }
