"""Values of records that fit columns of every type, and values that do not, made from a seed."""

from __future__ import annotations

import json
import random

COLUMNS = {
    "id": "bigint!", "s": "string", "sm": "smallint", "i": "int", "f": "float", "d": "double", "e": "decimal(10,2)",
    "w": "decimal(38,38)", "b": "boolean", "bin": "binary", "y": "date", "ti": "time(3)", "t3": "timestamp(3)",
    "t6": "timestamp(6)!", "z": "timestamptz(3)", "u": "uuid", "a": "array<int>", "m": "map<string, date>",
    "r": "row<x smallint!, y array<row<t timestamp(6)>>>",
}  # fmt: skip

T6 = '"2024-02-29T23:59:59.999999"'
GOOD: dict[str, list[str]] = {
    "id": ["1", "-9223372036854775808", "9223372036854775807", "-0"],
    "s": ['""', '"é漢\U0001f600"', '"\\ud83d\\ude00 \\u0000 \\/ \\b\\f\\n\\r\\t"', "null", '"{"'],
    "sm": ["32767", "-32768", "null"],
    "i": ["2147483647", "-2147483648"],
    "f": ["1.5", "1e3", "-0.0", "3.4028234663852886e38", "1.1754943508222875e-38", '"NaN"', '"-Infinity"'],
    "d": ["0.1", "1.7976931348623157e308", "5e-324", "0e0", "-0", '"Infinity"'],
    "e": ["12345678.90", "1.20000", "1e7", "-0.01", "0", "12E-2"],
    "w": ["0.1", "-0." + "9" * 38, "1e-38", "0e-99"],
    "b": ["true", "false", "null"],
    "bin": ['""', '"AA=="', '"/+8="'],
    "y": ['"2024-02-29"', '"0001-01-01"', '"9999-12-31"'],
    "ti": ['"08:30"', '"23:59:59"', '"00:00:00.123"', '"00:00:00.1230"'],
    "t3": ['"2024-01-01T00:00:00"', '"2024-01-01T00:00:00.123"', '"2024-01-01T00:00:00.120000"'],
    "t6": [T6, '"1970-01-01T00:00:00.000001"'],
    "z": ['"2024-01-01T00:00:00Z"', '"2024-01-01T00:00:00.123Z"'],
    "u": ['"123e4567-e89b-12d3-a456-426614174000"', '"123E4567-E89B-12D3-A456-426614174000"'],
    "a": ["[]", "[1, null, -2147483648]", "null"],
    "m": ["{}", '{"a": "2024-01-01", "": null}'],
    "r": ['{"x": 1}', '{"x": 1, "y": [null, {"t": null}, {"t": "2024-01-01T00:00:00.5", "more": [{}]}]}'],
}
BAD: dict[str, list[str]] = {
    "id": ["null", "1.0", "1e3", '"1"', "9223372036854775808", "true", "[1]", "{}", "-9223372036854775809"],
    "s": ["1", "true", "{}", "[]", '"\\ud800"', '"\\udc00\\ud800"'],
    "sm": ["32768", "-32769", "1.5", '"x"'],
    "i": ["2147483648", "1E0", '""', '" 1"'],
    "f": ["1e39", "1e-60", '"1.5"', '"nan"', "true"],
    "d": ["1e309", "1e-400", "1e9999", '"0.1"', '"+Infinity"', '"-NaN"'],
    "e": ["123456789", "0.001", "1e8", '"1.5"', "1e-3"],
    "w": ["1", "1e-39", "-1.0"],
    "b": ["0", '"true"', '"yes"', "[]"],
    "bin": ['"A"', '"AA"', '"AB=="', '" AA=="', '"_-8="', "1", '"AA==\\n"'],
    "y": ['"2023-02-29"', '"2024-1-1"', '"0000-01-01"', '"2024-01-01T00:00:00"', "20240101", '"٢٠٢٤-01-01"'],
    "ti": ['"24:00"', '"8:30"', '"00:00:60"', '"00:00:00.1234"', '"00:00:00."', "830"],
    "t3": ['"2024-13-01T00:00:00"', '"2024-01-01 00:00:00"', '"2024-01-01T00:00:00.1234"', '"2024-01-01T00:00:00Z"',
           '"2024-01-01T00:00"', '"2024-01-01"', "1704067200000", '"2024-01-01T24:00:00"', '"2024-02-30T00:00:00"'],
    "t6": ["null", '"2024-01-01T00:00:00.1234567"', '"2024-01-01t00:00:00"', '"+2024-01-01T00:00:00"'],
    "z": ['"2024-01-01T00:00:00"', '"2024-01-01T00:00:00+00:00"', '"2024-01-01T00:00:00z"'],
    "u": ['"123e4567e89b12d3a456426614174000"', '"{123e4567-e89b-12d3-a456-426614174000}"', '"x"'],
    "a": ['["1"]', "[1.5]", "{}", '"[]"', "1", "[[1]]"],
    "m": ['{"a": 1}', "[]", '{"a": "2024-01-01", "a": null}', '"{}"'],
    "r": ["{}", '{"x": null}', '{"x": 40000}', '{"x": 1, "y": {}}', '{"x": 1, "y": [{"t": 1}]}', "[]"],
}  # fmt: skip
WHOLE: list[bytes] = [
    b"", b" ", b"null", b"[]", b"1", b'"x"', b"{", b'{"id"', b'{"id": x', b"\xff", b'{"id": 1} {}', b"{'id': 1}",
    b'{"id": 1, }', b'{"id": 01}', b'{"id": NaN}', b'{"id": .5}', b'{"id": 1.}', b'{"id": +1}', b"\xef\xbb\xbf{}",
    b'{"id": 1 // one\n}', b'{"id": 1, "id": 1}', b"\x00", b'{"id": tru}', b'{"s": "\t"}', b'{"s": "\\x"}',
    b'{"s": "\\u12"}', b'{"s": "\\u00g0"}', b'{"s": "\xed\xa0\x80"}', b'{"s": "\xc0\x80"}', b'{"more": Infinity}',
    b'{"more": ' + b"[" * 200 + b"]" * 200 + b"}", b'{"more": ' + b"1" * 600 + b"}", b'{"' + b"n" * 1200 + b'": 1}',
    b'{"more": {"a": 1, "a": 2}}', b'{"more": "\\ud800"}', b"{} \x0b", b'{"id":1\xc2\xa0}',
]  # fmt: skip
"""Values that are no object of any columns, whatever these are."""


def _object(members: dict[str, str]) -> bytes:
    return ("{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in members.items()) + "}").encode()


def values(seed: str, count: int) -> list[tuple[bytes, bool]]:
    """Values with whether they fit: each of the lists once, then `count` mixed ones."""
    plain = {"id": "7", "t6": T6}
    found = [(_object({**plain, name: text}), True) for name, texts in GOOD.items() for text in texts]
    found += [(_object({**plain, name: text}), False) for name, texts in BAD.items() for text in texts]
    found += [(value, False) for value in WHOLE]
    dice = random.Random(seed)
    for _ in range(count):
        members = {name: dice.choice(texts) for name, texts in GOOD.items() if name in plain or dice.random() < 0.6}
        wrong = dice.sample(list(BAD), dice.choice((0, 0, 1, 2)))
        members |= {name: dice.choice(BAD[name]) for name in wrong}
        shuffled = list(members.items())
        dice.shuffle(shuffled)
        if dice.random() < 0.3:
            shuffled.insert(0, ("more", dice.choice(('"x"', "[1, {}]", "null", "1e5"))))
        found.append((_object(dict(shuffled)), not wrong))
    return found


def broken(seed: str, count: int) -> list[bytes]:
    """Values of which a byte was changed, taken out or put in: nobody knows beforehand whether they still fit."""
    dice = random.Random(seed)
    made = [value for value, fits in values(seed, 50) if fits]
    out: list[bytes] = []
    for _ in range(count):
        value = bytearray(dice.choice(made))
        at = dice.randrange(len(value))
        value[at : at + dice.choice((0, 1, 1))] = dice.choice((b"", b'"', b"}", b",", b"0", b"e", b"\\", b"\xc3", b" "))
        out.append(bytes(value))
    return out
