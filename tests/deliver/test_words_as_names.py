"""Names that YAML 1.1 takes for a boolean or for nothing stay names, through our YAML and through the real Helm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from compiled import objects, plain, written

pytestmark = pytest.mark.slow

PLATFORM = """\
platform: "on"
producers: {others: {writes: [off]}}
topics:
  "off": {columns: {y: int!, "true": string}, key: y}
  "yes": {columns: {y: int!, "true": string}, key: y, compact: true}
  "n": {columns: {y: int!, "true": string}, key: y}
tables:
  "no": {like: "off"}
  "null": {like: "off"}
jobs:
  "null": {engine: flink, sql: a.sql, project: "false"}
  "y": {engine: flink, sql: e.sql, project: "n", mode: session}
  "true": {engine: spark, sql: b.sql, project: "false"}
  "no": {engine: spark, sql: c.sql, schedule: "0 5 * * *", project: "n"}
queries:
  "off": {sql: d.sql}
exports:
  "yes": {from: "yes", to: opensearch}
  "no": {from: "yes", to: postgresql}
notebooks:
  "on": {project: "n"}
storage:
  tenants: {"false": {buckets: {"nan": {}, "inf": {expire: 1d}}}}
monitoring:
  long-term: {bucket: "none"}
  alerts: {"null": {topic: "off", over: 1m}}
  receivers: {"y": {kind: webhook, secret: "true"}}
projects:
  "false": {members: {"null": owner, "1e3": member, "0x1f": viewer}, quota: {cpu: 64, memory: 256Gi}}
  "n": {members: {"on": owner}}
policies: {registries: ["null"]}
backups: {bucket: "off"}
clusters: {"yes": {region: "0x10", storage-class: "1e3", dns: "off", rancher: "1e5"}}
delivery:
  registry: "null"
  argocd: "null"
  secret-store: "off"
  revision: "1e3"
  rancher: https://rancher.example.com
"""


def test_words_stay_names(tmp_path: Path) -> None:
    insert = 'INSERT INTO {} SELECT y, "true" FROM "off"'
    (tmp_path / "a.sql").write_text(insert.format("`yes`").replace('"', "`") + "\n")
    (tmp_path / "e.sql").write_text(insert.format("`n`").replace('"', "`") + "\n")
    (tmp_path / "b.sql").write_text("INSERT INTO lake.`no` SELECT * FROM `off`\n")
    (tmp_path / "c.sql").write_text("INSERT OVERWRITE lake.`null` SELECT * FROM lake.`no`\n")
    (tmp_path / "d.sql").write_text('SELECT count(*) AS n FROM "off"\n')
    built = written(tmp_path, PLATFORM)
    for name, text in built.files.items():
        if name.startswith("clusters/") and "/values/" in name:
            release = next(one for one in built.releases if name == f"clusters/{one.cluster}/values/{one.chart}.yaml")
            assert yaml.load(text, Loader=yaml.CSafeLoader) == plain(
                {**release.values, "global": {"cluster": release.cluster}}
            )
    everything = objects(built)
    topics = {one["metadata"]["name"] for one in everything if one["kind"] == "KafkaTopic"}
    assert {"off", "yes"} <= topics
