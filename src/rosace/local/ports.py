"""Ports of this machine: chosen free, written down, kept as long as nobody else takes them."""

from __future__ import annotations

import errno
import random
import socket
from collections.abc import Iterable, Mapping

FIRST, LAST = 20_000, 31_999
"""Below Linux's ephemeral range (32768-60999, net.ipv4.ip_local_port_range), so no outgoing connection takes one."""


def free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now (a port in TIME_WAIT counts as free, as for the JVM)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
        return True


def choose(names: Iterable[str], known: Mapping[str, int], *, mine: frozenset[int]) -> tuple[dict[str, int], list[str]]:
    """A port for each name, and the names whose earlier port somebody else took meanwhile.

    `known` is the earlier choice; `mine` are ports on which this platform's own processes listen right now.
    """
    chosen: dict[str, int] = {}
    stolen: list[str] = []
    taken = set(known.values())
    for name in names:
        port = known.get(name)
        if port is not None and (port in mine or free(port)):
            chosen[name] = port
            continue
        if port is not None:
            stolen.append(name)
        chosen[name] = _fresh(taken)
        taken.add(chosen[name])
    return chosen, stolen


def _fresh(taken: set[int]) -> int:
    for _ in range(5000):
        port = random.randint(FIRST, LAST)
        if port not in taken and free(port):
            return port
    raise OSError(errno.EADDRINUSE, f"no free port between {FIRST} and {LAST} on 127.0.0.1")
