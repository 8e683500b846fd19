"""Another account has put sockets where SeaweedFS looks for its own in /tmp: it learns nothing and is told nothing.

Of `weed server` only the gRPC between its own parts goes there, to names made of the part and its port, which no option
and no variable moves (weed/command/server.go and weed/pb/grpc_client_server.go, 4.44). A socket of its own account the
server replaces; one of another account it cannot in a folder with the sticky bit, so that its parts call whoever
listens. TLS then fails at the stranger's certificate, before the caller has shown or said anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rosace.contract.machine import Site
from rosace.engines.seaweedfs import ENGINE
from rosace.kit import certificate
from rosace.local import workbench
from rosace.local.unprivileged import USER

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account"),
]

OTHER = USER - 1
"""The account that plants; the store runs as `USER`."""

PARTS = ("master", "volume", "filer", "s3")

STRANGER = """
import os, socket, ssl, sys, threading
folder, user, *paths = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
context.set_alpn_protocols(["h2"])
log = open(folder + "/heard", "a", buffering=1)
os.setgroups([]); os.setgid(int(user)); os.setuid(int(user))

def serve(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o777)
    listener.listen(64)
    while True:
        peer, _ = listener.accept()
        try:
            with context.wrap_socket(peer, server_side=True) as spoken:
                log.write(f"{path} SAID {spoken.recv(65536)!r}\\n")
        except OSError as error:
            log.write(f"{path} called: {error}\\n")

for path in paths:
    threading.Thread(target=serve, args=(path,)).start()
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return workbench.site_of(ENGINE, {"platform": "flights"}, tmp_path / "home")


def places(site: Site) -> list[Path]:
    return [
        Path(f"/tmp/seaweedfs-{part}-grpc-{site.ports['s3-grpc' if part == 's3' else f'{part}-grpc']}.sock")
        for part in PARTS
    ]


@pytest.fixture
def heard(site: Site, tmp_path: Path) -> Iterator[Path]:
    """What the other account hears at all four places."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    certificate.make(folder, "")
    argv = [sys.executable, "-c", STRANGER, str(folder), str(OTHER), *map(str, places(site))]
    stranger = subprocess.Popen(argv)
    try:
        deadline = time.monotonic() + 30
        while not all(place.is_socket() for place in places(site)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield folder / "heard"
    finally:
        stranger.kill()
        stranger.wait(10)
        for place in places(site):
            place.unlink(missing_ok=True)


def test_a_planted_socket_hears_nothing(site: Site, heard: Path) -> None:
    """The store runs as an ordinary account: root would replace even what is another's."""
    spec = replace(ENGINE.local.processes(site)[0], unprivileged=True)
    running = workbench.start(spec, site.home, {"LANG": "C"})
    try:
        deadline = time.monotonic() + 60
        while "called" not in heard.read_text():
            assert time.monotonic() < deadline, running.log.read_text()[-2000:]
            time.sleep(0.2)
        time.sleep(3)
        assert all(place.stat().st_uid == OTHER for place in places(site)), "they were replaced: nothing was tried"
        said = heard.read_text()
    finally:
        running.kill()
    assert "SAID" not in said
