"""What a figure was measured on: it says nothing without."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil


def facts() -> dict[str, Any]:
    """Cores that this process may use, the processor's name, memory in bytes, load, the date (UTC)."""
    memory = psutil.virtual_memory()
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory": memory.total,
        "free": memory.available,
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "kernel": platform.release(),
    }


def line(known: dict[str, Any]) -> str:
    """The facts for people."""
    return (
        f"{known['date']}: {known['cores']} cores of {known['processor']}, "
        f"{known['memory'] / 2**30:.1f} GiB of memory ({known['free'] / 2**30:.1f} free), "
        f"load {'/'.join(f'{value:g}' for value in known['load'])}, Python {known['python']}, Linux {known['kernel']}"
    )


def _processor() -> str:
    for row in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = row.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
