"""Readiness of a broker by Kafka's own protocol, with nothing but a socket.

The supervisor asks several times a second while the broker starts: a client library would start threads and take
megabytes for each answer.
"""

from __future__ import annotations

import socket
import struct

from rosace.kit.unanswered import unanswered

METADATA, VERSION = 3, 4
"""API key and version of the Metadata request (kafka.apache.org/protocol): the newest without tagged fields."""

_CLIENT = b"rosace-health"
_LARGEST = 1 << 20


def ready(host: str, port: int, timeout: float = 2.0) -> str | None:
    """None when the broker is registered with the controller and takes requests, else what is awaited.

    `timeout` is seconds for connecting and for each wait on the socket.
    """
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            connection.sendall(_request())
            brokers = _brokers(connection)
    except (OSError, EOFError, struct.error) as error:
        return unanswered(f"{host}:{port}", error)
    return None if brokers else "the broker answers, but the controller has not let it in yet"


def _request() -> bytes:
    header = struct.pack(">hhih", METADATA, VERSION, 1, len(_CLIENT)) + _CLIENT
    body = struct.pack(">i?", 0, False)  # no topics, and none to be created
    return struct.pack(">i", len(header) + len(body)) + header + body


def _brokers(connection: socket.socket) -> int:
    """How many brokers the answer lists: correlation id, throttle time, then the array."""
    (size,) = struct.unpack(">i", _exactly(connection, 4))
    if not 12 <= size <= _LARGEST:
        raise EOFError("not Kafka's protocol")
    answer = _exactly(connection, size)
    correlation, _, brokers = struct.unpack_from(">iii", answer)
    if correlation != 1:
        raise EOFError("not Kafka's protocol")
    return int(brokers)


def _exactly(connection: socket.socket, size: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < size:
        chunk = connection.recv(size - len(chunks))
        if not chunk:
            raise EOFError("the connection was closed")
        chunks += chunk
    return bytes(chunks)
