"""Fetching over real sockets: resuming, refusing, telling."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from artifact_registry import Fault, Registry

from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.kit.backoff import Backoff
from rosace.local.artifacts import Cache
from rosace.local.artifacts.events import Done, Failed, FetchEvent, Progress, Started
from rosace.local.artifacts.fetch import fetch, missing

T = TypeVar("T")
QUICK = Backoff((0.01,), most=3)
BODY = bytes(range(256)) * 12_000  # 3 MB


def get(artifacts: list[Artifact], cache: Cache, events: list[FetchEvent] | None = None) -> None:
    told = events if events is not None else []
    fetch(artifacts, cache, on_event=told.append, patience=QUICK)


def only(kind: type[T], events: list[FetchEvent]) -> list[T]:
    return [one for one in events if isinstance(one, kind)]


def refusal(artifacts: list[Artifact], cache: Cache) -> ArtifactError:
    with pytest.raises(ArtifactError) as caught:
        get(artifacts, cache)
    return caught.value


def parts(cache: Cache) -> list[Path]:
    return list((cache.root / "parts").glob("*"))


@pytest.mark.usefixtures("machine")
def test_files_of_both_registries_arrive_under_their_own_names(
    registry: Registry, cache: Cache, events: list[FetchEvent]
) -> None:
    wanted = [registry.jar(BODY), registry.package(b"small" * 10)]
    assert missing(wanted, cache) == wanted
    get(wanted, cache, events)
    assert missing(wanted, cache) == []
    assert cache.path(wanted[0]).read_bytes() == BODY
    assert cache.path(wanted[0]).name == "tool-1.0.jar"
    assert [one.cached for one in only(Done, events)] == [False, False]
    assert parts(cache) == []


@pytest.mark.usefixtures("machine")
def test_what_is_there_costs_no_request(registry: Registry, cache: Cache, events: list[FetchEvent]) -> None:
    wanted = [registry.jar(BODY)]
    get(wanted, cache)
    registry.requests.clear()
    get(wanted, cache, events)
    assert registry.requests == []
    assert events == [Done(wanted[0], 0.0, cached=True)]


@pytest.mark.usefixtures("machine")
def test_a_cut_connection_is_resumed_where_it_broke(registry: Registry, cache: Cache, events: list[FetchEvent]) -> None:
    wanted = registry.jar(BODY)
    registry.faults["/maven/org/demo/tool/1.0/tool-1.0.jar"] = Fault(times=2, cut_after=1_200_000)
    get([wanted], cache, events)
    ranges = [one.range for one in registry.asked(wanted.file)]
    assert ranges == [None, "bytes=1200000-", "bytes=2400000-"]
    assert cache.path(wanted).read_bytes() == BODY
    done = [one.done for one in only(Progress, events)]
    assert done == sorted(done) and done[-1] == len(BODY)


@pytest.mark.usefixtures("machine")
def test_a_server_without_ranges_is_asked_from_the_start(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    registry.ranges = False
    registry.faults["/maven/org/demo/tool/1.0/tool-1.0.jar"] = Fault(cut_after=1_200_000)
    get([wanted], cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("machine")
def test_a_part_of_an_earlier_run_is_used(registry: Registry, cache: Cache, events: list[FetchEvent]) -> None:
    wanted = registry.jar(BODY)
    cache.part(wanted).parent.mkdir(parents=True)
    cache.part(wanted).write_bytes(BODY[:2_000_000])
    get([wanted], cache, events)
    assert only(Started, events)[0].resumed_from == 2_000_000
    assert registry.asked(wanted.file)[0].range == "bytes=2000000-"


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("left", [b"x" * 2_000_000, BODY + b"more"])
def test_a_wrong_part_is_thrown_away(registry: Registry, cache: Cache, left: bytes) -> None:
    wanted = registry.jar(BODY)
    cache.part(wanted).parent.mkdir(parents=True)
    cache.part(wanted).write_bytes(left)
    get([wanted], cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_server_is_asked_again(registry: Registry, cache: Cache, status: int) -> None:
    wanted = registry.jar(BODY)
    registry.faults["/maven/org/demo/tool/1.0/tool-1.0.jar"] = Fault(times=2, status=status)
    get([wanted], cache)
    assert len(registry.asked(wanted.file)) == 3


@pytest.mark.usefixtures("machine")
def test_one_damaged_download_is_repeated(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    registry.faults["/maven/org/demo/tool/1.0/tool-1.0.jar"] = Fault(flip=True)
    get([wanted], cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("machine")
def test_a_file_that_stays_damaged_is_refused_and_deleted(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    registry.faults["/maven/org/demo/tool/1.0/tool-1.0.jar"] = Fault(times=9, flip=True)
    error = refusal([wanted], cache)
    assert error.code == "artifact-corrupt"
    assert wanted.coordinate in error.message and wanted.sha256 in error.message
    assert len(registry.asked(wanted.file)) == 2
    assert not cache.present(wanted) and parts(cache) == []


@pytest.mark.usefixtures("machine")
def test_a_log_in_page_does_not_cost_the_part(registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    cache.part(wanted).parent.mkdir(parents=True)
    cache.part(wanted).write_bytes(BODY[:1000])
    registry.files["/maven/org/demo/tool/1.0/tool-1.0.jar"] = b"<html>" * 400
    registry.ranges = False
    assert refusal([wanted], cache).code == "artifact-corrupt"
    assert cache.part(wanted).read_bytes() == BODY[:1000]


@pytest.mark.usefixtures("machine")
def test_an_index_that_lists_another_checksum_is_not_downloaded_from(registry: Registry, cache: Cache) -> None:
    wanted = registry.package(BODY)
    registry.listed["demo"][wanted.file] = "0" * 64
    error = refusal([wanted], cache)
    assert error.code == "artifact-mismatch"
    assert "0" * 64 in error.message and wanted.sha256 in error.message
    assert registry.asked(wanted.file) == []


@pytest.mark.usefixtures("machine")
def test_what_no_place_has_is_named(registry: Registry, cache: Cache) -> None:
    jar = replace(registry.jar(BODY), coordinate="org.demo:gone:1.0", file="gone-1.0.jar")
    assert refusal([jar], cache).code == "artifact-not-found"
    package = replace(registry.package(b"x" * 9), coordinate="gone==1.0", file="gone-1.0.tar.gz")
    error = refusal([package], cache)
    assert error.code == "artifact-not-found" and "gone-1.0.tar.gz" in error.message


@pytest.mark.usefixtures("home")
def test_without_a_network_the_error_names_what_is_missing(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, home: Path, events: list[FetchEvent]
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    (home / ".m2" / "settings.xml").write_text(
        "<settings><mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:9</url></mirror></mirrors></settings>"
    )
    wanted = [
        Artifact(f"a{n}", "maven", f"org.demo:a{n}:1.0", f"a{n}-1.0.jar", hashlib.sha256(bytes([n])).hexdigest(), 10)
        for n in range(9)
    ]
    with pytest.raises(ArtifactError) as caught:
        get(wanted, cache, events)
    assert caught.value.code == "artifact-unreachable"
    assert "the connection was refused" in caught.value.message
    assert "Still missing: " in caught.value.message and "and 4 more" in caught.value.message
    assert only(Failed, events)


@pytest.mark.usefixtures("machine")
def test_a_wish_to_stop_keeps_what_is_there(registry: Registry, cache: Cache) -> None:
    registry.pace = 0.02
    wanted = registry.jar(BODY * 4)
    cancel = threading.Event()

    def on_event(event: FetchEvent) -> None:
        if isinstance(event, Progress):
            cancel.set()

    with pytest.raises(ArtifactError) as caught:
        fetch([wanted], cache, on_event=on_event, cancel=cancel)
    assert caught.value.code == "artifact-cancelled"
    assert 0 < cache.part(wanted).stat().st_size < wanted.size


@pytest.mark.usefixtures("machine")
def test_a_listener_that_fails_is_heard(registry: Registry, cache: Cache) -> None:
    def on_event(event: FetchEvent) -> None:
        if isinstance(event, Progress):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fetch([registry.jar(BODY)], cache, on_event=on_event)
