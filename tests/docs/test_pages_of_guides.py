"""What the guides name is there: files, headings, verbs, the steps of a release."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from rosace.cli.main import GROUPS
from rosace.cli.verbs.release import Step

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))
VERBS = {verb for verbs in GROUPS.values() for verb in verbs}

BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = re.compile(r"(?:^|`)rosace (?:-C \S+ )?([a-z][\w-]*)", re.MULTILINE)
STEP = re.compile(r"\brosace release ([a-z]+)")

every_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)


def anchors(page: Path) -> set[str]:
    """The names under which a page's headings are reached."""
    titles = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@every_guide
def test_links_lead_somewhere(guide: Path) -> None:
    broken: list[str] = []
    for link in LINK.findall(guide.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = guide.parent / path if path else guide
        if "://" not in link and not (target.exists() and (not anchor or anchor in anchors(target))):
            broken.append(link)
    assert not broken


@every_guide
def test_verbs_exist(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert set(VERB.findall(text)) <= VERBS
    assert set(STEP.findall(text)) <= set(get_args(Step))
