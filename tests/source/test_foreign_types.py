"""Types of other systems lead to ours."""

from __future__ import annotations

import pytest

from rosace.model.columns import ColumnType


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("bool", "write `boolean`"), ("integer!", "write `int!`"), ("long", "write `bigint`"), ("INT", "write `int`"),
        ("text!", "write `string!`"), ("varchar(20)", "write `string`"), ("varchar(20)!", "write `string!`"),
        ("Float", "write `float`"), ("numeric(10, 2)!", "write `decimal(10,2)!`"), ("UUID", "write `uuid`"),
        ("struct<a int>", "write `row<name string, age int>`"), ("list", "write `array<string>`"),
        ("timestamp_ltz", "`timestamptz(3)` for milliseconds"), ("datetime", "`timestamp(3)` for milliseconds"),
        ("datetime(6)", "write `timestamp(6)`"), ("datetime(7)", "`timestamp(6)` for microseconds"),
        ("numeric", "write `decimal(18,2)`, with"), ("numeric(99,2)", "write `decimal(18,2)`, with"),
        ("number", "or `decimal(10,2)`"), ("json", "keep its text in a `string`"),
        ("bytes", "write `binary`"), ("smallserial", None), ("int2", "write `smallint`"),
        ("strng", "did you mean `string`?"),
        ("double precision", "write `double`"), ("timestamp_tz(6)", "write `timestamptz(6)`"), ("bigint(20)", None),
        ("decimal(10", "write `decimal(18,2)`"), ("xyzzy", None), ("!", None), ("", None), ("(" * 100_000, None),
        ("ſtring", None), ("decimal(1٠,2)", "write `decimal(18,2)`, with"), ("'; DROP", None),
    ],
)  # fmt: skip
def test_another_systems_type_leads_to_ours(written: str, hint: str | None) -> None:
    with pytest.raises(ValueError) as told:
        ColumnType.parse(written)
    hints = getattr(told.value, "hints", ())
    assert len(str(told.value)) < 300
    if hint is None:
        assert hints == ()
    else:
        (said,) = hints
        assert hint in said
        for ours in (part for part in said.split("`")[1::2] if "such" not in said):
            ColumnType.parse(ours)
