"""A command started by root through the launcher is nobody's, and still reaches what lies below root's folders."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from rosace.local.unprivileged import USER, wrap

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to give up")


def run(*argv: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(wrap(argv), capture_output=True, text=True, check=False, cwd=cwd, timeout=30)


def status() -> dict[str, str]:
    lines = run("cat", "/proc/self/status").stdout.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_is_nobody_without_groups() -> None:
    seen = status()
    assert seen["Uid"].split() == seen["Gid"].split() == [str(USER)] * 4
    assert seen["Groups"] == ""


@pytest.mark.parametrize(("closed", "kept"), [(False, 0), (True, 1 << 2)])
def test_keeps_no_capability_but_the_one_to_enter_closed_folders(closed: bool, kept: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700 if closed else 0o755)
        done = run("cat", "/proc/self/status", cwd=Path(folder))
    seen = dict(line.split(":", 1) for line in done.stdout.splitlines())
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(seen[kind], 16) == kept, kind
    assert seen["NoNewPrivs"].strip() == "1"


def test_writes_nothing_of_root_s(tmp_path: Path) -> None:
    (tmp_path / "root's").write_text("kept")
    assert run("sh", "-c", 'echo changed > "root\'s"', cwd=tmp_path).returncode != 0
    assert run("touch", "planted", cwd=tmp_path).returncode != 0
    assert (tmp_path / "root's").read_text() == "kept"


def test_children_inherit_it() -> None:
    code = "import subprocess; print(subprocess.check_output(['id', '-u'], text=True))"
    assert run(sys.executable, "-c", code).stdout.strip() == str(USER)


def test_reaches_into_folders_of_root_alone(tmp_path: Path) -> None:
    inner = tmp_path / "closed to others" / "données"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    (inner / "read me").write_text("reached")
    os.chown(inner, USER, USER)
    assert run("cat", str(inner / "read me"), cwd=inner).stdout == "reached"
    assert run("test", "-r", str(inner / "read me"), cwd=inner).returncode == 0, "access(2) must agree with open(2)"
    assert run("touch", "made", cwd=inner).returncode == 0
    assert (inner / "made").stat().st_uid == USER


def test_may_not_signal_root() -> None:
    assert run("kill", "-0", str(os.getpid())).returncode != 0


def test_passes_arguments_and_exit_code_through() -> None:
    done = run("sh", "-c", 'printf "%s|" "$@"; exit 7', "sh", "a b", "é", "--", "")
    assert (done.stdout, done.returncode) == ("a b|é|--||", 7)


def test_keeps_its_process_number() -> None:
    process = subprocess.Popen(wrap(("sh", "-c", "echo $$")), stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate(timeout=30)
    assert int(out) == process.pid


def test_says_what_cannot_be_run() -> None:
    done = run("/no/such/program")
    assert done.returncode == 126
    assert "cannot run /no/such/program as user 65534" in done.stderr
