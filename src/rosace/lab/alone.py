"""One `up` or `down` at a time on the whole machine: the bridge and its cables are its, whoever started the lab."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator

from rosace.source.diagnostic import refuse

_NAME = "\0rosace-lab"
"""An abstract socket (unix(7)): it lies in no folder, and ends with the process that holds it."""


@contextlib.contextmanager
def alone() -> Generator[None]:
    """Refused where another is at work."""
    with socket.socket(socket.AF_UNIX) as held:
        try:
            held.bind(_NAME)
        except OSError:
            message = "another `rosace lab up` or `down` is at work"
            raise refuse("lab-busy", message, hints=("wait until it has ended: `rosace lab status`",)) from None
        yield
