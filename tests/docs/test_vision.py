"""Each line of the vision leads to a line of the output that is there, and the page says where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import vision

ROOT = Path(__file__).parents[2]
LINES, ASIDES = vision.read()
QUOTES = sorted({*(line.says for line in LINES), *(aside.says for aside in ASIDES)})


@pytest.fixture(scope="module")
def tree() -> Path:
    """What examples/vision360 becomes on clusters."""
    if not vision.TREE.is_dir():
        pytest.skip("tests/golden/vision360 is not written yet: `python tools/golden.py` writes it")
    return vision.TREE


@pytest.fixture(scope="module")
def rows() -> list[str]:
    """What the vision says, a line each. It lies beside the repository, or below ROSACE_SHARED."""
    shared = Path(os.environ.get("ROSACE_SHARED") or ROOT.parent / "shared")
    texts = sorted((shared / "vision").glob("*.txt"))
    if not texts:
        pytest.skip(f"the vision is not on this machine: no text in {shared / 'vision'}")
    return [row for text in texts for row in vision.content(text.read_text(encoding="utf-8"))]


def test_every_line_holds(tree: Path) -> None:
    """What is awaited must say so, and say so no longer once it is there."""
    assert vision.look(LINES, tree)[1] == []


def test_the_page_is_what_the_tool_writes(tree: Path) -> None:
    text = vision.page(vision.look(LINES, tree)[0], ASIDES)
    assert vision.PAGE.read_text(encoding="utf-8") == text, "run `python tools/vision.py`"


def test_every_quote_is_in_the_vision(rows: list[str]) -> None:
    assert [quote for quote in QUOTES if not any(quote in row for row in rows)] == []


def test_every_line_of_the_vision_is_answered(rows: list[str]) -> None:
    left = {row: vision.uncovered(row, QUOTES) for row in rows}
    assert {row: words for row, words in left.items() if words} == {}


def test_asides_are_few() -> None:
    """A line that nothing answers is an exception."""
    assert len(ASIDES) <= 5
    assert all(aside.because for aside in ASIDES)


def test_a_text_on_several_lines_needs_its_place(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("kafka:\n  replicas: 6\nconnect:\n  replicas: 2\n", encoding="utf-8")
    line = vision.Line("Kafka", "replicas: 6", "values.yaml", "replicas:")
    with pytest.raises(vision.NotThere, match="several lines"):
        vision.find(line, tmp_path)
    with pytest.raises(vision.NotThere, match="no line says `cpu:`"):
        vision.find(vision.Line("Kafka", "cpu", "values.yaml", "cpu:"), tmp_path)
    placed = vision.Line("Kafka", "replicas: 6", "values.yaml", "replicas:", under=("connect:",))
    assert vision.find(placed, tmp_path).number == 4


def test_what_a_line_says_without_its_signs() -> None:
    text = (
        "# Title\n\n| A | B |\n|---|---|\n| **x** | `y` |\n- [ ] Do it\n```\n# file.yaml\n│   ├── rbac.yaml\n```\n---\n"
    )
    assert vision.content(text) == ["x | y", "Do it", "file.yaml", "rbac.yaml"]
    assert vision.uncovered("x | y", ["x"]) == "y"
    assert vision.uncovered("x | y", ["x", "y"]) == ""
