"""From a checked platform to what the supervisor takes: artifacts present, ports, memory and secrets decided.

Comes in: `Checked`. Goes out: `Prepared`. Decides nothing that an earlier run decided and that still holds, so that a
second `up` finds the same deployment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rosace.contract.artifacts import Artifact
from rosace.contract.engine import Engine
from rosace.contract.machine import MemoryAsk
from rosace.contract.versions import versions
from rosace.kit.packages import artifact_of
from rosace.local import machine, ports, requirements, secrets
from rosace.local.artifacts.cache import Cache, cache_root
from rosace.local.costs import costs
from rosace.local.deployed import held
from rosace.local.home import Home
from rosace.local.store import are_ports, is_status, of, read_kept, write_json
from rosace.model.checked import Checked
from rosace.model.quantity import Size
from rosace.model.sources import PackageFile
from rosace.plan.machine.deployment import Deployment, Ground, deploy, digest
from rosace.plan.machine.edits import revise
from rosace.plan.machine.lineage import flows_of, shapes_of
from rosace.plan.machine.memory import RESERVE, Budget, keep, restore, solve
from rosace.plan.machine.revision import Asked, Edit, Revision
from rosace.plan.order import in_use
from rosace.source.diagnostic import refuse


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that `up` and `plan` need. `stolen` are ports that somebody else took since the last run."""

    checked: Checked
    home: Home
    deployment: Deployment
    budget: Budget
    artifacts: tuple[Artifact, ...]
    stolen: tuple[str, ...]
    ground: Ground

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What becomes of what is there."""
        return self.ground.revision.edits if self.ground.revision else ()


def artifacts(checked: Checked) -> dict[str, tuple[Artifact, ...]]:
    """What each engine in use needs from the registries; `sources` for packages that bring data."""
    _refuse_clusters(checked)
    found = {engine.name: of_engine(engine) for engine in in_use(checked)}
    found["sources"] = tuple(packages(checked).values())
    return found


def packages(checked: Checked) -> dict[str, Artifact]:
    """The packages that bring a source its file, by source."""
    files = {name: source.spec.file for name, source in checked.sources.items()}
    return {name: artifact_of(name, file) for name, file in files.items() if isinstance(file, PackageFile)}


def _refuse_clusters(checked: Checked) -> None:
    """Of a platform that names clusters nothing runs on this machine: it is built, and others install it."""
    if checked.platform.target != "local":
        names = ", ".join(f"`{name}`" for name in checked.platform.clusters)
        raise refuse(
            "runs-on-clusters",
            f"`{checked.platform.platform}` names clusters ({names}): it does not run on this machine",
            hints=(
                "`rosace build` compiles it for them",
                "to run it here, say `clusters:` in an overlay such as env/prod.yaml, and leave that out here",
            ),
        )


def of_engine(engine: Engine) -> tuple[Artifact, ...]:
    """The locked artifacts of a room for this kind of machine; none where the room has no file."""
    kind = f"{'macos' if sys.platform == 'darwin' else sys.platform}-{os.uname().machine}"
    locked = versions(engine.folder).artifacts
    fitting = tuple(item for item in locked if item.platform in (None, kind))
    if absent := sorted({item.name for item in locked} - {item.name for item in fitting}):
        raise refuse(
            "machine-unsupported",
            f"{engine.title} cannot run on {kind}: there is no {', '.join(absent)} for it",
            hints=("Linux on x86-64 is what is tested; `rosace doctor` tells what this machine is",),
        )
    return fitting


def distinct(by_engine: Mapping[str, tuple[Artifact, ...]]) -> tuple[Artifact, ...]:
    """Each artifact once, the largest first: the longest download decides how long all take."""
    unique = {(item.sha256, item.unpack): item for items in by_engine.values() for item in items}
    return tuple(sorted(unique.values(), key=lambda item: -item.size))


def prepare(checked: Checked, home: Home, inputs: str, *, write: bool = True, asked: Asked | None = None) -> Prepared:
    """Decides ports, memory and secrets, and derives the deployment. Raises Refused when memory cannot suffice.

    What is there is compared with what was handed over last; `asked` is what a person says about that.

    With `write=False` (a plan) nothing is written: undecided ports and secrets are decided for this answer only.
    """
    cache = Cache(cache_root())
    order = in_use(checked)
    by_engine = artifacts(checked)
    state = read_kept(home.state, is_status)
    known: dict[str, int] = read_kept(home.ports, are_ports)
    # As they are kept in a file, and told to people.
    names = {e.name: {one: f"{e.name}.{one}" for one in e.local.ports(checked, checked.engines[e.name])} for e in order}
    wished = [name for one in names.values() for name in one.values()]
    chosen, stolen = ports.choose(wished, known, mine=_listening(state))
    budget = _budget(checked, order, home, state)
    wanted = [name for e in order for name in e.local.secrets(checked, checked.engines[e.name])]
    values = secrets.ensure(home.secrets, wanted) if write else dict.fromkeys(wanted, "") | secrets.read(home.secrets)
    if write:
        write_json(home.ports, known | chosen)
        heaps = {part.process: int(part.heap) for part in budget.allotments}
        write_json(home.heaps, {"asked": _asked(checked, _asks(checked, order)), "heaps": heaps})
    needed = requirements.wanted(checked, cache_root())
    ground = Ground(
        home=home.path,
        archives=cache_root() / "archives",
        ports={engine: {one: chosen[name] for one, name in own.items()} for engine, own in names.items()},
        budget=budget,
        artifacts={name: {a.name: cache.path(a) for a in items} for name, items in by_engine.items()},
        secrets=values,
        cores=machine.cores(),
        python=sys.executable,
        requirements=needed.folder if needed else None,
        packages={name: cache.path(item) for name, item in packages(checked).items()},
        revision=_revision(checked, home, asked or Asked(), state),
    )
    deployment = deploy(checked, ground, inputs=inputs)
    return Prepared(checked, home, deployment, budget, distinct(by_engine), tuple(stolen), ground)


def _revision(checked: Checked, home: Home, asked: Asked, state: Mapping[str, object]) -> Revision:
    """What becomes of what is there. Brokers are asked only where something would be read again."""
    old, shapes, flows = held(home), shapes_of(checked), flows_of(checked)
    found = revise(old, shapes, flows, asked, {})
    if any(edit.again for edit in found.edits):
        return revise(old, shapes, flows, asked, costs(old, state))
    return found


def _budget(checked: Checked, order: tuple[Engine, ...], home: Home, state: Mapping[str, object]) -> Budget:
    asks = _asks(checked, order)
    own = _own_memory(state)
    if checked.platform.memory:
        limit, why = checked.platform.memory, "`memory` in platform.yaml"
    else:
        limit = Size((machine.memory_available() + own) * (1 - RESERVE))
        why = f"{RESERVE:.0%} less than what this machine has free"
    before = read_kept(home.heaps, lambda value: of(value.get("heaps"), int))
    if own and before.get("asked") == _asked(checked, asks) and keep(before["heaps"], asks):
        return restore(before["heaps"], asks, limit)
    return solve(asks, limit, why=why)


def _asks(checked: Checked, order: tuple[Engine, ...]) -> list[tuple[str, MemoryAsk]]:
    return [(e.name, ask) for e in order for ask in e.local.memory(checked, checked.engines[e.name])]


def _asked(checked: Checked, asks: list[tuple[str, MemoryAsk]]) -> str:
    """What a decision on memory answers: with the same question, what was decided stays, whatever is free now."""
    return digest([str(checked.platform.memory), asks])


def _own_memory(state: Mapping[str, object]) -> int:
    processes = state.get("processes")
    if not isinstance(processes, dict) or state.get("stopped"):
        return 0
    return sum(int(item.get("memory") or 0) for item in processes.values())


def _listening(state: Mapping[str, object]) -> frozenset[int]:
    """Ports of processes that the last snapshot says are ours, where the process is still there."""
    processes = state.get("processes")
    if not isinstance(processes, dict) or state.get("stopped"):
        return frozenset()
    return frozenset(
        port
        for item in processes.values()
        if item.get("pid") and Path(f"/proc/{item['pid']}").exists()
        for port in item.get("ports", {}).values()
    )
