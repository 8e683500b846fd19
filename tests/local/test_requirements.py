"""Packages of Python that jobs ask for: installed by the real pip, from wheels that are made here."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from rosace.contract.artifacts import ArtifactError
from rosace.kit.requirements import meant, pinned, together
from rosace.local.requirements import Wanted, install, wanted
from rosace.local.workbench import unchecked
from rosace.model.checked import CheckedJob
from rosace.model.platform import Job
from rosace.model.requirements import distribution


def wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    """A wheel with one module that says its version."""
    info = f"{name}-{version}.dist-info"
    required = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n{required}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        record = ""
        for path, text in files.items():
            archive.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(text)}\n"
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "rosace_upper", "1.0", "rosace-lower>=1")
    wheel(folder, "rosace_lower", "1.0")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def asked(tmp_path: Path, *packages: str) -> Wanted:
    return Wanted(packages, tmp_path / "cache" / "python" / "-".join(packages).replace("=", "_"))


def go(what: Wanted, tmp_path: Path) -> tuple[str, ...]:
    return install(what, tmp_path / "home" / "requirements.txt", lambda: False)


@pytest.mark.slow
def test_what_is_asked_for_is_there_with_what_it_needs(tmp_path: Path, wheels: Path) -> None:
    what = asked(tmp_path, "rosace-upper==1.0")
    assert not what.there
    assert go(what, tmp_path) == ("rosace-lower==1.0", "rosace-upper==1.0")
    assert what.there
    text = "import rosace_upper, rosace_lower; print(rosace_upper.VERSION, rosace_lower.VERSION)"
    told = subprocess.run(
        [sys.executable, "-c", text], env={"PYTHONPATH": str(what.folder)}, capture_output=True, check=True
    )
    assert told.stdout == b"1.0 1.0\n"
    assert sorted(path.name for path in what.folder.parent.iterdir() if path.is_dir()) == [what.folder.name]


@pytest.mark.slow
def test_what_was_chosen_is_chosen_again(tmp_path: Path, wheels: Path) -> None:
    go(asked(tmp_path, "rosace-upper==1.0"), tmp_path)
    wheel(wheels, "rosace_lower", "2.0")
    again = Wanted(("rosace-upper==1.0",), tmp_path / "another" / "folder")
    assert go(again, tmp_path) == ("rosace-lower==1.0", "rosace-upper==1.0")
    (tmp_path / "home" / "requirements.txt").unlink()
    assert go(Wanted(("rosace-upper==1.0",), tmp_path / "third" / "folder"), tmp_path)[0] == "rosace-lower==2.0"


@pytest.mark.slow
def test_what_is_there_already_is_what_is_kept(tmp_path: Path, wheels: Path) -> None:
    lock, upper, lower = tmp_path / "home" / "requirements.txt", "rosace-upper==1.0", "rosace-lower==1.0"
    for one in (upper, lower, upper):
        go(asked(tmp_path, one), tmp_path)
        assert lock.read_text("utf-8").startswith(f"# chosen for: {one}\n")


@pytest.mark.slow
def test_what_does_not_exist_is_told_and_nothing_is_left(tmp_path: Path, wheels: Path) -> None:
    what = asked(tmp_path, "rosace-upper==9.0")
    with pytest.raises(ArtifactError, match=r"No matching distribution found for rosace-upper==9\.0") as caught:
        go(what, tmp_path)
    assert caught.value.code == "requirements"
    assert not what.there
    assert [path for path in what.folder.parent.iterdir() if path.is_dir()] == []


@pytest.mark.slow
def test_an_address_with_a_password_is_not_told(tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_INDEX_URL", "http://somebody:secret@127.0.0.1:9/simple")
    with pytest.raises(ArtifactError) as caught:
        go(asked(tmp_path, "rosace-nowhere==1.0"), tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_who_stops_it_leaves_nothing(tmp_path: Path, wheels: Path) -> None:
    what = asked(tmp_path, "rosace-upper==1.0")
    with pytest.raises(ArtifactError, match="stopped"):
        install(what, tmp_path / "home" / "requirements.txt", lambda: True)
    assert not what.there


def test_names_are_one_in_all_spellings() -> None:
    assert {distribution(one) for one in ("A.b_C==1", "a-b-c[x]==2", "a--b.c")} == {"a-b-c"}
    assert pinned("pandas") == f"pandas=={meant('pandas')}"
    assert together(["pandas", f"pandas=={meant('pandas')}", "a==1"]) == ("a==1", f"pandas=={meant('pandas')}")


def test_the_folder_is_of_what_is_asked_for(tmp_path: Path) -> None:
    from rosace.engines.spark import ENGINE

    def folder(*packages: str) -> Path | None:
        spec = Job(engine="spark", python="j.py", requirements=packages)
        job = CheckedJob("j", spec, Path("j.py"), (), (), (), ())
        found = wanted(replace(unchecked({"platform": "shop"}, ENGINE), jobs={"j": job}), tmp_path)
        return found.folder if found else None

    assert folder() is None
    assert folder("pandas") == folder(f"pandas=={meant('pandas')}") != folder("pandas==2.2.3")
