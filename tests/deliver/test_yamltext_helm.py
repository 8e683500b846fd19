"""Texts in values, on their way through the real Helm: its YAML (Go) reads what we wrote, and others what it writes."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compiled import helm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_yamltext import HIDDEN, MISREAD, TEXTS

from rosace.check.platform import examine
from rosace.deliver.yamltext import dump
from rosace.source.load import load

pytestmark = pytest.mark.slow

TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
read: {{ toJson .Values | b64enc }}
passed:
{{ toYaml .Values.keyed | indent 2 }}
inside:
  {{- toYaml .Values.texts | nindent 2 }}
quoted:
{{- range .Values.texts }}
  - {{ . | quote }}
{{- end }}
keys:
{{- range $name, $_ := .Values.keyed }}
  {{ $name | quote }}: {{ $name | quote }}
{{- end }}
"""
"""The four ways in which charts hand on a text: as it is, within a list, as one scalar, as a key."""


LOST = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""What Helm's `toYaml` and `indent` lose or let break out, whoever wrote the values (3.22): of `x\\n\\u2028y: z` they
make a key `y`. The check refuses it in files and settings."""


class Reader(yaml.CSafeLoader):
    """YAML as Kubernetes reads it: `=` and `<<` are texts where they are values."""


for tag in ("value", "merge"):
    Reader.add_constructor(f"tag:yaml.org,2002:{tag}", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chart") / "texts"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: texts\nversion: 1.0.0\n")
    (folder / "templates" / "a.yaml").write_text(TEMPLATE)
    return folder


def rendered(chart: Path, texts: list[str]) -> dict[str, Any]:
    # Of line breaks at the end Helm keeps one.
    kept = {re.sub("\n\n+$", "\n", text) for text in texts if not LOST.search(text)}
    texts[:] = sorted(kept - {"<<", "\n"})
    values = chart.parent / "values.yaml"
    values.write_bytes(dump({"texts": texts, "keyed": {text: text for text in texts}}).encode())
    done = helm("template", "a", chart, "-f", values)
    assert done.returncode == 0, done.stderr
    return yaml.load(done.stdout, Loader=Reader)


def test_texts_that_readers_misread(chart: Path) -> None:
    texts = [
        *MISREAD,
        *(text.format(one) for one in HIDDEN for text in ("{}", "a{}b: c", "x\n{}y: z\n", "{}#", "a\n{}")),
    ]
    _same(rendered(chart, texts), texts)


@given(st.lists(TEXTS, min_size=50, max_size=300))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text(chart: Path, texts: list[str]) -> None:
    _same(rendered(chart, texts), texts)


@pytest.mark.parametrize("text", sorted("\x7f\x85\x9b\u2028\u2029\ufffe\uffff"))
def test_what_helm_loses_is_refused(tmp_path: Path, text: str) -> None:
    """In SQL, in Python and in settings; no other word of a platform can hold it."""
    assert LOST.search(text)
    (tmp_path / "platform.yaml").write_text(PLATFORM.format(json.dumps(f"a{text}b")), encoding="utf-8")
    (tmp_path / "a.sql").write_text(f"INSERT INTO u SELECT * FROM t -- {text}\n", encoding="utf-8")
    (tmp_path / "b.py").write_text(f"def run(spark): ... # {text}\n", encoding="utf-8")
    _, found = examine(load(tmp_path / "platform.yaml"), tmp_path)
    codes = sorted(one.code for one in found if one.severity.name == "ERROR")
    assert codes == ["bad-value", "hidden-character", "hidden-character"]


PLATFORM = """\
platform: shop
topics: {{t: {{columns: {{id: int!}}}}, u: {{columns: {{id: int!}}}}}}
tables: {{v: {{like: t}}}}
jobs:
  a: {{engine: flink, sql: a.sql}}
  b: {{engine: spark, python: b.py, schedule: "0 5 * * *", reads: t, writes: lake.v}}
engines: {{kafka: {{settings: {{ssl.cipher.suites: {}}}}}}}
clusters: {{main: {{}}}}
"""


def _same(found: dict[str, Any], texts: list[str]) -> None:
    keyed = {text: text for text in texts}
    assert json.loads(base64.b64decode(found["read"])) == {"texts": texts, "keyed": keyed}
    assert found["passed"] == keyed
    assert found["inside"] == texts
    assert found["quoted"] == texts
    assert found["keys"] == keyed
