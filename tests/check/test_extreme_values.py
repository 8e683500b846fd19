"""Values that no cluster and no engine can take are refused at their place; the last ones that can be are not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from rosace.check.platform import examine
from rosace.source.diagnostic import Refused, Severity
from rosace.source.load import load

BASE: dict[str, Any] = {
    "platform": "shop",
    "topics": {
        "t": {"columns": {"id": "int!", "at": "timestamp!"}, "event-time": {"column": "at"}, "key": "id"},
        "u": {"columns": {"id": "int!", "at": "timestamp!"}, "key": "id"},
    },
    "sources": {"s": {"file": "s.csv", "to": "t"}},
    "jobs": {"j": {"engine": "flink", "sql": "j.sql", "autoscale": {"max": 4}, "resources": {}}},
    "storage": {"tenants": {"flink": {"buckets": {"streams": {}}}}, "disk": {}},
    "monitoring": {"alerts": {"a": {"topic": "t", "over": "1m"}}, "long-term": {}},
    "clusters": {"main": {}},
    "projects": {"p": {"quota": {}}},
    "policies": {},
    "backups": {"etcd": {}},
    "delivery": {"windows": [{"schedule": "0 5 * * *", "duration": "1h"}]},
    "engines": {"kafka": {"disk": {}}, "flink": {"settings": {}}, "minio": {}, "rancher": {}, "gatekeeper": {}},
}

REFUSED: list[tuple[str, list[object]]] = [
    ("clusters.main.pods", [
        "999.999.999.999/99", "10.42.0.0/33", "10.42.0.1/16", "0.0.0.0/0", "127.0.0.0/8", "224.0.0.0/8", "10.0.0.0/0",
        "10.42.0.0/32", "10.42.0/16", "１0.42.0.0/16", "10.42.0.0/1６", "010.42.0.0/16", "fd00::/48", "10.42.0.0", "",
        10, "169.254.0.0/16", "10.42.0.0/16 ",
    ]),
    ("clusters.main.api", [
        "0.0.0.0/0", "10.43.0.1", "10.43.0.1/24", "127.0.0.1/32", "255.255.255.255/32",
        "0.0.0.0/8",
    ]),
    ("clusters.main.entrances", ["300.0.0.0/8", "0.0.0.0/0", "10.1.2.3/8"]),
    ("clusters.main.domain", ["a..b", "-a", "a-", "cluster.local:53", "a/b", "x" * 64, "é.fr", "1.2.3.4", "a.b.", "."]),
    ("clusters.main.dns", ["example.com:443", "example.com/x", ".".join(["x" * 60] * 5), "a_b.c"]),
    ("clusters.main.server", [
        "https://", "https://a b", "https://a:0", "https://a:65536", "https://a:-1", "https://a:x", "https://a..b",
        "https://u:p@a", "https://u@a", "http://a/{{ x }}", "ftp://a", "https://é", "https://a/\u2028", "https://[::1",
        "https://a/\x7f",
    ]),
    ("clusters.main.kubernetes", ["1.3４", "2.0", "1", "1.1000", "1.", "v1.34+\u2028", "1.0", "1.34+"]),
    ("clusters.main.zones", [0, -1, 10, 1.5, "three", True, 10**9]),
    ("clusters.main.storage-class", ["A", "a b", "x" * 254, "a..b", "", "gp３"]),
    ("clusters.main.region", ["a" * 64, "-a", "a b", "é"]),
    ("delivery.git", [
        "https://user:secret@git.example.com/a.git", "https://token@git.example.com/a.git", "https://:x@git.example.com",
        "ssh://git:secret@git.example.com/a.git", "git@", "git@host", "https://a:99999/b", "file://", "file://host/x",
        "https://?x", "javascript:alert(1)", "https:// x/y",
    ]),
    ("delivery.maven", ["https://u:p@maven.example.com/m2"]),
    ("delivery.charts", ["oci://u:p@registry.example.com/charts"]),
    ("delivery.rancher", ["https://admin:x@rancher.example.com"]),
    ("delivery.revision", ["a..b", "a/../b", "-a", "a.lock", "a/", "a//b", "é", "a b"]),
    ("delivery.path", ["..", "a/../b", "/a", "a//b", "a/./b", "a/"]),
    ("delivery.registry", ["a:0", "a:65536", "a:", "https://a", "a/../b", "A", "a:８0", "a//b"]),
    ("delivery.prefix", ["a", "-", "A-", "1-", "a--------------------------------------"]),
    ("delivery.argocd", ["Argo", "", "a" * 49, "é"]),
    ("delivery.windows.0.schedule", [
        "0 5 * *", "60 5 * * *", "0 24 * * *", "0 0 31 2 *", "a b c d e", "０ 5 * * *",
        "* * * * * *",
    ]),
    ("delivery.windows.0.duration", ["0s", "1ms", "-1h", "1000000000000y"]),
    ("policies.registries", [["a b"], ["a:99999"], ["https://a"], [""]]),
    ("monitoring.scrape", ["0s", "0", "2h", "1ms", "３s", "-1s", "15", "1s1"]),
    ("monitoring.retention", ["0s", "1s", "9999999999y"]),
    ("monitoring.long-term.keep", ["0s", "1h"]),
    ("monitoring.alerts.a.over", ["0s", "0ms"]),
    ("backups.rpo", ["0s", "1ms", "59s"]),
    ("backups.rto", ["0s"]),
    ("backups.etcd.every", ["0s", "1s"]),
    ("backups.etcd.keep", [0, -1, 1001, 1e9]),
    ("topics.t.partitions", [0, -1, 10_001, 1.5, "４", True, 10**300]),
    ("topics.t.retention", ["0s", "1e3s", "１d", "inf", "9" * 300 + "y"]),
    ("topics.t.event-time.delay", ["-1s", "1 s", "５s"]),
    ("jobs.j.checkpoint", ["0s", "1ms", "９s"]),
    ("jobs.j.parallelism", [0, -1, 1001, True, "２"]),
    ("jobs.j.autoscale", [{"min": 5, "max": 2}, {"max": 0}, {"max": 1001}, {}]),
    ("jobs.j.resources.cpu", [0, "0m", "0.0", "-1", "1e3", "２", "0.0001", "1000000", 1025, True, "1 "]),
    ("jobs.j.resources.memory", ["0", 0, "0Gi", "-1Gi", "1gi", "1GB", "２Gi", "9" * 300, "9999999999Ti", "0.1"]),
    ("storage.erasure", ["２+2", "0", "2", "2+2+2", "-1+2", "a+b", "2 + 2"]),
    ("storage.nodes", [0, 257, -4, True, 2.5]),
    ("storage.disk.size", [0, "0Ti", "９Ti", "1Pb"]),
    ("storage.disk.volumes", [0, 65, True]),
    ("storage.tenants.flink.buckets.streams.expire", ["0s", "0d"]),
    ("engines.kafka.replicas", [0, 1001, 10**9, True]),
    ("engines.kafka.controllers", [2, 4, 6, 8, 0, 11, True]),
    ("engines.kafka.disk.size", ["0", 0]),
    ("engines.flink.image", ["a", "A/b", "a/b:", "a:99999/b", "a/b@sha256:00", "a b/c", "é/b", "a/b:" + "x" * 129]),
    ("engines.gatekeeper.audit", ["0s"]),
    ("engines.rancher.store", [{"endpoint": "https://a", "bucket": "b"}, {"endpoint": "a:0", "bucket": "b"}]),
    ("sources.s.rate", ["0/s", "-1/s", "３/s", "1/d", "9" * 300 + "/s"]),
    ("projects.p.quota.cpu", ["0", "-1"]),
    ("projects.p.quota.memory", ["0"]),
    ("platform", ["", "A", "a b", "a" * 49, "-a", "a-", "1a", "é", "shop\u2028", "a\0b", "ａ", None, 1, True, ["a"]]),
]  # fmt: skip

FINE: list[tuple[str, list[object]]] = [
    ("clusters.main.pods", ["10.42.0.0/16", "10.0.0.0/8", "192.168.1.0/28", "100.64.0.0/10"]),
    ("clusters.main.api", ["10.43.0.1/32", "172.16.0.0/12"]),
    ("clusters.main.domain", ["cluster.local", "a", "x" * 63 + ".local"]),
    ("clusters.main.server", [
        "https://10.0.0.1:6443", "https://rancher.example.com/k8s/clusters/c-12345",
        "https://a:65535",
    ]),
    ("clusters.main.kubernetes", ["1.34", "v1.35.2", "1.36.1+rke2r1"]),
    ("delivery.git", [
        "git@git.example.com:team/a.git", "ssh://git@git.example.com:2222/a.git", "https://git.example.com/a%20b",
        "file:///srv/a",
    ]),
    ("delivery.revision", ["HEAD", "main", "release/1.2", "v1.0.0", "a" * 40]),
    ("delivery.path", [".", "a", "a/b", "a.b/c..d"]),
    ("delivery.registry", ["registry.example.com:5000/a/b", "10.0.0.1:5000", "localhost"]),
    ("delivery.windows.0.schedule", ["*/5 0-6 1,15 * mon-fri"]),
    ("monitoring.scrape", ["1s", "1h"]),
    ("backups.rpo", ["1m", "15m"]),
    ("topics.t.partitions", [1, 10_000]),
    ("topics.t.event-time.delay", ["0s", "1ms"]),
    ("jobs.j.resources.cpu", [1, 0.5, "500m", "1m", "1024", "0.001"]),
    ("jobs.j.resources.memory", ["1Gi", "1.5Gi", 1073741824]),
    ("engines.kafka.controllers", [1, 3, 5, 7, 9]),
    ("engines.flink.image", ["registry.example.com:5000/a/b:1.0@sha256:" + "0" * 64, "a/b"]),
    ("platform", ["off", "null", "y", "a" * 48, "a-1"]),
]  # fmt: skip


def problems(folder: Path, path: str, value: object) -> list[str]:
    """Codes of errors of a platform in which one word has another value."""
    said = copy.deepcopy(BASE)
    *steps, last = path.split(".")
    at: Any = said
    for step in steps:
        at = at[int(step) if isinstance(at, list) else step]
    at[last] = value
    (folder / "platform.yaml").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "j.sql").write_text("INSERT INTO u SELECT * FROM t\n", encoding="utf-8")
    (folder / "s.csv").write_text("id,at\n1,2020-01-01\n", encoding="utf-8")
    try:
        _, found = examine(load(folder / "platform.yaml"), folder)
    except Refused as refused:
        found = list(refused.diagnostics)
    errors = [one for one in found if one.severity is Severity.ERROR]
    assert all(one.span is not None for one in errors)
    return [one.code for one in errors]


def _each(table: list[tuple[str, list[object]]]) -> list[Any]:
    return [pytest.param(path, one, id=f"{path}={ascii(one)[:40]}") for path, values in table for one in values]


@pytest.mark.parametrize(("path", "value"), _each(REFUSED))
def test_what_cannot_be_is_refused(tmp_path: Path, path: str, value: object) -> None:
    assert problems(tmp_path, path, value) != []


@pytest.mark.parametrize(("path", "value"), _each(FINE))
def test_what_can_be_is_fine(tmp_path: Path, path: str, value: object) -> None:
    assert problems(tmp_path, path, value) == []


def test_as_many_as_promised() -> None:
    assert sum(len(values) for _, values in REFUSED) >= 110
