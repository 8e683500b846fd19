"""A program that is asked line by line (`contract.planner.Program`), held on a short leash.

Comes in: the program, a folder, the seconds it may take. Goes out: its answers. It is the leader of a group of its own,
which is killed when it does not answer in time, and when the talk ends; where this process dies first, its standard
input closes, at which it ends itself.
"""

from __future__ import annotations

import base64
import contextlib
import os
import resource
import select
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

from rosace.contract.planner import Answer, Program, Unasked
from rosace.kit.java import with_archive
from rosace.local import archives, unit
from rosace.model.quantity import Size

ANSWER = 60.0
"""Seconds for one answer. The slowest seen took two: the first one of a cold planner."""

FAREWELL = 30.0
"""Seconds for a program to end: a JVM writes its class-data archive then, once (about three)."""

LONGEST = 16 * 2**20
"""Bytes of an answer."""


class Conversation:
    """`Talk` with a process of our own. To be used as a context."""

    def __init__(self, program: Program, home: Path, archives_in: Path, patience: float = ANSWER) -> None:
        self.patience = patience
        self.log = home / "said.log"
        argv, self._archive = program.argv, None
        before, jvm = argv[: program.jvm], argv[program.jvm :]
        if program.archive and archives.ensure_base(Path(jvm[0])):
            self._archive = archives.place(archives_in, program.archive)
        if self._archive is not None:
            argv = (*before, *with_archive(jvm, self._archive, archives.fresh_name(self._archive, _owner())))
        bare = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TZ": "UTC", "LANG": "C.UTF-8"}
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                argv,
                cwd=home,
                env={**bare, **program.env},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        if program.memory:
            _bound(self._process.pid, program.memory)
        self._who = unit.Identity(self._process.pid, unit.born(self._process.pid) or 0)
        self._read = b""
        self._answered = False

    def ask(self, word: str, *texts: str) -> Answer:
        """Sends one order and waits for its answer. Raises what `_ended` says when the process ends meanwhile."""
        line = " ".join([word, *(base64.b64encode(text.encode()).decode() for text in texts)])
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._ended() from None
        said, *answers = self._line().split(b" ")
        if said not in (b"taken", b"refused"):
            raise Unasked(f"it said `{said[:80].decode(errors='replace')}`")
        self._answered = True
        return Answer(said == b"taken", tuple(base64.b64decode(one).decode(errors="replace") for one in answers))

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        deadline = time.monotonic() + self.patience
        out = self._process.stdout.fileno()
        while b"\n" not in self._read:
            if len(self._read) > LONGEST:
                raise Unasked("its answer does not end")
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                unit.signal_group(self._who, signal.SIGKILL)
                raise Unasked(f"it did not answer within {self.patience:g} s")
            if not (piece := os.read(out, 2**16)):
                raise self._ended()
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _ended(self) -> Unasked:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5.0)
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return Unasked(f"it ended (exit code {self._process.poll()})" + (f": {lines[-1][:300]}" if lines else ""))

    def end(self) -> None:
        """Lets it end by itself, for a while; then nothing of it is left."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(FAREWELL if self._process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            unit.signal_group(self._who, signal.SIGKILL)
            self._process.wait()
        unit.sweep(self._who)
        self._process.stdout.close()
        if self._archive is not None:
            archives.keep(self._archive, _owner(), taught=self._answered and self._process.returncode == 0)

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None and not issubclass(kind, Exception):
            # Ctrl-C: nobody waits for a farewell.
            unit.signal_group(self._who, signal.SIGKILL)
        self.end()


def _owner() -> str:
    return f"planner-{os.getpid()}"


def _bound(pid: int, memory: Size) -> None:
    with contextlib.suppress(OSError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_AS, (int(memory), int(memory)))
