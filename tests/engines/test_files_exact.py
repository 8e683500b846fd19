"""Every value of a file comes out exactly as it was written, or is refused with file, row and column."""

from __future__ import annotations

import csv
import json
import random
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.kit.files import SourceFileError, header, open_source, said


def description(path: Path, columns: dict[str, str], format: str, nulls: str = "") -> dict[str, Any]:
    return {"name": "mine", "path": str(path), "format": format, "nulls": nulls, "order": [], "columns": columns}


def read(source: dict[str, Any]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        open_source(connection, source, "mine", row_column="row")
        return connection.execute("SELECT * EXCLUDE (row) FROM mine ORDER BY row").fetchall()


def refusal(source: dict[str, Any]) -> str:
    with pytest.raises((duckdb.Error, SourceFileError)) as caught:
        read(source)
    return said(caught.value)


def one(path: Path, kind: str, text: str) -> dict[str, Any]:
    """A JSON lines file of one line, whose only value is written `text`."""
    path.write_text(f'{{"a": {text}}}\n', encoding="utf-8")
    return description(path, {"a": kind}, "jsonl")


def numbers(digits: int, count: int) -> list[str]:
    """Numbers with so many digits, with the point anywhere, some negative, some with an exponent."""
    dice = random.Random(digits)
    found: list[str] = []
    for _ in range(count):
        text = "".join(dice.choices("0123456789", k=digits)).lstrip("0") or "0"
        at = dice.randrange(1, len(text) + 1)
        text = text if at == len(text) else f"{text[:at]}.{text[at:]}"
        text = dice.choice(["", "", "-"]) + text
        found.append(dice.choice([text, text, text, f"{text}e-3", f"{text}E+2"]))
    return found


@pytest.mark.parametrize("digits", [3, 15, 16, 17, 18, 25, 38])
@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_decimals_come_out_as_they_were_written(tmp_path: Path, format: str, digits: int) -> None:
    scale = 19
    texts = numbers(digits, 1000)
    with localcontext() as context:
        context.prec = 100
        wanted = [Decimal(text) for text in texts]
        fits = [
            value == value.quantize(Decimal(1).scaleb(-scale)) and abs(value) < 10 ** (38 - scale) for value in wanted
        ]
    good = [(text, value) for text, value, fit in zip(texts, wanted, fits, strict=True) if fit]
    path = tmp_path / f"numbers.{format}"
    lines = [f'{{"a": {text}, "note": "{text} \\" {text}"}}' if format == "jsonl" else text for text, _ in good]
    path.write_text("\n".join([*([] if format == "jsonl" else ["a"]), *lines, ""]), encoding="utf-8")
    rows = read(description(path, {"a": f"decimal(38,{scale})"}, format))
    assert [row[0] for row in rows] == [value for _, value in good]
    assert len(good) > 20
    for text in [text for text, fit in zip(texts, fits, strict=True) if not fit][:5]:
        path.write_text(f'{{"a": {text}}}\n' if format == "jsonl" else f"a\n{text}\n", encoding="utf-8")
        assert "row 1, column `a`" in refusal(description(path, {"a": f"decimal(38,{scale})"}, format))


def test_a_file_of_every_type_at_its_ends_is_exact(tmp_path: Path) -> None:
    columns = {
        "d": "decimal(38,10)", "w": "decimal(38,0)", "n": "bigint", "i": "int", "f": "double", "s": "string",
        "b": "boolean", "t": "timestamp(6)", "y": "date",
    }  # fmt: skip
    lines = [
        '{"d": 9999999999999999999999999999.9999999999, "w": -99999999999999999999999999999999999999,'
        ' "n": 9223372036854775807, "i": -2147483648, "f": 4.9e-324, "s": "a\\u0000b", "b": true,'
        ' "t": "9999-12-31T23:59:59.999999Z", "y": "0001-01-01"}',
        '{"d": null, "w": 1e37, "n": -9223372036854775808, "i": "7", "f": 1.7976931348623157e308, "s": 1.10,'
        ' "b": "false", "t": "2024-01-01T00:00:00.000001+02:00", "y": "9999-12-31"}',
        '{"n": 9007199254740993.0, "f": -0.0, "s": "1 \\\\", "i": 1e2}',
    ]
    path = tmp_path / "ends.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = [tuple(map(str, row)) for row in read(description(path, columns, "jsonl"))]
    assert rows == [
        ("9999999999999999999999999999.9999999999", "-99999999999999999999999999999999999999", "9223372036854775807",
         "-2147483648", "5e-324", "a\0b", "True", "9999-12-31 23:59:59.999999", "0001-01-01"),
        ("None", "10000000000000000000000000000000000000", "-9223372036854775808", "7", "1.7976931348623157e+308",
         "1.10", "False", "2023-12-31 22:00:00.000001", "9999-12-31"),
        ("None", "None", "9007199254740993", "100", "-0.0", "1 \\", "None", "None", "None"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("bigint", "9223372036854775808"),
        ("bigint", "9223372036854775806.9999999999"),
        ("bigint", "1e-10"),
        ("int", "1.00000000000000000001"),
        ("int", "true"),
        ("decimal(10,2)", "12345e-3"),
        ("decimal(10,2)", "1e-400"),
        ("decimal(10,2)", "NaN"),
        ("double", "1e400"),
        ("double", "-1e400"),
        ("double", "1e-400"),
        ("boolean", "2"),
        ("string", "[1, 2]"),
        ("string", '{"x": 1.10}'),
        ("date", '"2024-01-01T12:00:00"'),
        ("date", '"epoch"'),
        ("timestamp(3)", '"2024-01-01T00:00:00+25:00"'),
        ("timestamp(3)", '"2016-12-31T23:59:60Z"'),
        ("timestamp(3)", "1704067200"),
    ],
)
def test_what_would_be_altered_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    told = refusal(one(tmp_path / "one.jsonl", kind, text))
    assert told.startswith("one.jsonl, row 1, column `a`: ")


@pytest.mark.parametrize(("kind", "text"), [("int", "1_000"), ("decimal(10,2)", "1_0.5"), ("double", "1_0.5")])
def test_numbers_of_other_grammars_are_refused(tmp_path: Path, kind: str, text: str) -> None:
    assert "row 1, column `a`" in refusal(one(tmp_path / "one.jsonl", kind, f'"{text}"'))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "row 2: the key `a` is there twice"),
        ('[{"a": 1}]', "row 2: a list, where one JSON object is expected"),
        ("1", "row 2: not a JSON object"),
        ('{"a": 01}', "row 2: not JSON"),
        ('{"a": 1', "row 2: not JSON"),
        ('{"a": "\\ud83d"}', "row 2: not JSON"),
        ('{"a": -Infinity}', "Malformed JSON"),
    ],
)
def test_a_line_that_is_no_object_is_refused_with_its_row(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(f'{{"a": 1}}\n\n{line}\n{{"a": 4}}\n', encoding="utf-8")
    assert reason in refusal(description(path, {"a": "string"}, "jsonl"))


def test_numbers_within_texts_stay_texts(tmp_path: Path) -> None:
    odd = ["1234567890123456789.5", '"1e5"', "\\", '\\"1e5', "-", "a-1e9,", '{"x": 1e99}', "é 1e5", ":-0}", "12e3\\"]
    lines = [json.dumps({text: text, "n": 12345678901234567, "s": text}) for text in odd]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read(description(path, {"s": "string", "n": "bigint"}, "jsonl")) == [
        (text, 12345678901234567) for text in odd
    ]


@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r\n", "\n"), ("\n", "\r"), ("\r\n", "\r\n"), ("\r", "\r")])
def test_a_csv_file_may_end_its_lines_as_it_likes(tmp_path: Path, ends: tuple[str, str]) -> None:
    path = tmp_path / "ends.csv"
    text = "".join(f'{n},"x\r\n""{n}"{ends[n % 2]}' for n in range(200))
    path.write_bytes(f"n,s{ends[0]}{text}".encode())
    assert read(description(path, {"n": "int!", "s": "string!"}, "csv")) == [(n, f'x\r\n"{n}') for n in range(200)]


def test_mixed_line_ends_hide_no_ragged_row(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_bytes(b"n,s\n1,a\r\n2\n3,c\n")
    assert "row 2: 1 fields, but 2 names" in refusal(description(path, {"n": "int"}, "csv"))


def test_a_name_with_an_open_quote_is_told(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text('"a\nb",c\n1,2\n', encoding="utf-8")
    with pytest.raises(SourceFileError, match="has no end in that line"):
        header(path, "csv")


def test_one_json_array_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text('[\n{"a": 1}\n]\n', encoding="utf-8")
    with pytest.raises(SourceFileError, match=r"one JSON array.*`jq -c"):
        header(path, "jsonl")


@pytest.mark.parametrize(
    ("held", "kind", "expected"),
    [
        ("0.1::DOUBLE", "decimal(38,20)", "0.10000000000000000000"),
        ("1234567.891::DOUBLE", "decimal(20,3)", "1234567.891"),
        ("0.1::FLOAT", "decimal(10,1)", "0.1"),
        ("1.230000::DECIMAL(20,6)", "decimal(10,2)", "1.23"),
        ("12345678901234567890123456789012345678::DECIMAL(38,0)", "string", "12345678901234567890123456789012345678"),
        ("9007199254740992::DOUBLE", "bigint", "9007199254740992"),
    ],
)
def test_parquet_values_are_taken_where_nothing_is_lost(tmp_path: Path, held: str, kind: str, expected: str) -> None:
    assert str(read(parquet(tmp_path, held, kind))[0][0]) == expected


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ("1.234567::DECIMAL(20,6)", "decimal(10,2)"),
        ("1.005::DOUBLE", "decimal(10,2)"),
        ("9007199254740993::BIGINT", "double"),
        ("9223372036854775808::UBIGINT", "bigint"),
        ("TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "timestamp(6)"),
        ("TIMESTAMP '2024-01-01 00:00:00.123456'", "timestamp(3)"),
        ("TIMESTAMP '2024-01-01 01:00:00'", "date"),
        ("DATE '10000-01-01'", "date"),
        ("[1, 2]", "string"),
        ("'x'::BLOB", "string"),
        ("0.1::DOUBLE", "string"),
        ("true", "int"),
        ("1", "boolean"),
        ("TIME '01:02:03'", "timestamp(3)"),
    ],
)
def test_parquet_values_that_would_lose_are_refused(tmp_path: Path, held: str, kind: str) -> None:
    assert "column `a`" in refusal(parquet(tmp_path, held, kind))


def parquet(folder: Path, held: str, kind: str) -> dict[str, Any]:
    path = folder / "held.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {held} AS a) TO '{path}' (FORMAT parquet)")
    return description(path, {"a": kind}, "parquet")


def test_advice_that_nobody_can_follow_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["a", "b"], [1, 2], [1, 2, 3]])
    told = refusal(description(path, {"a": "int"}, "csv"))
    assert "Line: 3" in told
    assert "strict_mode" not in told
