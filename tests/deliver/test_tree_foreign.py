"""A tree under Git, with sealed secrets and a person's notes: a build replaces what a build wrote, and nothing else."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rosace.deliver import foreign, tree
from rosace.source.diagnostic import Refused

FIRST = {"charts/a/Chart.yaml": "1\n", "clusters/main/values/a.yaml": "1\n", "gone/b.yaml": "1\n"}
SECOND = {"charts/a/Chart.yaml": "2\n", "clusters/main/values/a.yaml": "2\n", "new/c.yaml": "2\n"}


def git(folder: Path, *words: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    person = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        ["git", *person, *words], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, **settings}
    )
    return done.stdout


def content(folder: Path) -> dict[str, str]:
    """Path to content of each plain file outside of `.git`, the list of the build not among them."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_text(errors="replace")
        for name, path in found.items()
        if path.is_file() and not name.startswith(".git/") and name != tree.MARK
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A first build, and a person's own files between its own."""
    folder = tmp_path / "out"
    tree.write(folder, FIRST)
    (folder / "sealed" / "main").mkdir(parents=True)
    (folder / "sealed" / "main" / "log-key.yaml").write_text("sealed\n")
    (folder / "clusters" / "main" / "values" / "notes.md").write_text("mine\n")
    (folder / "gone" / "mine.txt").write_text("mine too\n")
    (folder / "empty").mkdir(mode=0o700)
    (folder / "link").symlink_to("nowhere")
    return folder


OWN = {"sealed/main/log-key.yaml": "sealed\n", "clusters/main/values/notes.md": "mine\n", "gone/mine.txt": "mine too\n"}


@pytest.mark.parametrize("exchange", [True, False])
def test_the_second_build_keeps_what_is_not_its_own(out: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool) -> None:
    if not exchange:
        monkeypatch.setattr(tree, "_exchanged", lambda one, other: False)
    git(out, "init", "-q")
    git(out, "add", "-A")
    git(out, "commit", "-q", "-m", "first")
    inode = (out / "sealed" / "main" / "log-key.yaml").stat().st_ino
    out.chmod(0o750)
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN
    assert (out / "link").readlink() == Path("nowhere")
    assert (out / "empty").is_dir()
    assert (out / "empty").stat().st_mode & 0o777 == 0o700
    assert out.stat().st_mode & 0o777 == 0o750
    assert (out / "sealed" / "main" / "log-key.yaml").stat().st_ino == inode
    git(out, "fsck", "--strict")
    changes = sorted(line[3:] for line in git(out, "status", "--porcelain", "-uall").splitlines())
    assert changes == [tree.MARK, "charts/a/Chart.yaml", "clusters/main/values/a.yaml", "gone/b.yaml", "new/c.yaml"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_list_is_one_of_sha256sum(out: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "--quiet", tree.MARK], cwd=out, capture_output=True, check=False)
    assert done.returncode == 0
    assert set(foreign.listed(out)) == set(FIRST)


@pytest.mark.parametrize("name", ["charts/a/Chart.yaml", "gone/b.yaml"])
def test_a_file_changed_by_hand_is_not_undone(out: Path, name: str) -> None:
    (out / name).write_text("by hand\n")
    before = content(out)
    assert _codes(lambda: tree.write(out, SECOND)) == {"changed-by-hand": name}
    assert content(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    (out / name).unlink()
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN


def test_a_change_that_the_build_makes_too_is_no_conflict(out: Path) -> None:
    (out / "charts/a/Chart.yaml").write_text("2\n")
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("make", [lambda path: path.write_text("mine\n"), _link, Path.mkdir, os.mkfifo])
@pytest.mark.parametrize("name", ["new/c.yaml", "new"])
def test_what_stands_in_the_way_is_not_written_over(out: Path, name: str, make: Callable[[Path], object]) -> None:
    (out / name).parent.mkdir(exist_ok=True)
    make(out / name)
    if name == "new" and (out / name).is_dir():
        tree.write(out, SECOND)
        return
    before = sorted(path.as_posix() for path in out.rglob("*"))
    assert _codes(lambda: tree.write(out, SECOND)) == {"in-the-way": name}
    assert sorted(path.as_posix() for path in out.rglob("*")) == before
    assert (out / "charts/a/Chart.yaml").read_text() == "1\n"


def test_a_tree_without_a_list_is_not_written_over(out: Path) -> None:
    """Such as an earlier version of Rosace wrote."""
    (out / tree.MARK).write_text("Written by `rosace build`: the next build replaces this folder.\n")
    assert set(_codes(lambda: tree.write(out, SECOND))) == {"in-the-way"}
    assert content(out) == FIRST | OWN


def test_a_list_reaches_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    out = tmp_path / "out"
    tree.write(out, FIRST)
    absolute = tmp_path / "thesis.txt"
    sums = foreign.listing({"../thesis.txt": absolute.read_bytes(), str(absolute): absolute.read_bytes()})
    (out / tree.MARK).write_bytes((out / tree.MARK).read_bytes() + sums)
    tree.write(out, SECOND)
    assert absolute.read_text() == "three years of work"


def test_what_comes_while_links_are_made(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit writes `index.lock` and renames it to `index`, between our look and the exchange."""
    (out / "vcs").mkdir()
    (out / "vcs" / "index").write_text("old\n")
    (out / "vcs" / "index.lock").write_text("new\n")
    place = tree._place

    def late(room: Path, target: Path) -> None:
        (out / "vcs" / "index.lock").replace(out / "vcs" / "index")
        (out / "vcs" / "object").write_text("o\n")
        place(room, target)

    monkeypatch.setattr(tree, "_place", late)
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN | {"vcs/index": "new\n", "vcs/object": "o\n"}


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_build_killed_between_two_renames(out: Path, moment: str) -> None:
    """Where the file system cannot exchange, the next build puts the old tree back first."""
    room = out.parent / ".out.rosace-x"
    room.mkdir()
    tree._fill(room / "new", {tree.MARK: foreign.listing({})})
    foreign.link(out, room / "new")
    (room / "replaces").write_text(str(out.stat().st_ino))
    if moment != "before":
        out.rename(room / "old")
    if moment == "after":
        (room / "new").rename(out)
        (room / "old" / "late.txt").write_text("late\n")
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN | ({"late.txt": "late\n"} if moment == "after" else {})
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment(out: Path) -> None:
    """The tree is one of both builds, whole, with all that is foreign; and nothing is left beside it in the end."""
    seed = random.Random(9)
    many = {f"sealed/{number}.yaml": f"{number}\n" for number in range(60)}
    for name, text in many.items():
        (out / name).write_text(text)
    outcomes: set[str] = set()
    # On a machine that is busy a build takes longer: the moments reach further until both trees were met.
    turn, reach = 0, 0.03
    while turn < 40 or len(outcomes) < 2:
        turn, reach = turn + 1, reach * 1.02
        child = os.fork()
        if not child:
            while True:
                tree.write(out, SECOND if turn % 2 else FIRST)
                tree.write(out, FIRST if turn % 2 else SECOND)
        time.sleep(seed.uniform(0.001, reach))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        now = content(out)
        built = next(one for one in (FIRST, SECOND) if now == one | OWN | many)
        outcomes.add(built["charts/a/Chart.yaml"])
        assert (out / tree.MARK).read_bytes() == foreign.listing({n: t.encode() for n, t in built.items()})
    assert len(outcomes) == 2
    tree.write(out, SECOND)
    assert content(out) == SECOND | OWN | many
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("below", [".", "charts/a"])
def test_not_under_the_feet_of_a_shell(out: Path, monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    monkeypatch.chdir(out / below)
    assert set(_codes(lambda: tree.write(out, SECOND))) == {"inside-the-tree"}
    assert content(out) == FIRST | OWN


def test_a_folder_of_the_same_name_beside_it_is_left(out: Path) -> None:
    aside = out.parent / "rosace-mine"
    shutil.copytree(out, aside, symlinks=True)
    tree.write(out, SECOND)
    assert content(aside) == FIRST | OWN


def _codes(act: Callable[[], object]) -> dict[str, str]:
    """Code to the last file that the message names."""
    with pytest.raises(Refused) as refused:
        act()
    return {one.code: one.message.split()[-1] for one in refused.value.diagnostics}
