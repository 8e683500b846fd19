"""Readiness of PostgreSQL, asked in its own protocol.

The server answers a start-up message in one of two ways: it asks for authentication, and then it serves, or it
refuses with an error, such as 57P03 while it recovers from a crash. The connection ends there, as that of
`pg_isready` does, without a line in the server's log. Source: PostgreSQL 18, chapter "Frontend/Backend Protocol".
"""

from __future__ import annotations

import socket
import struct

from rosace.kit.unanswered import unanswered

PROTOCOL_3 = 196608
STARTING = "57P03"
"""SQLSTATE cannot_connect_now."""


def ready(host: str, port: int, user: str, database: str, timeout: float = 3.0) -> str | None:
    """None when the server takes connections, else what it says (`timeout` in seconds)."""
    parameters = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database)) + b"\0"
    message = struct.pack("!ii", 8 + len(parameters), PROTOCOL_3) + parameters
    try:
        with socket.create_connection((host, port), timeout) as server:
            server.settimeout(timeout)
            server.sendall(message)
            kind = _exactly(server, 1)
            body = _exactly(server, struct.unpack("!i", _exactly(server, 4))[0] - 4)
    except OSError as error:
        return unanswered(f"{host}:{port}", error)
    if kind == b"R":
        return None
    said = _error(body) if kind == b"E" else {}
    if said.get("C") == STARTING:
        return said.get("M", "starting")
    return f"refuses connections: {said.get('M', 'an answer that is not PostgreSQL')} ({said.get('C', kind)})"


def _exactly(server: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = server.recv(count - len(found))
        if not piece:
            raise ConnectionError("the connection was closed")
        found += piece
    return found


def _error(body: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse: each a letter and a text that ends with a zero byte."""
    fields = (part.decode(errors="replace") for part in body.split(b"\0") if part)
    return {field[0]: field[1:] for field in fields}
