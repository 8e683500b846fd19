"""What the examples become is what was reviewed; a second build gives the same bytes; derived files are current."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from compiled import EXAMPLES, ROOT, compiled, example

sys.path.insert(0, str(ROOT / "tools"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_is_what_was_reviewed(name: str) -> None:
    from golden import files, stored

    new, old = files(name), stored(name)
    differ = sorted(one for one in {*new, *old} if new.get(one) != old.get(one))
    assert differ == [], "`python tools/golden.py` writes them; then read the difference"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_second_build_is_the_same(name: str) -> None:
    assert compiled(ROOT / "examples" / name, EXAMPLES[name]).files == example(name).files


@pytest.mark.slow
def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """No order of a set, no time, no language of the shell gets into the tree."""
    told = []
    for number, seed, words in ((1, "1", "C"), (2, "2", "C.UTF-8")):
        out = tmp_path / str(number)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": words, "LC_ALL": words}
        command = [sys.executable, "-m", "rosace.cli", "build", "examples/vision360", "--env", "prod", "-o", str(out)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        told.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert told[0] == told[1]


def test_default_values_and_schemas_are_current() -> None:
    import charts

    stale = [str(path) for path, text in charts.files().items() if not path.is_file() or path.read_text() != text]
    assert stale == [], "`python tools/charts.py` writes them"
