"""What is written is what every reader reads: YAML 1.2 as Rosace does, YAML 1.1 as Go and Helm's ancestors did."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rosace.deliver import yamltext
from rosace.deliver.yamltext import dump
from rosace.kit.alike import alike

MISREAD = [
    "on", "off", "yes", "No", "y", "n", "true", "False", "null", "Null", "~", "", "22:22", "1:02:03", "1e3", "0x1f",
    "0o14", "012", "1_000", "1.", ".5", "-.inf", ".NaN", "2001-01-01", "2001-01-01T00:00:00Z", "=", "<<", "- x",
    "a: b", "a #b", "#", "*a", "&a", "!t", "%d", "@x", "`x`", "{{ x }}", "{a}", "[a]", "?", "|", ">", "'", '"',
    " x", "x ", "a\nb", "a\n", "a\n\n", "\n", "\ta", "a\tb", "a \nb", " a\nb", "a\r\nb", "a\x00b", "\x7f", "\x85",
    "\u2028", "\ufeff", "é€😀", "x:", "---", "...", "--- x", "https://a/b:1", "a:b", "a=b", "key: |", "-", "0", "-0",
    "+1", "1,2",
]  # fmt: skip


def readers() -> list[Callable[[str], Any]]:
    """YAML 1.2, YAML 1.1, and PyYAML by libyaml and by itself."""
    old = YAML(typ="safe", pure=True)
    old.version = (1, 1)
    libyaml, own = partial(yaml.load, Loader=yaml.CSafeLoader), partial(yaml.load, Loader=yaml.SafeLoader)
    return [YAML(typ="safe", pure=True).load, old.load, libyaml, own]


@pytest.mark.parametrize("text", MISREAD)
def test_a_text_stays_a_text(text: str) -> None:
    for reader in readers():
        assert reader(dump({text: text, "in": [text, {"deep": text}]})) == {
            text: text,
            "in": [text, {"deep": text}],
        }
        assert reader(dump(text)) == text


BREAKS = "\n\r\x85\u2028\u2029"
HIDDEN = BREAKS.replace("\n", "") + "\ufeff\u200e\u202e\u2066\x00\x0b\x1b\x7f\x9b\ufffe\uffff"
ANY = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(st.one_of(ANY, st.sampled_from(f"{HIDDEN}\n\t -:#'\"\\|>&*!%@`{{}}[],?=<~0y")), max_size=30)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def _marked(value: Any) -> Any:
    """The same with each mapping and list as one that stands in many places."""
    if isinstance(value, dict):
        return alike({key: _marked(one) for key, one in value.items()})
    return alike([_marked(one) for one in value]) if isinstance(value, list) else value


SHARED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(ANY, max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(ANY, max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(SHARED)
def test_what_stands_in_many_places_is_shown_as_anywhere(value: Any) -> None:
    plain = {"one": value, "deep": {"two": [value, [value], {"three": value}]}, "again": value}
    shared = _marked(value)
    assert dump({"one": shared, "deep": {"two": [shared, [shared], {"three": shared}]}, "again": shared}) == dump(plain)


def test_the_same_content_is_one_part_in_the_order_of_its_keys() -> None:
    assert alike({"a": 1, "b": [True]}) is alike({"a": 1, "b": [True]})
    assert list(alike({"b": 1, "a": 2})) == ["b", "a"] != list(alike({"a": 2, "b": 1}))
    assert dump(alike({"a": 1})) != dump(alike({"a": True}))


def test_nothing_changes_a_part_of_many() -> None:
    part = alike({"a": {"b": [1]}})
    for change in (
        lambda: part.update(c=1),
        lambda: part["a"].setdefault("c", 1),
        lambda: part["a"]["b"].append(2),
        part["a"]["b"].clear,
    ):
        with pytest.raises(TypeError, match="many places"):
            change()
    assert part.copy() | {"c": 1} == {"a": {"b": [1]}, "c": 1}


@given(PLAIN)
def test_anything_comes_back(value: object) -> None:
    for reader in readers():
        assert _same(reader(dump(value)), value)


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def test_more_texts_than_are_remembered() -> None:
    many = [f"{number}" for number in range(yamltext._REMEMBERED + 2)]
    told = [line.removeprefix("- ") for line in dump([*many, *many]).splitlines()]
    assert told == [f'"{text}"' for text in (*many, *many)]
    assert len(yamltext._INLINE) <= yamltext._REMEMBERED


@pytest.mark.parametrize("character", HIDDEN)
@pytest.mark.parametrize(
    "text", ["SELECT 1 -- see{}image: evil/image:1\nFROM t\n", "{}", "a{}", "{}a: b", "a\n{}  b\n", "# a{}b\nc\n"]
)
def test_nothing_breaks_out(character: str, text: str) -> None:
    """No reader sees a line, and no person an order of words, that is not in the text."""
    hostile = text.format(character)
    shown = dump({"sql": hostile, "image": "registry/image:1", hostile: [hostile]})
    assert character not in shown
    for reader in readers():
        assert reader(shown) == {"sql": hostile, "image": "registry/image:1", hostile: [hostile]}


@given(TEXTS)
def test_only_line_feeds_end_lines(text: str) -> None:
    shown = dump({text: text, "in": [text]})
    assert shown.splitlines() == shown.removesuffix("\n").split("\n")
    assert not set(HIDDEN) & set(shown)
