"""YAML in: meaning, positions, and every problem told at once."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from rosace.source.diagnostic import Diagnostic, Refused
from rosace.source.tree import MAX_DEPTH, Tree, Value
from rosace.source.yaml import display_path, parse, parse_file

FILE = "platform.yaml"


def refused(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(Refused) as caught:
        parse(text, FILE)
    assert caught.value.sources == {FILE: text.removeprefix("\ufeff")}
    return caught.value.diagnostics


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in refused(text)]


def places(text: str) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in refused(text) if d.span]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("22:22", "22:22"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("0b1", "0b1"),
        ("010", 10),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
    ],
)
def test_words_mean_what_yaml_1_2_says(written: str, meant: Value) -> None:
    value = parse(f"key: {written}\n", FILE).value
    assert value == {"key": meant}
    assert isinstance(value, dict)
    assert type(value["key"]) is type(meant)


def test_every_problem_of_meaning_is_told_with_the_syntax_error_after_it() -> None:
    text = "a: 1\na: 2\n1: x\ntrue: y\nb: !x 3\nc: [\n"
    assert places(text) == [
        ("duplicate-key", 2, 1),
        ("key-not-text", 3, 1),
        ("key-not-text", 4, 1),
        ("yaml-tag", 5, 4),
        ("bad-yaml", 6, 4),
    ]


def test_a_duplicate_key_shows_both_places() -> None:
    first, second = refused("x: {a: 1, b: 2, a: 3}\n")[0].labels
    assert (first.span.column, first.primary) == (17, True)
    assert (second.span.column, second.primary) == (5, False)


def test_the_same_key_in_two_mappings_is_fine() -> None:
    assert parse("a: {k: 1}\nb: {k: 1}\n", FILE).value == {"a": {"k": 1}, "b": {"k": 1}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty-file", 1, 1)),
        ("# only this\n", ("empty-file", 1, 1)),
        ("a: 1\n---\nb: 2\n", ("several-documents", 2, 1)),
        ("%YAML 1.1\n---\na: 1\n", ("yaml-version", 1, 1)),
        ("a:\n\tb: 1\n", ("tab-indent", 2, 1)),
        ("a: 1\nb: \x00\n", ("bad-character", 2, 4)),
        ("a: \x1b[0m\n", ("bad-character", 1, 4)),
        ('a: "\\ud800"\n', ("bad-character", 1, 4)),
        ("a: *x\n", ("undefined-alias", 1, 4)),
        ("a: &a [*a]\n", ("recursive-alias", 1, 8)),
        ("a: b: c\n", ("bad-yaml", 1, 5)),
        ("a:\n  b: 1\n c: 2\n", ("bad-yaml", 3, 2)),
        ("a: @x\n", ("bad-yaml", 1, 4)),
        ("<<: 3\n", ("bad-merge-key", 1, 1)),
        ("? [a]\n: b\n", ("key-not-text", 1, 3)),
        (f"a: {'9' * 5000}\n", ("number-too-large", 1, 4)),
        ("a: 1e999\n", ("number-too-large", 1, 4)),
        ("[" * (MAX_DEPTH + 1), ("too-deep", 1, MAX_DEPTH + 1)),
    ],
)
def test_a_bad_text_is_refused_at_its_place(text: str, expected: tuple[str, int, int]) -> None:
    assert places(text) == [expected]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a:b\n\n# more\nc:\n", "a space is needed after the colon: `a:` in line 1"),
        ("a:b\n\nc: 1\n", "a space is needed after the colon: `a:` in line 1"),
        ("m:\n  a: 1\n  b:2\n  c: 3\n", "a space is needed after the colon: `b:` in line 3"),
        ("m:\n  a: 1\nb\n  c: 3\n", "write `key: value`, with a space after the colon; line 3 may be the one"),
        ("a: 1\nb:c\n", "a space is needed after the colon: `b:` in this line"),
        ("a b\n# more\nc: 1\n", "one file holds one value: indent what belongs to it"),
        ("a\u00a0b:\u00a0x\nc: 1\n", "line 1 holds U+00A0, which is no space to YAML: type it anew"),
        ("a\uff1a x\nc: 1\n", "line 1 holds U+FF1A, which is no colon to YAML: type it anew"),
        ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n", "line 1 is the mark of a merge that was not finished"),
        ("a = 1\nb: 2\n", "line 1 may lack its `:`, or this line may be indented too much"),
        ("http://x\nb: 2\n", "line 1 may lack its `:`, or this line may be indented too much"),
    ],
)
def test_a_line_that_goes_on_into_a_key_is_named(text: str, hint: str) -> None:
    assert refused(text)[0].hints == (hint,)


def test_an_unclosed_bracket_shows_where_it_was_opened() -> None:
    labels = refused("a: {b: 1\n")[0].labels
    assert [(x.span.line, x.span.column, x.message) for x in labels[1:]] == [(1, 4, "opened here")]


def test_aliases_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 12)]
    assert codes("\n".join(lines)) == ["too-large"]


def test_aliases_cannot_nest_without_bound() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 600))]
    assert codes("\n".join(lines)) == ["too-deep"]


def test_anchors_and_merge_keys_work_and_own_keys_win() -> None:
    text = "base: &b\n  x: 1\n  y: 2\nmine:\n  <<: *b\n  y: 3\nalso: *b\n"
    tree = parse(text, FILE)
    base: Value = {"x": 1, "y": 2}
    assert tree.value == {"base": base, "mine": {"y": 3, "x": 1}, "also": base}
    assert tree.value_span(("mine", "x")).line == 2


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert parse('"<<": 1\n', FILE).value == {"<<": 1}


def test_block_mappings_end_where_their_last_value_ends() -> None:
    tree = parse("a:\n  b: 1\n  c: two\n\n# about d\n\nd: 1\n", FILE)
    assert tree.written(("a",)) == "b: 1\n  c: two"
    assert tree.written(("d",)) == "1"


def test_an_absent_value_is_placed_after_its_colon() -> None:
    tree = parse("a:\n# a comment\n\nb: 1\n", FILE)
    span = tree.value_span(("a",))
    assert (span.line, span.column, span.end_column) == (1, 3, 3)


def test_unicode_line_separators_and_marks_do_not_shift_lines() -> None:
    tree = parse("\ufeffa: '\u2028\x85'\r\nb: 1\rc: 2\n", FILE)
    assert [tree.key_span((key,)).line for key in "abc"] == [1, 2, 3]
    assert tree.key_span(("a",)).column == 1


def test_places_fall_back_to_the_closest_ancestor() -> None:
    tree = parse("# first line\ntop:\n  inner: {x: 1}\n", FILE)
    assert tree.key_span(("top", "inner", "nope", 3)) == tree.key_span(("top", "inner"))
    assert tree.value_span(("top", "inner", "nope")) == tree.key_span(("top", "inner"))
    assert tree.value_span(("nope",)).location() == "platform.yaml:2:1"
    assert not tree.has(("top", "nope"))
    assert tree.origin(("top", "nope")).layer == "default"
    assert tree.origin(("top", "nope")).span is None
    assert tree.origin(("top",)).layer == FILE


def test_list_items_have_places() -> None:
    tree: Tree = parse("l:\n- a\n- {k: v}\n", FILE)
    assert tree.value_span(("l", 1, "k")).location() == "platform.yaml:3:7"
    assert tree.key_span(("l", 0)).location() == "platform.yaml:2:3"


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(Refused) as caught:
        parse_file(latin)
    found = caught.value.diagnostics[0]
    assert found.code == "not-utf8"
    assert found.span
    assert (found.span.line, found.span.column) == (2, 7)
    for path, code in ((tmp_path, "not-a-file"), (tmp_path / "no.yaml", "file-missing")):
        with pytest.raises(Refused) as caught:
            parse_file(path)
        assert [d.code for d in caught.value.diagnostics] == [code]
    with pytest.raises(Refused):
        parse_file(Path("a\x00b"))


def test_paths_are_shown_as_the_user_sees_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "here"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert display_path(inside / "env" / "prod.yaml") == "env/prod.yaml"
    assert display_path(Path("env/prod.yaml")) == "env/prod.yaml"
    outside = tmp_path / "other.yaml"
    assert display_path(outside) == outside.as_posix()
    assert display_path(Path("../other.yaml")) == "../other.yaml"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("c: {a: decimal(10,2), b: int}", ["decimal(10,2)"]),
        ("c: {a: decimal(10, 2)!, b: decimal(4,2)}", ["decimal(10, 2)!", "decimal(4,2)"]),
        ("c: {a: decimal(10,2), b: decimal(11,2)}", ["decimal(10,2)", "decimal(11,2)"]),
        ("p: [bucket(4, id), day(at)]", ["bucket(4, id)"]),
        ("p: [{c: f(a, (b), c)}]", ["f(a, (b), c)"]),
        ("c: {a: map<string, int>, b: int}", ["map<string, int>"]),
        ("c: {a: array<row<a int, b decimal(10,2), c int!>>!}", ["array<row<a int, b decimal(10,2), c int!>>!"]),
    ],
)
def test_a_comma_that_cuts_a_value_is_told_once(text: str, values: list[str]) -> None:
    """And says what to do: neither half is told as a wrong key or type."""
    with pytest.raises(Refused) as told:
        parse(text, "platform.yaml")
    assert [one.code for one in told.value.diagnostics] == ["unquoted-comma"] * len(values)
    assert [one.hints for one in told.value.diagnostics] == [(f'quote it: `"{value}"`',) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "p: [day(at), month(at)]",
        "p: ['f(a', 'b)']",
        "p: [f(a, b]",
        "a: f(1\nb: 2)",
        "p: [b), f(a]",
        "p: [a < b, c > d]",
        "p: [x<y, y>z]",
    ],
)
def test_other_parentheses_are_none_of_yamls_business(text: str) -> None:
    parse(text, "platform.yaml")
