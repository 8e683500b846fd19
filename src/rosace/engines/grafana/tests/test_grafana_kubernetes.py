"""Grafana on clusters: what is decided of its sources, dashboards and rights."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.workload import Needs
from rosace.engines.grafana import ENGINE, settings
from rosace.engines.grafana.kubernetes import KUBERNETES
from rosace.engines.grafana.spec import GrafanaSpec
from rosace.model.capabilities import Alerts, Capability, LongTermMetrics, Metrics
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

PLAIN = "platform: p\nmonitoring: {scrape: 30s}\nclusters: {main: {}}\n"
KEPT = "platform: p\nmonitoring: {long-term: {}}\nclusters: {main: {}}\n"


def part(tmp_path: Path, text: str) -> Part:
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")
    return next(one for one in estate.parts if one.engine is ENGINE)


@pytest.mark.parametrize(("text", "asked"), [(PLAIN, Metrics), (KEPT, LongTermMetrics)])
def test_it_asks_whoever_knows_most(text: str, asked: type[Capability], tmp_path: Path) -> None:
    site = part(tmp_path, text).site
    workload, _ = KUBERNETES.workloads(site)
    assert workload.uses == (Needs(asked), Needs(Alerts))


def test_sources_cannot_be_changed_in_the_browser(tmp_path: Path) -> None:
    section = KUBERNETES.values(part(tmp_path, PLAIN).site)
    sources = section["datasources"]["datasources"]
    assert [one["editable"] for one in sources] == [False] * 3, "metrics, and each of two Alertmanagers"
    assert sources[0]["jsonData"]["timeInterval"] == "30s"
    (provider,) = section["provider"]["providers"]
    assert (provider["allowUiUpdates"], provider["options"]["path"]) == (False, settings.BOARDS)


def test_it_talks_to_nobody_outside(tmp_path: Path) -> None:
    told = KUBERNETES.configuration(part(tmp_path, PLAIN).site)["grafana.ini"]
    for key in ("analytics.reporting_enabled", "analytics.check_for_updates", "news.news_feed_enabled"):
        assert told[key] == "false"
    assert told["auth.anonymous.enabled"] == "false"


def test_links_and_cookies_follow_the_address() -> None:
    plain, known = settings.ini(GrafanaSpec(), 3000), settings.ini(GrafanaSpec(url="https://grafana.example.com"), 3000)
    assert "root_url" not in plain["server"] and "cookie_secure" not in plain["security"]
    assert known["server"]["root_url"] == "https://grafana.example.com"
    assert known["security"]["cookie_secure"] == "true"


def test_its_pod_has_no_token_and_writes_only_where_it_may(tmp_path: Path) -> None:
    section = KUBERNETES.values(part(tmp_path, PLAIN).site)
    (pod,) = [
        one["spec"]["template"]["spec"]
        for one in of_section("observability", "grafana", section)
        if one["kind"] == "Deployment"
    ]
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    writable = {one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")}
    assert writable == {"/tmp", "/var/lib/grafana"}
    assert {one["name"] for one in container["env"] if "valueFrom" in one} == {
        "GF_SECURITY_ADMIN_USER",
        "GF_SECURITY_ADMIN_PASSWORD",
    }
    (need,) = KUBERNETES.secrets(part(tmp_path, PLAIN).site)
    assert (need.name, need.keys) == ("grafana-admin", ("username", "password"))


def test_another_configuration_is_another_pod(tmp_path: Path) -> None:
    def checksum(text: str) -> str:
        objects = of_section("observability", "grafana", KUBERNETES.values(part(tmp_path, text).site))
        (one,) = [one for one in objects if one["kind"] == "Deployment"]
        return one["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    assert checksum(PLAIN) == checksum(PLAIN) != checksum(KEPT)
