"""The four forms of a diagnostic."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosace.source.diagnostic import Diagnostic, Label, Refused, Severity, refuse
from rosace.source.render import read_file, to_editor, to_json, to_sarif, to_terminal
from rosace.source.span import Span

PLATFORM = (
    "\n" * 11
    + "    lakekeeper: {enabled: false}\n"
    + "\n" * 28
    + ("      sales: {type: iceberg, bucket: sales-lake}\n")
)

TWO_PLACES = Diagnostic(
    "catalog-without-metastore",
    "catalog `sales` needs an Iceberg catalog",
    labels=(
        Label(Span("platform.yaml", 41, 7, 41, 12), "needs `iceberg-catalog`"),
        Label(Span("platform.yaml", 12, 5, 12, 15), "would offer it, but is disabled here", primary=False),
    ),
    hints=("enable `lakekeeper`, or set `sales.catalog: hive`",),
)

EXPECTED = """\
error[catalog-without-metastore]: catalog `sales` needs an Iceberg catalog
  --> platform.yaml:41:7
   |
41 |       sales: {type: iceberg, bucket: sales-lake}
   |       ^^^^^ needs `iceberg-catalog`
   |
  ::: platform.yaml:12:5
12 |     lakekeeper: {enabled: false}
   |     ---------- would offer it, but is disabled here
   |
hint: enable `lakekeeper`, or set `sales.catalog: hive`
docs: rosace explain catalog-without-metastore
"""


def one(line: str, column: int, end: int, message: str = "", **options: bool | int) -> list[str]:
    """Render one label on a file of one line, and return the source and underline rows."""
    found = Diagnostic("x", "m", labels=(Label(Span("f", 1, column, 1, end), message),))
    ascii_only, width = bool(options.get("ascii")), int(options.get("width", 120))
    text = to_terminal([found], color=False, sources={"f": line}, ascii=ascii_only, width=width)
    return text.split("\n")[3:5]


def test_two_places_that_disagree() -> None:
    assert to_terminal([TWO_PLACES], color=False, sources={"platform.yaml": PLATFORM}) == EXPECTED


def test_colour_only_adds_escapes() -> None:
    import re

    coloured = to_terminal([TWO_PLACES], color=True, sources={"platform.yaml": PLATFORM})
    assert coloured != EXPECTED
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == EXPECTED


def test_labels_on_one_line_share_it() -> None:
    labels = (Label(Span("f", 1, 1, 1, 2), "again"), Label(Span("f", 1, 7, 1, 8), "first", primary=False))
    text = to_terminal([Diagnostic("x", "m", labels=labels)], color=False, sources={"f": "a: 1, a: 2"})
    assert text.split("\n")[3:6] == ["1 | a: 1, a: 2", "  | ^ again", "  |       - first"]


def test_tabs_and_wide_characters_stay_aligned() -> None:
    assert one("\tkey: x", 2, 5) == ["1 |     key: x", "  |     ^^^"]
    assert one("日本: x", 1, 3) == ["1 | 日本: x", "  | ^^^^"]
    assert one("日本: x", 5, 6) == ["1 | 日本: x", "  |       ^"]
    assert one("e\u0301a: x", 3, 4) == ["1 | e\u0301a: x", "  |  ^"]


def test_ascii_escapes_and_stays_aligned() -> None:
    assert one("é: x", 1, 2, ascii=True) == ["1 | \\xe9: x", "  | ^^^^"]
    found = Diagnostic("x", "café …", hints=("naïve",))
    assert to_terminal([found], color=False, ascii=True).isascii()


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("column", [1, 30, 500, 995])
def test_long_lines_are_trimmed_around_the_place(column: int, ascii_only: bool) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(1000))
    source, marks = one(line, column, column + 5, ascii=ascii_only, width=80)
    assert len(source) <= 80
    begin = marks.index("^")
    assert source[begin : begin + 5] == line[column - 1 : column + 4]
    assert marks.count("^") == 5


def test_a_long_place_is_cut_at_the_edge() -> None:
    source, marks = one("x" * 1000, 1, 1001, width=80)
    assert len(marks) <= len(source) <= 80


def test_a_place_over_several_lines_shows_its_first() -> None:
    labels = (Label(Span("f", 1, 4, 3, 2), "here"),)
    text = to_terminal([Diagnostic("x", "m", labels=labels)], color=False, sources={"f": "a: {b: 1,\n c: 2\n }"})
    assert text.split("\n")[3:5] == ["1 | a: {b: 1,", "  |    ^^^^^^ here"]


def test_an_empty_place_gets_one_mark_even_past_the_end() -> None:
    assert one("key:", 5, 5) == ["1 | key:", "  |     ^"]
    assert one("key:", 90, 95) == ["1 | key:", "  |     ^"]


def test_an_unreadable_source_still_tells_the_place() -> None:
    text = to_terminal([TWO_PLACES], color=False, read=lambda _: None)
    assert "--> platform.yaml:41:7\n   = needs `iceberg-catalog`" in text


def test_a_file_that_changed_still_tells_the_place() -> None:
    assert "--> platform.yaml:41:7" in to_terminal([TWO_PLACES], color=False, read=lambda _: "short")


def test_control_and_direction_characters_never_reach_the_terminal() -> None:
    dirty = "\x1b[31m\u202e\x9b\x07\x00\u2028"
    labels = (Label(Span(f"f{dirty}", 1, 1, 1, 2), dirty),)
    found = Diagnostic("x", dirty, labels=labels, hints=(dirty,))
    text = to_terminal([found], color=False, read=lambda _: dirty)
    shown = text + to_editor([found])
    assert not {character for character in dirty if character not in "[31m"} & set(shown)


@pytest.mark.parametrize("sign", ["\r", "\t", "\x0b", "\x1b"])
def test_a_control_character_of_a_users_text_is_drawn(sign: str) -> None:
    """A carriage return in a name is no line break of the message: nobody could tell it from a space."""
    found = Diagnostic("x", f"no file `a{sign}b`", hints=(f"this one is a{sign}b",))
    drawn = f"a{chr(0x2400 + ord(sign))}b"
    assert to_terminal([found], color=False).splitlines()[:2] == [
        f"error[x]: no file `{drawn}`",
        f"hint: this one is {drawn}",
    ]


def test_a_message_about_something_endless_ends() -> None:
    found = Diagnostic("x", f"`{'y' * 1_000_000}` is no table", hints=("z" * 1_000_000,))
    text = to_terminal([found], color=False)
    assert len(text) < 5_000
    assert "yyy` is no table\n" in text


def test_sources_come_before_files(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfon: disk\r\nb: 1\n")
    assert read_file(str(file)) == "on: disk\r\nb: 1\n"
    assert read_file(str(tmp_path)) is None
    assert read_file("a\x00b") is None
    found = Diagnostic("x", "m", labels=(Label(Span(str(file), 1, 1, 1, 3)),))
    assert "on: disk\n" in to_terminal([found], color=False, width=400)
    assert "memory" in to_terminal([found], color=False, sources={str(file): "in: memory"})


def test_several_diagnostics_are_separated_and_none_is_nothing() -> None:
    text = to_terminal([Diagnostic("a", "x"), Diagnostic("b", "y", Severity.WARNING)], color=False)
    assert text == "error[a]: x\ndocs: rosace explain a\n\nwarning[b]: y\ndocs: rosace explain b\n"
    assert to_terminal([], color=True) == ""


def test_editor_lines() -> None:
    other = Diagnostic("no-place", "two\nlines", Severity.NOTE)
    assert to_editor([TWO_PLACES, other]) == (
        "platform.yaml:41:7: error: catalog `sales` needs an Iceberg catalog [catalog-without-metastore]\n"
        "rosace: note: two lines [no-place]\n"
    )


def test_json_keeps_everything() -> None:
    record = json.loads(json.dumps(to_json([TWO_PLACES])))[0]
    assert record["code"] == "catalog-without-metastore"
    assert record["severity"] == "error"
    assert record["hints"] == list(TWO_PLACES.hints)
    assert record["labels"][1] == {
        "file": "platform.yaml",
        "line": 12,
        "column": 5,
        "end_line": 12,
        "end_column": 15,
        "message": "would offer it, but is disabled here",
        "primary": False,
    }


def test_sarif_names_places_and_rules() -> None:
    pseudo = Diagnostic("bad-assignment", "m", labels=(Label(Span("--set", 1, 1, 1, 2)),))
    spaced = Diagnostic("bad-yaml", "m", Severity.NOTE, labels=(Label(Span("/a b/é.yaml", 1, 1, 1, 2)),))
    log = json.loads(json.dumps(to_sarif([TWO_PLACES, pseudo, spaced, Diagnostic("x", "m")], "0.1")))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["version"] == "0.1"
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [ids[result["ruleIndex"]] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    first, set_, space, nowhere = run["results"]
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 41, "startColumn": 7, "endLine": 41, "endColumn": 12}
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 12
    assert "hint: enable" in first["message"]["text"]
    assert set_["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "--set:1:1"}]}]
    uri = space["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///a%20b/%C3%A9.yaml"
    assert nowhere["locations"] == []


def test_refused_carries_and_tells_its_diagnostics() -> None:
    refused = refuse("x", "why", Label(Span("f", 2, 3, 2, 4)), hints=("h",))
    assert refused.diagnostics == (Diagnostic("x", "why", labels=refused.diagnostics[0].labels, hints=("h",)),)
    assert str(refused) == "f:2:3: why [x]"
    assert str(Refused(TWO_PLACES, Diagnostic("y", "z"))).count("\n") == 1


def test_importing_the_diagnostic_loads_nothing_heavy() -> None:
    program = (
        "import sys, rosace.source.render, rosace.source.load, rosace.source.suggest\n"
        "heavy = {'rich', 'ruamel.yaml', 'rapidfuzz', 'pydantic', 'pydantic_core'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
