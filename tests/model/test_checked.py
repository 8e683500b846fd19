"""The proof cannot be forged by accident, and SQL is rendered without touching what is no name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.model.checked import Checked, Fragment, Mention, Ref
from rosace.model.graph import Graph
from rosace.model.placement import Placement
from rosace.model.platform import Platform

TOPIC, TABLE = Ref("topic", "departures"), Ref("table", "departures")


@st.composite
def fragments(draw: st.DrawFn) -> tuple[Fragment, list[str | Ref]]:
    """A text made of words and names, with its mentions in any order, and the parts that it is made of."""
    words = st.text("a '\"-/*é\n;", max_size=6)
    parts: list[str | Ref] = draw(st.lists(st.one_of(words, st.sampled_from((TOPIC, TABLE))), max_size=8))
    text, mentions = "", []
    for part in parts:
        if isinstance(part, Ref):
            mentions.append(Mention(part, len(text), len(text) + len(str(part))))
        text += str(part)
    return Fragment(text, tuple(draw(st.permutations(mentions)))), parts


def upper(ref: Ref) -> str:
    return f'"{ref.kind.upper()}"."{ref.name}"'


@given(fragments())
def test_only_names_are_replaced(case: tuple[Fragment, list[str | Ref]]) -> None:
    fragment, parts = case
    assert fragment.render(upper) == "".join(upper(part) if isinstance(part, Ref) else part for part in parts)


@given(fragments())
def test_rendered_with_its_own_names_a_text_is_as_it_was(case: tuple[Fragment, list[str | Ref]]) -> None:
    assert case[0].render(str) == case[0].text


@pytest.mark.parametrize("name", [lambda ref: "", lambda ref: "x" * 99], ids=["shorter", "longer"])
def test_names_of_another_length(name: Callable[[Ref], str]) -> None:
    text = "SELECT * FROM departures, lake.departures -- departures"
    found = Fragment(text, (Mention(TABLE, 26, 41), Mention(TOPIC, 14, 24)))
    assert found.render(name) == f"SELECT * FROM {name(TOPIC)}, {name(TABLE)} -- departures"


def test_only_check_makes_a_proof() -> None:
    with pytest.raises(TypeError, match=r"only rosace\.check"):
        Checked(Platform(platform="p"), ..., {}, {}, {}, {}, {}, (), {}, Graph.of((), ()), Placement(), token=object())  # pyright: ignore[reportArgumentType]
