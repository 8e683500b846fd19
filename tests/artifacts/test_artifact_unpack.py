"""Unpacking: hard links across what is left out, run bits, and hostile archives."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from artifact_registry import Registry

from rosace.contract.artifacts import Artifact, ArtifactError, Unpack
from rosace.local.artifacts import Cache
from rosace.local.artifacts.events import FetchEvent, Unpacking
from rosace.local.artifacts.fetch import fetch, missing
from rosace.local.artifacts.unpack import unpack_archive


def tar(path: Path, *members: tuple[str, str, bytes | str]) -> Path:
    """Write a tar.gz of (kind, name, content or link target)."""
    kinds = {"file": tarfile.REGTYPE, "hard": tarfile.LNKTYPE, "soft": tarfile.SYMTYPE, "pipe": tarfile.FIFOTYPE}
    with tarfile.open(path, "w:gz") as archive:
        for kind, name, content in members:
            member = tarfile.TarInfo(name)
            member.type = kinds[kind]
            member.mode = 0o755 if "/bin/" in name else 0o644
            if isinstance(content, bytes):
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                member.linkname = content
                archive.addfile(member)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def refused(archive: Path, unpack: Unpack, folder: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        unpack_archive(archive, unpack, folder)
    return caught.value.code


def test_a_kept_hard_link_to_a_left_out_member_gets_its_bytes(tmp_path: Path) -> None:
    archive = tar(
        tmp_path / "a.tar.gz",
        ("file", "top/lib/core.jar", b"core"),
        ("file", "top/plugin/delta/aws.jar", b"aws"),
        ("hard", "top/plugin/delta/core.jar", "top/lib/core.jar"),
        ("hard", "top/plugin/hive/aws.jar", "top/plugin/delta/aws.jar"),
        ("hard", "top/plugin/iceberg/aws.jar", "top/plugin/hive/aws.jar"),
        ("hard", "top/plugin/iceberg/again.jar", "./top/plugin/delta/aws.jar"),
        ("hard", "top/plugin/iceberg/core.jar", "top/plugin/delta/core.jar"),
    )
    unpack = Unpack("tar.gz", strip=1, include=("lib/*", "plugin/iceberg/*"))
    manifest = unpack_archive(archive, unpack, tmp_path / "out")
    assert contents(tmp_path / "out") == {
        "lib/core.jar": b"core",
        "plugin/iceberg/again.jar": b"aws",
        "plugin/iceberg/aws.jar": b"aws",
        "plugin/iceberg/core.jar": b"core",
    }
    out = tmp_path / "out"
    assert (out / "lib/core.jar").samefile(out / "plugin/iceberg/core.jar")
    assert (out / "plugin/iceberg/aws.jar").samefile(out / "plugin/iceberg/again.jar")
    assert {row.path: row.sha256 for row in manifest.rows}["lib/core.jar"] == hashlib.sha256(b"core").hexdigest()
    assert manifest.disk == 2 * 4096


def test_include_exclude_strip_and_run_bits(tmp_path: Path) -> None:
    archive = tar(
        tmp_path / "a.tar.gz",
        ("file", "top/bin/run", b"#!"),
        ("file", "top/lib/helper", b"h"),
        ("file", "top/lib/doc/readme", b"r"),
        ("file", "top/other", b"o"),
        ("soft", "top/lib/latest", "helper"),
    )
    unpack = Unpack("tar.gz", strip=1, include=("bin/*", "lib/*"), exclude=("*/doc/*",), executable=("lib/helper",))
    unpack_archive(archive, unpack, tmp_path / "out")
    out = tmp_path / "out"
    assert sorted(contents(out)) == ["bin/run", "lib/helper", "lib/latest"]
    assert (out / "bin/run").stat().st_mode & 0o777 == 0o555
    assert (out / "lib/helper").stat().st_mode & 0o777 == 0o555
    assert (out / "lib/latest").is_symlink()


def test_a_wheel_keeps_its_run_bits_and_gains_those_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("demo/java/bin/java", b"elf")
        marked = zipfile.ZipInfo("demo/tool")
        marked.external_attr = 0o100755 << 16
        wheel.writestr(marked, b"elf")
        wheel.writestr("demo/plain.txt", b"text")
    unpack_archive(path, Unpack("wheel", strip=1, executable=("java/bin/*",)), tmp_path / "out")
    modes = {
        str(one.relative_to(tmp_path / "out")): one.stat().st_mode & 0o111
        for one in (tmp_path / "out").rglob("*")
        if one.is_file()
    }
    assert modes == {"java/bin/java": 0o111, "tool": 0o111, "plain.txt": 0}


@pytest.mark.parametrize(
    "members",
    [
        [("file", "../evil", b"x")],
        [("file", "good/../../evil", b"x")],
        [("file", "/etc/evil", b"x")],
        [("file", "C:\\evil", b"x")],
        [("soft", "out", "/etc"), ("file", "ok", b"x")],
        [("soft", "out", "../.."), ("file", "ok", b"x")],
        [("soft", "out", ".."), ("file", "out/evil", b"x")],
        [("file", "d/x", b"x"), ("soft", "d/up", ".."), ("soft", "far", "d/up/..")],
        [("file", "a/b/x", b"x"), ("soft", "a/b/l", "../../t"), ("soft", "a/b/m", "l/../../y")],
        [("file", "ok", b"x"), ("soft", "round", "round")],
        [("file", "b/x", b"x"), ("soft", "a", "b"), ("soft", "a/c", "x")],
        [("pipe", "p", ""), ("file", "ok", b"x")],
        [("file", "a", b"x"), ("file", "a/b", b"x")],
    ],
)
def test_a_hostile_tar_is_refused(tmp_path: Path, members: list[tuple[str, str, bytes | str]]) -> None:
    archive = tar(tmp_path / "a.tar.gz", *members)
    assert refused(archive, Unpack("tar.gz"), tmp_path / "in" / "out") == "artifact-unsafe"
    outside = [one for one in tmp_path.rglob("evil") if tmp_path / "in" / "out" not in one.parents]
    assert outside == []
    assert not [one for one in tmp_path.rglob("*") if one.is_symlink()]


def test_a_hostile_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil", b"x")
    assert refused(path, Unpack("zip"), tmp_path / "in" / "out") == "artifact-unsafe"
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_that_does_not_fit_its_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"no archive at all")
    assert refused(path, Unpack("tar.gz"), tmp_path / "1") == "artifact-unpack"
    assert refused(path, Unpack("zip"), tmp_path / "2") == "artifact-unpack"
    tar(path, ("file", "a", b"x" * 9000))
    assert refused(path, Unpack("tar.gz", include=("nothing",)), tmp_path / "3") == "artifact-unpack"
    path.write_bytes(path.read_bytes()[:60])
    assert refused(path, Unpack("tar.gz"), tmp_path / "4") == "artifact-unpack"
    tar(path, ("hard", "a", "gone"))
    assert refused(path, Unpack("tar.gz"), tmp_path / "5") == "artifact-unpack"


@pytest.mark.usefixtures("machine")
def test_one_download_serves_two_ways_to_unpack(
    registry: Registry, cache: Cache, tmp_path: Path, events: list[FetchEvent]
) -> None:
    archive = tar(tmp_path / "a.tar.gz", ("file", "top/a/one", b"1"), ("file", "top/b/two", b"2"))
    body = archive.read_bytes()
    first = registry.package(body, unpack=Unpack("tar.gz", include=("*/a/*",)))
    second = Artifact("other", "pypi", first.coordinate, first.file, first.sha256, first.size, Unpack("tar.gz", 1))
    fetch([first, second], cache, on_event=events.append)
    assert contents(cache.path(first)) == {"top/a/one": b"1"}
    assert contents(cache.path(second)) == {"a/one": b"1", "b/two": b"2"}
    assert len(registry.asked(first.file)) == 1
    assert len([one for one in events if isinstance(one, Unpacking)]) == 2
    assert not cache.part(first).exists()
    assert missing([first, second], cache) == []


@pytest.mark.usefixtures("machine")
def test_a_failed_unpacking_leaves_no_folder(registry: Registry, cache: Cache, tmp_path: Path) -> None:
    body = tar(tmp_path / "a.tar.gz", ("file", "ok", b"1"), ("file", "../evil", b"2")).read_bytes()
    wanted = registry.package(body, unpack=Unpack("tar.gz"))
    with pytest.raises(ArtifactError) as caught:
        fetch([wanted], cache, on_event=lambda _: None)
    assert caught.value.code == "artifact-unsafe"
    assert list(cache.entry(wanted).parent.iterdir()) == []
