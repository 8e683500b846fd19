"""libyaml reads YAML 1.1, Rosace YAML 1.2: ruamel.yaml, which follows 1.2, has to come to the same tree.

Where only one of the two reads a text, it is for a reason that is known: each is written down here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from rosace.source.diagnostic import Refused
from rosace.source.span import Lines
from rosace.source.tree import Node
from rosace.source.yaml import parse
from rosace.source.yaml_events import Event, Kind
from rosace.source.yaml_nodes import NodeBuilder
from rosace.source.yaml_syntax import unreadable_characters

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page.read_text(encoding="utf-8") for page in (ROOT / "src/rosace/check/pages").glob("*.md")]
TEXTS = sorted(
    {path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.yaml")}
    | {found for page in PAGES for found in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)}
    | {
        "l:\n- a\n- {k: v}\n- # c\n- b:\n  # d\n  c:\n",
        "a:\n  b: |\n   x\n\n  c: >-\n   y\n   z\n",
        "- - a\n  - b\n- ? c\n",
    }
)
PIECES = [
    *" \n:-#{}[],'\"|>a1~@`%\\=.é&*?!\t\r\u2028\x85\ufeff",
    *("\n  ", "- ", ": ", "# ", "''", '""', "|\n", " #", "\n---\n", "\n...\n", "<<: ", "? ", "\n\t", "\r\n", "{a: }"),
    *(
        "{a}",
        "[a: b]",
        "- - ",
        "&a ",
        "*a",
        "| # c\n",
        ">-\n",
        "|2\n",
        "%YAML 1.2\n---\n",
        "!!str ",
        "! ",
        "? a\n: b\n",
    ),
]
Edit = tuple[float, str]
Answer = tuple[Node | None, set[str]]
"""A tree, or the codes of what is wrong with the text."""

SYNTAX = {"bad-yaml", "tab-indent", "bad-character"}
UNLIKE = re.compile(
    r"""[\t\x85\u2028\u2029\ufeff]     # ruamel lets no tab stand between words, and takes these for spaces at times
    |[&*](?![A-Za-z0-9_-]+(?:[\s,\]}]|\Z))  # names of anchors that have other signs
    |[,{\[]\s*:|^\s*:|:[?,\[\]{}]       # keys that are not written; a colon before a sign
    |^%|^\.\.\.                        # directives of others, an end without a beginning
    |\\[uU]                            # half a character, refused by libyaml itself
    |[|>]                              # a block text that is the whole document may stand at its margin""",
    re.MULTILINE | re.VERBOSE,
)
"""What one may read and the other refuse."""


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["", *PIECES])), max_size=4))
def test_both_come_to_the_same_tree(text: str, edits: list[Edit]) -> None:
    for where, piece in edits:
        place = int(where * len(text))
        text = text[:place] + piece + text[place + (not piece) :]
    (ours, wrong), (theirs, wrong_there) = by_libyaml(text), by_ruamel(text)
    if wrong and wrong_there and (wrong | wrong_there) & SYNTAX:
        # Each stops at the first place that it cannot read.
        return
    if not UNLIKE.search(text):
        assert (ours, wrong) == (theirs, wrong_there)
    elif ours and theirs and not re.search("[\x85\u2028\u2029\ufeff]", text):
        assert ours == theirs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a:\tb", {"a": "b"}),
        ("a: b\t# c", {"a": "b"}),
        ("{a:\t1,\tb: 2}", {"a": 1, "b": 2}),
        ("a: x\u2028y: z\nb: 1", None),
        ("a: x\u2028b", {"a": "x\u2028b"}),
        ("a: 'x\u2029 b'", {"a": "x\u2029 b"}),
        ("a: |\n  x\x85y\n", {"a": "x\x85y\n"}),
        ("a: # c\u2028b: 1\n", {"a": None}),
        ("a: 1\n\ufeffb: 2\n", {"a": 1, "\ufeffb": 2}),
        ('a: "\\N\\L\\P"', {"a": "\x85\u2028\u2029"}),
        ("a: \ue000\u2028\ue001", {"a": "\ue000\u2028\ue001"}),
        ("a: no\nb: 1_0\n", {"a": "no", "b": "1_0"}),
    ],
)
def test_it_is_yaml_1_2_that_is_read(text: str, value: object) -> None:
    """5.4 of YAML 1.2: U+0085, U+2028 and U+2029 break no line. 6.2: a tab separates, but does not indent."""
    if value is None:
        with pytest.raises(Refused):
            parse(text, "f")
    else:
        assert parse(text, "f").value == value


def by_libyaml(text: str) -> Answer:
    try:
        return parse(text, "f").root, set()
    except Refused as refused:
        return None, {problem.code for problem in refused.diagnostics}


def by_ruamel(text: str) -> Answer:
    text = text.removeprefix("\ufeff")
    lines = Lines("f", text)
    builder = NodeBuilder(lines, "f")
    problems = unreadable_characters(lines)
    if problems:
        return None, {problem.code for problem in problems}
    codes: set[str] = set()
    try:
        for event in events(text):
            if not builder.take(event):
                break
    except (MarkedYAMLError, YAMLError, ValueError, IndexError, AssertionError):
        codes = {"bad-yaml"}
    codes |= {problem.code for problem in builder.problems}
    if not codes and builder.root is None:
        codes = {"empty-file"}
    return None if codes else builder.root, codes


def events(text: str) -> Iterator[Event]:
    """What ruamel.yaml says."""
    reader: Any = YAML(typ="safe", pure=True)
    kinds = {str(kind): kind for kind in Kind}
    for event in reader.parse(text):
        kind = kinds.get(type(event).__name__)
        if kind:
            anchor = getattr(event, "anchor", None)
            yield Event(
                kind,
                event.start_mark.index,
                event.end_mark.index,
                str(getattr(event, "value", "")),
                bool(getattr(event, "style", None)),
                getattr(event, "ctag", None) is not None,
                bool(getattr(event, "flow_style", False)),
                str(anchor) if anchor else None,
                getattr(event, "version", None) not in (None, (1, 2)),
            )
