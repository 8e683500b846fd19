"""A monitored platform on three clusters, and the real programs that judge its rules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from compiled import ROOT

sys.path.insert(0, str(ROOT / "tools"))

WORDS = """
platform: watched
topics:
  transactions:
    columns: {id: string!, at: timestamp(3)!}
    event-time: {column: at, delay: 10s}
monitoring:
  scrape: 15s
  retention: 15d
  long-term: {bucket: metrics, keep: 1y}
  alerts:
    transactions-lag: {topic: transactions, over: 60s, severity: critical}
  receivers:
    data-engineers: {kind: slack, secret: alert-channel}
    night: {kind: pagerduty, secret: alert-pager, severities: [critical]}
    office: {kind: email, secret: alert-mail, severities: [warning, info]}
    robot: {kind: webhook, secret: alert-robot}
clusters:
  processing: {runs: [kafka], dns: processing.example.com, pods: 10.42.0.0/16}
  storage: {runs: [minio], dns: storage.example.com, pods: 10.52.0.0/16}
  monitoring: {runs: [thanos, grafana], dns: monitoring.example.com, pods: 10.62.0.0/16, storage-class: gp3}
"""


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs `promtool` or `amtool`; the test is skipped, saying why, where it cannot be had."""
    from clustertools import Unavailable, tool

    try:
        path = tool(program)
    except Unavailable as reason:
        pytest.skip(f"no {program}: {reason}")
    return subprocess.run([str(path), *map(str, arguments)], capture_output=True, text=True, check=False)


def groups(objects: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The groups of all PrometheusRules, by the name of the object. One that two clusters have is there once."""
    rules = [one for one in objects if one["kind"] == "PrometheusRule"]
    return {one["metadata"]["name"]: one["spec"]["groups"] for one in rules}


def panels(objects: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Dashboard to the PromQL of its panels, by title."""
    found: dict[str, dict[str, str]] = {}
    for one in objects:
        if one["kind"] == "ConfigMap" and one["metadata"]["name"].startswith("dashboard-"):
            for text in one["data"].values():
                board = json.loads(text)
                found[board["title"]] = {panel["title"]: panel["targets"][0]["expr"] for panel in board["panels"]}
    return found


def rule_file(folder: Path, said: Mapping[str, list[dict[str, Any]]]) -> Path:
    """All groups in one file, as Prometheus reads them (JSON is YAML)."""
    path = folder / "rules.yaml"
    path.write_text(json.dumps({"groups": [group for one in said.values() for group in one]}), encoding="utf-8")
    return path


FILES = {"apiURL": "api_url_file", "urlSecret": "url_file", "routingKey": "routing_key_file"}
FILES |= {"authPassword": "auth_password_file"}
"""What an AlertmanagerConfig takes from a secret, and what Alertmanager calls the file with the same."""


def own_words(said: Any) -> Any:
    """An AlertmanagerConfig in Alertmanager's own words (prometheus-operator v0.85.0, pkg/alertmanager/amcfg.go)."""
    if isinstance(said, list):
        return [own_words(one) for one in said]
    if not isinstance(said, dict):
        return said
    found: dict[str, Any] = {}
    for key, value in said.items():
        if key in FILES:
            found[FILES[key]] = f"/secrets/{value['name']}/{value['key']}"
        elif key in ("matchers", "sourceMatch", "targetMatch"):
            name = {"sourceMatch": "source_matchers", "targetMatch": "target_matchers"}.get(key, key)
            found[name] = [f'{one["name"]}{one["matchType"]}"{one["value"]}"' for one in value]
        elif key == "headers":
            found[key] = {one["key"]: one["value"] for one in value}
        else:
            found[re.sub("(?<=[a-z])(TLS|[A-Z])", lambda match: f"_{match[1].lower()}", key)] = own_words(value)
    return found
