"""Which class-data archives are kept: those of JVMs that had worked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rosace.local.archives import MAGICS, SMALLEST, fresh_name, keep


def written(folder: Path, size: int, magic: int = MAGICS[1]) -> Path:
    """The archive's final name, after a JVM of the platform `mine` has written `size` bytes."""
    archive = folder / "engine-1.jsa"
    head = magic.to_bytes(4, sys.byteorder)
    fresh_name(archive, "mine").write_bytes(head + b"x" * (size - len(head)))
    return archive


@pytest.mark.parametrize(("taught", "size"), [(True, SMALLEST), (False, SMALLEST), (True, SMALLEST - 1)])
def test_only_a_whole_archive_of_a_jvm_that_had_worked_is_kept(tmp_path: Path, taught: bool, size: int) -> None:
    archive = written(tmp_path, size)
    keep(archive, "mine", taught=taught)
    assert archive.exists() == (taught and size >= SMALLEST)
    assert not fresh_name(archive, "mine").exists()


def test_one_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    archive = written(tmp_path, SMALLEST)
    archive.write_bytes(b"before")
    keep(archive, "mine")
    assert archive.read_bytes() == b"before"
    assert not fresh_name(archive, "mine").exists()


def test_what_a_killed_jvm_left_is_thrown_away(tmp_path: Path) -> None:
    """Its head is written last: an archive without it is never mapped, and would slow each later start for good."""
    archive = written(tmp_path, SMALLEST, magic=0)
    keep(archive, "mine")
    assert not archive.exists()
    assert not fresh_name(archive, "mine").exists()
