"""What is written by `indented` is what the standard library writes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.kit.jsontext import indented

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_it_is_what_the_standard_library_writes(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)


def test_what_json_has_no_words_for() -> None:
    with pytest.raises(TypeError):
        indented({"a": [{1, 2}]})
    with pytest.raises(TypeError):
        indented({1: "a key is a text"})
