"""Which engines a platform uses, and what the user says of each.

Comes in: the typed platform and its tree. Goes out: rooms and typed sections, or diagnostics.
Must not: import more of a room than its table of contents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rosace.check.draft import at
from rosace.check.keys import keys_of
from rosace.contract.engine import Engine
from rosace.contract.registry import engines
from rosace.model.capabilities import (
    BatchSession,
    Capability,
    IcebergCatalog,
    KafkaBootstrap,
    PostgresDatabase,
    S3Endpoint,
    SqlEndpoint,
    StreamSql,
)
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rosace.model.platform import Platform
    from rosace.source.tree import Path, Tree


@dataclass(slots=True)
class Rooms:
    """The engines in use and their sections, with what is wrong about them."""

    used: dict[str, Engine] = field(default_factory=dict[str, Engine])
    sections: dict[str, BaseModel] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])


def sections_of(tree: Tree) -> tuple[dict[str, BaseModel], list[Diagnostic]]:
    """What `engines:` says, each section typed by its room; needs no valid platform around."""
    from pydantic import ValidationError

    from rosace.source.pydantic_errors import diagnose

    written = at(tree, ("engines",))
    typed: dict[str, BaseModel] = {}
    problems: list[Diagnostic] = []
    for name, section in written.items() if isinstance(written, dict) else ():
        path = ("engines", str(name))
        room = engines().get(str(name))
        if room is None:
            problems.append(_unknown(str(name), tree, path, key=True))
            continue
        try:
            typed[room.name] = room.spec.model_validate({} if section is None else section)
        except ValidationError as error:
            problems += diagnose(error, tree, at=path, keys=keys_of(room.spec, path))
    return typed, problems


def rooms_of(platform: Platform, tree: Tree) -> Rooms:
    """The engines that the platform asks for, and those that they need."""
    found = Rooms()
    found.sections, found.problems = sections_of(tree)
    wanted = {name: room for name, room in engines().items() if room.wanted(platform)}
    wanted = {name: room for name, room in wanted.items() if _lives(room, platform, tree, found)}
    for name, job in platform.jobs.items():
        if room := engines().get(job.engine):
            wanted[room.name] = room
        else:
            found.problems.append(_unknown(job.engine, tree, ("jobs", name, "engine")))
    provider = _provider(platform, tree, found)
    if provider:
        wanted[provider.name] = provider
    _close(wanted, provider, platform, tree, found)
    found.used = dict(sorted(wanted.items()))
    found.problems += _unneeded(found, platform, tree)
    for name, room in found.used.items():
        if name not in found.sections and not isinstance(at(tree, ("engines", name)), dict):
            found.sections[name] = room.spec()
    return found


def _unknown(name: str, tree: Tree, path: Path, *, key: bool = False) -> Diagnostic:
    near = closest(name, engines())
    known = ", ".join(f"`{one}`" for one in engines())
    hint = f"did you mean `{near}`?" if near else f"known engines: {known}"
    place = tree.key_span(path) if key else tree.value_span(path)
    return Diagnostic("unknown-engine", f"there is no engine `{name}`", labels=(Label(place),), hints=(hint,))


def _provider(platform: Platform, tree: Tree, found: Rooms) -> Engine | None:
    """The engine that `storage.provider` names."""
    name = platform.storage.provider
    if name is None:
        return None
    path = ("storage", "provider")
    room = engines().get(name)
    if room is None:
        found.problems.append(_unknown(name, tree, path))
        return None
    if S3Endpoint not in room.offers:
        able = [one.name for one in engines().values() if S3Endpoint in one.offers]
        message = f"`{name}` is no object storage"
        hint = f"these are: {', '.join(f'`{one}`' for one in able)}"
        label = Label(tree.value_span(path))
        found.problems.append(Diagnostic("not-storage", message, labels=(label,), hints=(hint,)))
        return None
    if platform.target not in room.targets:
        here = platform.target == "local"
        message = f"{room.title} runs {'on clusters' if here else 'on this machine'} only, and the platform does not"
        hint = "say `provider:` in the overlay that names the clusters" if here else "name another provider"
        found.problems.append(
            Diagnostic("provider-elsewhere", message, labels=(Label(tree.value_span(path)),), hints=(hint,))
        )
        return None
    return room


def _lives(room: Engine, platform: Platform, tree: Tree, found: Rooms) -> bool:
    """True where the engine has a side for the platform's target; else it is left out here, and that is said."""
    if platform.target in room.targets:
        return True
    place = tree.key_span(("engines", room.name) if room.name in platform.engines else ("platform",))
    if platform.target == "local":
        message = f"{room.title} runs on clusters only: this machine does without it"
        found.problems.append(Diagnostic("not-here", message, Severity.WARNING, (Label(place),)))
    else:
        message = f"{room.title} has no side for clusters"
        found.problems.append(Diagnostic("not-on-clusters", message, labels=(Label(place),)))
    return False


def _close(wanted: dict[str, Engine], provider: Engine | None, platform: Platform, tree: Tree, found: Rooms) -> None:
    """Take in what the wanted engines need, and what that needs."""
    told: set[type[Capability]] = set()
    waiting = list(wanted.values())
    while waiting:
        room = waiting.pop(0)
        for need in room.needs:
            if need in told or any(need in one.offers for one in wanted.values()):
                continue
            able = [one for one in engines().values() if need in one.offers and platform.target in one.targets]
            if need is S3Endpoint and provider:
                able = [provider]
            if len(able) > 1:
                able = [one for one in able if platform.target in one.preferred] or able
            if len(able) == 1:
                wanted[able[0].name] = able[0]
                waiting.append(able[0])
                continue
            told.add(need)
            found.problems.append(_no_offer(need, room, able, tree))


def _no_offer(need: type[Capability], room: Engine, able: list[Engine], tree: Tree) -> Diagnostic:
    what = NAMES.get(need, need.__name__)
    if able:
        names = " and ".join(f"`{one.name}`" for one in able)
        message = f"{room.title} needs {what}, which {names} can offer"
        hint = (
            f"choose: `storage: {{provider: {able[0].name}}}`" if need is S3Endpoint else "write one under `engines:`"
        )
        code = "several-offer"
    else:
        message = f"{room.title} needs {what}, which no engine of this installation offers"
        code, hint = "nobody-offers", "install a wheel that brings one (entry point group `rosace.engines`)"
    place = tree.key_span(("storage",)) if need is S3Endpoint else tree.key_span(("platform",))
    return Diagnostic(code, message, labels=(Label(place),), hints=(hint,))


NAMES: Mapping[type[Capability], str] = {
    KafkaBootstrap: "Kafka",
    S3Endpoint: "object storage",
    PostgresDatabase: "a PostgreSQL database",
    IcebergCatalog: "a catalog of Iceberg tables",
    SqlEndpoint: "SQL over everything",
    StreamSql: "streaming SQL",
    BatchSession: "Spark",
}
"""Capabilities in words."""


def _unneeded(found: Rooms, platform: Platform, tree: Tree) -> Iterator[Diagnostic]:
    for name in found.sections:
        # A section of an engine that lives on the other target only is for the day when an overlay names clusters.
        if name not in found.used and platform.target in engines()[name].targets:
            message = f"nothing in this platform uses {engines()[name].title}: its settings have no effect"
            label = Label(tree.key_span(("engines", name)))
            yield Diagnostic("unused-engine", message, Severity.WARNING, (label,))
