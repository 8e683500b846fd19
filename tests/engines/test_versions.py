"""What `versions.toml` says of support: days and months, and when they have passed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rosace.contract.artifacts import ArtifactError
from rosace.contract.versions import Versions, last_day, versions

HEAD = '[engine]\nversion = "1.2"\nend-of-life = "2026-02"\nsource = "https://example.org/support"\n'


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("", None),
        ("2026-02", date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 29)),
        ("2030-11-14", date(2030, 11, 14)),
    ],
)
def test_a_month_lasts_to_its_last_day(said: str, day: date | None) -> None:
    assert last_day(said) == day


@pytest.mark.parametrize("said", ["2026", "2026-13", "soon", "2026-02-30"])
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        last_day(said)


def test_support_ends_after_its_last_day(tmp_path: Path) -> None:
    (tmp_path / "versions.toml").write_text(HEAD)
    found = versions(tmp_path)
    assert (found.version, found.source, found.artifacts) == ("1.2", "https://example.org/support", ())
    assert [found.ended(date(2026, *day)) for day in ((2, 28), (3, 1))] == [False, True]
    assert not Versions("1.2").ended(date.max)


def test_an_engine_without_the_file_has_no_versions(tmp_path: Path) -> None:
    assert versions(tmp_path) == Versions()


def test_a_wrong_entry_is_named(tmp_path: Path) -> None:
    (tmp_path / "versions.toml").write_text(HEAD + '[[artifact]]\nname = "a"\nsource = "ftp"\n')
    with pytest.raises(ArtifactError, match="source"):
        versions(tmp_path)
