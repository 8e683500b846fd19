"""`rosace doctor`: facts of this machine, what is wrong with it, and the command that mends it."""

from __future__ import annotations

import json
import platform
import sys
from typing import Any

from rosace.cli.options import Output

DISK = 4 * 2**30
"""Bytes that a full download of all engines, unpacked, and the example's data take at most (bench/disk)."""


def doctor(*, output: Output = "table") -> int:
    """Check that this machine can run Rosace; exit code 1 when something must be mended first.

    Examples:
      rosace doctor
      rosace doctor --output json
    """
    from rosace.cli.tables import emit
    from rosace.local import machine
    from rosace.local.artifacts.cache import cache_root
    from rosace.local.home import state_root

    memory, disk = machine.memory_available(), machine.disk_free(cache_root())
    files = _open_files()
    rows: list[dict[str, Any]] = [
        _row("system", f"{platform.system()} {platform.machine()}", sys.platform == "linux", TESTED),
        _row("python", platform.python_version(), sys.version_info >= (3, 11), "install Python 3.11 or newer"),
        _row("cores", str(machine.cores()), machine.cores() >= 2, "two cores are the least that is comfortable"),
        _row("memory free", str(memory), memory >= 6 * 2**30, "close other programs, or set a smaller `memory:`"),
        _row("disk free", str(disk), disk >= DISK, f"free space below {cache_root()}, or set ROSACE_CACHE"),
        _row("open files", str(files), files >= 4096, "ulimit -n 65536"),
        _row("cache", str(cache_root()), True, ""),
        _row("data", str(state_root()), True, ""),
    ]
    if output == "table":
        emit(rows, (("fact", "FACT"), ("value", "VALUE"), ("fine", "FINE"), ("hint", "DO")), output)
    else:
        print(json.dumps(rows, indent=2 if output == "json" else None))
    return 0 if all(row["fine"] for row in rows) else 1


TESTED = "only Linux on x86-64 is tested"


def _row(fact: str, value: str, fine: bool, hint: str) -> dict[str, Any]:
    return {"fact": fact, "value": value, "fine": fine, "hint": "" if fine else hint}


def _open_files() -> int:
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]
