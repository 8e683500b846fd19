"""A place in an engine's text leads back to the user's: exactly where characters stayed, to the beginning elsewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rosace.model.rendered import render

PIECES = st.lists(st.tuples(st.text("ab\n😀", max_size=5), st.none() | st.text("XY\n", max_size=4)), max_size=6)


@given(PIECES, st.text("head\n", max_size=4))
def test_each_character_that_stayed_knows_its_place(pieces: list[tuple[str, str | None]], head: str) -> None:
    written, changes = "", []
    for text, new in pieces:
        if new is not None and text:
            changes.append((len(written), len(written) + len(text), new))
        written += text
    made = render(written, changes).behind(head)
    replaced = {at for start, end, _ in changes for at in range(start, end)}
    back = {made.origin(at): at for at in range(len(made.text))}
    for at in range(len(written)):
        if at not in replaced:
            assert made.text[back[at]] == written[at]
    assert all(origin is None for origin in map(made.origin, range(len(head))))


@given(st.text("ab\n😀", max_size=20))
def test_lines_and_columns_are_counted_as_engines_count_them(text: str) -> None:
    made = render(text, ())
    for offset in range(len(text)):
        before = text[:offset]
        line, last = before.count("\n") + 1, before.rpartition("\n")[2]
        assert made.offset(line, len(last) + 1) == offset
        assert made.offset(line, len(last.encode("utf-16-le")) // 2 + 1, units=True) == offset


def test_a_place_that_is_not_there_leads_nowhere() -> None:
    made = render("SELECT a FROM t", [(14, 15, "`longer`")])
    assert made.text[made.text.index("`") :] == "`longer`"
    assert made.offset(1, 17) == made.offset(1, 15) == 14
    assert made.offset(2, 1) is made.offset(0, 1) is made.offset(1, 99) is None
    assert made.behind("INSERT INTO x ").offset(1, 3) is None
