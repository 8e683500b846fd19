"""A built tree is whole or not there; nothing that is not a build is touched; nothing is written outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.deliver import tree
from rosace.source.diagnostic import Refused


def test_writes_and_replaces(tmp_path: Path) -> None:
    out = tmp_path / "où est-il ?"
    tree.write(out, {"a/b.yaml": "1\n", "c.md": "x\n"})
    tree.write(out, {"a/d.yaml": "2\n"})
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {"a/d.yaml", tree.MARK}
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_an_interrupted_build_leaves_the_old_tree_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    tree.write(out, {"a.yaml": "old\n"})
    calls = 0
    write_bytes = Path.write_bytes

    def interrupted(path: Path, *args: object, **named: object) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return write_bytes(path, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tree.write(out, {"a.yaml": "new\n", "b.yaml": "new\n"})
    monkeypatch.undo()
    assert (out / "a.yaml").read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_without_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_exchanged", lambda one, other: False)
    out = tmp_path / "out"
    tree.write(out, {"a.yaml": "old\n"})
    tree.write(out, {"a.yaml": "new\n"})
    assert (out / "a.yaml").read_text() == "new\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(Refused) as refused:
        tree.write(tmp_path, {"a.yaml": "1\n"})
    assert refused.value.diagnostics[0].code == "not-a-build"
    assert (tmp_path / "thesis.txt").read_text() == "three years of work"


def test_a_link_is_refused(tmp_path: Path) -> None:
    real = tmp_path / "real"
    tree.write(real, {"a.yaml": "1\n"})
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(Refused):
        tree.write(tmp_path / "link", {"a.yaml": "2\n"})


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "a\nb", "a\\b", "a\0b"])
def test_nothing_lands_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as refused:
        tree.write(tmp_path / "out", {name: "x"})
    assert refused.value.diagnostics[0].code == "unsafe-path"
    assert not list(tmp_path.iterdir())
