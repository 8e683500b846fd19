"""What a person sees of a fetch and of a start: two small models that are fed events and can draw themselves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rosace.cli.tables import seen
from rosace.model.quantity import Size

if TYPE_CHECKING:
    from rosace.contract.artifacts import Artifact
    from rosace.local.artifacts.events import FetchEvent
    from rosace.local.told import Stuck
    from rosace.model.status import JobNow, ProcessNow, Running
    from rosace.plan.machine.deployment import Deployment


def stuck(item: Stuck) -> str:
    """Why nothing is waited for any longer, and what is not there."""
    why = f"nothing moved for {item.seconds:.0f} s" if item.why == "nothing moved" else f"{item.seconds:g} s are over"
    return f"{why}; waited for {seen('; '.join(item.waiting)) or 'nothing that can be named'}"


class FetchMeter:
    """Bytes of all downloads together, and what is being unpacked."""

    def __init__(self, wanted: Sequence[Artifact]) -> None:
        self.total = sum(item.size for item in wanted)
        self.count = len(wanted)
        self.done: dict[str, int] = {}
        self.finished = 0
        self.unpacking: dict[str, None] = {}
        self._said = time.monotonic()
        self._begun = time.monotonic()

    def announcement(self) -> str:
        """One line before anything is fetched: how many artifacts and how many bytes."""
        return f"{self.count} artifacts, {Size(self.total)} to download (once per user, shared by all platforms)"

    def take(self, event: FetchEvent) -> str:
        """Takes one event; returns a line about every two seconds, for where nothing can be redrawn."""
        from rosace.local.artifacts import events

        name = event.artifact.name
        match event:
            case events.Progress():
                self.done[name] = event.done
            case events.Unpacking():
                self.unpacking[name] = None
                self.done[name] = event.artifact.size
            case events.Done():
                self.unpacking.pop(name, None)
                self.done[name] = event.artifact.size
                self.finished += 1
            case events.Refused():
                return f"{name} in the cache is damaged ({', '.join(event.paths[:3])}): it is fetched again"
            case events.Started() | events.Failed():
                pass
        if time.monotonic() - self._said < 2.0 and self.finished < self.count:
            return ""
        self._said = time.monotonic()
        return self.line()

    def line(self) -> str:
        """One line of how far it is: bytes, artifacts, bytes a second, and what is being unpacked."""
        got = sum(self.done.values())
        rate = got / max(0.1, time.monotonic() - self._begun)
        parts = f"{Size(got)} of {Size(self.total)}, {self.finished} of {self.count} artifacts, {Size(rate)}/s"
        return parts + (f", unpacking {', '.join(self.unpacking)}" if self.unpacking else "")

    def __rich_console__(self, console: Any, options: Any) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        yield ProgressBar(total=max(1, self.total), completed=sum(self.done.values()), width=50)
        yield Text("  " + self.line())


BEAT, STILL = 5.0, 30.0
"""Seconds between lines that say something new, and between lines that say the same."""


class StartTable:
    """Every process and job of a deployment with its state, ordered by what is still awaited."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.now: Running | None = None
        self._rates: dict[str, _Rate] = {}
        self._begun = time.monotonic()
        self._said = time.monotonic()
        self._line = ""

    def take(self, now: Running) -> None:
        """All that runs, seen again."""
        self.now = now
        counts = {f"process/{name}": item.sent for name, item in now.processes.items()}
        counts |= {f"job/{name}": item.records_in for name, item in now.jobs.items()}
        for name, count in counts.items():
            if count is not None:
                self._rates.setdefault(name, _Rate()).take(now.time, count)

    def heartbeat(self) -> str:
        """A line that says what is awaited, for where nothing can be redrawn: every `BEAT` seconds where it is another
        one than before, every `STILL` seconds where it is the same."""
        since = time.monotonic() - self._said
        if since < BEAT:
            return ""
        waiting = [
            f"{name} ({state}{': ' + detail if detail else ''})" for name, state, detail in self.rows(pending=True)
        ]
        line = "waiting for " + "; ".join(waiting[:3]) if waiting else ""
        if line == self._line and since < STILL:
            return ""
        self._said, self._line = time.monotonic(), line
        return line

    def rows(self, *, pending: bool = False) -> list[tuple[str, str, str]]:
        """(name, state, detail) of processes and jobs; only those that are not there yet when `pending`."""
        processes = self.now.processes if self.now else {}
        jobs = self.now.jobs if self.now else {}
        todo = self.deployment
        rows = [_row(one.name, now := processes.get(one.name), self._sent(one.name, now)) for one in todo.processes]
        rows += [_row(one.name, now := jobs.get(one.name), self._read(one.name, now)) for one in todo.jobs]
        good = ("ready", "done", "finished")
        return [(name, state, seen(text[:90])) for name, state, text in rows if not (pending and state in good)]

    def _sent(self, name: str, item: ProcessNow | None) -> str:
        """How far a process is that does its work once."""
        if item is None or item.sent is None or not item.total:
            return ""
        share = f"{item.sent:,} of {item.total:,} records, {100 * item.sent // item.total} %"
        return share + (self._rate(f"process/{name}", ", {}/s") if item.state == "running" else "")

    def _read(self, name: str, item: JobNow | None) -> str:
        """What a job has read and written in this run."""
        if item is None or item.records_in is None:
            return ""
        rate = self._rate(f"job/{name}", " ({}/s)") if item.state in ("running", "draining") else ""
        return f"{item.records_in:,} in{rate}" + (f", {item.records_out:,} out" if item.records_out is not None else "")

    def _rate(self, name: str, form: str) -> str:
        rate = self._rates[name].value if name in self._rates else None
        return form.format(f"{rate:,.0f}") if rate is not None else ""

    def __rich_console__(self, console: Any, options: Any) -> Any:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, show_header=False, padding=(0, 2))
        colors = {"ready": "green", "done": "green", "finished": "green", "running": "cyan", "waiting": "dim"}
        for name, state, detail in self.rows():
            told = Text(detail, style="dim", no_wrap=True, overflow="ellipsis")
            table.add_row(Text(name), Text(state, style=colors.get(state, "yellow")), told)
        yield table
        yield Text(f"  {time.monotonic() - self._begun:.0f} s", style="dim")


def _row(name: str, item: ProcessNow | JobNow | None, counts: str) -> tuple[str, str, str]:
    from rosace.model.status import ProcessNow

    if item is None:
        return name, "waiting", ""
    # What a process says itself of its counts says no more than they do.
    own = isinstance(item, ProcessNow) and counts and item.state in ("running", "done")
    return name, item.state, "; ".join(filter(None, (counts, "" if own else item.detail)))


class _Rate:
    """How many a second, over the last `OVER` seconds or so; None before two different moments are known."""

    OVER = 3.0

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def take(self, when: float, count: int) -> None:
        """A count at a moment. One that is smaller than before begins anew."""
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()
        if not self._seen or when > self._seen[-1][0]:
            self._seen.append((when, count))
        while len(self._seen) > 2 and when - self._seen[1][0] >= self.OVER:
            self._seen.pop(0)

    @property
    def value(self) -> float | None:
        """Per second."""
        if len(self._seen) < 2:
            return None
        (begun, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - begun)
