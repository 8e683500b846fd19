"""A file that is written is whole or absent, whatever happens meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rosace.kit import whole


def test_it_takes_the_place_of_the_old_one_at_once_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    whole.write(path, b"old", 0o644)
    with path.open("rb") as reader:
        whole.write(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_not_finished_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), whole.beside(path) as fresh:
        fresh.write_bytes(b"half")
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208
    assert path.read_bytes() == b"old"


def test_a_file_for_a_person_has_the_mode_of_any_that_they_make(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        (tmp_path / "plain").touch()
        whole.write(tmp_path / "file", b"rows", whole.usual())
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode
