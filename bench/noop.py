"""What a command takes when there is nothing to do: `up` on a platform that runs, `check`, `--help`.

Each is a process of its own, as a person starts it; the bare interpreter is run between them, since no program in
Python is faster. `up` is limited in wall time, which is what one waits for; the others in CPU, which another program's
load does not change.
"""

from __future__ import annotations

import sys

from figure import Figure, each, median
from rig import ROSACE, Run, timed
from session import EXAMPLE, Session

UPS, OTHERS = 5, 7


def measure(session: Session) -> list[Figure]:
    """Medians of five and seven runs."""
    rig = session.flights().rig
    runs: dict[str, list[Run]] = {"bare": [], "up": [], "check": [], "help": []}
    for number in range(OTHERS):
        runs["bare"].append(timed([sys.executable, "-c", "pass"]))
        runs["check"].append(timed([ROSACE, "check", EXAMPLE]))
        runs["help"].append(timed([ROSACE, "--help"]))
        if number < UPS:
            runs["up"].append(rig.rosace("up"))
    walls = {name: [run.seconds for run in several] for name, several in runs.items()}
    cpus = {name: [run.cpu for run in several] for name, several in runs.items()}

    def parts(name: str) -> dict[str, str]:
        return {
            "wall": f"{median(walls[name]):.3f} s ({each(walls[name])})",
            "CPU": f"{median(cpus[name]):.3f} s ({each(cpus[name])})",
            "bare interpreter": f"{median(walls['bare']):.3f} s wall, {median(cpus['bare']):.3f} s CPU",
        }

    wall_of_up, cpu_of_check, cpu_of_help = median(walls["up"]), median(cpus["check"]), median(cpus["help"])
    return [
        Figure("noop-up", "wall time of `up` when nothing changed", wall_of_up, "s", 0.5, parts=parts("up")),
        Figure("check", "CPU time of `check examples/flights`", cpu_of_check, "s", 0.5, parts=parts("check")),
        Figure("help", "CPU time of `--help`", cpu_of_help, "s", 0.2, parts=parts("help")),
    ]
