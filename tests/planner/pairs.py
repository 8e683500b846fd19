"""Small queries over the corpora's platform by system: each sign between each two kinds of values, each type in a CAST,
each frame of a window. Most are broken; by whom they are refused is not known here.
"""

from __future__ import annotations

from itertools import product

from planner.corpus import Case

SIGNS = ("+", "-", "*", "/", "%")
_COLUMNS = {
    "text": "page",
    "int": "n",
    "bigint": "id",
    "double": "score",
    "decimal": "amount",
    "truth": "bot",
    "date": '"day"',
    "time": '"at"',
    "days": "INTERVAL '1' DAY",
    "months": "INTERVAL '1' MONTH",
}
_WRITTEN = {
    "'1'": "'1'",
    "2": "2",
    "2.5": "2.5",
    "TRUE": "TRUE",
    "a date": "DATE '2024-05-01'",
    "a timestamp": "TIMESTAMP '2024-05-01 00:00:00'",
    "hours": "INTERVAL '2' HOUR",
    "years": "INTERVAL '3' YEAR",
    "a sum": "(n + 1)",
    "a length": "ABS(n)",
    "a cast": "CAST(page AS INT)",
    "a count": "(SELECT COUNT(*) FROM clicks)",
    "a truth": "(n > 1)",
}
_BOUNDS = ("UNBOUNDED PRECEDING", "2 PRECEDING", "CURRENT ROW", "0 FOLLOWING", "1 FOLLOWING", "UNBOUNDED FOLLOWING")
_TYPES = """
INT INTEGER INT2 INT4 INT8 INT64 UINT8 HUGEINT BIGINT BIGINTT LONG SMALLINT SHORT TINYINT BYTE FLOAT FLOAT4 FLOAT8 REAL
DOUBLE NUMBER NUMERIC DECIMAL DEC MONEY BOOL BOOLEAN BIT CHAR CHARACTER NCHAR NVARCHAR VARCHAR VARCHAR2 TEXT STRING CLOB
BLOB BINARY VARBINARY BYTES BYTEA DATE DATETIME TIME TIMESTAMP TIMESTAMPTZ TIMESTAMP_NTZ TIMESTAMP_LTZ JSON JSONB XML
UUID VARIANT OBJECT INET IPADDRESS HYPERLOGLOG P4HYPERLOGLOG TDIGEST SETDIGEST VOID COLOR JSONPATH JSON2016 CODEPOINTS
JONIREGEXP DECFLOAT SUPER
"""
_LONGER = """
DOUBLE PRECISION;CHARACTER VARYING(3);VARCHAR(3);CHAR(3);CHARACTER(3);BINARY(3);BINARY VARYING(3)
TIMESTAMP WITH TIME ZONE;TIMESTAMP WITHOUT TIME ZONE;TIMESTAMP WITH LOCAL TIME ZONE;INTERVAL DAY TO SECOND
INTERVAL YEAR TO MONTH;INTERVAL DAY;ARRAY(BIGINT);ARRAY<BIGINT>;ARRAY(BIGINTT);ARRAY<BIGINTT>;BIGINT ARRAY
MAP(VARCHAR, BIGINT);MAP<STRING, BIGINT>;ROW(a BIGINT);ROW<a BIGINT>;STRUCT<a: BIGINT>;MULTISET<BIGINT>
BIGINT MULTISET;DECIMAL(10,2);NUMERIC(10);TIMESTAMP(3)
"""


def sums(engine: str) -> list[Case]:
    """Each sign between each two columns or intervals; every other value on either side of each of them."""
    out: list[Case] = []
    for sign, (a, one), (b, other) in product(SIGNS, _COLUMNS.items(), _COLUMNS.items()):
        out.append(_case(engine, f"{a} {sign} {b}", f"{one} {sign} {other}"))
    for sign, (a, one), (b, other) in product(SIGNS[:3], _WRITTEN.items(), _COLUMNS.items()):
        out.append(_case(engine, f"{a} {sign} {b}", f"{one} {sign} {other}"))
        out.append(_case(engine, f"{b} {sign} {a}", f"{other} {sign} {one}"))
    out += [_case(engine, f"minus {a}", f"-({one})") for a, one in {**_COLUMNS, **_WRITTEN}.items()]
    return out


def types(engine: str) -> list[Case]:
    """A CAST to each word that some engine calls a type."""
    named = [*_TYPES.split(), *_LONGER.strip().replace("\n", ";").split(";")]
    return [_case(engine, name, f"CAST(NULL AS {name})") for name in named]


def frames(engine: str) -> list[Case]:
    """Each pair of bounds, and each bound alone."""
    order = '"at"' if engine == "flink" else "id"
    pairs = [f"BETWEEN {first} AND {last}" for first, last in product(_BOUNDS, _BOUNDS)]
    said = [f"{unit} {bounds}" for unit, bounds in product(("ROWS", "RANGE"), (*pairs, *_BOUNDS))]
    return [_case(engine, frame, f"SUM(n) OVER (ORDER BY {order} {frame})") for frame in said]


def _case(engine: str, title: str, value: str) -> Case:
    text = f"SELECT {value} AS r FROM clicks"
    return Case(title, text if engine == "trino" else text.replace('"', "`"))
