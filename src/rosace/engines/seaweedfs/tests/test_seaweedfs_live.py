"""A real store: started as by the executor, used, killed in mid-writes, started again."""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from minio import Minio
from minio.error import S3Error

from rosace.contract.machine import Site
from rosace.engines.seaweedfs import ENGINE
from rosace.engines.seaweedfs.live import client
from rosace.local import workbench
from rosace.model.capabilities import S3Endpoint

pytestmark = pytest.mark.live

WORDS = {"platform": "flights", "storage": {"buckets": {"raw-data": None, "archive": {}}}}
PART = 5 << 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return workbench.site_of(ENGINE, WORDS, tmp_path_factory.mktemp("state") / "l'état, à part")


@pytest.fixture(scope="module")
def store(site: Site) -> Iterator[workbench.Running]:
    """One for all tests of this module: whoever ends it puts its successor into its place."""
    running = launch(site)
    try:
        yield running
    finally:
        running.stop()


def succeed(store: workbench.Running, site: Site) -> None:
    """Starts another one in the place of the one that is gone, on the same data."""
    again = launch(site)
    store.who, store.child = again.who, again.child


def launch(site: Site) -> workbench.Running:
    running = workbench.start(ENGINE.local.processes(site)[0], site.home, {"LANG": "C"})
    running.await_ready()
    for action in ENGINE.local.actions(site):
        workbench.act(action, site.secrets)
    return running


def speak(site: Site) -> Minio:
    (endpoint,) = ENGINE.local.offers(site)
    assert isinstance(endpoint, S3Endpoint)
    return client(
        endpoint.address.authority, endpoint.region, site.reveal(endpoint.access_key), site.reveal(endpoint.secret_key)
    )


def put(s3: Minio, bucket: str, key: str, data: bytes, part: int = 0) -> None:
    """With `part`, as a multipart upload of parts of that many bytes."""
    length = -1 if part else len(data)
    s3.put_object(bucket_name=bucket, object_name=key, data=io.BytesIO(data), length=length, part_size=part)


def get(s3: Minio, bucket: str, key: str) -> bytes:
    answer = s3.get_object(bucket_name=bucket, object_name=key)
    try:
        return answer.read()
    finally:
        answer.close()


def test_makes_every_bucket_once(site: Site, store: workbench.Running) -> None:
    for action in ENGINE.local.actions(site):
        workbench.act(action, site.secrets)
    found = {bucket.name for bucket in speak(site).list_buckets()}
    assert found == {"lake", "checkpoints", "raw-data", "archive"}


def test_a_misspelt_bucket_is_not_made(site: Site, store: workbench.Running) -> None:
    with pytest.raises(S3Error) as caught:
        put(speak(site), "lkae", "x", b"x")
    assert caught.value.code == "NoSuchBucket"


def test_refuses_wrong_and_missing_keys(site: Site, store: workbench.Running) -> None:
    endpoint = f"127.0.0.1:{site.ports['s3']}"
    with pytest.raises(S3Error) as caught:
        client(endpoint, "us-east-1", site.secrets["s3.access-key"], "wrong").list_buckets()
    assert caught.value.code == "SignatureDoesNotMatch"
    with pytest.raises(S3Error):
        Minio(endpoint=endpoint, secure=False, region="us-east-1").list_buckets()
    log = store.log.read_text()
    assert not [value for value in site.secrets.values() if value in log]


def test_listens_on_loopback_on_its_own_ports_alone(site: Site, store: workbench.Running) -> None:
    inodes = {
        link.removeprefix("socket:[").rstrip("]")
        for fd in Path(f"/proc/{store.who.pid}/fd").iterdir()
        if (link := str(fd.readlink())).startswith("socket:")
    }
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[9] in inodes and line.split()[3] == "0A"
    ]
    assert sorted(row[1] for row in rows) == sorted(f"0100007F:{port:04X}" for port in site.ports.values())


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_inner_ports_answer_nobody_without_the_certificate(site: Site, store: workbench.Running) -> None:
    """What other accounts and pages in a browser can send: any request but one with the platform's own certificate."""
    put(speak(site), "lake", "warehouse/kept.parquet", random.Random(3).randbytes(9000))
    page = {"Origin": "http://page.example", "Content-Type": "text/plain"}
    ports = [name for name in site.ports if name not in ("s3", "metrics")]
    for name, scheme, path in itertools.product(
        ports, ("http", "https"), ("/dir/assign", "/col/delete?collection=lake", "/1,01637037d6")
    ):
        for verb in ("GET", "POST", "DELETE"):
            address = f"{scheme}://127.0.0.1:{site.ports[name]}{path}"
            try:
                answer = requests.request(verb, address, headers=page, data=b"planted", timeout=5, verify=False)
            except requests.RequestException:
                continue
                # HTTP at all is spoken by the filer alone, which has no pages: `-filer.disableHttp`.
                expected = 404 if name == "filer" else 400
                assert (scheme, answer.status_code) == ("http", expected), (name, path, answer.text)
    assert len(get(speak(site), "lake", "warehouse/kept.parquet")) == 9000


def test_a_signature_is_asked_for_even_with_the_certificate(site: Site, store: workbench.Running) -> None:
    conf = site.home / "conf"
    shown: dict[str, Any] = {"cert": str(conf / "client.pem"), "verify": str(conf / "cert.pem")}
    for verb in ("GET", "POST", "PUT", "DELETE"):
        address = f"https://127.0.0.1:{site.ports['volume']}/1,01637037d6"
        assert requests.request(verb, address, data=b"planted", timeout=5, **shown).status_code == 401


def test_its_sockets_lie_in_its_own_home(site: Site, store: workbench.Running) -> None:
    table = Path("/proc/net/unix").read_text()
    assert f"seaweedfs-filer-{site.ports['filer']}" not in table
    assert f"seaweedfs-s3-{site.ports['s3']}" not in table
    assert (site.home / "tmp" / "filer.sock").is_socket()


def test_stops_soon_and_keeps_its_objects_on_other_ports(site: Site, store: workbench.Running) -> None:
    put(speak(site), "lake", "warehouse/été/a b=1/x.parquet", b"kept")
    assert store.stop() < 4
    elsewhere = workbench.moved(site)
    again = launch(elsewhere)
    try:
        assert get(speak(elsewhere), "lake", "warehouse/été/a b=1/x.parquet") == b"kept"
        put(speak(elsewhere), "lake", "warehouse/new", b"also")
        put(speak(elsewhere), "checkpoints", "new", b"also")
        assert get(speak(elsewhere), "lake", "warehouse/new") == b"also"
        assert get(speak(elsewhere), "lake", "warehouse/été/a b=1/x.parquet") == b"kept"
    finally:
        again.stop()
    succeed(store, site)


class Writers:
    """Threads that write, and what each key may hold: one value once confirmed, two while one is on its way."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.may_hold: dict[tuple[str, str], set[str]] = {}
        self.confirmed = 0
        self.refused: list[str] = []
        self.stopped = threading.Event()

    def write(self, seed: int) -> None:
        s3, dice = speak(self.site), random.Random(seed)
        number = 0
        while not self.stopped.is_set():
            number += 1
            key = f"{seed}/{number if number % 5 else 0}"
            bucket = dice.choice(("lake", "checkpoints"))
            multipart = number % 7 == 0
            data = dice.randbytes(2 * PART + 1000 if multipart else int(2 ** dice.uniform(0, 19)))
            digest = hashlib.sha256(data).hexdigest()
            before = self.may_hold.get((bucket, key), {"absent"})
            self.may_hold[bucket, key] = before | {digest}
            try:
                put(s3, bucket, key, data, PART if multipart else 0)
            except Exception as error:
                self.refused.append(f"{key}: {error!r}")
                return
            self.may_hold[bucket, key] = {digest}
            self.confirmed += 1

    def wrong(self, site: Site) -> list[str]:
        """The keys that hold something else than they may."""
        s3 = speak(site)
        found: list[str] = []
        for (bucket, key), allowed in self.may_hold.items():
            try:
                held = hashlib.sha256(get(s3, bucket, key)).hexdigest()
            except S3Error as error:
                held = "absent" if error.code == "NoSuchKey" else str(error)
            if held not in allowed:
                found.append(f"{bucket}/{key}: {held}")
        return found


def test_confirmed_objects_survive_a_kill_in_mid_writes(site: Site, store: workbench.Running) -> None:
    rounds: list[Writers] = []
    for number in range(3):
        writers = Writers(site)
        rounds.append(writers)
        with ThreadPoolExecutor(4) as pool:
            for worker in range(4):
                pool.submit(writers.write, 100 * number + worker)
            deadline = time.monotonic() + 120
            while writers.confirmed < 120:
                assert time.monotonic() < deadline, (writers.confirmed, writers.refused)
                assert len(writers.refused) < 4, writers.refused
                time.sleep(0.02)
            store.kill()
            writers.stopped.set()
        succeed(store, site)
        for each in rounds:
            assert each.wrong(site) == []
        kept = sum(len(each.may_hold) for each in rounds)
        print(f"round {number}: {writers.confirmed} confirmed, {kept} keys right")


def test_incomplete_multipart_upload_leaves_no_object(site: Site, store: workbench.Running) -> None:
    class Stuck(io.RawIOBase):
        """Gives two parts, then waits until the store is dead."""

        given = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.given += size
            if self.given > 2 * PART:
                store.kill()
            return b"x" * size

    with contextlib.suppress(Exception):
        speak(site).put_object(bucket_name="lake", object_name="half", data=Stuck(), length=-1, part_size=PART)  # pyright: ignore[reportArgumentType]
    succeed(store, site)
    with pytest.raises(S3Error) as caught:
        get(speak(site), "lake", "half")
    assert caught.value.code == "NoSuchKey"
