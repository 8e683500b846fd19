"""Overlays and `--set`: one rule, and where every value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.source.diagnostic import Refused
from rosace.source.load import load
from rosace.source.merge import overlay, set_values
from rosace.source.tree import Tree, Value
from rosace.source.yaml import parse

BASE = "a: 1\nl: [1, 2]\nm: {x: 1, y: {z: 2}}\n"


def base() -> Tree:
    return parse(BASE, "platform.yaml")


def over(text: str) -> Tree:
    return overlay(base(), parse(text, "env/prod.yaml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m: {y: {w: 3}}", {"a": 1, "l": [1, 2], "m": {"x": 1, "y": {"z": 2, "w": 3}}}),
        ("l: [9]", {"a": 1, "l": [9], "m": {"x": 1, "y": {"z": 2}}}),
        ("m: 3", {"a": 1, "l": [1, 2], "m": 3}),
        ("a: {b: 1, c: null}", {"a": {"b": 1}, "l": [1, 2], "m": {"x": 1, "y": {"z": 2}}}),
        ("m: {x: null}", {"a": 1, "l": [1, 2], "m": {"y": {"z": 2}}}),
        ("{l: null, nope: null}", {"a": 1, "m": {"x": 1, "y": {"z": 2}}}),
        ("l: [null]", {"a": 1, "l": [None], "m": {"x": 1, "y": {"z": 2}}}),
    ],
)
def test_mappings_merge_the_rest_replaces_null_deletes(text: str, expected: Value) -> None:
    assert over(text).value == expected
    assert base().value == {"a": 1, "l": [1, 2], "m": {"x": 1, "y": {"z": 2}}}


def test_every_value_remembers_its_layer_and_what_it_replaced() -> None:
    tree = overlay(over("a: 2\nm: {x: null}\n"), parse("a: 3\n", "env/paris.yaml"))
    assert tree.origin(("a",)).layer == "env/paris.yaml"
    assert [origin.layer for origin in tree.previous(("a",))] == ["env/prod.yaml", "platform.yaml"]
    assert tree.key_span(("a",)).file == "env/paris.yaml"
    assert tree.origin(("m",)).layer == "platform.yaml"
    assert tree.previous(("m",)) == ()
    removed = tree.removed(("m", "x"))
    assert removed is not None
    assert removed.layer == "env/prod.yaml"
    assert tree.removed(("m", "y")) is None
    assert set(tree.sources) == {"platform.yaml", "env/prod.yaml", "env/paris.yaml"}


def test_a_key_written_again_after_its_removal_is_not_removed() -> None:
    tree = overlay(over("m: {x: null}"), parse("m: {x: 5}", "again"))
    assert tree.removed(("m", "x")) is None


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("a=2", ("a",), 2),
        ("a=1e3", ("a",), 1000.0),
        ("a=no", ("a",), "no"),
        ("a=", ("a",), ""),
        ("a=true", ("a",), True),
        ('a="1"', ("a",), "1"),
        ("a='it\\'s, {so}'", ("a",), "it's, {so}"),
        ("a=x=y", ("a",), "x=y"),
        ("a=http://h:1/p?q", ("a",), "http://h:1/p?q"),
        ("a=C:\\dir", ("a",), "C:\\dir"),
        ("l[0]=x", ("l",), ["x", 2]),
        ("l[2]=x", ("l",), [1, 2, "x"]),
        ("l[1].k=x", ("l",), [1, {"k": "x"}]),
        ("l[0]=null", ("l",), [None, 2]),
        ("n[0][0].k=1", ("n",), [[{"k": 1}]]),
        ("m.y.z=3", ("m",), {"x": 1, "y": {"z": 3}}),
        ("m.x=null", ("m",), {"y": {"z": 2}}),
        ("a={x, 1,null}", ("a",), ["x", 1, None]),
        ("a={}", ("a",), []),
        ("k\\.8s=x\\,y", ("k.8s",), "x,y"),
        ("a=1,m.x=7", ("m", "x"), 7),
    ],
)
def test_set_writes(assignment: str, path: tuple[str, ...], value: Value) -> None:
    tree = set_values(base(), (assignment,))
    found: Value = tree.value
    for step in path:
        assert isinstance(found, dict)
        found = found[step]
    assert found == value
    assert type(found) is type(value)
    assert tree.origin(path).layer in ("--set", "platform.yaml")


def test_set_null_deletes_a_top_level_key() -> None:
    assert set_values(base(), ("m=null",)).value == {"a": 1, "l": [1, 2]}


@pytest.mark.parametrize(
    ("assignment", "column"),
    [
        ("", 1),
        ("a", 1),
        ("=1", 1),
        ("a..b=1", 3),
        ("a=x,y", 5),
        ("a={x", 3),
        ("a={x}y", 6),
        ("a='x", 3),
        ("l[x]=1", 2),
        ("l[-1]=1", 2),
        ("l[9]=1", 2),
        ("l.x=1", 3),
        ("m[0]=1", 2),
        (f"a={'9' * 5000}", 3),
        ("a=\udc80", 3),
    ],
)
def test_a_bad_assignment_is_refused_at_its_character(assignment: str, column: int) -> None:
    with pytest.raises(Refused) as caught:
        set_values(base(), (assignment,))
    (found,) = caught.value.diagnostics
    assert found.code == "bad-assignment"
    assert found.span
    assert (found.span.file, found.span.line, found.span.column) == ("--set", 1, column)
    assert caught.value.sources["--set"] == assignment


def test_each_set_is_a_line_of_the_pseudo_file() -> None:
    tree = set_values(set_values(base(), ("a=2",)), ("m.x=3",))
    assert tree.sources["--set"] == "a=2\nm.x=3"
    assert tree.value_span(("m", "x")).location() == "--set:2:5"
    assert tree.key_span(("m", "x")).location() == "--set:2:3"
    assert [origin.layer for origin in tree.previous(("a",))] == ["platform.yaml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "env").mkdir()
    (tmp_path / "platform.yaml").write_text(BASE)
    return tmp_path


def test_load_applies_layers_in_order(folder: Path) -> None:
    prod = folder / "env" / "prod.yaml"
    prod.write_text("a: 2\nm: {x: 2}\n")
    tree = load(Path("platform.yaml"), [prod], ["m.x=3"])
    assert tree.value == {"a": 2, "l": [1, 2], "m": {"x": 3, "y": {"z": 2}}}
    assert [tree.origin(path).layer for path in [("a",), ("l",), ("m", "x")]] == [
        "env/prod.yaml",
        "platform.yaml",
        "--set",
    ]


def test_load_tells_the_problems_of_all_layers(folder: Path) -> None:
    (folder / "platform.yaml").write_text("a: 1\na: 2\n")
    (folder / "env" / "prod.yaml").write_text("- list\n")
    with pytest.raises(Refused) as caught:
        load(Path("platform.yaml"), [Path("env/prod.yaml"), Path("env/none.yaml")], ["ok=1", "bad"])
    told = [(d.code, d.span.location() if d.span else "") for d in caught.value.diagnostics]
    assert told == [
        ("duplicate-key", "platform.yaml:2:1"),
        ("not-a-mapping", "env/prod.yaml:1:1"),
        ("file-missing", "env/none.yaml:1:1"),
        ("bad-assignment", "--set:2:1"),
    ]
    assert set(caught.value.sources) == {"platform.yaml", "env/prod.yaml", "--set"}
    assert caught.value.diagnostics[2].hints == ("there is `prod`",)


def test_a_missing_overlay_is_no_missing_platform(folder: Path) -> None:
    (folder / "platform.yaml").write_text("a: 1\n")
    hints = {}
    for base, overlays in (("none.yaml", []), ("platform.yaml", [Path("nowhere/prod.yaml")])):
        with pytest.raises(Refused) as caught:
            load(Path(base), overlays)
        hints[base] = caught.value.diagnostics[0].hints
    assert "rosace init" in hints["none.yaml"][0]
    assert hints["platform.yaml"] == ("write it, or leave the overlay out",)


def test_load_tells_every_bad_set(folder: Path) -> None:
    with pytest.raises(Refused) as caught:
        load(folder / "platform.yaml", sets=["l[9]=1", "a=1", "m[0]=1"])
    assert [d.span.line for d in caught.value.diagnostics if d.span] == [1, 3]


def test_load_explains_a_missing_space_after_the_colon(folder: Path) -> None:
    (folder / "platform.yaml").write_text("platform:flights\n")
    with pytest.raises(Refused) as caught:
        load(folder / "platform.yaml")
    assert caught.value.diagnostics[0].code == "not-a-mapping"
    assert "space" in caught.value.diagnostics[0].hints[0]
