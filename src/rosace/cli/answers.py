"""Answers to questions, shown or written: to a terminal a screenful, to a pipe or a file all of it, as it comes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from rosace.cli import rows
from rosace.cli.failures import say
from rosace.cli.streams import Bytes, unread
from rosace.cli.width import columns
from rosace.source.diagnostic import refuse
from rosace.source.quoted import counted

if TYPE_CHECKING:
    from rosace.observe.ask import Question, Stream
    from rosace.plan.machine.deployment import Deployment

AROUND = 5
"""Lines of a screen that are not rows: the heading, the counts, the prompt."""

COUNTING = 1.5
"""Seconds in which the rows that are not shown are counted."""


class Answers:
    """Where answers go. `limit` is the most rows of each (0: all, None: what fits)."""

    def __init__(self, deployment: Deployment, output: str, to: Path | None, limit: int | None) -> None:
        self.deployment, self.output, self.to, self.limit = deployment, output, to, limit
        self.sideways: bool | None = None
        if limit is not None and limit < 0:
            raise refuse("bad-limit", "--limit is a number of rows, or 0 for all of them")
        if output == "parquet" and to is None and sys.stdout.isatty():
            hints = ("--to FILE writes a file; `> FILE` does as well",)
            raise refuse("not-for-people", "Parquet is no text for a terminal", hints=hints)

    def all(self, questions: Sequence[Question]) -> None:
        """Asks one after the other. Raises Refused for the first that fails; what was answered stands."""
        if len(questions) > 1 and self.output not in ("table", "jsonl"):
            hints = ("ask one at a time, or take -o jsonl: a line for each row",)
            raise refuse("one-answer", f"{self.output} holds one answer, and these are {len(questions)}", hints=hints)
        with self._goal() as out:
            for number, question in enumerate(questions):
                if number and self.output == "table":
                    out.write(b"\n")
                self.one(question, out)

    def one(self, question: Question, out: BinaryIO) -> None:
        """Asks and shows or writes the answer."""
        from rosace.observe.ask import asked

        with closing(asked(self.deployment, question)) as stream:
            if self.output == "table":
                _Screen(stream, self).show(out)
                return
            pages = rows.first(stream.pages(), self.limit or 0)
            match self.output:
                case "csv":
                    count = rows.csv(stream.columns, pages, out)
                case "json":
                    count = rows.array(stream.columns, pages, out)
                case "jsonl":
                    count = rows.jsonl(stream.columns, pages, out)
                case _:
                    count = rows.parquet(stream.columns, pages, out)
            if self.to:
                say(f"{counted(count, 'row')} in {self.to} ({stream.seconds:.1f} s)")

    @contextmanager
    def _goal(self) -> Generator[BinaryIO]:
        """stdout, or a file that has its name only once it is whole."""
        if self.to is None:
            yield cast("BinaryIO", Bytes())
            return
        from rosace.kit import whole

        with whole.beside(self.to, whole.usual()) as part, part.open("wb") as out:
            yield out


class _Rows:
    """Rows of an answer, some at a time."""

    def __init__(self, stream: Stream) -> None:
        self._pages = stream.pages()
        self._held: list[rows.Row] = []

    def take(self, most: int) -> list[rows.Row]:
        """Up to so many rows; none at the end."""
        while len(self._held) < most and (page := next(self._pages, None)) is not None:
            self._held += page
        taken, self._held = self._held[:most], self._held[most:]
        return taken

    def rest(self, seconds: float) -> tuple[int, bool]:
        """How many rows there are yet, and whether that is all: counted for so long."""
        until, count = time.monotonic() + seconds, len(self._held)
        for page in self._pages:
            count += len(page)
            if time.monotonic() > until:
                return count, False
        return count, True


class _Screen:
    """One answer for people."""

    def __init__(self, stream: Stream, wanted: Answers) -> None:
        self._stream, self._rows, self._limit = stream, _Rows(stream), wanted.limit
        self._terminal = wanted.to is None and sys.stdout.isatty()
        self._height = max(3, shutil.get_terminal_size().lines - AROUND)
        self._table = rows.Table(
            stream.columns, columns(sys.stdout) if self._terminal else None, sideways=wanted.sideways
        )

    def show(self, out: BinaryIO) -> None:
        """The rows that are wanted, or as many as a screen holds, and a word on how many there are."""
        if self._limit is None and self._terminal:
            self._screenful(out)
            return
        first = self._rows.take(min(rows.MEASURED, self._limit or rows.MEASURED))
        self._table.measure(first)
        if self._terminal and len(first) * self._table.lines > self._height:
            with pager(out) as paged:
                self._all(first, paged)
        else:
            self._all(first, out)
        left, whole = self._rows.rest(COUNTING) if self._limit else (0, True)
        self._say(left, whole)

    def _screenful(self, out: BinaryIO) -> None:
        first = self._rows.take(self._height)
        self._table.measure(first)
        fit = max(1, self._height // self._table.lines)
        _write(out, self._table.draw(first[:fit]))
        left, whole = self._rows.rest(COUNTING)
        self._say(left + len(first[fit:]), whole)

    def _all(self, first: list[rows.Row], out: BinaryIO) -> None:
        more, limit = first, self._limit or 0
        with suppress(BrokenPipeError):
            _write(out, self._table.draw(more))
            while more and not unread() and not (limit and self._table.count >= limit):
                wanted = min(rows.MEASURED, limit - self._table.count) if limit else rows.MEASURED
                more = self._rows.take(wanted)
                if more:
                    _write(out, self._table.draw(more))

    def _say(self, left: int, whole: bool) -> None:
        shown, took = self._table.count, f"in {self._stream.seconds:.1f} s"
        if not left and whole:
            say(f"{counted(shown, 'row')} {took}")
            return
        least = "" if whole else "more than "
        more = "--limit 1000 shows more, 0 all; -o csv --to FILE keeps them"
        say(f"{shown:,} of {least}{shown + left:,} rows {took}: {more}")


def _write(out: BinaryIO, lines: Iterator[str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        out.write((line + "\n").encode(encoding, "replace"))
    out.flush()


@contextmanager
def pager(out: BinaryIO) -> Generator[BinaryIO]:
    """Where a person reads what is more than a screen: `$PAGER`, else `less`; `out` where there is none."""
    command = shlex.split(os.environ.get("PAGER", "")) or ["less", "-FRSX"]
    if shutil.which(command[0]) is None:
        yield out
        return
    with subprocess.Popen(command, stdin=subprocess.PIPE) as reader:
        assert reader.stdin
        try:
            yield cast("BinaryIO", reader.stdin)
        except KeyboardInterrupt:
            # The pager is asked for it too, and goes on; whoever wants to leave it says so there.
            pass
        finally:
            with suppress(OSError):
                reader.stdin.close()
            reader.wait()
