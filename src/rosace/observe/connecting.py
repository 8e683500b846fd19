"""How other programs reach what runs. Secrets are written into files of the user's own, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rosace.contract.connect import Door
from rosace.contract.machine import C
from rosace.contract.registry import engines
from rosace.local import secrets
from rosace.local.store import write_text
from rosace.model.capabilities import Secret
from rosace.model.checked import Checked
from rosace.observe.deployed import Deployed
from rosace.observe.shapes import WayRow
from rosace.plan.machine.deployment import Deployment
from rosace.source.diagnostic import refuse
from rosace.source.suggest import closest


@dataclass(frozen=True, slots=True)
class Hall:
    """What doors are told (`contract.connect.Connecting`)."""

    checked: Checked
    deployment: Deployment
    folder: Path
    held: dict[str, str] = field(repr=False)

    def need(self, kind: type[C]) -> C:
        """What was offered. Raises LookupError where nothing was."""
        offer = self.deployment.offered(kind)
        if offer is None:
            raise LookupError(kind.__name__)
        return offer[1]

    def reveal(self, secret: Secret) -> str:
        """The value of a secret, for a file."""
        return self.held[secret.name]

    def file(self, name: str) -> Path:
        """Where a file of this name will lie."""
        return self.folder / name


def ways(known: Deployed, word: str | None) -> list[WayRow]:
    """The ways to one engine, or to all; writes the files that they name, mode 0600.

    Raises Refused, with the nearest word, where nothing of that name can be reached.
    """
    rooms = {offer.engine: engines()[offer.engine] for offer in known.deployment.offers}
    doors = {name: room.connect for name, room in rooms.items() if room.connect is not None}
    words = [one for door in doors.values() for one in door.WORDS]
    if word is not None and word not in words:
        near = closest(word, words)
        first = ", ".join(door.WORDS[0] for door in doors.values())
        hint = f"did you mean `{near}`?" if near else f"there are: {first}"
        raise refuse("unknown-door", f"nothing that runs here is reached by the word `{word}`", hints=(hint,))
    hall = Hall(known.checked, known.deployment, known.home.path / "connect", secrets.read(known.home.secrets))
    rows: list[WayRow] = []
    for room in doors.values():
        if word is None or word in room.WORDS:
            rows += _rows(hall, room.WORDS[0], room.door(hall))
    return rows


def _rows(hall: Hall, word: str, door: Door) -> list[WayRow]:
    hall.folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in door.files.items():
        write_text(hall.file(name), text)
    files = [str(hall.file(name)) for name in door.files]
    return [WayRow(to=word, address=door.address, client=way.client, lines=way.lines, files=files) for way in door.ways]
