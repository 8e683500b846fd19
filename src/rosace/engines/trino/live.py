"""Questions to a running Trino, over its client protocol (trino.io/docs/476/develop/client-protocol).

Comes in: SQL as Trino takes it (see `sql.question`). Goes out: typed rows, all at once or page by page. Must not:
try again while Trino restarts; who asks knows whether to wait.

Values are `str, int, float, bool, Decimal, date, datetime, bytes, None`; arrays are lists of them, maps and rows are
dicts, instants datetimes in UTC. Of types that the platform has no word for (intervals), what the protocol's JSON says.
"""

from __future__ import annotations

import base64
import contextlib
import json
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import requests

from rosace.contract.sql import QueryFailed as Failed
from rosace.contract.sql import Unreachable as Gone

Row: TypeAlias = tuple[Any, ...]

BUSY = frozenset({429, 502, 503, 504})
"""Answers after which the protocol wants the same request again, 50 to 100 ms later."""

PATIENCE = 5.0
"""Seconds of such answers in a row after which Trino counts as out of reach."""

ROUND = 30.0
"""Seconds that one HTTP exchange may take; Trino itself answers within one second, done or not."""


class TrinoError(Exception):
    """No answer, for the reason that the message gives."""


class Unreachable(TrinoError, Gone):
    """Trino does not answer at its address, or went away during the query."""


class TimedOut(TrinoError):
    """The query took longer than it was given, and was cancelled."""


class QueryFailed(TrinoError, Failed):
    """Trino refused the query or gave it up.

    `line` and `column` count from 1 in the text that Trino was sent, None where it names no place. `name` is Trino's
    word, such as `COLUMN_NOT_FOUND`; `kind` one of USER_ERROR, INTERNAL_ERROR, INSUFFICIENT_RESOURCES, EXTERNAL.
    """

    def __init__(self, error: dict[str, Any], query: str) -> None:
        place = error.get("errorLocation") or {}
        self.line: int | None = place.get("lineNumber")
        self.column: int | None = place.get("columnNumber")
        self.name = str(error.get("errorName", ""))
        self.kind = str(error.get("errorType", ""))
        self.query = query
        message = str(error.get("message", "no reason given"))
        # The place is in the message too, in Trino's own coordinates.
        self.message = message.removeprefix(f"line {self.line}:{self.column}: ")
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result; `type` in Trino's words, such as `timestamp(3)`, `signature` the same as the protocol has
    it (ClientTypeSignature: `rawType`, `arguments`)."""

    name: str
    type: str
    signature: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False)

    def arrow(self) -> tuple[Any, Callable[[Any], Any] | None]:
        """The type in Arrow, and what makes an Arrow value of one of a row's (None: it is one)."""
        from rosace.engines.trino import arrows

        return arrows.arrow(self.signature)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a query is. `share` is 0 to 1, None before Trino knows; rows and bytes are those read so far."""

    state: str
    share: float | None
    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A whole answer. `seconds` is the time from the question to the last row."""

    columns: tuple[Column, ...]
    rows: list[Row]
    seconds: float


OnProgress: TypeAlias = Callable[[Progress], None]


def query(
    url: str, user: str, sql: str, *, on_progress: OnProgress | None = None, timeout: float | None = None
) -> QueryResult:
    """The whole answer to one statement. `timeout` is seconds for all of it.

    Raises QueryFailed, TimedOut, Unreachable. Whatever ends it early, Ctrl-C too, cancels the query in Trino.
    """
    begun = time.monotonic()
    answer = Answer(url, user, sql, on_progress=on_progress, timeout=timeout)
    rows = [row for page in answer for row in page]
    return QueryResult(answer.columns, rows, time.monotonic() - begun)


def stream(
    url: str, user: str, sql: str, *, on_progress: OnProgress | None = None, timeout: float | None = None
) -> Generator[list[Row], None, None]:
    """The rows of a large answer page by page (Trino's pages: up to 16 MB). Closed early, it cancels the query.

    Raises as `query` does, when it is read.
    """
    yield from Answer(url, user, sql, on_progress=on_progress, timeout=timeout)


class Answer:
    """One statement being answered: iterate over its pages. `columns` is filled from the first page on."""

    def __init__(
        self, url: str, user: str, sql: str, *, on_progress: OnProgress | None = None, timeout: float | None = None
    ) -> None:
        self.columns: tuple[Column, ...] = ()
        self.id = ""
        self._url = url
        self._sql = sql
        self._on_progress = on_progress
        self._timeout = timeout
        self._deadline: float | None = None
        self._session = requests.Session()
        # Loopback or a named address: never by a proxy of the environment, nor with somebody's .netrc.
        self._session.trust_env = False
        self._session.headers.update(
            {
                "X-Trino-User": user,
                "X-Trino-Source": "rosace",
                "X-Trino-Time-Zone": "UTC",
                # Without it timestamps come cut to three digits.
                "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
                # Packing and unpacking costs more than loopback's bytes.
                "Accept-Encoding": "identity",
            }
        )

    def __iter__(self) -> Iterator[list[Row]]:
        begun = time.monotonic()
        self._deadline = None if self._timeout is None else begun + self._timeout
        following: str | None = None
        try:
            said = self._exchange("POST", f"{self._url}/v1/statement", self._sql.encode())
            while True:
                following = said.get("nextUri")
                self.id = str(said.get("id", ""))
                if error := said.get("error"):
                    following = None
                    raise QueryFailed(error, self.id)
                if self._on_progress:
                    self._on_progress(_progress(said.get("stats") or {}, time.monotonic() - begun))
                if "columns" in said and not self.columns:
                    self.columns = tuple(map(_column, said["columns"]))
                if data := said.get("data"):
                    yield _typed(data, self.columns)
                if following is None:
                    return
                said = self._exchange("GET", following)
        finally:
            if following is not None:
                with contextlib.suppress(requests.RequestException):
                    self._session.delete(following, timeout=2.0)
            self._session.close()

    def _exchange(self, method: str, url: str, body: bytes | None = None) -> dict[str, Any]:
        refused = time.monotonic() + PATIENCE
        while True:
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise TimedOut(f"the query took more than {self._timeout:g} s and was cancelled")
            try:
                answer = self._session.request(method, url, data=body, timeout=ROUND)
            except requests.RequestException as error:
                raise Unreachable(f"Trino does not answer at {self._url} ({_reason(error)})") from None
            if answer.ok:
                # The protocol's JSON is UTF-8; `requests` would first guess.
                return json.loads(answer.content)
            if answer.status_code not in BUSY or time.monotonic() > refused:
                what = answer.text.strip()[:300] or answer.reason
                raise Unreachable(f"Trino at {self._url} answers {answer.status_code}: {what}")
            time.sleep(0.1)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return f"not within {ROUND:g} s"
    text = str(error)
    return "connection refused" if "refused" in text else "connection lost" if "abort" in text else text[:200]


def _progress(stats: dict[str, Any], seconds: float) -> Progress:
    share = stats.get("progressPercentage")
    return Progress(
        state=str(stats.get("state", "")).lower(),
        share=None if share is None else share / 100,
        rows=stats.get("processedRows", 0),
        bytes=stats.get("processedBytes", 0),
        seconds=seconds,
    )


def _column(told: dict[str, Any]) -> Column:
    return Column(told["name"], told["type"], told["typeSignature"])


def _typed(data: list[list[Any]], columns: tuple[Column, ...]) -> list[Row]:
    """Rows with values of their types, converted column by column: most columns need nothing."""
    readers = {at: reader for at, column in enumerate(columns) if (reader := _reader(column.signature))}
    if not readers:
        return [tuple(row) for row in data]
    turned: list[Any] = list(zip(*data, strict=True))
    for at, reader in readers.items():
        turned[at] = [None if value is None else reader(value) for value in turned[at]]
    return list(zip(*turned, strict=True))


Reader: TypeAlias = Callable[[Any], Any]


def _reader(signature: Mapping[str, Any]) -> Reader | None:
    """What makes a value of the protocol's JSON; None where that is the value already."""
    base = signature["rawType"]
    held = [one["value"] for one in signature["arguments"]]
    match base:
        case "array":
            inner = _reader(held[0])
            return _each(inner) if inner else None
        case "map":
            inner = _reader(held[1])
            return _values(inner) if inner else None
        case "row":
            names = [(one.get("fieldName") or {}).get("name", str(at)) for at, one in enumerate(held)]
            return _members(names, [_reader(one["typeSignature"]) for one in held])
        case _:
            return _READERS.get(base)


def _each(inner: Reader) -> Reader:
    return lambda value: [None if one is None else inner(one) for one in value]


def _values(inner: Reader) -> Reader:
    return lambda value: {key: None if one is None else inner(one) for key, one in value.items()}


def _members(names: list[str], readers: list[Reader | None]) -> Reader:
    def read(value: list[Any]) -> dict[str, Any]:
        told = zip(names, value, readers, strict=True)
        return {name: one if one is None or reader is None else reader(one) for name, one, reader in told}

    return read


def _timestamp(text: str) -> datetime | str:
    """Python knows microseconds; text stays text where there is more, or a year that Python does not know."""
    try:
        return datetime.fromisoformat(text) if len(text) <= len("2013-01-01 10:00:00.000000") else text
    except ValueError:
        return text


def _instant(text: str) -> datetime | str:
    """The session is in UTC, and so is every instant; text stays text where it is in another zone."""
    moment = _timestamp(text.removesuffix(" UTC"))
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else text


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_READERS: dict[str, Reader] = {
    # JSON has no NaN and no infinity: they come as text.
    "double": float,
    "real": float,
    "decimal": Decimal,
    "date": _date,
    "timestamp": _timestamp,
    "timestamp with time zone": _instant,
    "varbinary": base64.b64decode,
}
