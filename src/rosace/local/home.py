"""Where a platform lives on this machine.

One folder per `platform.yaml` (by its path), under `$ROSACE_STATE`, else `$XDG_STATE_HOME/rosace`: two copies of the
same platform side by side never share a file or a port.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from rosace.local.standing import HALTED


def state_root() -> Path:
    """The folder that holds all platforms of this user, under the one name by which processes are found again."""
    if explicit := os.environ.get("ROSACE_STATE"):
        return Path(explicit).resolve()
    import platformdirs

    return Path(platformdirs.user_state_dir("rosace")).resolve()


def _place(file: Path) -> str:
    return hashlib.sha256(os.fsencode(file.resolve())).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one platform. `root` is the folder of its `platform.yaml`."""

    path: Path

    @classmethod
    def of(cls, name: str, file: Path) -> Home:
        """The state of the platform `name` that `file` declares."""
        return cls(state_root() / f"{name}-{_place(file)}")

    @classmethod
    def of_file(cls, file: Path) -> list[Home]:
        """Every platform that was deployed from this file, by whatever name it had then."""
        return [home for home in cls.all() if home.path.name.endswith(f"-{_place(file)}")]

    @classmethod
    def all(cls) -> list[Home]:
        """Every platform of this user that has a folder here."""
        root = state_root()
        found = sorted(root.glob("*/deployment.json")) if root.is_dir() else []
        return [cls(path.parent) for path in found if not path.parent.name.startswith(".")]

    @property
    def erased(self) -> Path:
        """What the folder is called from the moment that it is given up until nothing of it is left."""
        return self.path.with_name(f".{self.path.name}.erased")

    @property
    def deployment(self) -> Path:
        """What the supervisor runs, as JSON."""
        return self.path / "deployment.json"

    @property
    def incoming(self) -> Path:
        """A deployment that the supervisor has not taken yet."""
        return self.path / "deployment.next.json"

    @property
    def requirements(self) -> Path:
        """Which versions of Python's packages were chosen, as pip reads them."""
        return self.path / "requirements.txt"

    @property
    def secrets(self) -> Path:
        """Name to secret, mode 0600."""
        return self.path / "secrets.json"

    @property
    def ports(self) -> Path:
        """Name to the port that was chosen, kept from run to run."""
        return self.path / "ports.json"

    @property
    def heaps(self) -> Path:
        """Engine to the heap that it was given, in bytes."""
        return self.path / "heaps.json"

    @property
    def state(self) -> Path:
        """What the supervisor knows, for readers and for its successor."""
        return self.path / "state.json"

    @property
    def events(self) -> Path:
        """Every event, a line of JSON each."""
        return self.path / "events.jsonl"

    @property
    def logs(self) -> Path:
        """The folder of logs, one for each process."""
        return self.path / "logs"

    @property
    def pid(self) -> Path:
        """The numbers of supervisor and guardian, for people."""
        return self.path / "supervisor.pid"

    @property
    def halted(self) -> Path:
        """There from `down` to the next `up`: no guardian and no supervisor stays."""
        return self.path / HALTED

    @property
    def lock(self) -> Path:
        """Held by whoever changes the platform: one `up` or `down` at a time."""
        return self.path / "up.lock"

    @property
    def socket(self) -> Path:
        """The control socket, in this folder that nobody else may enter."""
        return self.path / "control.sock"
