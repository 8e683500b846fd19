"""What a person sees, at 80, 100 and 160 columns: writes docs/screens.md from real terminals and real engines.

    tools/screens.py

Comes in: the example, started here with a state of its own and erased afterwards. Goes out: the page. Must not: draw
anything by hand: each block is what a terminal showed.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "screens.md"
WIDTHS = (80, 100, 160)
HEIGHT = 45
FLOW = "sources.flights.rate=6000/s"
"""Slow enough that data flows for a minute, and each width is seen."""

WIDE = "SELECT * FROM lake.departures LIMIT 2"
VERBS = {
    "status": "rosace status",
    "query": "rosace query late-carriers",
    "query of wide rows": f'rosace query --sql "{WIDE}"',
    "query of more than a screen": 'rosace query --sql "SELECT carrier, hour, departures FROM lake.delays"',
    "topic": "rosace topic",
    "topic tail": "rosace topic tail delays -n 2",
    "describe": "rosace describe lake.delays",
    "plan": f"rosace plan --set {FLOW} --set topics.departures.partitions=6",
    "verify": "rosace verify",
}
HEAD = """# Screens

What a person sees, at 80, 100 and 160 columns. `tools/screens.py` writes this page: it starts \
[the example](../examples/flights/platform.yaml) on real engines, in real terminals, and keeps what they show. \
Colours are left out.
"""


class Screen:
    """A terminal as far as Rosace uses one: lines, carriage returns, cursor up, erased lines."""

    _PIECE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[=>]|[\r\n]|[^\x1b\r\n]+|\x1b")

    def __init__(self, width: int) -> None:
        self.width, self.lines, self.row, self.column, self.wrapped = width, [""], 0, 0, 0

    def feed(self, text: str) -> None:
        """Takes what a program wrote."""
        for piece in self._PIECE.finditer(text):
            numbers, letter = piece[1], piece[2]
            if letter == "A":
                self.row = max(0, self.row - int(numbers or 1))
            elif letter == "K":
                self.lines[self.row] = "" if numbers == "2" else self.lines[self.row][: self.column]
            elif letter:
                continue
            elif piece[0] == "\r":
                self.column = 0
            elif piece[0] == "\n":
                self._down()
            elif not piece[0].startswith("\x1b"):
                self._print(piece[0])

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def _print(self, text: str) -> None:
        while text:
            room = self.width - self.column
            if room <= 0:
                self.wrapped += 1
                self.column = 0
                self._down()
                continue
            part, text = text[:room], text[room:]
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + part + line[self.column + len(part) :]
            self.column += len(part)

    def shown(self) -> str:
        """The lines as they stand, without the blank ones around them."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")


class Terminal:
    """One command in a terminal of its own, which may be made wider while it runs."""

    def __init__(self, command: str, folder: Path, env: dict[str, str], width: int) -> None:
        self.screen = Screen(width)
        self._ours, theirs = pty.openpty()
        self.resize(width)
        self.child = subprocess.Popen(
            ["bash", "-c", command], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def resize(self, width: int) -> None:
        """Makes it so wide; what was drawn stays."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, width, 0, 0))
        self.screen.width = width

    def looks(self, seconds: float) -> Iterator[None]:
        """Each time that something came, until the command ends or the time is over."""
        until, held = time.monotonic() + seconds, b""
        while time.monotonic() < until:
            if not select.select([self._ours], [], [], 0.2)[0]:
                if self.child.poll() is not None:
                    return
                yield
                continue
            try:
                held += os.read(self._ours, 1 << 16)
            except OSError:
                return
            text = held.decode("utf-8", "ignore")
            held = held[len(text.encode()) :]
            self.screen.feed(text)
            yield

    def end(self) -> str:
        """All that it shows in the end."""
        for _ in self.looks(600):
            pass
        self.child.wait(30)
        os.close(self._ours)
        return self.screen.shown()


def up(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """One start to its last words, then what a person sees who asks for the proof while data flows."""
    command = f"rosace up --set {FLOW}"
    terminal = Terminal(command, folder, env, WIDTHS[0])
    for _ in terminal.looks(600):
        pass
    found = {f"up, {WIDTHS[0]} columns, everything ready": terminal.end()}
    for width in WIDTHS:
        terminal = Terminal(f"rosace up --set {FLOW} --verify", folder, env, width)
        begun = time.monotonic()
        for _ in terminal.looks(60):
            if time.monotonic() - begun > 5 and "records, " in terminal.screen.shown():
                break
        found[f"up --verify, {width} columns, while data flows"] = terminal.screen.shown()
        os.killpg(terminal.child.pid, signal.SIGINT)
        terminal.end()
    return found


def main() -> None:
    """Starts, looks, writes, erases."""
    # A shell lets what it starts in the background ignore it, and all that is started from there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="rosace-") as place:
        folder = Path(place, "flights")
        shutil.copytree(ROOT / "examples" / "flights", folder)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
        env |= {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ROSACE_STATE": str(Path(place, "state")),
            "TERM": "xterm",
            "NO_COLOR": "1",
        }
        try:
            screens = up(folder, env)
            subprocess.run(["rosace", "verify"], cwd=folder, env=env, check=True, capture_output=True)
            for title, command in VERBS.items():
                for width in WIDTHS:
                    terminal = Terminal(command, folder, env, width)
                    screens[f"{title}, {width} columns"] = f"$ {command}\n{terminal.end()}"
        finally:
            subprocess.run(["rosace", "down", "--erase", "--yes"], cwd=folder, env=env, check=False)
        parts = [HEAD, *(f"## {title}\n\n```\n{text}\n```\n" for title, text in screens.items())]
        text = "\n".join(parts).replace(str(folder), "~/flights").replace(place, "~")
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
