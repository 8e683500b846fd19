"""Which processes of this machine are a platform's, seen from outside: whatever Rosace itself knows of them."""

from __future__ import annotations

import contextlib
from pathlib import Path


def marked(state: Path) -> list[int]:
    """Live processes that carry the mark of a platform in the folder `state`, which may be gone."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
            except OSError:
                continue
            if f"ROSACE_HOME={state}/".encode() in environment and not zombie:
                found.append(int(entry.name))
    return found


def keepers(state: Path) -> dict[str, list[int]]:
    """Live guardians and supervisors of the platforms in the folder `state`, by their command lines."""
    found: dict[str, list[int]] = {"guardian": [], "supervisor": []}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                argv = (entry / "cmdline").read_text(errors="replace").split("\0")
                zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
            except OSError:
                continue
            for kind, pids in found.items():
                if f"rosace.local.{kind}" in argv and any(part.startswith(f"{state}/") for part in argv) and not zombie:
                    pids.append(int(entry.name))
    return found


def listening(pids: list[int]) -> set[int]:
    """TCP ports on which one of these processes listens (proc(5): state 0A of /proc/net/tcp and tcp6)."""
    inodes: set[str] = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    inodes.add(str(entry.readlink()))
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}
