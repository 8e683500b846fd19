"""Faults that a machine has some day, on a small platform of real engines: each heals, or is told and harms nothing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_platform import Live, teardown
from small_platform import ROWS, small, write_rows

pytestmark = pytest.mark.live

ROOT = os.geteuid() == 0
MORE = 9_000
DISK = 1000
"""MiB of the disk that becomes full: the platform takes about 100, and SeaweedFS wants 512 more to be free."""

ALONE = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
"""Runs a command in a network namespace that has nothing but loopback."""

BARE = {"LANG": "C", "LC_ALL": "C"}


def exact(report: dict[str, Any], rows: int) -> None:
    assert report["exact"], report
    assert {item["target"]: item["records_out"] for item in report["flows"]} == {"events": rows, "lake.landed": rows}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Five engines, started and proven once with LANG=C; root gives them a small disk for their state."""
    tmp = tmp_path_factory.mktemp("faults")
    state = tmp / "état"
    state.mkdir()
    if ROOT:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=700", "none", str(state)], check=True)
    live = small(tmp / "vols de l'été", state)
    try:
        live.env = BARE
        live.up_verified("--timeout", "200")
        yield live
    finally:
        live.env = {}
        teardown(live)
        if ROOT:
            subprocess.run(["umount", str(state)], check=False)


def test_it_works_with_lang_c(lake: Live) -> None:
    exact(lake.proof, ROWS)
    assert lake.sql("SELECT min(text) AS least FROM lake.landed") == [{"least": "l'été «0» ☃"}]


def test_a_job_starts_afresh_again_and_again(lake: Live) -> None:
    for _ in range(2):
        lake.run("restart", "land", "--fresh")
        lake.wait("the job has read everything again", lambda s: s["jobs"]["land"]["state"] == "finished", 60)
        exact(lake.verify(), ROWS)


@pytest.mark.skipif(not ROOT, reason="only root can mount a small disk for the platform's state")
def test_a_full_disk_is_survived_in_mid_flow(lake: Live) -> None:
    write_rows(lake.folder / "more.csv", ROWS, MORE)
    text = (lake.folder / "platform.yaml").read_text(encoding="utf-8")
    slowly, at_once = (
        text.replace("sources:\n", f"sources:\n  more: {{file: more.csv, to: events{rate}}}\n")
        for rate in (f", rate: {MORE // 20}/s", "")
    )
    (lake.folder / "platform.yaml").write_text(slowly, encoding="utf-8")
    lake.run("up")
    lake.wait("records flow", lambda s: int(s["jobs"]["land"]["records_in"] or 0) > ROWS, 60)
    ballast = lake.state / "ballast"
    fill(ballast)
    deadline = time.monotonic() + 10
    hurt: set[str] = set()
    while time.monotonic() < deadline:
        status = lake.status()
        assert status["running"], "the supervisor must outlive a full disk"
        for kind in ("processes", "jobs"):
            hurt |= {
                f"{n}: {i['detail']}" for n, i in status[kind].items() if i["state"] not in ("ready", "done", "running")
            }
        fill(ballast)
    print("hurt by the full disk:", *sorted(hurt), sep="\n  ")
    assert hurt, "a full disk hurt nobody"
    ballast.unlink()
    lake.wait(
        "everything has healed",
        lambda s: (
            all(item["state"] in ("ready", "running", "done") for item in s["processes"].values())
            and s["jobs"]["land"]["state"] in ("running", "draining", "finished")
        ),
        150,
    )
    (lake.folder / "platform.yaml").write_text(at_once, encoding="utf-8")
    lake.run("up")
    lake.wait(
        "everything has ended",
        lambda s: s["processes"]["source-more"]["state"] == "done" and s["jobs"]["land"]["state"] == "finished",
        150,
    )
    exact(lake.verify(), ROWS + MORE)


def fill(path: Path) -> None:
    """Writes until not a byte is left."""
    with path.open("ab") as out:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    os.write(out.fileno(), bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC


def can_be_alone() -> bool:
    return ROOT and subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not can_be_alone(), reason="only root can run it without a network, and needs unshare and ip")
def test_a_second_start_needs_no_network(lake: Live) -> None:
    lake.run("down")
    lake.before = ALONE
    try:
        lake.run("up", "--verify", "--timeout", "200")
    finally:
        lake.before = ()
    lake.run("down")
    assert lake.marked() == []


@pytest.mark.skipif(not ROOT, reason="all live tests run as an ordinary user then")
def test_an_ordinary_user_runs_everything() -> None:
    """User 65534, with one capability more than nobody: to read what lies below root's home (Python, the cache)."""
    place = Path(tempfile.mkdtemp(prefix="rosace-nobody-"))
    live = small(place / "platform", place / "state")
    for path in (place, *place.rglob("*")):
        os.chown(path, 65534, 65534)
    live.before = (
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--securebits", "+no_setuid_fixup",
        "--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search",
        "--bounding-set", "-all,+dac_read_search", "--no-new-privs",
    )  # fmt: skip
    # Root's cache, which this user cannot write.
    live.env = {"HOME": str(place), "ROSACE_CACHE": str(user_cache()), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        live.run("up", "--verify", "--timeout", "200")
        status = live.status()
        owners = {Path(f"/proc/{item['pid']}").stat().st_uid for item in status["processes"].values() if item["pid"]}
        assert owners == {65534}
    finally:
        teardown(live)
        shutil.rmtree(place, ignore_errors=True)


def user_cache() -> Path:
    from rosace.local.artifacts.cache import cache_root

    return cache_root().absolute()


@pytest.mark.skipif(not can_be_alone(), reason="only root can run it without a network, and needs unshare and ip")
def test_a_damaged_artifact_starts_nothing_and_is_fetched_again(tmp_path: Path) -> None:
    live = small(tmp_path / "platform", tmp_path / "state", lake=False)
    cache = tmp_path / "cache"
    jar = copy_of_kafka(cache, "kafka-raft-*.jar")
    whole = jar.read_bytes()
    jar.chmod(0o644)
    jar.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    # Without a network, and without a Maven repository at home that may have the file.
    live.env, live.before = {"ROSACE_CACHE": str(cache), "HOME": str(tmp_path)}, ALONE
    try:
        refused = live.run("up", code=2)
        assert f"in the cache is damaged ({jar.name})" in refused.stderr
        assert "artifact-unreachable" in refused.stderr
        assert live.marked() == []
        live.env, live.before = {"ROSACE_CACHE": str(cache)}, ()
        live.run("up", "--verify", "--timeout", "200")
        assert jar.read_bytes() == whole
    finally:
        teardown(live)


def copy_of_kafka(cache: Path, pattern: str) -> Path:
    """A cache of its own with all that Kafka needs; returns the one file in it that `pattern` names."""
    import tomllib

    import rosace.engines.kafka as room

    names = tomllib.loads((Path(room.__file__).parent / "versions.toml").read_text(encoding="utf-8"))["artifact"]
    digests = {item["sha256"] for item in names}
    for entry in (user_cache() / "artifacts").glob("*/*"):
        if entry.name[:64] in digests:
            shutil.copytree(entry, cache / "artifacts" / entry.parent.name / entry.name, symlinks=True)
    (found,) = (cache / "artifacts").glob(f"*/*/{pattern}")
    return found


def test_two_platforms_side_by_side(tmp_path: Path) -> None:
    both = [small(tmp_path / name, tmp_path / "state", name, lake=False) for name in ("alpha", "beta")]
    try:
        for live in both:
            live.run("up", "--verify", "--timeout", "200")
        seen: list[dict[str, Any]] = [live.status() for live in both]
        assert [status["platform"] for status in seen] == ["alpha", "beta"]
        pids = [{item["pid"] for item in status["processes"].values() if item["pid"]} for status in seen]
        ports = [{port for item in status["processes"].values() for port in item["ports"].values()} for status in seen]
        assert pids[0] and pids[1] and not pids[0] & pids[1]
        assert ports[0] and ports[1] and not ports[0] & ports[1]
        both[0].run("down")
        assert both[0].run("status", code=1).stderr.startswith("not running")
        assert {item["pid"] for item in both[1].status()["processes"].values() if item["pid"]} == pids[1]
        assert both[1].verify()["exact"]
    finally:
        for live in both:
            teardown(live)
