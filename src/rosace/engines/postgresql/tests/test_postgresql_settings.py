"""The server's configuration, without a server."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from rosace.engines.postgresql import ENGINE, settings
from rosace.engines.postgresql.health import ready
from rosace.engines.postgresql.spec import PostgresqlSpec
from rosace.model.platform import Platform


def test_values_are_quoted_and_numbers_are_not() -> None:
    text = settings.configuration({"port": 5432, "hba_file": "/tmp/l'été \\ x/pg_hba.conf"})
    assert text == "port = 5432\nhba_file = '/tmp/l''été \\\\ x/pg_hba.conf'\n"


def test_nothing_weakens_durability() -> None:
    said = settings.server_settings(PostgresqlSpec(), 1, "x")
    assert not {"fsync", "full_page_writes", "synchronous_commit"} & said.keys()
    assert said["shared_buffers"] == "32768kB"


def test_wanted_only_when_written() -> None:
    assert not ENGINE.wanted(Platform.model_validate({"platform": "p", "tables": {"t": {"columns": {"a": "int"}}}}))
    assert ENGINE.wanted(Platform.model_validate({"platform": "p", "engines": {"postgresql": {}}}))


def answer(reply: bytes) -> str | None:
    """What `ready` makes of a server that says `reply`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return ready("127.0.0.1", listener.getsockname()[1], "u", "d")
        finally:
            thread.join()


def error(code: str, message: str) -> bytes:
    body = f"SFATAL\0C{code}\0M{message}\0\0".encode()
    return b"E" + struct.pack("!i", len(body) + 4) + body


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (b"R" + struct.pack("!ii", 8, 10), None),
        (error("57P03", "the database system is starting up"), "the database system is starting up"),
        (error("53300", "sorry"), "refuses connections: sorry (53300)"),
        (b"", "no answer from"),
    ],
)
def test_readiness_follows_the_servers_answer(reply: bytes, expected: str | None) -> None:
    said = answer(reply)
    assert said == expected or (expected and said and said.startswith(expected))


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ready("127.0.0.1", port, "u", "d") == f"nothing listens on 127.0.0.1:{port} yet"
