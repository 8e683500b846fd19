"""Replays a source's file into a topic, exactly once, whatever is killed when. A process of its own.

    python -m rosace.engines.kafka.replay <config.json>

Comes in: a config file as `local.py` writes it. Goes out: transactions. Each holds a batch of records *and* the number
of records sent so far, stored as an offset of consumer group `rosace.source.<name>`: either both are committed or
neither. At its start the process takes over its transactional id, which ends what a predecessor left open and fences
it, and goes on from the stored number. Which record has which number is kept in a ledger (`tail.Tail`), so that what is
appended to the file is sent after all that was there, now or at a later start.

stdout has a line for each row that was set aside, and a JSON line each second: {"sent": n, "total": N, "rate":
records/s}, at last {"done": true, ...}; or, where the file is followed, {"sent": n, "total": N, "followed": facts}
whenever all of it was sent. Exit codes:
0 all records are in the topic; 1 the brokers refused for good: start again; 2 the file or the config cannot be used
now; 3 the file says what does not fit its declaration, or what was sent of it was changed: no use to try again; 143
ended by SIGTERM.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rosace.engines.kafka.sender import FatalError, Login, MustAbort, Progress, Sender, Stopped
from rosace.engines.kafka.staging import CHUNK, Record, Staged
from rosace.engines.kafka.tail import OtherFileError, Tail
from rosace.engines.kafka.watch import TERMINATED, Watch
from rosace.kit import files_aside
from rosace.kit.backoff import Backoff
from rosace.kit.files import SourceFileError, said
from rosace.kit.folders import several

BATCH = CHUNK // 4
"""Records of a transaction, 5,120: large enough that its end costs little, small enough to be done again."""

BATCH_SECONDS = 0.5
"""At a declared rate, a transaction holds what is due in this time: readers wait no longer than that."""

REDONE = Backoff((0.2, 0.4, 0.8, 1.6, 3.2, 5.0), most=21)
"""Aborted transactions in a row before the process gives up and lets itself be started again."""

FOLLOWED = 0.5
"""Seconds between looks at a file that is followed."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to replay: `rate` is records per second (None: as fast as the brokers take them). `pattern`, where the files
    are followed, is the name that `platform.yaml` gives them, absolute."""

    servers: str
    platform: str
    topic: str
    key: tuple[str, ...]
    rate: float | None
    folder: Path
    source: dict[str, Any]
    pattern: str = ""
    several: str = ""
    """Where the files are known only once they are there: the name or pattern of them, absolute. None comes later."""
    login: Login | None = None
    """Who the process is to the brokers; nobody asks on this machine."""
    suffix: str = ""
    """What sets apart the account of a source that was asked to send all again (`contract.machine.History`)."""

    @classmethod
    def load(cls, path: Path) -> Order:
        """Reads the config file; raises ValueError, KeyError or OSError where it is not one."""
        value = json.loads(path.read_text("utf-8"))
        value |= {"key": tuple(value["key"]), "folder": Path(value["folder"])}
        if pattern := value.get("several") or (value.get("login") and value.get("pattern")):
            found = several(Path("/"), pattern)
            if not found or not all(Path(name).is_file() for name in found):
                raise OSError(f"there is no file {pattern}")
            value["source"] |= {"path": found[0]} | ({"paths": list(found)} if len(found) > 1 else {})
        if value.get("login"):
            value["login"] = Login(**value["login"])
        return cls(**value)

    @property
    def batch(self) -> int:
        """Records of one transaction."""
        return BATCH if self.rate is None else max(1, min(BATCH, round(self.rate * BATCH_SECONDS)))


class Meter:
    """Tells progress once a second on stdout."""

    def __init__(self) -> None:
        self.sent, self.total = 0, 0
        self._told, self._told_at = 0, time.monotonic()

    def start(self, sent: int, total: int) -> None:
        """Begins at `sent` of `total` records: what an earlier run sent counts."""
        self.sent = self._told = sent
        self.total = total

    def tick(self) -> None:
        """Says sent, total and records a second on stdout, at most once a second."""
        now = time.monotonic()
        if now - self._told_at >= 1 and self.total:
            rate = (self.sent - self._told) / (now - self._told_at)
            _say({"sent": self.sent, "total": self.total, "rate": round(rate, 1)})
            self._told, self._told_at = self.sent, now


class Replay:
    """One run over a source's records."""

    def __init__(self, order: Order, watch: Watch) -> None:
        self._order, self._watch = order, watch
        self._meter = Meter()
        self._chunk: list[Record] = []
        self._chunk_first = 0
        self._tail = Tail(order.source, order.key, order.folder, order.pattern)

    def run(self) -> None:
        """Sends what is left to send. Raises Stopped, FatalError, OtherFileError or what staging raises."""
        order = self._order
        account = f"{order.source['name']}{order.suffix}"
        sender = Sender(order.servers, order.topic, order.platform, account, self._watch, self._meter.tick, order.login)
        before = sender.take_over()
        self._tail.resume(before)
        self._meter.sent = before.sent if before else 0
        self._send_all(sender)
        while order.pattern:
            _say({"sent": self._meter.sent, "total": self._meter.sent, "followed": self._tail.facts})
            # Its last line says that all was sent, as long as that is so.
            while self._tail.same():
                if self._watch.stop.wait(FOLLOWED):
                    raise Stopped
            self._send_all(sender)
        sender.close()
        done = {"done": True, "sent": self._meter.sent, "total": self._meter.sent, "gave": self._tail.mark}
        _say({**done, **({"set aside": self._tail.aside} if self._tail.aside else {})})

    def _send_all(self, sender: Sender) -> None:
        """Sends until there is nothing new."""
        while self._tail.look():
            staged = self._tail.staged()
            for line in files_aside.said(staged.aside):
                print(line, flush=True)
            self._chunk = []
            self._send(sender, staged, self._tail.first)
            self._tail.settle()

    def _send(self, sender: Sender, staged: Staged, first: int) -> None:
        """Sends the records from the one that is to be the next on; that of row 0 is record `first`."""
        total = first + staged.total
        self._meter.start(self._meter.sent, total)
        pace = _pace(self._order.rate, self._meter.sent)
        redone = 0
        while self._meter.sent < total:
            self._wait(pace(self._meter.sent))
            records = self._batch(staged, self._meter.sent - first)
            after = Progress(self._meter.sent + len(records), total, self._tail.mark)
            try:
                sender.send(records, after)
                self._meter.sent, redone = after.sent, 0
            except MustAbort as error:
                redone += 1
                if REDONE.over(redone):
                    raise FatalError(f"{redone} transactions in a row had to be aborted: {error}") from None
                _warn(f"a transaction is done again: {error}")
                stored = sender.abort()
                self._meter.sent = stored.sent if stored else 0
                self._wait(time.monotonic() + REDONE.pause(redone))
            self._meter.tick()

    def _wait(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            if self._watch.stop.wait(min(left, 0.5)):
                break
            self._meter.tick()
        if self._watch.stop.is_set():
            raise Stopped

    def _batch(self, staged: Staged, first: int) -> list[Record]:
        """Up to a batch of records from row `first` on, out of the chunk in memory."""
        at = first - self._chunk_first
        if not 0 <= at < len(self._chunk):
            self._chunk, self._chunk_first, at = staged.read(first), first, 0
        return self._chunk[at : at + self._order.batch]


def _pace(rate: float | None, first: int) -> Callable[[int], float]:
    """When the record with a number is due, on the monotonic clock."""
    start = time.monotonic()
    return lambda number: start if rate is None else start + (number - first) / rate


def _say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Runs one replay; returns the exit code (see the module's text)."""
    watch = Watch()
    try:
        (config,) = arguments
        Replay(Order.load(Path(config)), watch).run()
    except Stopped:
        return TERMINATED
    except OtherFileError as error:
        _warn(str(error))
        return 3
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        # A full disk may have room again.
        _warn(f"the source cannot be read: {said(error)}")
        return 2
    except (SourceFileError, duckdb.Error) as error:
        # The same file says the same again: whoever mends it starts it anew.
        _warn(f"the source cannot be read: {said(error)}")
        return 3
    except FatalError as error:
        _warn(f"the brokers refused: {error}")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        # On one line: a supervisor shows the last.
        _warn(f"the source cannot be read: {said(error)}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
