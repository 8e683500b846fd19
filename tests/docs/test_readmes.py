"""Both READMEs say the same, and what they name is there: files, verbs, versions, the picture."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rosace.cli.main import GROUPS

ROOT = Path(__file__).parents[2]
ENGLISH, FRENCH = ROOT / "README.md", ROOT / "README.fr.md"
ROOMS = ROOT / "src" / "rosace" / "engines"
VERBS = {verb for verbs in GROUPS.values() for verb in verbs}

BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = re.compile(r"\brosace (?:-C \S+ )?([a-z][\w-]*)")
FIGURES = re.compile(r"<!-- figures:begin -->\n(.*?)<!-- figures:end -->", re.DOTALL)

every_readme = pytest.mark.parametrize("readme", [ENGLISH, FRENCH], ids=lambda path: path.name)


def text(readme: Path) -> str:
    return readme.read_text(encoding="utf-8")


def headings(readme: Path) -> list[str]:
    """The levels of all headings, in order; what follows a `#` in a block is a comment."""
    return HEADING.findall(BLOCK.sub("", text(readme)))


def anchors(page: Path) -> set[str]:
    """The names under which a page's headings are reached."""
    titles = re.findall(r"^#+ (.+)$", BLOCK.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_same_headings() -> None:
    assert headings(ENGLISH) == headings(FRENCH)


def test_same_code_blocks() -> None:
    assert BLOCK.findall(text(ENGLISH)) == BLOCK.findall(text(FRENCH)) != []


def test_same_links() -> None:
    """Each links to the other where they differ."""
    english, french = LINK.findall(text(ENGLISH)), LINK.findall(text(FRENCH))
    assert english[0] == FRENCH.name and french[0] == ENGLISH.name
    assert english[1:] == french[1:]


def test_same_rows_of_figures() -> None:
    """Values may be written in each language's way; there are as many."""
    values = [
        [line.rsplit("|", 2)[1].strip() for line in match[1].splitlines()[2:]]
        for readme in (ENGLISH, FRENCH)
        for match in FIGURES.finditer(text(readme))
    ]
    assert len(values) == 2
    assert values[0] and len(values[0]) == len(values[1])


@every_readme
def test_links_lead_somewhere(readme: Path) -> None:
    broken: list[str] = []
    for link in LINK.findall(text(readme)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = ROOT / path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@every_readme
def test_verbs_exist(readme: Path) -> None:
    named = set(VERB.findall(text(readme)))
    assert named
    assert named <= VERBS


@every_readme
@pytest.mark.parametrize("room", sorted(path.parent.name for path in ROOMS.glob("*/versions.toml")))
def test_versions_are_those_that_run(readme: Path, room: str) -> None:
    version = tomllib.loads((ROOMS / room / "versions.toml").read_text(encoding="utf-8"))["engine"]["version"]
    assert re.search(rf"\(src/rosace/engines/{room}/README\.md\) \| {re.escape(version)} \|", text(readme))


def test_the_picture_is_one() -> None:
    root = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox")
