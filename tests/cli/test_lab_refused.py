"""What the lab says where it cannot be: each lack by its name, with what to do, and exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rosace.lab import preflight, programs
from rosace.lab.bringup import up
from rosace.lab.images import load
from rosace.source.diagnostic import Refused


def said(refused: pytest.ExceptionInfo[Refused]) -> str:
    (told,) = refused.value.diagnostics
    return "\n".join((told.message, *told.hints))


def test_another_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(Refused) as refused:
        up(1, print)
    assert "takes Linux" in said(refused)


def test_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Refused) as refused:
        up(1, print)
    assert "sudo rosace lab up" in said(refused)


@pytest.mark.skipif(os.geteuid() != 0, reason="root is asked for first")
def test_a_program_of_the_system_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused) as refused:
        up(1, print)
    assert "`unshare`" in said(refused)
    assert "apt-get install util-linux" in said(refused)


def test_no_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused) as refused:
        preflight.builders(["etcd", "containerd", "kubelet"])
    assert said(refused).startswith("etcd, kubelet: built from source")
    preflight.builders(["containerd"])


def test_too_little_memory() -> None:
    with pytest.raises(Refused) as refused:
        preflight.memory(700 * 2**20, 2)
    assert "2 clusters take" in said(refused)
    assert "700Mi" in said(refused)


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces take root")
def test_a_kernel_feature_that_is_not_there() -> None:
    with pytest.raises(Refused) as refused:
        preflight.tried("imaginary", "nothing", "modprobe it", ("ip", "link", "add", "x", "type", "imaginary"))
    assert "this kernel lacks imaginary" in said(refused)
    assert "modprobe it" in said(refused)


def test_what_was_made_by_halves_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A build that was killed leaves a folder beside, never one that is taken for a program."""
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path))
    (tmp_path / "tools" / ".pause-1.abc" / "ready").mkdir(parents=True)
    (tmp_path / "tools" / "pause-1").mkdir()
    assert programs.here("pause") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="root is asked for first")
@pytest.mark.parametrize("number", [0, -1, 9, 10**9])
def test_a_number_of_clusters_that_cannot_be(number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before anything is built: the cache is empty here."""
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(Refused) as refused:
        up(number, print)
    assert f"1 to 8 clusters, not {number}" in said(refused) or "another" in said(refused)
    assert not (tmp_path / "cache").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="root is asked for first")
def test_an_image_without_a_file_or_a_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    with pytest.raises(Refused) as refused:
        load(tmp_path / "none.tar")
    assert "there is no file" in said(refused)
    (tmp_path / "some.tar").write_bytes(b"")
    with pytest.raises(Refused) as refused:
        load(tmp_path / "some.tar")
    assert "rosace lab up" in said(refused)
