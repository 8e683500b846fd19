"""The board of `up`: a renderer of events. Live on a terminal, plain lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from rosace.cli.failures import colored, say
from rosace.cli.progress import FetchMeter, StartTable
from rosace.cli.tables import seen
from rosace.local.bringup import ensure
from rosace.local.control import NotRunning, ask, follow
from rosace.local.home import Home
from rosace.model.events import Event, Kind

if TYPE_CHECKING:
    from rosace.local.artifacts.events import FetchEvent
    from rosace.local.artifacts.model import Artifact
    from rosace.local.prepare import Prepared
    from rosace.observe.verify.report import Report
    from rosace.plan.deployment import Deployment
    from rosace.plan.steps import Step

STAGES = {
    "check": "Check the platform across every layer",
    "fetch": "Fetch engines and data",
    "judge": "Ask the engines' planners",
    "plan": "Decide memory, ports and order",
    "start": "Start engines, submit jobs",
    "flow": "Let the data flow to its end",
    "verify": "Compare every record and result",
}


class Board:
    """Shows the stages of one `up`. Talk goes to stderr; with `jsonl` the events go to stdout."""

    def __init__(self, output: str) -> None:
        from rosace.cli.launch import in_terminal

        self.output = output
        self.live = in_terminal() and output == "table"
        self.times: list[tuple[str, float]] = []
        self.failed = False
        self._seen = 0
        self._begun = time.monotonic()
        self._meter: FetchMeter | None = None
        self._table: StartTable | None = None
        self._screen: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_screen()

    @contextmanager
    def stage(self, name: str) -> Generator[None]:
        """A stage with its time; told when it begins, and how long it took when it ends."""
        begun = time.monotonic()
        self._say(f"{self._bold(STAGES[name])} ...")
        if self.output == "jsonl":
            self._jsonl({"stage": name, "state": "begin"})
        self.failed = False
        yield
        self._stop_screen()
        seconds = time.monotonic() - begun
        self.times.append((name, seconds))
        verdict = "not reached:" if self.failed else self._green("ok")
        self._say(f"  {verdict} {STAGES[name].lower()} ({seconds:.1f} s)")
        if self.output == "jsonl":
            self._jsonl({"stage": name, "state": "end", "seconds": round(seconds, 3)})

    def fetching(self, wanted: Sequence[Artifact]) -> None:
        """What is about to be downloaded."""
        if not wanted:
            self._say("  everything is in the cache")
            return
        self._meter = FetchMeter(wanted)
        self._say(f"  {self._meter.announcement()}")
        self._start_screen(self._meter)

    def on_fetch(self, event: FetchEvent) -> None:
        """One event of the fetch, from any of its threads."""
        if self._meter is None:
            return
        with self._lock:
            line = self._meter.take(event)
            if line and not self.live:
                self._say(f"  {line}")

    def planned(self, todo: Sequence[Step], prepared: Prepared) -> None:
        """What will be done, and what memory it takes."""
        budget = prepared.budget
        self._say(f"  memory: {budget.expected} expected of {budget.limit} allowed")
        for part in budget.shrunk:
            self._say(f"  memory: {part.process} gets a heap of {part.heap} instead of {part.asked}, to fit")
        for name in prepared.stolen:
            self._say(f"  port of {name} was taken by another program; a new one was chosen")
        counts = {change: sum(1 for step in todo if step.change == change) for change in {s.change for s in todo}}
        self._say("  " + (", ".join(f"{n} to {change}" for change, n in sorted(counts.items())) or "nothing to change"))
        for step in todo:
            if step.change in ("restart", "stop", "cancel", "resubmit"):
                self._say(f"    {step.change} {step.subject}: {step.why}")

    def expect(self, deployment: Deployment) -> None:
        self._table = StartTable(deployment)

    def follow(self, home: Home, since: int, timeout: float, *, until_settled: bool) -> bool:
        """Shows events until everything is ready (or all finite data has flowed); False when `timeout` passed."""
        assert self._table is not None
        deadline = time.monotonic() + timeout
        since = max(since, self._seen)
        self._start_screen(self._table)
        next_look = 0.0
        while time.monotonic() < deadline:
            try:
                for item in follow(home, since):
                    if item is not None:
                        since = self._seen = item[0]
                        self._event(item[1])
                    if item is not None or time.monotonic() >= next_look:
                        self._table.take_status(ask(home, {"do": "status"}))
                        next_look = time.monotonic() + 0.5
                        if not self.live and (line := self._table.heartbeat()):
                            self._say(f"  {line}")
                    if self._table.settled() if until_settled else self._table.ready():
                        return True
                    if (reason := self._table.hopeless()) or time.monotonic() > deadline:
                        if reason:
                            self._say(f"  {reason}")
                        self.failed = True
                        return False
            except NotRunning:
                time.sleep(0.5)
                # Where its guardian was killed with it, nobody else brings it back.
                ensure(home)
        self.failed = True
        return False

    def _event(self, event: Event) -> None:
        if self.output == "jsonl":
            self._jsonl({"event": event.to_json()})
            return
        if self.live and event.kind not in (Kind.FAILED, Kind.RESTARTING, Kind.EXITED):
            return
        line = describe(event)
        if line:
            self._say(f"  {line}")

    def verified(self, report: Report) -> bool:
        """The proof, told; whether it holds."""
        from rosace.cli.proof import lines
        from rosace.cli.width import columns

        if self.output == "jsonl":
            self._jsonl({"verify": report.to_json()})
        for line in lines(report, colored(), columns(sys.stderr)):
            self._say(line)
        return report.exact

    def close(self, message: str, home: Home, *, steps: bool = True) -> None:
        """The last words: what came out, the time of each stage, what to type next."""
        self._stop_screen()
        total = time.monotonic() - self._begun
        if steps and self.times:
            parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.times)
            self._say(f"{self._bold(message)} in {total:.1f} s ({parts})")
            self._say("next: rosace status | rosace query NAME | rosace logs ENGINE -f | rosace open | rosace down")
        else:
            self._say(message)
        if self.output in ("json", "jsonl"):
            self._jsonl(
                {"message": message, "seconds": round(total, 3), "stages": dict(self.times), "home": str(home.path)}
            )

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

    def _jsonl(self, value: dict[str, Any]) -> None:
        print(json.dumps(value, default=str), flush=True)
        sys.stdout.flush()

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if colored() and self._screen is None else text

    def _green(self, text: str) -> str:
        return f"\x1b[32m{text}\x1b[0m" if colored() and self._screen is None else text


def describe(event: Event) -> str:
    """An event as a line for people; empty for those that only programs care for."""
    name = event.subject.partition("/")[2]
    match event.kind:
        case Kind.READY:
            return f"ready      {name} ({event.data.get('seconds')} s, {event.data.get('cpu')} CPU s)"
        case Kind.STARTING:
            return f"starting   {name}"
        case Kind.PROGRESS | Kind.NOTE:
            return ""
        case _:
            return f"{event.kind.value:10} {name}{': ' + seen(event.message) if event.message else ''}"
