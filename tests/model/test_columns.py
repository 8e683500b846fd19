"""Column types: a closed vocabulary, printed as it is written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rosace.model.columns import ColumnType, Field, Kind
from rosace.model.kinds import facts
from rosace.source.quoted import quoted

NAMES = ("a", "skuName", "_x1", "timestamp", "row")


@st.composite
def types(draw: st.DrawFn, depth: int = 3) -> ColumnType:
    """Every type there is, nested ones too."""
    required = draw(st.booleans())
    kinds = [kind for kind in Kind if depth or facts(kind).family != "nested"]
    kind = draw(st.sampled_from(kinds))
    match facts(kind).arguments:
        case "none":
            return ColumnType(kind, required)
        case "digits":
            precision = draw(st.integers(1, 38))
            return ColumnType(kind, required, precision, draw(st.integers(0, precision)))
        case "fraction":
            return ColumnType(kind, required, draw(st.sampled_from((3, 6))))
        case "element":
            return ColumnType(kind, required, fields=(Field("element", draw(types(depth - 1))),))
        case "entry":
            key = Field("key", ColumnType(Kind.STRING, required=True))
            return ColumnType(kind, required, fields=(key, Field("value", draw(types(depth - 1)))))
        case "fields":
            names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
            return ColumnType(kind, required, fields=tuple(Field(name, draw(types(depth - 1))) for name in names))


@given(types())
def test_printed_and_read_again_is_the_same(kind: ColumnType) -> None:
    assert ColumnType.parse(str(kind)) == kind
    adapter = TypeAdapter(ColumnType)
    assert adapter.validate_python(str(kind)) == kind
    assert adapter.dump_python(kind, mode="json") == str(kind)
    schema = adapter.json_schema()
    assert re.match(schema["pattern"], str(kind))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("string!", ColumnType(Kind.STRING, required=True)),
        ("decimal", ColumnType(Kind.DECIMAL, precision=38)),
        ("decimal(10)", ColumnType(Kind.DECIMAL, precision=10)),
        ("decimal(10, 2)!", ColumnType(Kind.DECIMAL, True, 10, 2)),
        ("timestamp", ColumnType(Kind.TIMESTAMP, precision=3)),
        ("timestamp(6)", ColumnType(Kind.TIMESTAMP, precision=6)),
        (" bigint ", ColumnType(Kind.BIGINT)),
        ("timestamp with time zone!", ColumnType(Kind.TIMESTAMPTZ, True, 3)),
        ("timestamp(6)  with time zone", ColumnType(Kind.TIMESTAMPTZ, precision=6)),
        ("array< int! >", ColumnType(Kind.ARRAY, fields=(Field("element", ColumnType(Kind.INT, True)),))),
    ],
)
def test_what_is_meant(text: str, meant: ColumnType) -> None:
    assert ColumnType.parse(text) == meant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("varchar", "is not a column type: use one of string, smallint, int, bigint"),
        ("", "is not a column type"),
        ("String", "is not a column type"),
        ("int !", "is not a column type"),
        ("string!!", "is not a column type"),
        ("decimal(39,2)", "1 to 38 digits"),
        ("decimal(0)", "1 to 38 digits"),
        ("decimal(2,3)", "no more decimals than digits"),
        ("timestamp(9)", "3 (milliseconds) or 6 (microseconds)"),
        ("timestamp(3,1)", "3 (milliseconds) or 6 (microseconds)"),
        ("string(10)", "string takes no argument"),
        ("int(4)!", "int takes no argument"),
        ("array", "lacks a `<`: write `array<string>`"),
        ("array<int", "lacks a `>`"),
        ("array<int>>", "is not a column type"),
        ("array<int, int>", "lacks a `>`"),
        ("map<int, int>", "the keys of a map are strings"),
        ("row<>", "a row has fields with a name and a type"),
        ("row<a int, A int>", "two fields are called `A`"),
        ("row<länge int>", "`länge` is no name of a field: letters A to Z, digits and `_`, as the file has it"),
        ("row<a int, b-c int>", "`b-c` is no name of a field"),
        ("row<sku: string!>", "stand without a colon: `sku string`"),
        ("row<`a` int>", "names of fields stand without quotes: `a`"),
        ("row<a>", "lacks a type before `>`"),
        ("array<>", "lacks a type before `>`"),
        ("map<string, >", "lacks a type before `>`"),
        ("array<", "lacks a type at its end"),
        ("time(9)", "3 (milliseconds) or 6 (microseconds)"),
        ("array<" * 40 + "int" + ">" * 40, "more than 16 types within each other"),
    ],
)
def test_what_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        ColumnType.parse(text)
    assert str(refused.value).startswith(f"`{text}`")


def test_of_a_wrong_type_within_another_only_that_is_told() -> None:
    with pytest.raises(ValueError, match="`struct` is not a column type") as refused:
        ColumnType.parse("array<row<a int, b struct, c int>>!")
    assert getattr(refused.value, "hints", ()) == ("write `row<name string, age int>`, with the type of each field",)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("int[]", "write `array<int>`"),
        ("decimal(10,2)[]!", "write `array<decimal(10,2)>!`"),
        ("text[]", "write `array<string>`, with the type of its elements"),
        ("int[][]", "write `array<string>`, with the type of its elements"),
    ],
)
def test_brackets_behind_a_type_are_an_array_and_not_one_element(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is not a column type") as refused:
        ColumnType.parse(text)
    assert getattr(refused.value, "hints", ()) == (hint,)


@given(st.text(max_size=16))
def test_any_text_is_a_type_or_a_refusal(text: str) -> None:
    try:
        kind = ColumnType.parse(text)
    except ValueError as error:
        assert quoted(text) in str(error)
    else:
        assert ColumnType.parse(str(kind)) == kind


@pytest.mark.parametrize("value", [1, None, True, ["string"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="expected a column type such as `string!`"):
        TypeAdapter(ColumnType).validate_python(value)
