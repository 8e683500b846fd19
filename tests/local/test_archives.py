"""Class-data archives only save time: where none can be kept, processes start all the same."""

from __future__ import annotations

from pathlib import Path

from rosace.contract.machine import ProcessSpec
from rosace.local.archives import place
from rosace.local.unit import spawn


def test_a_folder_that_cannot_be_made_holds_no_archive(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert place(tmp_path / "cache" / "archives", "kafka.jsa") is None


def test_a_folder_is_made_where_it_can_be(tmp_path: Path) -> None:
    assert place(tmp_path / "new" / "archives", "kafka.jsa") == tmp_path / "new" / "archives" / "kafka.jsa"
    assert (tmp_path / "new" / "archives").is_dir()


def test_a_process_that_can_have_none_is_started_as_it_is(tmp_path: Path) -> None:
    spec = ProcessSpec(name="echo", engine="toy", argv=("/bin/echo", "as it is"), archive="echo.jsa")
    child, _ = spawn(spec, tmp_path, tmp_path / "echo.log", {}, None)
    assert child.wait(10) == 0
    assert (tmp_path / "echo.log").read_text() == "as it is\n"
