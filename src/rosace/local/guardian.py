"""The guardian: a process so small that it has no reason to die, whose one task is to bring the supervisor back.

Run as `python -m rosace.local.guardian HOME [--watch PID]`. Imports almost nothing: its memory is the interpreter's.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

_FAST = 10.0
"""Seconds: a supervisor that lived longer than this is started again at once."""


def main() -> None:
    home = sys.argv[1]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "--watch" in sys.argv:
        _await(int(sys.argv[sys.argv.index("--watch") + 1]))
        if not os.path.exists(os.path.join(home, "supervisor.pid")):  # noqa: PTH110, PTH118
            return
    pause = 0.2
    while True:
        begun = time.monotonic()
        child = subprocess.Popen([sys.executable, "-P", "-m", "rosace.local.supervisor", home], start_new_session=True)
        signal.signal(signal.SIGTERM, lambda number, frame, child=child: child.terminate())
        if child.wait() == 0:
            return
        pause = 0.2 if time.monotonic() - begun > _FAST else min(pause * 2, 10.0)
        time.sleep(pause)


def _await(pid: int) -> None:
    """Returns when the process is gone; a supervisor that ended on purpose has removed its pid file by then."""
    while True:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123
                if stat.read().rpartition(")")[2].split()[0] in "ZX":
                    return
        except OSError:
            return
        time.sleep(0.5)


if __name__ == "__main__":
    main()
