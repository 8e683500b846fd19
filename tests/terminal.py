"""Commands as a person runs them: with both streams in pipes, or in a terminal of so many columns."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")
"""A control sequence of a terminal."""


@dataclass(frozen=True)
class Said:
    """What a command printed, to the end; of a terminal both streams are one, `out`."""

    command: str
    code: int
    out: str
    err: str = ""
    columns: int = 0

    @property
    def lines(self) -> list[str]:
        """The lines of a terminal as they stand in the end, without colours; what was drawn over is gone."""
        return [ESCAPE.sub("", line).rstrip("\r").rpartition("\r")[2].rstrip() for line in self.out.split("\n")]

    def transcript(self) -> str:
        where = f"terminal of {self.columns} columns" if self.columns else "pipe"
        shown = "\n".join(self.lines) if self.columns else self.out
        talk = f"--- stderr\n{self.err}" if self.err else ""
        return f"$ {self.command}\n--- {where}, exit code {self.code}\n{shown}{talk}\n"


def in_pipe(command: str, folder: Path, env: Mapping[str, str], timeout: float) -> Said:
    """Runs it without a terminal; nothing can be typed."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Said(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def in_terminal(
    command: str, folder: Path, env: Mapping[str, str], timeout: float, columns: int, typed: str = ""
) -> Said:
    """Runs it in a terminal of its own with `typed` on its keyboard."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    child = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    heard = bytearray()
    deadline = time.monotonic() + timeout
    try:
        if typed:
            os.write(ours, typed.encode())
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                if child.poll() is not None:
                    break
                continue
            # Linux says EIO where a pipe would end.
            with contextlib.suppress(OSError):
                if part := os.read(ours, 65536):
                    heard += part
                    continue
            break
        code = child.wait(max(0.1, deadline - time.monotonic()))
    finally:
        child.kill()
        os.close(ours)
    return Said(command, code, heard.decode().replace("\r\n", "\n"), "", columns)
