"""Class-data archives only save time: where none can be kept, processes start all the same."""

from __future__ import annotations

from pathlib import Path

from rosace.local.archives import place


def test_a_folder_that_cannot_be_made_holds_no_archive(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert place(tmp_path / "cache" / "archives", "kafka.jsa") is None


def test_a_folder_is_made_where_it_can_be(tmp_path: Path) -> None:
    assert place(tmp_path / "new" / "archives", "kafka.jsa") == tmp_path / "new" / "archives" / "kafka.jsa"
    assert (tmp_path / "new" / "archives").is_dir()
