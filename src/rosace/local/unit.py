"""One supervised process: started in its own group, adopted after a change of supervisor, never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rosace.contract.machine import ProcessSpec
from rosace.kit.java import with_archive
from rosace.local.archives import ensure_base, fresh_name
from rosace.local.unprivileged import wrap


@dataclass(frozen=True, slots=True)
class Identity:
    """A process beyond its number, which the kernel may give to another: `born` is its start in clock ticks."""

    pid: int
    born: int


def born(pid: int) -> int | None:
    """Field 22 of /proc/PID/stat (proc(5)), or None when there is no such live process (a zombie is not live)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def alive(who: Identity | None) -> bool:
    """True while the very process lives, and not another one with its number."""
    return who is not None and born(who.pid) == who.born


def spawn(
    spec: ProcessSpec, home: Path, log: Path, environment: Mapping[str, str], archive: Path | None
) -> tuple[subprocess.Popen[bytes], Identity]:
    """Starts a process of `spec` in `home`, output appended to `log`, leader of its own process group and session."""
    argv = spec.argv
    if archive is not None and ensure_base(Path(argv[0])):
        owner = Path(environment.get("ROSACE_HOME", "alone")).name
        argv = with_archive(argv, archive, fresh_name(archive, owner))
    return start(argv, home, log, {**environment, **spec.env}, unprivileged=spec.unprivileged)


def start(
    argv: tuple[str, ...], home: Path, log: Path, environment: Mapping[str, str], *, unprivileged: bool
) -> tuple[subprocess.Popen[bytes], Identity]:
    """Starts a process, output appended to `log`, leader of a session of its own; under root without root's rights if
    `unprivileged`.
    """
    with append(log) as out:
        process = subprocess.Popen(
            wrap(argv) if unprivileged and os.geteuid() == 0 else argv,
            cwd=home,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return process, Identity(process.pid, born(process.pid) or 0)


def append(log: Path) -> BinaryIO:
    """A log opened for its end, for its owner alone: engines write names of keys, and what people's data says."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "ab")


def signal_group(who: Identity, number: int) -> None:
    """Signals every process of the group that `who` leads; no error when none is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(who.pid, number)


def signal_leader(who: Identity, number: int) -> None:
    """Signals the process itself if it still is the one we started."""
    if alive(who):
        with contextlib.suppress(ProcessLookupError):
            os.kill(who.pid, number)


@dataclass(frozen=True, slots=True)
class Census:
    """The machine's live processes, seen in one look: those of each group, by its leader, and of each parent."""

    groups: Mapping[int, list[int]]
    children: Mapping[int, list[int]]

    def family(self, leader: int) -> set[int]:
        """A process with its group and all its descendants: PostgreSQL's back-ends lead sessions of their own."""
        found: set[int] = set()
        waiting = [leader, *self.groups.get(leader, ())]
        while waiting:
            if (pid := waiting.pop()) not in found:
                found.add(pid)
                waiting += self.children.get(pid, ())
        return found

    def tops(self, found: Iterable[int]) -> list[int]:
        """Those of `found` that descend from no other of them."""
        parents = {child: parent for parent, children in self.children.items() for child in children}
        below = set(found)

        def ancestors(pid: int) -> Iterator[int]:
            while pid := parents.get(pid, 0):
                yield pid

        return [pid for pid in sorted(below) if not below.intersection(ancestors(pid))]


def census() -> Census:
    """Looks at every process of the machine once."""
    groups: dict[int, list[int]] = defaultdict(list)
    children: dict[int, list[int]] = defaultdict(list)
    for name in os.listdir("/proc"):  # noqa: PTH208
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
                fields = stat.read().rpartition(")")[2].split(maxsplit=3)
        except OSError:
            continue
        if fields[0] not in "ZX":
            children[int(fields[1])].append(int(name))
            groups[int(fields[2])].append(int(name))
    return Census(groups, children)


def group_members(leader: int) -> list[int]:
    """Live processes whose process group is `leader`."""
    return list(census().groups.get(leader, ()))


def sweep(who: Identity, patience: float = 5.0) -> None:
    """Kills what is left of a group whose leader is gone (back-ends, Python children), and waits for its end."""
    deadline = time.monotonic() + patience
    while group_members(who.pid) and time.monotonic() < deadline:
        signal_group(who, signal.SIGKILL)
        time.sleep(0.02)


def resident(pids: Iterable[int]) -> int:
    """Resident bytes of processes that belong together (0 when they are gone).

    What they share, libraries and PostgreSQL's buffers, is counted once: as much as the one with most of it has.
    """
    own = most = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
            own, most = own + pages - shared, max(most, shared)
    return (own + most) * os.sysconf("SC_PAGE_SIZE")
