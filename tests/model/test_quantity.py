"""Sizes, durations and rates: what is written is what is meant, and what is printed can be written again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rosace.model.quantity import Duration, Rate, Size

BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


@given(st.integers(1, 2**20), st.sampled_from(list(BINARY)))
def test_a_size_is_its_number_times_its_unit(amount: int, unit: str) -> None:
    assert Size.parse(f"{amount}{unit}") == amount * BINARY[unit]
    assert Size.parse(f" {amount} {unit} ") == amount * BINARY[unit]


@given(st.integers(1, 2**20), st.sampled_from("KMGT"))
def test_a_decimal_suffix_is_decimal(amount: int, unit: str) -> None:
    assert Size.parse(f"{amount}{unit}") == amount * 1000 ** ("KMGT".index(unit) + 1)


@given(st.integers(1, 2**50))
def test_a_printed_size_is_near_and_small_ones_are_exact(amount: int) -> None:
    """One digit after the point is for people; what is a whole number of a unit loses nothing."""
    back = Size.parse(str(Size(amount)))
    assert abs(back - amount) <= 0.05 * amount
    assert amount >= 1024 or back == amount


@given(st.integers(1, 1023), st.sampled_from(list(BINARY)))
def test_a_whole_size_prints_as_it_was_written(amount: int, unit: str) -> None:
    assert str(Size.parse(f"{amount}{unit}")) == f"{amount}{unit}"


@given(st.integers(0, 2**50))
def test_mebibytes_round_down(amount: int) -> None:
    assert Size(amount).mib * 2**20 <= amount < (Size(amount).mib + 1) * 2**20
    assert Size.mebibytes(amount % 10_000).mib == amount % 10_000


@given(st.lists(st.tuples(st.integers(0, 250), st.sampled_from(list(SECONDS))), min_size=1, max_size=4))
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{amount}{unit}" for amount, unit in parts)
    assert Duration.parse(text) == pytest.approx(sum(amount * SECONDS[unit] for amount, unit in parts))


@given(st.integers(0, 999_999))
def test_a_printed_duration_of_whole_seconds_is_exact(seconds: int) -> None:
    assert Duration.parse(str(Duration(seconds))) == seconds


@given(st.integers(0, 999))
def test_a_printed_duration_of_milliseconds_is_exact(milliseconds: int) -> None:
    printed = str(Duration(milliseconds / 1000))
    assert printed == f"{milliseconds}ms"
    assert Duration.parse(printed).ms == milliseconds


@pytest.mark.parametrize(
    ("text", "printed"),
    [("60s", "1m"), ("90s", "90s"), ("3600s", "1h"), ("1h30m", "90m"), ("24h", "1d"), ("7d", "1w"), ("1.5s", "1.5s")],
)
def test_a_duration_prints_in_its_largest_whole_unit(text: str, printed: str) -> None:
    assert str(Duration.parse(text)) == printed


@given(st.integers(1, 999_999), st.sampled_from("smh"))
def test_a_rate_is_per_second(amount: int, unit: str) -> None:
    assert Rate.parse(f"{amount}/{unit}") == pytest.approx(amount / SECONDS[unit])


@given(st.integers(1, 999_999))
def test_a_printed_rate_can_be_written_again(amount: int) -> None:
    assert Rate.parse(str(Rate(amount))) == amount


@pytest.mark.parametrize("kind", [Size, Duration, Rate])
@given(text=st.text(max_size=12))
def test_any_text_is_a_value_or_a_refusal_in_words(kind: Any, text: str) -> None:
    try:
        assert kind.parse(text) >= 0
    except ValueError as error:
        assert str(error).startswith(f"`{text}` is not a")
        assert kind.example in str(error)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Size, "4GB"), (Size, "-1Mi"), (Size, "1,5Gi"), (Size, ""), (Size, "Gi"), (Size, "1 2Mi"),
        (Duration, "5"), (Duration, "5 minutes"), (Duration, "-3s"), (Duration, "5m3"), (Duration, ""),
        (Rate, "5"), (Rate, "0/s"), (Rate, "5/d"), (Rate, "-5/s"), (Rate, "many/s"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(kind: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (size|duration|rate): write"):
        kind.parse(text)


@pytest.mark.parametrize(("kind", "value"), [(Size, "512Mi"), (Duration, "15s"), (Rate, "2000/s"), (Size, 1024)])
def test_in_and_out_of_a_file(kind: Any, value: object) -> None:
    adapter = TypeAdapter(kind)
    read = adapter.validate_python(value)
    assert isinstance(read, kind)
    assert adapter.validate_python(adapter.dump_python(read, mode="json")) == read
    assert adapter.validate_python(read) is read


@pytest.mark.parametrize("value", [True, None, 1.5, ["1Mi"], {"a": 1}])
def test_what_is_no_text_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValidationError, match="expected text such as `512Mi`"):
        TypeAdapter(Size).validate_python(value)


@given(st.integers(0, 10**6), st.sampled_from(["", *BINARY, "K", "M", "G", "T"]))
def test_the_editors_pattern_takes_what_is_taken(amount: int, unit: str) -> None:
    assert re.match(Size.pattern, f"{amount}{unit}")
    assert re.match(Duration.pattern, f"{amount}h{amount}m")
    assert re.match(Rate.pattern, f"{amount + 1}/m")


@pytest.mark.parametrize("text", ["0", "0Gi", "0.1", "１Gi"])
def test_what_no_machine_counts_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        Size.parse(text)


@pytest.mark.parametrize(("kind", "text"), [(Duration, "9" * 300 + "y"), (Duration, "１s"), (Rate, "9" * 300 + "/s")])
def test_what_nobody_lives_to_see(kind: type[Duration] | type[Rate], text: str) -> None:
    with pytest.raises(ValueError):
        kind.parse(text)
