"""What `versions.toml` says of support: days and months, and when they have passed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from rosace.contract.artifacts import ArtifactError
from rosace.contract.operator import Definitions, Image, UpstreamChart
from rosace.contract.versions import Versions, VersionsError, last_day, versions

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


BESIDE = """
[parts]
operator = "0.9"

[image.engine]
registry = "docker.io"
repository = "example/engine"
tag = "v{engine}-by-{operator}"
source = "https://example.org/{engine}"
digest = "sha256:%s"
licence = "Apache-2.0"

[chart.engine-operator]
repository = "https://charts.example.org"
chart = "operator"
version = "{operator}"
source = "https://example.org/operator"

[chart.engine-operator.definitions]
repository = "https://git.example.org/operator"
path = "crds"
revision = "v{operator}"
""" % (64 * "a")


def test_each_version_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "versions.toml").write_text(HEAD + BESIDE)
    found = versions(tmp_path)
    assert found.image("engine") == Image(
        *("engine", "docker.io", "example/engine", "v1.2-by-0.9", "https://example.org/1.2"),
        digest=f"sha256:{64 * 'a'}",
        licence="Apache-2.0",
    )
    crds = Definitions("https://git.example.org/operator", "crds", "v0.9", "*.yaml")
    assert found.chart("engine-operator") == UpstreamChart(
        *("engine-operator", "https://charts.example.org", "operator", "0.9", "https://example.org/operator"), crds
    )
    assert found.part("operator") == "0.9"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"1.2"', "1.2", "engine.version"),
        ("https://example.org/support", "somewhere", "engine.source"),
        ('operator = "0.9"', "operator = 9", "parts.operator"),
        ('registry = "docker.io"', "", "image.engine.registry: Field required"),
        ('tag = "', 'tagg = "', "image.engine.tagg: Extra inputs"),
        ("sha256:a", "sha512:a", "image.engine.digest"),
        ('path = "crds"', 'path = ""', "chart.engine-operator.definitions.path"),
        ("[parts]", "[part]", "part: Extra inputs"),
        ("v{engine}-", "v{motor}-", "`{motor}` names no version; there are operator, engine"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    said = HEAD + BESIDE
    assert old in said
    (tmp_path / "versions.toml").write_text(said.replace(old, new, 1))
    with pytest.raises(VersionsError, match=re.escape(told)):
        versions(tmp_path)


def test_what_nobody_pins_is_named(tmp_path: Path) -> None:
    (tmp_path / "versions.toml").write_text(HEAD + BESIDE)
    found = versions(tmp_path)
    for ask in (found.image, found.chart, found.part, found.artifact):
        with pytest.raises(VersionsError, match=r"'missing' in this versions\.toml; there are (engine|operator|none)"):
            ask("missing")
