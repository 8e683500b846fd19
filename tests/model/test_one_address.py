"""A kind of column is added in one place, and the type checker names every function that lacks it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ADDED = 'INTERVAL = "interval"'
ENGINES = {
    "flink/sql.py",
    "iceberg/typed.py",
    "kafka/staging.py",
    "postgresql/serving.py",
    "spark/sql.py",
    "trino/columns.py",
}
MAPPED = {
    "model/kinds.py",
    "kit/files.py",
    "kit/files_sql.py",
    "check/sql/shapes.py",
    "observe/verify/values.py",
    "observe/verify/batches.py",
    "observe/verify/fits.py",
    *(f"engines/{name}" for name in ENGINES),
}
"""The place of the kind, the two readers of files, what SQL takes it for, and each engine that holds values."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    told = (ROOT / "pyproject.toml").read_text("utf-8")
    # Else the installed package is what is imported.
    (tmp_path / "pyproject.toml").write_text(told.replace("extraPaths = [", 'extraPaths = ["src", '), "utf-8")
    kinds = tmp_path / "src/rosace/model/kinds.py"
    told = kinds.read_text("utf-8")
    assert told.count('    ROW = "row"\n') == 1
    kinds.write_text(told.replace('    ROW = "row"\n', f'    ROW = "row"\n    {ADDED}\n'), "utf-8")
    return tmp_path


def test_the_type_checker_names_what_an_added_kind_lacks(copy: Path) -> None:
    source = copy / "src/rosace"
    asked = [path for path in source.rglob("*.py") if "Kind." in path.read_text("utf-8")]
    checker = Path(sys.executable).with_name("basedpyright")
    argv = [str(checker), "--outputjson", "-p", str(copy), "--pythonpath", sys.executable, *map(str, asked)]
    said = subprocess.run(argv, cwd=copy, capture_output=True, text=True, timeout=300, check=False)
    named = {path.relative_to(source).as_posix() for path in lacking(said.stdout)}
    assert named == MAPPED


def lacking(said: str) -> Iterator[Path]:
    """The files in which a function does not know the kind."""
    for one in json.loads(said)["generalDiagnostics"]:
        if one["severity"] == "error":
            assert "Kind.INTERVAL" in one["message"], one
            yield Path(one["file"])
