"""Starts a platform's engines one after the other: how long each takes with the machine for itself.

    python bench/one_by_one.py <folder>

The deployment is the one that `up` makes, with one more gate at each process: the one before it in the line. Sources
and jobs wait for all engines, so that no start is disturbed by data. stdout: JSON, `alone`: process -> seconds from its
launch to readiness, `needs`: process -> the processes that `up` has it wait for.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from rosace.contract.machine import ProcessSpec
from rosace.local.bringup import hand_over
from rosace.local.control import ask
from rosace.local.declared import Declared
from rosace.local.home import Home
from rosace.local.prepare import prepare
from rosace.plan.machine.deployment import Deployment

PATIENCE = 600.0
"""Seconds until all engines must be ready."""


def main(folder: Path) -> None:
    examined = Declared(folder / "platform.yaml").examined()
    platform = examined.proven()
    home = Home.of(platform.platform.platform, examined.declared.file)
    prepared = prepare(platform, home, examined.declared.digest(examined.files()))
    hand_over(home, in_line(prepared.deployment), prepared.ground.archives, examined)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        processes = ask(home, {"do": "status"})["processes"]
        engines = {name: item for name, item in processes.items() if not item["once"]}
        if all(item["state"] == "ready" for item in engines.values()):
            needs = {name: sorted(before) for name, before in direct_needs(prepared.deployment).items()}
            print(
                json.dumps({"alone": {name: item["ready_seconds"] for name, item in engines.items()}, "needs": needs})
            )
            return
        time.sleep(0.25)
    sys.exit(f"not all engines were ready after {PATIENCE:g} s")


def in_line(deployment: Deployment) -> Deployment:
    """The same deployment with its processes in one line."""
    line = order(deployment)
    names = [spec.name for spec in line]
    chained = [replace(spec, after=(*spec.after, before)) for spec, before in zip(line[1:], names[:-1], strict=True)]
    once = [replace(spec, after=(*spec.after, *names)) for spec in deployment.processes if spec.once]
    jobs = [replace(job, needs=tuple(dict.fromkeys([*job.needs, *names]))) for job in deployment.jobs]
    return replace(deployment, processes=(line[0], *chained, *once), jobs=tuple(jobs))


def order(deployment: Deployment) -> list[ProcessSpec]:
    """Long-running processes, each after those that it needs."""
    needs = direct_needs(deployment)
    waiting = [spec for spec in deployment.processes if not spec.once]
    line: list[ProcessSpec] = []
    while waiting:
        placed = {spec.name for spec in line}
        free = next(spec for spec in waiting if needs[spec.name] <= placed)
        line.append(free)
        waiting.remove(free)
    return line


def direct_needs(deployment: Deployment) -> dict[str, set[str]]:
    """Process -> the processes that must be ready before it, also those behind the actions that it waits for."""
    actions = {action.name: action.after for action in deployment.actions}

    def processes(names: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for name in names:
            found |= processes(actions[name]) if name in actions else {name}
        return found

    return {spec.name: processes(spec.after) for spec in deployment.processes if not spec.once}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
