"""What is decided of scans on clusters."""

from __future__ import annotations

from pathlib import Path

from compiled import of_section

from rosace.check.platform import check
from rosace.engines.compliance.kubernetes import KUBERNETES, NAMESPACE
from rosace.plan.clusters.topology import Estate, estate_of
from rosace.plan.clusters.workloads import levels, operators
from rosace.source.load import load

PLATFORM = """\
platform: small
clusters: {main: {}}
policies: {scan: weekly}
engines: {compliance: {keep: 3, profile: rke2-cis-1.11-profile}}
"""


def estate(folder: Path, text: str = PLATFORM) -> Estate:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    return estate_of(check(load(folder / "platform.yaml"), folder), "prod")


def test_a_scan_a_week(tmp_path: Path) -> None:
    (part,) = [one for one in estate(tmp_path).parts if one.engine.name == "compliance"]
    (scan,) = of_section("policies", "compliance", KUBERNETES.values(part.site))
    assert scan["metadata"]["name"] == "small-cis"
    assert scan["spec"]["scheduledScanConfig"] == {"cronSchedule": "0 3 * * 0", "retentionCount": 3}
    assert scan["spec"]["scanProfileName"] == "rke2-cis-1.11-profile"


def test_none_where_nobody_asks(tmp_path: Path) -> None:
    text = PLATFORM.replace("scan: weekly", "benchmark: none").rpartition("engines:")[0]
    assert not [one for one in estate(tmp_path, text).parts if one.engine.name == "compliance"]


def test_scans_are_the_only_ones_that_reach_nodes(tmp_path: Path) -> None:
    whole = estate(tmp_path)
    assert levels(whole, "main")[NAMESPACE] == "privileged"
    judge = next(one for one in whole.parts if one.engine.name == "gatekeeper")
    without = judge.engine.kubernetes.values(judge.site)["namespaces"]["without"]
    assert NAMESPACE in without
    assert "rancher-compliance" in {one.name for _, one in operators(whole, "main")}
