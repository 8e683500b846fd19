"""Adding an engine is adding one folder: with a toy's room put in, the house finds, accepts and uses it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from codebase import ROOT

BUILT = """
import json, sys
from pathlib import Path
from rosace.check.platform import check
from rosace.deliver.build import build
from rosace.source.load import load

Path("platform.yaml").write_text('''
platform: demo
producers: {others: {writes: orders}}
topics: {orders: {columns: {id: int!}, key: id}}
jobs: {copy: {engine: spark, sql: copy.sql}}
tables: {orders: {like: orders}}
exports: {x: {from: orders, to: store}}
clusters: {one: {server: "https://one.example.com", api: 10.0.0.1/32, provider: aws}}
delivery: {git: "https://git.example.com/p.git", registry: registry.example.com}
monitoring: {}
''')
Path("copy.sql").write_text("INSERT INTO lake.orders SELECT * FROM orders")
built = build(check(load(Path("platform.yaml")), Path(".")), "prod")
print(json.dumps({one.chart: one.values for one in built.releases}))
"""


def with_store(folder: Path) -> set[str]:
    """A copy of the house with the toy store put in; the names of the files that were put in."""
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    for part in ("src", "charts"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    store = folder / "src" / "rosace" / "engines" / "store"
    shutil.copytree(ROOT / "tests" / "toy" / "store", store, ignore=ignored)
    return {path.name for path in store.iterdir()}


def in_copy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the copy's code."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_folder_put_in_is_an_engine(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "architecture", tmp_path / "tests" / "architecture", ignore=ignored)
    shutil.copytree(ROOT / "tests" / "toy" / "room", tmp_path / "src" / "rosace" / "engines" / "toy", ignore=ignored)
    # Its README and tests are those of a toy; everything that makes it work is asked of it.
    asked = "toy and not says_what and not tests_of_its_own and not evidence"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/architecture/test_rooms.py", "-k", asked],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_an_engine_with_exports_and_monitoring_is_one_folder(tmp_path: Path) -> None:
    """Its connector, alert, graph and network policy come out of a build; no other file was touched for it."""
    built = with_store(tmp_path)
    done = in_copy(tmp_path, "-c", BUILT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    connector = found["streaming"]["kafka"]["connectors"]["x"]
    assert connector["class"] == "com.example.StoreSink"
    assert connector["config"] == {
        "topics": "orders",
        "url": "http://store.store.svc.cluster.local:7070",
        "key": "${dir:/mnt/toy-store:key}",
        "into": "orders",
    }
    assert "StoreFull" in json.dumps(found["observability"]["watch"])
    assert "store_free_bytes" in json.dumps(found["observability"]["watch"])
    assert "store" in found["governance"]["network"]["allowed"]
    assert built == {path.name for path in (ROOT / "tests" / "toy" / "store").iterdir() if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("exports.py", "    def config(", '"ExportStore.config" is not implemented'),
        ("kubernetes.py", "    def values(", '"KubernetesRoom.values" is not implemented'),
        ("kubernetes.py", "        return Watch((", '"None" is not assignable to return type "Watch"'),
    ],
)
def test_the_type_checker_names_what_a_folder_lacks(tmp_path: Path, file: str, line: str, said: str) -> None:
    with_store(tmp_path)
    path = tmp_path / "src" / "rosace" / "engines" / "store" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1
    other = "        return None  # Watch((" if "return" in line else line.replace("def ", "def other_")
    path.write_text(text.replace(line, other), encoding="utf-8")
    program = Path(sys.executable).with_name("basedpyright")
    done = subprocess.run(
        [str(program), "--pythonpath", sys.executable, "src/rosace/engines/store"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and said in done.stdout, done.stdout


def test_beside_the_folders_of_engines_lies_nothing() -> None:
    """What several engines share is in `kit`, what each has to have in `contract`."""
    beside = {path.name for path in (ROOT / "src" / "rosace" / "engines").iterdir() if path.is_file()}
    assert beside == {"__init__.py"}
