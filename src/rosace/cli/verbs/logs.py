"""`rosace logs`: what the engines say."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.options import Where
from rosace.source.render.excerpt import visible


def logs(
    *names: str,
    where: Where | None = None,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative=(), help="Go on as lines come.")] = False,
    lines: Annotated[int, Parameter(name=["--lines", "-n"], help="How many lines of each log at first.")] = 50,
) -> int:
    """Print the logs of engines or processes by name; of all when none is named.

    Examples:
      rosace logs flink                  # job manager, task manager and gateway
      rosace logs kafka spark -f
    """
    from rosace.cli.streams import unread
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    home = (where or Where()).home()
    paths = sorted(home.logs.glob("*.log")) if home.logs.is_dir() else []
    if not paths:
        raise refuse("no-log", "this platform has no logs yet", hints=("`rosace up` starts it",))
    chosen = [path for path in paths if not names or any(_belongs(path.stem, name) for name in names)]
    if not chosen:
        near = closest(names[0], [path.stem for path in paths]) if names else None
        hint = f"did you mean `{near}`?" if near else "logs there are: " + ", ".join(p.stem for p in paths)
        raise refuse("no-log", f"there is no log of {', '.join(names)}", hints=(hint,))
    wide = max(len(path.stem) for path in chosen) if len(chosen) > 1 else 0
    at: dict[Path, int] = {}
    for path in chosen:
        data = path.read_bytes()
        at[path] = len(data)
        for line in data.decode(errors="replace").splitlines()[-lines:]:
            _line(path.stem, line, wide)
    while follow and not unread():
        for path in chosen:
            _more(path, at, wide)
        time.sleep(0.2)
    return 0


def _belongs(stem: str, name: str) -> bool:
    return stem == name or stem.startswith(f"{name}-")


def _more(path: Path, at: dict[Path, int], wide: int) -> None:
    size = path.stat().st_size
    if size < at[path]:
        at[path] = 0
    if size > at[path]:
        with path.open("rb") as stream:
            stream.seek(at[path])
            data = stream.read()
        whole = data.rfind(b"\n") + 1
        at[path] += whole
        for line in data[:whole].decode(errors="replace").splitlines():
            _line(path.stem, line, wide)


def _line(name: str, line: str, wide: int) -> None:
    """As it is for programs; for a terminal with its control characters shown, since engines log what the data says."""
    line = visible(line) if sys.stdout.isatty() else line
    print(f"{name:{wide}} | {line}" if wide else line, flush=True)
