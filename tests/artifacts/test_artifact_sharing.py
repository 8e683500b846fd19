"""Several processes, killed processes, full disks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from artifact_registry import Registry

from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.local.artifacts import Cache
from rosace.local.artifacts.events import FetchEvent, Started
from rosace.local.artifacts.fetch import fetch

pytestmark = pytest.mark.slow


BODY = bytes(range(256)) * 12_000
SOURCES = Path(__file__).parents[2] / "src"
PROGRAM = """
import pickle, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from rosace.local.artifacts import Cache
from rosace.local.artifacts.fetch import fetch
wanted = pickle.loads(bytes.fromhex(sys.argv[2]))
fetch(wanted, Cache(Path(sys.argv[1])), on_event=lambda event: None)
"""


def other_process(cache: Cache, wanted: list[Artifact]) -> subprocess.Popen[bytes]:
    import pickle

    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(cache.root), pickle.dumps(wanted).hex()],
        env=environment,
        stderr=subprocess.DEVNULL,
    )


def until(part: Path, size: int) -> None:
    end = time.monotonic() + 15
    while not part.exists() or part.stat().st_size < size:
        assert time.monotonic() < end, "the other process downloads nothing"
        time.sleep(0.01)


@pytest.mark.usefixtures("machine")
def test_two_processes_download_each_file_once(registry: Registry, cache: Cache) -> None:
    registry.pace = 0.005
    wanted = [registry.jar(BODY + bytes([n]), f"tool{n}") for n in range(6)]
    processes = [other_process(cache, wanted) for _ in range(2)]
    assert [one.wait(60) for one in processes] == [0, 0]
    assert [len(registry.asked(one.file)) for one in wanted] == [1] * 6
    assert all(cache.verify(one, deep=True).whole for one in wanted)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_after_a_kill_the_next_run_goes_on(
    registry: Registry, cache: Cache, events: list[FetchEvent], sent: signal.Signals
) -> None:
    registry.pace = 0.05
    wanted = registry.jar(BODY * 3)
    process = other_process(cache, [wanted])
    until(cache.part(wanted), 1 << 20)
    process.send_signal(sent)
    assert process.wait(10) != 0
    registry.pace = 0
    fetch([wanted], cache, on_event=events.append)
    started = [one for one in events if isinstance(one, Started)]
    assert started[0].resumed_from >= 1 << 20
    assert registry.asked(wanted.file)[-1].range == f"bytes={started[0].resumed_from}-"
    assert cache.path(wanted).read_bytes() == BODY * 3


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def pretend_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    def usage(_: object) -> Usage:
        return Usage(free, 0, free)

    monkeypatch.setattr(shutil, "disk_usage", usage)


def refusal(wanted: list[Artifact], cache: Cache) -> ArtifactError:
    with pytest.raises(ArtifactError) as caught:
        fetch(wanted, cache, on_event=lambda _: None)
    return caught.value


@pytest.mark.usefixtures("machine")
def test_too_little_room_is_said_before_anything_is_fetched(
    registry: Registry, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [registry.jar(BODY)]
    pretend_free(monkeypatch, 2_000_000)
    error = refusal(wanted, cache)
    assert error.code == "disk-full"
    assert str(cache.root) in error.message
    assert "35.1 MB" in error.message and "2.0 MB are free" in error.message
    assert registry.requests == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if not mounted or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.usefixtures("machine")
def test_a_disk_that_fills_up_leaves_nothing_that_looks_whole(
    registry: Registry, tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tiny_disk / "cache")
    wanted = registry.jar(BODY * 2)
    pretend_free(monkeypatch, 1 << 40)
    error = refusal([wanted], cache)
    assert error.code == "disk-full" and str(tiny_disk) in error.message
    assert not cache.present(wanted)
