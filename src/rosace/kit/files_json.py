"""JSON lines as rows of text in DuckDB, with every digit that the file has.

Comes in: a source's description, its file, the declared columns. Goes out: SQL that gives a line's values as VARCHAR.
Must not: say what a value means.

DuckDB 2.0 takes a JSON number for a double: of 1,000 decimals with 16 digits 154 came out as others, of 18 nearly
all. So lines are read as text, and their numbers put in quotes before DuckDB takes them for JSON. That costs three
times what all the rest does, so lines of which it is sure that it changes nothing are spared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rosace.kit.files_layout import Layout
from rosace.kit.files_sql import BAD, ROW, Ask, failed, literal, located, numbered
from rosace.kit.files_text import SourceFileError, in_utf8, line_of, text_of
from rosace.model.columns import ColumnType
from rosace.model.kinds import facts

LOOK = 1_000
"""How many lines of a JSON lines file tell its column names: a line may leave out what is null."""

BUFFER = 8 << 20
"""Bytes that DuckDB reads the file in; four of its longest lines (2 MiB)."""

_NOWHERE = "\x1f\x1e\x1f\x1e"
"""Four control characters, which no JSON text has bare: a line is one field of a CSV file that they delimit."""

_NUMBERS = r'((?:[^"0-9-]|"(?:[^"\\]|\\.)*")*)(-?[0-9][-+.eE0-9]*|-|$)'
"""What stands before a number, texts whole, and the number; at last what stands before the end, and nothing. All of a
line is matched from its start, so that no match begins within a text. A minus without digits is no JSON: quoted, it
makes the line unreadable."""

_RISKY = r"[0-9.]{16}|[0-9][eE][-+0-9]|-0[]},\s]"
"""What a line with a number has that is more than 15 digits, has an exponent or is a negative nothing: any other number
is the same after it was a double (DBL_DIG of IEEE 754's binary64 is 15). Texts that look like it do no harm."""


def rows(
    source: Mapping[str, Any], path: Path, columns: Mapping[str, ColumnType], scratch: Path | None
) -> tuple[str, dict[str, str]]:
    """SQL for the file's rows with `ROW`, and for the text of each declared column; NULL where a line has none."""
    layout = Layout.read(source)
    path = in_utf8(path, layout.encoding, scratch)
    options = {
        "auto_detect": "false",
        "header": "false",
        "strict_mode": "false",
        "buffer_size": str(BUFFER),
        "delim": literal(_NOWHERE),
        "quote": "''",
        "escape": "''",
        "nullstr": literal(_NOWHERE[:2]),
        "columns": "{'line': 'VARCHAR'}",
    }
    told = ", ".join(f"{name}={value}" for name, value in options.items())
    lines = f"SELECT line FROM read_csv({located(path)}, {told}) WHERE NOT regexp_full_match(line, '\\s*')"
    families = {name: facts(column.kind).family for name, column in columns.items()}
    texts = [name for name, family in families.items() if family in ("text", "nested")]
    nested = "nested" in families.values()
    file = Path(source["path"]).name
    held_at, kinds_at = _paths(map(layout.named, columns)), _paths(map(layout.named, texts))
    lenient, usual = source.get("bad") == "skip", _first_keys(path)
    bad, kept = ("", "") if not lenient else (f", {_object(file, usual, 'reason')} AS {BAD}", f", {BAD}")
    ask: Ask = "lenient" if lenient else "value"
    held = {name: f"held[{index}]" for index, name in enumerate(columns, 1)}
    kinds = {name: f"kinds[{index}]" for index, name in enumerate(texts, 1)}
    plain = [name for name in texts if families[name] == "text"]
    if lenient and plain:
        # Of a line that is no object nothing else is said.
        told_of = ", ".join(_plain_text("NULL", kinds[name], name, file, "reason") for name in plain)
        kept = f", coalesce({BAD}, {told_of}) AS {BAD}"
    found = (
        f"SELECT {ROW}, json_extract_string({_quoted('line', 'kinds', nested)}, {held_at}) AS held, kinds{kept}"
        f" FROM (SELECT {ROW}, line, json_type(line, {kinds_at}) AS kinds{', ' + BAD if lenient else ''}"
        f" FROM (SELECT {ROW}, {_object(file, usual, ask)} AS line{bad}"
        f" FROM (SELECT *, {numbered(source)} AS {ROW} FROM ({lines}))))"
    )
    asked = {name: _plain_text(held[name], kinds[name], name, file, ask) for name in plain}
    # A text that holds JSON is a text: it comes in its quotes to those who read lists and objects.
    quoted = {
        name: f"CASE WHEN {kinds[name]} = 'VARCHAR' THEN CAST(to_json({held[name]}) AS VARCHAR) ELSE {held[name]} END"
        for name in texts
        if name not in plain
    }
    return found, held | asked | quoted


def header(path: Path, encoding: str = "utf-8") -> list[str]:
    """The names in the first `LOOK` lines. Raises SourceFileError where they are not JSON objects."""
    return look(path, encoding)[0]


def look(path: Path, encoding: str = "utf-8") -> tuple[list[str], bool]:
    """The same, and whether these lines are all that there are."""
    names: dict[str, None] = {}
    with text_of(path, encoding) as stream:
        for number in range(1, LOOK + 1):
            line = line_of(stream, path, number)
            if not line:
                return list(names), True
            if not line.strip():
                continue
            if not names and line.lstrip().startswith("["):
                raise SourceFileError(f"{path}: {ARRAY}")
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise SourceFileError(f"{path}, line {number}: not JSON: {error}") from None
            if not isinstance(value, dict):
                raise SourceFileError(f"{path}, line {number}: a JSON object was expected")
            names.update(dict.fromkeys(str(key) for key in value))
    return list(names), False


ARRAY = (
    "one JSON array, where each line is to be one object (JSON lines); `jq -c '.[]' FILE.json > FILE.jsonl` makes them"
)
"""What to say of a file that starts with a bracket."""


def _paths(names: Iterable[str]) -> str:
    """JSON pointers (RFC 6901) of an object's members."""
    return f"[{', '.join(literal('/' + name.replace('~', '~0').replace('/', '~1')) for name in names)}]::VARCHAR[]"


def _first_keys(path: Path) -> list[str]:
    """The keys of the first line, which most lines of most files have too."""
    with text_of(path) as stream:
        first = next((line for line in stream if line.strip()), "{}")
    try:
        value = json.loads(first)
    except json.JSONDecodeError:
        return []
    return [str(key) for key in value] if isinstance(value, dict) else []


def _object(file: str, usual: list[str], ask: Ask) -> str:
    """SQL for the line if it is one JSON object. A key that is there twice has no value that all readers agree on."""

    def wrong(what: str) -> str:
        return failed(f"{literal(file + ', row ')} || {ROW} || ': ' || {what}", ask)

    fine = "NULL" if ask == "reason" else "line"

    keys = "json_keys(line)"
    known = f"[{', '.join(map(literal, usual))}]::VARCHAR[]"
    twice = f"list_filter({keys}, lambda key: len(list_filter({keys}, lambda other: other = key)) > 1)[1]"
    rules = (
        ("left(ltrim(line), 1) = '['", wrong(literal("a list, where one JSON object is expected"))),
        ("NOT json_valid(line)", wrong("'not JSON'")),
        ("left(ltrim(line), 1) <> '{'", wrong(literal("not a JSON object"))),
        # Comparing with a list costs a third of looking for doubles.
        (f"{keys} = {known}", fine),
        (f"list_unique({keys}) <> len({keys})", wrong(f"'the key `' || {twice} || '` is there twice'")),
    )
    told = " ".join(f"WHEN {found} THEN {value}" for found, value in rules)
    return f"CASE {told} ELSE {fine} END"


def _quoted(line: str, kinds: str, always: bool) -> str:
    """SQL for the line with its numbers as texts, where taking them for doubles could show: within a list or an object,
    for example."""
    numbers = "['DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT']"
    quoted = rf"""left(regexp_replace({line}, '{_NUMBERS}', '\1"\2"', 'g'), -2)"""
    if always:
        return quoted
    risky = f"regexp_matches({line}, '{_RISKY}') OR list_has_any({kinds}, {numbers})"
    return f"CASE WHEN {risky} THEN {quoted} ELSE {line} END"


def _plain_text(text: str, kind: str, name: str, file: str, ask: Ask) -> str:
    where = f"{literal(file + ', row ')} || {ROW} || {literal(f', column `{name}`: ')}"
    wrong = failed(f"{where} || {literal('a list or an object is no string')}", ask)
    return f"CASE WHEN {kind} IN ('ARRAY', 'OBJECT') THEN {wrong} ELSE {text} END"
