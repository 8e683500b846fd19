"""The engines' own pages: where they are, and whether anybody is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rosace.kit.certificate import STORE
from rosace.local.control import NotRunning
from rosace.local.home import Home
from rosace.observe.logs import belongs
from rosace.observe.status import observe


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a process. `store` holds the certificate that it asks for; None where it asks for none."""

    process: str
    state: str
    address: str
    store: Path | None = None


def pages(home: Home, name: str | None = None) -> list[Page]:
    """Those of an engine or process, or all. Raises NotRunning for a platform that was taken down or never started."""
    seen = observe(home)
    if seen.state in ("stopped", "absent"):
        raise NotRunning(seen.state)
    return [
        Page(process, item.state, item.interface, _store(home, item.engine))
        for process, item in seen.processes.items()
        if item.interface and (name is None or belongs(process, name))
    ]


def _store(home: Home, engine: str) -> Path | None:
    """An engine whose page asks for a certificate keeps it there; no other has one."""
    store = home.path / "engines" / engine / "conf" / STORE
    return store if store.is_file() else None
