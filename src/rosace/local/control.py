"""The supervisor's control: one JSON line in, JSON lines out, over a Unix socket that only its owner may open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from rosace.local.home import Home
from rosace.local.store import read_json
from rosace.model.events import Event

if TYPE_CHECKING:
    from rosace.local.supervisor import Supervisor

LIMIT = 2**26
"""Longest line in bytes."""


async def listen(supervisor: Supervisor) -> asyncio.Server:
    """Opens the socket; a file left by a killed predecessor is replaced."""
    supervisor.home.socket.unlink(missing_ok=True)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            line = await reader.readline()
            if line:
                await _answer(supervisor, json.loads(line), writer)
        writer.close()

    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _address(supervisor.home) as address:
        channel.bind(address)
    supervisor.home.socket.chmod(0o600)
    return await asyncio.start_unix_server(talk, sock=channel, limit=LIMIT)


@contextlib.contextmanager
def _address(home: Home) -> Generator[str]:
    """The socket under a name that fits: unix(7) gives it 107 bytes, and homes may lie deep. By way of a handle on its
    folder, so that it needs no other folder in which another account may have been before us."""
    handle = os.open(home.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if os.geteuid() not in (0, os.fstat(handle).st_uid):
            raise NotRunning(f"{home.path} belongs to another account")
        yield f"/proc/self/fd/{handle}/{home.socket.name}"
    finally:
        os.close(handle)


async def _answer(supervisor: Supervisor, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    async def say(value: dict[str, Any]) -> None:
        writer.write(json.dumps(value).encode() + b"\n")
        await writer.drain()

    match request.get("do"):
        case "status":
            await say(await asyncio.to_thread(supervisor.status))
        case "apply":
            await say(await _apply(supervisor))
        case "restart":
            fresh, at = bool(request.get("fresh")), str(request.get("at", ""))
            unknown = await supervisor.restart(request["names"], fresh=fresh, at=at)
            await say({"ok": not unknown, "unknown": unknown, "number": supervisor.bus.number})
        case "reload":
            await say({"ok": True})
            supervisor.reload()
        case "stop":
            supervisor.over.set()
            await say({"ok": True})
        case "events":
            await _stream(supervisor, int(request.get("since", supervisor.bus.number)), say)
        case other:
            await say({"ok": False, "error": f"unknown request {other}"})


async def _apply(supervisor: Supervisor) -> dict[str, Any]:
    from rosace.local.supervisor import Stopping

    raw, before = read_json(supervisor.home.incoming), supervisor.bus.number
    try:
        if raw:
            await supervisor.apply(raw)
    except Stopping:
        return {"ok": False, "error": "it is stopping"}
    return {"ok": True, "before": before if raw else 0}


async def _stream(supervisor: Supervisor, since: int, say: Any) -> None:
    queue = supervisor.bus.follow()
    try:
        for number, event in supervisor.bus.since(since):
            await say({"number": number, "event": event.to_json()})
        while True:
            try:
                async with asyncio.timeout(0.5):
                    number, event = await queue.get()
            except TimeoutError:
                # A beat lets the follower look at its own clock, and tells us when it has gone.
                await say({"beat": True})
                continue
            if number > since:
                await say({"number": number, "event": event.to_json()})
    finally:
        supervisor.bus.unfollow(queue)


class NotRunning(Exception):
    """No supervisor answers for this platform."""


def connect(home: Home, timeout: float = 10.0) -> socket.socket:
    """A connection to the supervisor; raises NotRunning."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.settimeout(timeout)
    try:
        with _address(home) as address:
            channel.connect(address)
    except OSError as error:
        channel.close()
        raise NotRunning(str(error)) from error
    return channel


def ask(home: Home, request: dict[str, Any], timeout: float = 120.0) -> dict[str, Any]:
    """One request, one answer; raises NotRunning, also when the supervisor dies before it answered."""
    with connect(home, timeout) as channel, channel.makefile("rwb") as stream:
        try:
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            line = stream.readline()
        except OSError as error:
            raise NotRunning(str(error)) from error
    if not line:
        raise NotRunning("it closed the connection")
    return json.loads(line)


def follow(home: Home, since: int) -> Iterator[tuple[int, Event] | None]:
    """Events after `since` as they come; None about twice a second when nothing happens. Ends with the supervisor."""
    with connect(home, 30.0) as channel, channel.makefile("rwb") as stream:
        stream.write(json.dumps({"do": "events", "since": since}).encode() + b"\n")
        stream.flush()
        with contextlib.suppress(OSError):
            for line in stream:
                value = json.loads(line)
                yield (value["number"], Event.from_json(value["event"])) if "event" in value else None
