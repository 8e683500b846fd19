"""Properties that hold for any text, tree or assignment."""

from __future__ import annotations

import io
import json
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rosace.source.diagnostic import Refused
from rosace.source.merge import overlay, set_values
from rosace.source.render import to_editor, to_sarif, to_terminal
from rosace.source.tree import Path, Tree, Value
from rosace.source.yaml import parse

Paths: TypeAlias = list[Path]

quick = settings(max_examples=60, deadline=None)

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=["Cc"]), max_size=12)
SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), TEXT
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(TEXT, VALUES, max_size=4)
YAMLISH = st.text(st.sampled_from("ab1:-[]{},&*!|>'\"#%@`?~<\\ \n\t\r.=0e\u00e9\u2028"), max_size=40)


def tree(value: Value, file: str = "f") -> Tree:
    return parse(json.dumps(value, ensure_ascii=False), file)


def leaves(value: Value, path: Path = ()) -> Paths:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, inner in enumerate(value) for leaf in leaves(inner, (*path, at))]
    return [path]


def at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, dict):
            value = value[str(step)]
        elif isinstance(value, list):
            value = value[int(step)]
    return value


def without_nulls(value: Value) -> Value:
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}


def check_spans(found: Tree) -> None:
    for path in leaves(found.value):
        written = found.written(path)
        assert written or at(found.value, path) is None
        again = parse(f"k: {written}", "g").value
        assert isinstance(again, dict)
        assert again["k"] == at(found.value, path)


@quick
@given(VALUES)
def test_spans_of_json_reread_to_the_same_scalar(value: Value) -> None:
    found = tree(value)
    assert found.value == value
    check_spans(found)


@quick
@given(MAPPINGS)
def test_spans_of_block_yaml_reread_to_the_same_scalar(value: dict[str, Value]) -> None:
    stream = io.StringIO()
    writer: Any = YAML()
    writer.width = 10_000
    writer.dump(value, stream)
    found = parse(stream.getvalue(), "f")
    assert found.value == value
    check_spans(found)


@quick
@given(MAPPINGS)
def test_a_whole_mapping_is_written_where_it_says(value: dict[str, Value]) -> None:
    stream = io.StringIO()
    writer: Any = YAML()
    writer.dump({"outer": value, "next": 1}, stream)
    span = parse(stream.getvalue(), "f").value_span(("outer",))
    after = parse(stream.getvalue(), "f").key_span(("next",))
    assert (span.end_line, span.end_column) < (after.line, after.column)


@quick
@given(YAMLISH)
def test_parse_answers_or_refuses_anything(text: str) -> None:
    try:
        found = parse(text, "f")
    except Refused as refused:
        assert refused.diagnostics
        shown = to_terminal(refused.diagnostics, color=False, sources=refused.sources, width=60)
        assert all(found.code in shown for found in refused.diagnostics)
        assert to_editor(refused.diagnostics).count("\n") == len(refused.diagnostics)
        json.dumps(to_sarif(refused.diagnostics, "0"))
    else:
        for path in leaves(found.value):
            assert found.has(path)


@quick
@given(st.text(max_size=30))
def test_parse_refuses_any_character_without_failing(text: str) -> None:
    try:
        parse(text, "f")
    except Refused as refused:
        to_terminal(refused.diagnostics, color=True, sources=refused.sources).encode()


@quick
@given(MAPPINGS, MAPPINGS)
def test_overlay_is_idempotent_and_its_values_win(low: dict[str, Value], high: dict[str, Value]) -> None:
    once = overlay(tree(low), tree(high, "o"))
    assert overlay(once, tree(high, "o")).value == once.value
    for key, value in high.items():
        if value is None:
            assert not once.has((key,))
        elif not isinstance(value, dict):
            assert at(once.value, (key,)) == value
            assert once.origin((key,)).layer == "o"


@quick
@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_overlay_is_associative_on_disjoint_keys(
    one: dict[str, Value], two: dict[str, Value], three: dict[str, Value]
) -> None:
    a, b, c = ({f"{n}{key}": value for key, value in part.items()} for n, part in enumerate((one, two, three)))
    trees = tree(a), tree(b), tree(c)
    left = overlay(overlay(trees[0], trees[1]), trees[2]).value
    right = overlay(trees[0], overlay(trees[1], trees[2])).value
    expected = {**a, **{k: v for x in (b, c) for k, v in x.items()}}
    assert left == right
    assert left == {
        key: value if key in a else without_nulls(value)
        for key, value in expected.items()
        if key in a or value is not None
    }


@quick
@given(st.one_of(st.text(max_size=30), st.text(st.sampled_from("al.[]=0,{}\\'\"9x "), max_size=20)))
def test_set_value_writes_or_refuses_anything(assignment: str) -> None:
    base = parse("a: 1\nl: [1, {x: 2}]\n", "f")
    try:
        changed = set_values(base, (assignment,))
    except Refused as refused:
        assert {found.code for found in refused.diagnostics} == {"bad-assignment"}
        shown = to_terminal(refused.diagnostics, color=False, sources=refused.sources, width=60)
        assert "--set:" in shown
    else:
        assert leaves(changed.value) is not None


@quick
@given(TEXT.filter(str.strip), TEXT)
def test_set_value_reads_back_what_was_escaped(key: str, text: str) -> None:
    def escaped(part: str) -> str:
        return "".join(f"\\{c}" if c in ".,[]{}=\\'\"" else c for c in part)

    changed = set_values(parse("{}", "f"), (f"{escaped(key)}='{escaped(text)}'",)).value
    assert changed == {key.strip(): text}
