"""stdin, stdout and stderr as a verb finds them: a terminal, a pipe whose reader goes, a full disk, or nothing at all.

Comes in: what the shell left open. Goes out: three streams that can be used, and an exit code that is true although
nobody may have read the answer. Must not: let talk that nobody hears end the work, or complain at the end of Python.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from io import TextIOWrapper
from typing import TypeVar

from typing_extensions import Buffer


class Talk(TextIOWrapper):
    """stderr: what cannot be said is dropped, and the work goes on."""

    def write(self, text: str, /) -> int:
        """Writes what can be written; all of it counts as written."""
        try:
            return super().write(text)
        except OSError:
            _to_nowhere(2)
            return len(text)

    def flush(self) -> None:
        """As `write`."""
        try:
            super().flush()
        except OSError:
            _to_nowhere(2)


class Answer(TextIOWrapper):
    """stdout: where it cannot be written the reason is kept for the end, and the rest is dropped.

    The verb goes on to its answer: `rosace verify | head -1` still says by its exit code whether all is exact.
    """

    refused: OSError | None = None

    def write(self, text: str, /) -> int:
        """Writes what can be written; all of it counts as written."""
        try:
            return super().write(text)
        except OSError as error:
            self.drop(error)
            return len(text)

    def flush(self) -> None:
        """As `write`."""
        try:
            super().flush()
        except OSError as error:
            self.drop(error)

    def drop(self, error: OSError) -> None:
        """From now on nothing is written, and `error` is why."""
        self.refused = self.refused or error
        _to_nowhere(1)


class Bytes(io.RawIOBase):
    """stdout for what is no text, or has its bytes already. What cannot be written is dropped, as by `Answer`."""

    def __init__(self) -> None:
        """What was printed so far goes first."""
        super().__init__()
        sys.stdout.flush()
        self._written = 0

    def writable(self) -> bool:
        """Always: where nobody reads, it goes nowhere."""
        return True

    def tell(self) -> int:
        """How many bytes there were."""
        return self._written

    def write(self, data: Buffer, /) -> int:
        """Writes what can be written; all of it counts as written."""
        size = memoryview(data).nbytes
        try:
            sys.stdout.buffer.write(data)
        except OSError as error:
            _dropped(error)
        self._written += size
        return size

    def flush(self) -> None:
        """As `write`."""
        try:
            sys.stdout.buffer.flush()
        except OSError as error:
            _dropped(error)


def _dropped(error: OSError) -> None:
    if not isinstance(sys.stdout, Answer):
        raise error
    sys.stdout.drop(error)


def unread() -> bool:
    """Whether stdout leads nowhere any more: what would print for ever ends."""
    return isinstance(sys.stdout, Answer) and sys.stdout.refused is not None


def ready() -> None:
    """Makes the three streams usable: closed ones lead nowhere, and a letter that a terminal lacks is replaced.

    A closed one must not stay free: the next file that is opened would get its number, and the talk.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            _to_nowhere(number)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    out, err = sys.stdout, sys.stderr
    sys.stdout = _stream(Answer, 1, out.encoding if out else "utf-8", lines=bool(out) and out.isatty())
    sys.stderr = _stream(Talk, 2, err.encoding if err else "utf-8", lines=True)


_Stream = TypeVar("_Stream", bound=TextIOWrapper)


def _stream(kind: type[_Stream], number: int, encoding: str, *, lines: bool) -> _Stream:
    raw = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
    return kind(raw, encoding=encoding, errors="replace", line_buffering=lines)


def finished(code: int) -> int:
    """Brings out what was printed; the exit code, which is 2 where the answer could not be written.

    A reader that has gone (`rosace get topics | head -1`) has read what it wanted, and the answer stands.
    """
    sys.stdout.flush()
    refused = sys.stdout.refused if isinstance(sys.stdout, Answer) else None
    if refused is not None and not isinstance(refused, BrokenPipeError):
        print(f"error: the answer cannot be written: {refused.strerror or refused}", file=sys.stderr)
        code = 2
    sys.stderr.flush()
    return code


def _to_nowhere(number: int) -> None:
    """From now on what is written to this stream is dropped, that in Python's buffers included."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        if nowhere != number:
            os.dup2(nowhere, number)
            os.close(nowhere)
