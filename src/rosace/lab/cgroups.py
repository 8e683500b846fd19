"""The cgroup of a cluster's pods, in each hierarchy that this machine has: version 1 has one per controller."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

SHARES = 20_480
"""Weight of all pods together against a process of this machine (1024). Each process that is in no group counts as much
as all of a group: with the default, pods got nothing while something was built (159 s for what then took 40 s)."""


def hierarchies() -> list[Path]:
    """Where cgroups are mounted, by proc(5), mountinfo: the type stands behind the dash."""
    found: list[Path] = []
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        before, _, behind = line.partition(" - ")
        if behind.split()[0] in ("cgroup", "cgroup2"):
            found.append(Path(before.split()[4]))
    return found


def make(name: str) -> None:
    """Makes the group, which the kubelet wants to find; raises OSError where this user may not."""
    for root in hierarchies():
        group = root / name
        group.mkdir(exist_ok=True)
        for file in ("cpuset.cpus", "cpuset.mems"):  # version 1 begins with none, and then takes no process
            if (group / file).exists() and (root / file).exists() and not (root / "cgroup.controllers").exists():
                (group / file).write_text((root / file).read_text())
        if (group / "cpu.shares").exists():
            (group / "cpu.shares").write_text(str(SHARES))
        if (root / "cgroup.controllers").exists():
            _hand_down(root)
            _hand_down(group)


def _hand_down(group: Path) -> None:
    """Version 2: what the groups below may limit. A controller that cannot be handed down is left out."""
    for controller in (group / "cgroup.controllers").read_text().split():
        with contextlib.suppress(OSError):
            (group / "cgroup.subtree_control").write_text(f"+{controller}")


def remove(name: str, seconds: float = 10.0) -> list[Path]:
    """Removes the group and those in it, once their processes are gone; what is left after so many seconds."""
    deadline = time.monotonic() + seconds
    while (left := [path for root in hierarchies() for path in _removed(root / name)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _removed(group: Path) -> list[Path]:
    if not group.is_dir():
        return []
    for folder, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            Path(folder).rmdir()
    return [group] if group.is_dir() else []
