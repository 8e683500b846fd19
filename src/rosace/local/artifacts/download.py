"""Bringing one file here: resumed where it stopped, and checked while it comes."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests

from rosace.contract.artifacts import ArtifactError
from rosace.local.artifacts.errors import disk_error, readable_size
from rosace.local.artifacts.transport import (
    CONNECTION_ERRORS,
    TIMEOUT,
    Candidate,
    RegistrySession,
    Trouble,
    check_status,
    trouble_of,
)

_CHUNK = 1 << 20


class Stop:
    """The reasons to stop early: the caller's wish, or a failure elsewhere."""

    def __init__(self, wish: threading.Event | None) -> None:
        self._wish = wish
        self._failed = threading.Event()

    def set(self) -> None:
        """Make every other worker stop at its next step."""
        self._failed.set()

    def wished(self) -> bool:
        """Tell whether the caller asked to stop."""
        return self._wish is not None and self._wish.is_set()

    def check(self) -> None:
        """Raise ``artifact-cancelled`` when it is time to stop."""
        if self.wished() or self._failed.is_set():
            raise ArtifactError(
                "artifact-cancelled",
                "Fetching was stopped before it was complete.",
                "Run the same command again: it goes on where it stopped.",
            )

    def pause(self, seconds: float) -> None:
        """Wait, but notice a stop within a fifth of a second."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check()
            self._failed.wait(min(left, 0.2))
        self.check()


class PartFile:
    """A file on its way, kept across interruptions, with the checksum of what it holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._hash = hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            self._hash.update(chunk)
            self.size += len(chunk)

    def __enter__(self) -> PartFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, chunk: bytes) -> None:
        """Add bytes at the end.

        Raises:
            ArtifactError: ``disk-full``.
        """
        try:
            self._file.write(chunk)
        except OSError as error:
            raise disk_error(error, self.path) from None
        self._hash.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Forget what was there."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        self._hash = hashlib.sha256()

    def settle(self) -> str:
        """Force the bytes onto the disk and give their sha256."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise disk_error(error, self.path) from None
        return self._hash.hexdigest()


class Expected:
    """What the finished file must be; ``size`` or ``sha256`` may be unknown to the lock tool."""

    def __init__(self, sha256: str | None, size: int | None) -> None:
        self.sha256 = sha256
        self.size = size

    def settle(self, part: PartFile) -> None:
        """Accept the part as whole.

        Raises:
            Trouble: transient when bytes are missing; ``corrupt``, with the part emptied,
                when they are the wrong ones.
        """
        if self.size is not None and part.size < self.size:
            raise Trouble("unreachable", "the connection broke", transient=True)
        digest = part.settle()
        size = part.size
        wrong_size = self.size is not None and size != self.size
        if wrong_size or self.sha256 not in (None, digest):
            part.restart()
            raise Trouble("corrupt", f"it sent {readable_size(size)} with sha256 {digest}", transient=True)


def receive(
    session: RegistrySession,
    candidate: Candidate,
    part: PartFile,
    expected: Expected,
    progress: Callable[[int], None],
    stop: Stop,
) -> None:
    """Try once to complete a part from an address.

    Raises:
        Trouble: when the address did not give the file.
        ArtifactError: ``disk-full`` or ``artifact-cancelled``.
    """
    if expected.size is not None and part.size >= expected.size:
        # Complete before a crash, or longer than the file: only its checksum can tell.
        expected.settle(part)
        return
    headers = {"Range": f"bytes={part.size}-"} if part.size else {}
    try:
        with session.get(candidate.url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
            check_status(answer)
            _begin(answer, part, expected)
            for chunk in _chunks(answer):
                stop.check()
                part.append(chunk)
                progress(part.size)
    except CONNECTION_ERRORS as error:
        raise trouble_of(error) from None
    except OSError as error:
        raise trouble_of(error) from None
    expected.settle(part)


def copy(source: Path, part: PartFile, expected: Expected, stop: Stop) -> bool:
    """Fill a part from a file on this machine; ``False`` when it is another file.

    Raises:
        ArtifactError: ``disk-full`` or ``artifact-cancelled``.
    """
    try:
        if expected.size is not None and source.stat().st_size != expected.size:
            return False
        with source.open("rb") as file:
            part.restart()
            while chunk := file.read(_CHUNK):
                stop.check()
                part.append(chunk)
        expected.settle(part)
    except (OSError, Trouble):
        part.restart()
        return False
    return True


def _begin(answer: requests.Response, part: PartFile, expected: Expected) -> None:
    if answer.status_code == 416:
        part.restart()
        raise Trouble("unreachable", "it could not go on where it stopped", transient=True)
    length = answer.headers.get("Content-Length", "")
    if answer.status_code == 206:
        start = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
        if start == str(part.size):
            return
        part.restart()
        raise Trouble("unreachable", "it went on at another place", transient=True)
    # A log-in page or a proxy's apology, rather than the file.
    if expected.size is not None and length.isdigit() and int(length) != expected.size:
        raise Trouble(
            "corrupt",
            f"it offers {readable_size(int(length))} where {readable_size(expected.size)} belong",
        )
    part.restart()


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    # Raw bytes: a server that marks .tar.gz as an encoding must not have it undone.
    yield from answer.raw.stream(_CHUNK, decode_content=False)
