"""The logs that the processes of a platform write, whether they run or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rosace.local.home import Home
from rosace.source.diagnostic import refuse
from rosace.source.suggest import closest


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one process by its name, or of one job as `job-<name>`."""

    name: str
    path: Path


@dataclass(slots=True)
class Tail:
    """A log being read: `at` is how many of its bytes were given."""

    log: Log
    at: int = field(default=0)

    def last(self, lines: int) -> list[str]:
        """The last lines there are now."""
        data = self.log.path.read_bytes()
        self.at = len(data)
        return data.decode(errors="replace").splitlines()[-lines:]

    def more(self) -> Iterator[str]:
        """Whole lines that came since; a log that was put aside is read from its new beginning."""
        size = self.log.path.stat().st_size
        if size < self.at:
            self.at = 0
        if size > self.at:
            with self.log.path.open("rb") as stream:
                stream.seek(self.at)
                data = stream.read()
            whole = data.rfind(b"\n") + 1
            self.at += whole
            yield from data[:whole].decode(errors="replace").splitlines()


def logs(home: Home) -> list[Log]:
    """All there are. Raises Refused where nothing was ever started."""
    paths = sorted(home.logs.glob("*.log")) if home.logs.is_dir() else []
    if not paths:
        raise refuse("no-log", "this platform has no logs yet", hints=("`rosace up` starts it",))
    return [Log(path.stem, path) for path in paths]


def chosen(home: Home, names: tuple[str, ...]) -> list[Log]:
    """Those of engines or processes by name; all where none is named. Raises Refused where there is none."""
    found = logs(home)
    wanted = [log for log in found if not names or any(belongs(log.name, name) for name in names)]
    if not wanted:
        near = closest(names[0], [log.name for log in found])
        hint = f"did you mean `{near}`?" if near else "logs there are: " + ", ".join(log.name for log in found)
        raise refuse("no-log", f"there is no log of {', '.join(names)}", hints=(hint,))
    return wanted


def belongs(process: str, name: str) -> bool:
    """Whether a name means a log: that of a process by its own name or by that of its engine, with which it begins, or
    that of a job."""
    return name in (process, process.removeprefix("job-")) or process.startswith(f"{name}-")
