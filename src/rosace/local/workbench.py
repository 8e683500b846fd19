"""One room alone on this machine: for the rooms' own tests and for measurements, without check, plan or supervisor.

Comes in: a room, a platform's words, what other rooms offer. Goes out: the room's `Site`, and its processes running
as the executor runs them. Must not: be used to run a platform.
"""

from __future__ import annotations

import os
import secrets as random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rosace.contract.engine import Engine
from rosace.contract.machine import Action, Probe, ProcessSpec, Site
from rosace.contract.versions import versions
from rosace.kit.java import with_archive
from rosace.local import ports, unit
from rosace.local.artifacts import Cache, cache_root
from rosace.local.artifacts.fetch import fetch
from rosace.local.entry import resolve
from rosace.local.unprivileged import USER
from rosace.model import checked as proof
from rosace.model.capabilities import Capability
from rosace.model.graph import Graph
from rosace.model.placement import Placement
from rosace.model.platform import Platform


def artifacts(engine: Engine) -> dict[str, Path]:
    """The room's artifacts for this machine, fetched when they are not in the cache yet."""
    machine = f"{sys.platform}-{os.uname().machine}"
    chosen = [one for one in versions(engine.folder).artifacts if one.platform in (None, machine)]
    cache = Cache(cache_root())
    fetch(chosen, cache, on_event=lambda _: None)
    return {one.name: cache.path(one) for one in chosen}


def unchecked(words: Mapping[str, Any], engine: Engine) -> proof.Checked:
    """A platform whose words are well formed, but which nobody checked across layers."""
    platform = Platform.model_validate(words)
    return proof.Checked(
        platform=platform,
        root=Path("/"),
        topics=platform.topics,
        tables={},
        jobs={},
        sources={},
        queries={},
        verify=(),
        engines={engine.name: engine.spec.model_validate(platform.engines.get(engine.name) or {})},
        graph=Graph.of((), ()),
        placement=Placement(),
        token=proof._TOKEN,  # pyright: ignore[reportPrivateUsage] (tests of one room need no proof)
    )


def site_of(
    engine: Engine,
    words: Mapping[str, Any],
    home: Path,
    *,
    offered: Iterable[Capability] = (),
    files: Mapping[str, Path] | None = None,
) -> Site:
    """A site below `home` with fresh ports and secrets and all the memory the room asks for.

    `files` stand for the artifacts where they are not to be fetched.
    """
    checked = unchecked(words, engine)
    spec = checked.engines[engine.name]
    asks = engine.local.memory(checked, spec)
    for folder in ("conf", "data", "tmp"):
        (home / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    chosen, _ = ports.choose(engine.local.ports(checked, spec), {}, mine=frozenset())
    return Site(
        checked=checked,
        spec=spec,
        home=home,
        archives=home / "tmp",
        ports=chosen,
        heap={ask.process: ask.heap for ask in asks},
        memory={ask.process: type(ask.heap)(ask.heap + ask.overhead) for ask in asks},
        artifacts=artifacts(engine) if files is None else files,
        offered={type(one): one for one in offered},
        secrets={name: random.token_hex(16) for name in engine.local.secrets(checked, spec)},
        cores=os.cpu_count() or 1,
        python=sys.executable,
    )


def moved(site: Site, home: Path | None = None) -> Site:
    """The same site with other ports, as after a reboot where somebody else took them."""
    chosen, _ = ports.choose(site.ports, {}, mine=frozenset())
    return replace(site, ports=chosen, home=home or site.home)


@dataclass(slots=True)
class Running:
    """A process started from its specification."""

    spec: ProcessSpec
    home: Path
    who: unit.Identity
    child: subprocess.Popen[bytes] = field(repr=False)
    log: Path

    def await_ready(self, patience: float = 60.0) -> float:
        """Seconds until its probe was content; raises AssertionError with the end of its log."""
        begun = time.monotonic()
        said: str | None = "not asked"
        while time.monotonic() - begun < patience and self.child.poll() is None:
            if self.spec.ready is None or (said := ask(self.spec.ready)) is None:
                return time.monotonic() - begun
            time.sleep(0.05)
        tail = self.log.read_text(errors="replace")[-3000:]
        raise AssertionError(f"{self.spec.name} not ready ({said}), exit code {self.child.poll()}\n{tail}")

    def stop(self) -> float:
        """Stops it as the executor does; gives the seconds it took."""
        begun = time.monotonic()
        unit.signal_leader(self.who, getattr(signal, f"SIG{self.spec.stop_signal}"))
        try:
            self.child.wait(self.spec.stop_grace)
        except subprocess.TimeoutExpired:
            unit.signal_group(self.who, signal.SIGKILL)
            self.child.wait(5)
        unit.sweep(self.who)
        return time.monotonic() - begun

    def kill(self) -> None:
        """Ends it without warning."""
        os.kill(self.who.pid, signal.SIGKILL)
        self.child.wait(10)
        unit.sweep(self.who)


def ask(probe: Probe) -> str | None:
    """What a probe answers; an exception is an answer too."""
    try:
        return resolve(probe.entry)(**probe.args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def start(spec: ProcessSpec, home: Path, environment: Mapping[str, str] | None = None) -> Running:
    """Writes a process's files, runs its set-up, starts it. The environment is as bare as the executor's.

    The classes of a JVM are taken from the archive that platforms left in the user's cache, if there is one; none is
    written.
    """
    owner = USER if spec.unprivileged and os.geteuid() == 0 else os.geteuid()
    for folder in (home, home / "conf", home / "data", home / "tmp"):
        os.chown(folder, owner, -1)
    for file in spec.files:
        path = home / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
        path.chmod(file.mode)
        os.chown(path, owner, -1)
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "TZ": "UTC"}
    bare |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} if environment is None else environment
    log = home.parent / f"{spec.name}.log"
    for step in spec.setup:
        if not (home / step.creates).exists():
            argv = _shared(spec, step.argv)
            child, _ = unit.start(argv, home, log, {**bare, **step.env}, unprivileged=spec.unprivileged)
            assert child.wait(120) == 0, log.read_text()
    argv = _shared(spec, spec.argv)
    child, who = unit.start(argv, home, log, {**bare, **spec.env}, unprivileged=spec.unprivileged)
    return Running(spec, home, who, child, log)


def _shared(spec: ProcessSpec, argv: tuple[str, ...]) -> tuple[str, ...]:
    archive = cache_root() / "archives" / spec.archive
    shared = spec.archive and archive.exists() and argv[0] == spec.argv[0]
    return with_archive(argv, archive, archive) if shared else argv


def act(action: Action, secrets: Mapping[str, str]) -> None:
    """Carries out an action once."""
    given: dict[str, Any] = dict(action.args)
    if action.secrets:
        given["secrets"] = {name: secrets[name] for name in action.secrets}
    resolve(action.entry)(**given)
