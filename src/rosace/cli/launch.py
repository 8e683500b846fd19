"""What `up` does, stage by stage, told as it goes."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from rosace.cli.board import Board
from rosace.cli.options import Where, checked, inputs_digest
from rosace.local.bringup import hand_over, running
from rosace.local.deployed import previous, read_deployed
from rosace.local.home import Home

if TYPE_CHECKING:
    from rosace.model.checked import Checked


def launch(where: Where, *, verify: bool, timeout: float, detach: bool, output: str) -> int:
    """Brings the platform to what its file says; returns the exit code of `up`."""
    begun = time.monotonic()
    if not verify and (home := _unchanged(where)):
        seconds = time.monotonic() - begun
        Board(output).close(
            f"nothing to change: everything is as {where.file} says ({seconds:.2f} s)", home, steps=False
        )
        return 0
    with ExitStack() as stack:
        board = stack.enter_context(Board(output))
        return _launch(where, board, stack, verify=verify, timeout=timeout, detach=detach)


def _unchanged(where: Where) -> Home | None:
    """The platform's home when it already runs exactly what the files say, found without parsing any SQL."""
    home = where.home()
    raw = read_deployed(home)
    if not raw:
        return None
    digest, _ = inputs_digest(where, files=raw["files"])
    if digest != raw["deployment"]["inputs"]:
        return None
    status = running(home)
    if status is None or status.get("inputs") != digest:
        return None
    return home if _healthy(status) else None


def _healthy(status: dict[str, Any]) -> bool:
    processes = status.get("processes")
    assert isinstance(processes, dict)
    return all(item["state"] in ("ready", "done") or (item["once"] and item["pid"]) for item in processes.values())


def _launch(where: Where, board: Board, stack: ExitStack, *, verify: bool, timeout: float, detach: bool) -> int:
    from rosace.local.prepare import prepare
    from rosace.local.teardown import held
    from rosace.plan.steps import steps

    with board.stage("check"):
        platform = checked(where)
        digest, files = inputs_digest(where, platform)
        home = Home.of(platform.platform.platform, where.file)
    stack.enter_context(held(home))
    _obtain(platform, board, home, digest)
    with board.stage("plan"):
        prepared = prepare(platform, home, digest)
        old = previous(home)
        status = running(home)
        todo = steps(prepared.deployment, running_fingerprints(status), old=old if status else None)
        board.planned(todo, prepared)
    board.expect(prepared.deployment)
    with board.stage("start"):
        since = hand_over(home, prepared.deployment, prepared.ground.archives, files)
        if detach:
            board.close("handed over; `rosace status` shows how far it is", home)
            return 0
        ready = board.follow(home, since, timeout, until_settled=False)
    if not ready:
        board.close(f"not everything is ready after {timeout:g} s", home)
        return 1
    if not verify:
        board.close("everything is ready", home)
        return 0
    from rosace.cli.verbs.verify import proof

    with proof(platform, home) as proving:
        with board.stage("flow"):
            proving.begin()
            settled = board.follow(home, since, max(timeout, 3600.0), until_settled=True)
        if not settled:
            board.close("the data did not come to an end", home)
            return 1
        with board.stage("verify"):
            report = proving.report()
    exact = board.verified(report)
    board.close("verified" if exact else "NOT exact", home)
    return 0 if exact else 1


def _obtain(platform: Checked, board: Board, home: Home, digest: str) -> None:
    """Fetches what is missing, and lets the engines' planners judge what they have not judged before."""
    from rosace.cli.judges import settle
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.artifacts.fetch import fetch, missing
    from rosace.local.judging import open_questions
    from rosace.local.prepare import artifacts, distinct, prepare

    with board.stage("fetch"):
        cache = Cache(cache_root())
        wanted = missing(distinct(artifacts(platform)), cache)
        if wanted:
            # What cannot fit is refused before a gigabyte is fetched for it.
            prepare(platform, home, digest, write=False)
        board.fetching(wanted)
        fetch(wanted, cache, on_event=board.on_fetch)
    if questions := open_questions(platform):
        with board.stage("judge"):
            settle(platform, questions)


def running_fingerprints(status: dict[str, Any] | None) -> dict[str, str]:
    """Subject -> fingerprint of everything that runs now."""
    found: dict[str, str] = {}
    for kind, section in (("process", "processes"), ("action", "actions"), ("job", "jobs")):
        items = (status or {}).get(section, {})
        assert isinstance(items, dict)
        found |= {f"{kind}/{name}": str(item["fingerprint"]) for name, item in items.items()}
    return found


def in_terminal() -> bool:
    """Whether a person watches: a live board; else plain lines."""
    import sys

    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
