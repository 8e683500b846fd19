"""Adding an engine is adding one folder: with the toy's room put in, the house finds and accepts it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from codebase import ROOT


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


def test_beside_the_folders_of_engines_lies_nothing() -> None:
    """What several engines share is in `kit`, what each has to have in `contract`."""
    beside = {path.name for path in (ROOT / "src" / "rosace" / "engines").iterdir() if path.is_file()}
    assert beside == {"__init__.py"}
