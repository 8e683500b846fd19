"""What CONTRIBUTING.md and ARCHITECTURE.md say of the house is so: the places that they name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUESTION = re.compile(r"^\| (?P<asked>[^|]+) \| \[[^\]]+\]\((?P<place>[^)]+)\) \|$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_twenty_questions_have_one_place_each() -> None:
    text = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Where do I ...")[2].partition("\n## ")[0]
    )
    questions = [(match["asked"], match["place"]) for match in QUESTION.finditer(text)]
    assert len(questions) >= 20
    assert len({place for _, place in questions}) == len(questions), "two questions lead to one place"
    assert len(questions) == len([line for line in text.splitlines() if line.startswith("| ")]) - 1


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_of_the_house_lead_somewhere(page: str) -> None:
    missing = [
        place for place in LINK.findall((ROOT / page).read_text(encoding="utf-8")) if not (ROOT / place).exists()
    ]
    assert not missing
