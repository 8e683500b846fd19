"""What the cache notices, and what it costs to look."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path

import pytest
from artifact_registry import Registry

from rosace.contract.artifacts import Unpack
from rosace.local.artifacts import Cache, cache_root
from rosace.local.artifacts.events import Done, FetchEvent, Refused
from rosace.local.artifacts.fetch import fetch, missing

BODY = b"0123456789" * 1000


def forge(path: Path, body: bytes) -> None:
    """Change a file's bytes in place, as neither the cache nor a package tool would."""
    path.chmod(0o644)
    path.write_bytes(body)


def archive_of(count: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(count):
            member = tarfile.TarInfo(f"f{number}")
            member.size = 4
            archive.addfile(member, io.BytesIO(b"%04d" % number))
    return buffer.getvalue()


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path / "mine"))
    assert cache_root() == tmp_path / "mine"
    monkeypatch.delenv("ROSACE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "rosace"


@pytest.mark.usefixtures("machine")
def test_a_changed_byte_is_noticed_and_fetched_anew(registry: Registry, cache: Cache, events: list[FetchEvent]) -> None:
    wanted = registry.jar(BODY)
    fetch([wanted], cache, on_event=lambda _: None)
    forge(cache.path(wanted), b"X" + BODY[1:])
    assert cache.verify(wanted).changed == (wanted.file,)
    fetch([wanted], cache, on_event=events.append)
    assert events[0] == Refused(wanted, (wanted.file,))
    assert isinstance(events[-1], Done)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("machine")
def test_a_change_that_hides_its_time_is_found_by_the_deep_check(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    fetch([wanted], cache, on_event=lambda _: None)
    path = cache.path(wanted)
    seen = path.stat()
    forge(path, b"X" + BODY[1:])
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert cache.verify(wanted).whole
    assert cache.verify(wanted, deep=True).state == "damaged"


@pytest.mark.usefixtures("machine")
def test_a_copied_cache_is_hashed_once_and_kept(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    fetch([wanted], cache, on_event=lambda _: None)
    os.utime(cache.path(wanted), ns=(1, 1))
    manifest = cache.entry(wanted) / "manifest.json"
    before = manifest.read_bytes()
    assert cache.verify(wanted).whole
    assert manifest.read_bytes() != before
    assert missing([wanted], cache) == []


@pytest.mark.usefixtures("machine")
def test_a_file_gone_from_an_unpacked_folder_is_noticed_and_one_added_is_not(registry: Registry, cache: Cache) -> None:
    wanted = registry.package(archive_of(5), unpack=Unpack("tar.gz"))
    fetch([wanted], cache, on_event=lambda _: None)
    (cache.path(wanted) / "added").write_text("by the engine")
    assert cache.verify(wanted, deep=True).whole
    (cache.path(wanted) / "f3").unlink()
    assert cache.verify(wanted).changed == ("f3",)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"format": 1, "disk": 0, "files": [[1]]}', '{"format": 1, "disk": 0, "files": [[1,2,3,4,5]]}'],
)
def test_an_entry_without_a_readable_manifest_is_absent(registry: Registry, cache: Cache, text: str) -> None:
    wanted = registry.jar(BODY)
    fetch([wanted], cache, on_event=lambda _: None)
    (cache.entry(wanted) / "manifest.json").write_text(text)
    assert missing([wanted], cache) == [wanted]
    fetch([wanted], cache, on_event=lambda _: None)
    assert missing([wanted], cache) == []


@pytest.mark.usefixtures("machine")
def test_a_look_at_a_whole_platform_is_cheap(registry: Registry, cache: Cache) -> None:
    wanted = [registry.jar(BODY + b"%d" % n, f"tool{n}") for n in range(147)]
    wanted += [registry.package(archive_of(1000 + n), f"tree{n}", Unpack("tar.gz")) for n in range(3)]
    fetch(wanted, cache, on_event=lambda _: None)
    times: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        assert missing(wanted, cache) == []
        times.append(time.perf_counter() - began)
    # 50 ms is the budget on a quiet machine; the margin is for a loaded one.
    assert min(times) < 0.1, times
