"""What is written is what every reader reads: YAML 1.2 as Rosace does, YAML 1.1 as Go and Helm's ancestors did."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rosace.deliver import yamltext
from rosace.deliver.yamltext import dump, dump_all

MISREAD = [
    "on", "off", "yes", "No", "y", "n", "true", "False", "null", "Null", "~", "", "22:22", "1:02:03", "1e3", "0x1f",
    "0o14", "012", "1_000", "1.", ".5", "-.inf", ".NaN", "2001-01-01", "2001-01-01T00:00:00Z", "=", "<<", "- x",
    "a: b", "a #b", "#", "*a", "&a", "!t", "%d", "@x", "`x`", "{{ x }}", "{a}", "[a]", "?", "|", ">", "'", '"',
    " x", "x ", "a\nb", "a\n", "a\n\n", "\n", "\ta", "a\tb", "a \nb", " a\nb", "a\r\nb", "a\x00b", "\x7f", "\x85",
    "\u2028", "\ufeff", "é€😀", "x:", "---", "...", "--- x", "https://a/b:1", "a:b", "a=b", "key: |", "-", "0", "-0",
    "+1", "1,2",
]  # fmt: skip


def readers() -> list[YAML]:
    old = YAML(typ="safe", pure=True)
    old.version = (1, 1)
    return [YAML(typ="safe", pure=True), old]


@pytest.mark.parametrize("text", MISREAD)
def test_a_text_stays_a_text(text: str) -> None:
    for reader in readers():
        assert reader.load(dump({text: text, "in": [text, {"deep": text}]})) == {
            text: text,
            "in": [text, {"deep": text}],
        }
        assert reader.load(dump(text)) == text


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_anything_comes_back(value: object) -> None:
    for reader in readers():
        assert _same(reader.load(dump(value)), value)


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def test_documents_in_a_row() -> None:
    assert list(YAML(typ="safe").load_all(dump_all([{"a": 1}, {"b": [2]}]))) == [{"a": 1}, {"b": [2]}]


def test_more_texts_than_are_remembered() -> None:
    many = [f"{number}" for number in range(yamltext._REMEMBERED + 2)]
    told = [line.removeprefix("- ") for line in dump([*many, *many]).splitlines()]
    assert told == [f'"{text}"' for text in (*many, *many)]
    assert len(yamltext._INLINE) <= yamltext._REMEMBERED
