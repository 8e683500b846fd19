"""libyaml is asked first, and must say what ruamel.yaml would: on whatever it is let read at all."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rosace.source import yaml_events
from rosace.source.tree import MAX_DEPTH
from rosace.source.yaml_events import Event, Kind, SyntaxProblem, read_events

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page.read_text(encoding="utf-8") for page in (ROOT / "src/rosace/check/pages").glob("*.md")]
TEXTS = sorted(
    {path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.yaml")}
    | {found for page in PAGES for found in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)}
)
PIECES = [
    *" \n:-#{}[],'\"|>a1~@`%\\=.é&*",
    "\n  ",
    "- ",
    ": ",
    "# ",
    "''",
    '""',
    "|\n",
    " #",
    "\n---\n",
    "\n...\n",
    "<<: ",
]
Edit = tuple[float, str]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["", *PIECES])), max_size=4))
def test_both_say_the_same(text: str, edits: list[Edit]) -> None:
    for where, piece in edits:
        place = int(where * len(text))
        text = text[:place] + piece + text[place + (not piece) :]
    quick = yaml_events._quickly(text)
    if quick is not None:
        said = slowly(text)
        deep = depth(quick) > MAX_DEPTH
        if deep and isinstance(said, list):
            # There it stops: what is so deep is refused whatever follows.
            said = said[: len(quick)]
        assert quick == said or (deep and isinstance(said, str))


def depth(events: list[Event]) -> int:
    """How many mappings and lists are open after these events."""
    opened = sum(event.kind in (Kind.MAPPING, Kind.LIST) for event in events)
    return opened - sum(event.kind in (Kind.MAPPING_END, Kind.LIST_END) for event in events)


def test_it_is_asked_at_all() -> None:
    assert sum(yaml_events._quickly(text) is not None for text in TEXTS) > len(TEXTS) / 2


def slowly(text: str) -> list[Event] | str:
    """What ruamel.yaml says."""
    ask, yaml_events._quickly = yaml_events._quickly, lambda text: None
    try:
        return list(read_events(text))
    except SyntaxProblem as problem:
        return str(problem)
    finally:
        yaml_events._quickly = ask
