"""What runs on clusters only is said in words by the verbs that run something here."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.cli.main import run

BASE = "platform: shop\ntopics: {t: {columns: {id: int!}}}\ntables: {u: {like: t}}\n"


@pytest.mark.parametrize("verb", ["up", "plan"])
def test_a_platform_with_clusters_does_not_run_here(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], verb: str
) -> None:
    (tmp_path / "platform.yaml").write_text(f"{BASE}clusters: {{main: {{}}}}\n", encoding="utf-8")
    assert run([verb, str(tmp_path)]) == 2
    said = capfd.readouterr().err
    assert "error[runs-on-clusters]: `shop` names clusters (`main`): it does not run on this machine" in said
    assert "rosace build" in said


@pytest.mark.parametrize("verb", ["check", "up", "plan"])
@pytest.mark.parametrize("more", ["storage: {provider: minio}\n", "jobs: {j: {engine: opensearch, sql: j.sql}}\n"])
def test_an_engine_of_clusters_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], verb: str, more: str
) -> None:
    (tmp_path / "platform.yaml").write_text(BASE + more, encoding="utf-8")
    (tmp_path / "j.sql").write_text("INSERT INTO lake.u SELECT * FROM t\n", encoding="utf-8")
    assert run([verb, str(tmp_path)]) == (1 if verb == "check" else 2)
    said = capfd.readouterr()
    assert "error[provider-elsewhere]" in said.err + said.out or "error[engine-cannot]" in said.err + said.out
