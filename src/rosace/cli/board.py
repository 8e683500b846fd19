"""The board of `up`: a renderer of its stream. Live on a terminal, plain lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Self

from rosace.cli.failures import colored, say, show
from rosace.cli.jsonlines import JsonLines
from rosace.cli.progress import FetchMeter, StartTable, stuck
from rosace.cli.tables import seen
from rosace.local import told
from rosace.local.told import Told
from rosace.model.events import Event, Kind

if TYPE_CHECKING:
    from rosace.contract.artifacts import Artifact
    from rosace.local.artifacts.events import FetchEvent
    from rosace.observe.proving import Proved

STAGES: dict[told.Stage, str] = {
    "check": "Check the platform across every layer",
    "fetch": "Fetch engines and data",
    "judge": "Ask the engines' planners",
    "plan": "Decide memory, ports and order",
    "start": "Start engines, submit jobs",
    "flow": "Let the data flow to its end",
    "verify": "Compare every record and result",
}

_NOTHING = "nothing was started or changed; what was fetched is kept"
_RUNS_ON = "`rosace status` shows it, `rosace down` stops it"
GOES_ON: dict[told.Stage, str] = {
    **dict.fromkeys(("check", "fetch", "judge", "plan"), _NOTHING),
    "start": f"what was handed over goes on starting: {_RUNS_ON}",
    "flow": f"the engines run and the data goes on flowing: {_RUNS_ON}, `rosace verify` waits for its end",
    "verify": f"the platform runs on, and the proof changed nothing: `rosace verify` does it again; {_RUNS_ON}",
}
"""What is true after Ctrl-C in each stage."""

NEXT = "next: rosace status | rosace query NAME | rosace logs ENGINE -f | rosace open | rosace down"


class Board:
    """Shows one `up`. Talk goes to stderr; with `jsonl` the events go to stdout. `code` is the exit code it comes to.

    `file` is the platform's, as the person named it.
    """

    def __init__(self, output: str, file: object = "") -> None:
        self.output, self.file, self.code = output, file, 2
        self.live = in_terminal() and output == "table"
        self.times: dict[str, float] = {}
        self.cause = ""
        self._begun = time.monotonic()
        self._stage: told.Stage = "check"
        self._lines = JsonLines() if output == "jsonl" else None
        self._meter: FetchMeter | None = None
        self._table: StartTable | None = None
        self._screen: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._stop_screen()
        if isinstance(error, KeyboardInterrupt):
            error.add_note(GOES_ON.get(self._stage, GOES_ON["start"]))

    def follow(self, stream: Generator[Told | Proved]) -> int:
        """Shows all that is told, to its end; returns the exit code. The stream is closed, also after Ctrl-C."""
        with self, closing(stream):
            for item in stream:
                self.take(item)
        return self.code

    def take(self, item: Told | Proved) -> None:
        """Shows what was told."""
        if self._lines is not None:
            self._lines.take(item)
        match item:
            case told.Begun():
                self._stage = item.stage
                self._say(f"{self._bold(STAGES[item.stage])} ...")
                if item.stage in ("start", "flow") and self._table is not None:
                    self._start_screen(self._table)
            case told.Over():
                self._over(item)
            case told.Warned():
                from rosace.source.diagnostic import Refused

                show(Refused(*item.diagnostics, sources=item.sources))
            case told.ToFetch():
                self._to_fetch(item.artifacts)
            case told.Fetching():
                self._fetching(item.event)
            case told.ToInstall():
                self._say(f"  installing {', '.join(item.packages)} with pip")
            case told.Installed():
                self._say(f"  packages of Python: {', '.join(item.packages)}")
            case told.NotAsked() | told.NotAnswered():
                self._not_asked(item)
            case told.Planned():
                self._planned(item)
            case told.Wanted():
                self._table = StartTable(item.deployment)
            case told.Happened():
                self._happened(item.event)
            case told.Looked():
                self._looked(item)
            case told.Hopeless():
                self._because(f"{item.process} failed: {seen(item.detail)}")
            case told.Stuck():
                self._because(stuck(item))
            case told.Note():
                self._say(f"  {item.text}")
            case told.Ended():
                self._ended(item)
            case _:
                self._proved(item)

    def _over(self, item: told.Over) -> None:
        self._stop_screen()
        self.times[item.stage] = item.seconds
        verdict = self._green("ok") if item.reached else "not reached:"
        self._say(f"  {verdict} {STAGES[item.stage].lower()} ({item.seconds:.1f} s)")

    def _to_fetch(self, wanted: Sequence[Artifact]) -> None:
        if not wanted:
            self._say("  everything is in the cache")
            return
        self._meter = FetchMeter(wanted)
        self._say(f"  {self._meter.announcement()}")
        self._start_screen(self._meter)

    def _fetching(self, event: FetchEvent) -> None:
        line = self._meter.take(event) if self._meter else ""
        if line and not self.live:
            self._say(f"  {line}")

    def _not_asked(self, item: told.NotAsked | told.NotAnswered) -> None:
        from rosace.cli.judges import could_not_be_asked, not_asked

        # Said also to those who read JSON lines: a statement that nobody judged is worth a word.
        say(not_asked(*item.titles) if isinstance(item, told.NotAsked) else could_not_be_asked(item.title, item.why))

    def _planned(self, item: told.Planned) -> None:
        budget, todo = item.budget, item.steps
        self._say(f"  memory: {budget.expected} expected of {budget.limit} allowed")
        for part in budget.shrunk:
            self._say(f"  memory: {part.process} gets a heap of {part.heap} instead of {part.asked}, to fit")
        for name in item.stolen:
            self._say(f"  port of {name} was taken by another program; a new one was chosen")
        counts = {change: sum(1 for step in todo if step.change == change) for change in {s.change for s in todo}}
        self._say("  " + (", ".join(f"{n} to {change}" for change, n in sorted(counts.items())) or "nothing to change"))
        for step in todo:
            if step.change in ("restart", "stop", "cancel", "resubmit"):
                self._say(f"    {step.change} {step.subject}: {step.why}")
        for edit in item.edits:
            self._say(f"    {edit.subject} {edit.kind}: {edit.why}; what is there: {edit.rows}")

    def _happened(self, event: Event) -> None:
        if self.live and event.kind not in (Kind.FAILED, Kind.RESTARTING, Kind.EXITED):
            return
        if line := describe(event):
            self._say(f"  {line}")

    def _looked(self, item: told.Looked) -> None:
        if self._table is None:
            return
        self._table.take(item.now)
        if not self.live and (line := self._table.heartbeat()):
            self._say(f"  {line}")

    def _proved(self, item: Proved) -> None:
        from rosace.cli.proof import lines
        from rosace.cli.width import columns

        for line in lines(item.report, colored(), columns(sys.stderr)):
            self._say(line)

    def _ended(self, item: told.Ended) -> None:
        """The last words: what came out, the time of each stage, what to type next."""
        self._stop_screen()
        self.code = 0 if item.well else 1
        message, total = self._message(item), time.monotonic() - self._begun
        if self.times:
            parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.times.items())
            self._say(f"{self._bold(message)} in {total:.1f} s ({parts})")
            self._say(NEXT)
        else:
            self._say(message)
        if self.output in ("json", "jsonl"):
            last = {"message": message, "outcome": item.outcome, "seconds": round(total, 3)}
            last |= {"cause": self.cause, "stages": self.times, "home": str(item.home.path)}
            print(json.dumps(last, default=str), flush=True)

    def _because(self, cause: str) -> None:
        """Why it does not come to what it is for."""
        self.cause = cause
        self._say(f"  {cause}")

    def _message(self, item: told.Ended) -> str:
        match item.outcome:
            case "unchanged":
                return f"nothing to change: everything is as {self.file} says ({item.seconds:.2f} s)"
            case "handed over":
                return "handed over; `rosace status` shows how far it is"
            case "ready":
                return "everything is ready"
            case "not ready":
                return f"not everything is ready after {item.seconds:g} s"
            case "not settled":
                return "the data did not come to an end"
            case "verified":
                return "verified"
            case "not exact":
                return "NOT exact"

    def _say(self, text: str) -> None:
        if self.output == "jsonl":
            return
        if self._screen is not None:
            self._screen.console.print(text, markup=False, highlight=False)
        else:
            say(text)

    def _start_screen(self, renderable: Any) -> None:
        if not self.live:
            return
        from rich.console import Console
        from rich.live import Live

        self._stop_screen()
        self._screen = Live(renderable, console=Console(stderr=True), refresh_per_second=8, transient=True)
        self._screen.start()

    def _stop_screen(self) -> None:
        if self._screen is not None:
            self._screen.stop()
            self._screen = None

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if colored() and self._screen is None else text

    def _green(self, text: str) -> str:
        return f"\x1b[32m{text}\x1b[0m" if colored() and self._screen is None else text


def describe(event: Event) -> str:
    """An event as a line for people; empty for those that only programs care for."""
    name = event.subject.name
    match event.kind:
        case Kind.READY:
            return f"ready      {name} ({event.data.get('seconds')} s, {event.data.get('cpu')} CPU s)"
        case Kind.STARTING:
            return f"starting   {name}"
        case Kind.PROGRESS | Kind.NOTE:
            return ""
        case _:
            return f"{event.kind.value:10} {name}{': ' + seen(event.message) if event.message else ''}"


def in_terminal() -> bool:
    """Whether a person watches: a live board; else plain lines."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
