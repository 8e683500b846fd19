"""Names that every system can carry."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rosace.model.names import COLUMN_PATTERN, NAME_PATTERN, ColumnName, Name, NotAName, _label

NAMES, COLUMNS = TypeAdapter(Name), TypeAdapter(ColumnName)


@pytest.mark.parametrize("name", ["a", "flights", "daily-report", "a1", "x" * 48])
def test_names(name: str) -> None:
    assert NAMES.validate_python(name) == name


@pytest.mark.parametrize("name", ["", "A", "1a", "-a", "a-", "a_b", "a.b", "é", "a b", "x" * 49, "a\n"])
def test_what_is_no_name_is_told_what_one_is(name: str) -> None:
    with pytest.raises(ValidationError, match="is not a name: use 1 to 48 lower-case letters"):
        NAMES.validate_python(name)


@pytest.mark.parametrize(("wrong", "near"), [("relevés", "releves"), ("Été 2024", "ete-2024"), ("a_b", "a-b")])
def test_the_nearest_name_keeps_its_letters(wrong: str, near: str) -> None:
    with pytest.raises(NotAName) as told:
        _label(wrong)
    assert told.value.hints == (f"`{near}` is one",)


@pytest.mark.parametrize("name", ["a", "dep_delay", "_x", "A9", "x" * 63])
def test_columns(name: str) -> None:
    assert COLUMNS.validate_python(name) == name


@pytest.mark.parametrize("name", ["", "9a", "a-b", "a b", "é", "x" * 64, "a\n"])
def test_what_is_no_column_is_told_what_one_is(name: str) -> None:
    with pytest.raises(ValidationError, match="is not a column name: use letters A to Z, digits and underscores"):
        COLUMNS.validate_python(name)


@given(st.text("aZ0-_é\n ", max_size=6))
def test_editors_and_rosace_agree(text: str) -> None:
    """The pattern in the JSON Schema (ECMA: `$` is the very end) and the validator take the same names."""
    for adapter, pattern in ((NAMES, NAME_PATTERN), (COLUMNS, COLUMN_PATTERN)):
        try:
            adapter.validate_python(text)
            taken = True
        except ValidationError:
            taken = False
        assert taken == bool(re.fullmatch(pattern, text))
