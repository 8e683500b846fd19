"""Facts of this machine: cores, memory, disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rosace.model.quantity import Size


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_available() -> Size:
    """Memory that may be taken now without swapping, within the limits of the control group (bytes)."""
    import psutil

    free = psutil.virtual_memory().available
    limit = _group_limit()
    return Size(min(free, limit) if limit else free)


def _group_limit() -> int | None:
    # cgroup v2, then v1: docs.kernel.org/admin-guide/cgroup-v2 (memory.max, memory.current).
    for top, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            limit = Path(top).read_text().strip()
            if limit != "max" and int(limit) < 2**60:
                return max(0, int(limit) - int(Path(used).read_text()))
        except (OSError, ValueError):
            continue
    return None


def disk_free(path: Path) -> Size:
    """Bytes free on the file system that holds, or would hold, `path`."""
    while not path.exists():
        path = path.parent
    return Size(shutil.disk_usage(path).free)
