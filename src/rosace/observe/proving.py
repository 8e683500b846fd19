"""A proof as what follows a start, or by itself: until the data has flowed, then compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from rosace.local import told
from rosace.local.aside import streamed
from rosace.local.bringup import running
from rosace.local.following import Following
from rosace.local.home import Home
from rosace.local.told import Note, Told
from rosace.local.up import Handed
from rosace.observe.deployed import offered_to_proofs, packages
from rosace.observe.verify.proof import Proof
from rosace.observe.verify.report import Report

FLOW = 3600.0
"""Seconds that data may flow after a start, where less was not asked for."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof found."""

    report: Report


def proven(handed: Handed, timeout: float) -> Iterator[Told | Proved]:
    """What `up --verify` does once all is well: lets the data flow, reading ahead meanwhile, and compares."""
    home, begun = handed.home, time.monotonic()
    places = offered_to_proofs(handed.deployment)
    found = packages(handed.deployment)
    with Proof(handed.examined.proven(), places, found, lambda: late(home)) as proof:
        yield told.Begun("flow")
        proof.begin()
        following = Following(home, handed.deployment, handed.since)
        settled = yield from following.flowed(max(timeout, FLOW))
        yield told.Over("flow", time.monotonic() - begun, settled)
        if not settled:
            yield told.Ended("not settled", home)
            return
        yield told.Begun("verify")
        begun = time.monotonic()
        report = yield from reported(proof)
        yield told.Over("verify", time.monotonic() - begun)
        yield Proved(report)
    yield told.Ended("verified" if report.exact else "not exact", home)


def late(home: Home) -> dict[str, int]:
    """How many records each job says came too late; nothing where nobody answers."""
    now = running(home)
    return {name: job.late for name, job in now.jobs.items() if job.late} if now else {}


def reported(proof: Proof) -> Generator[Note, None, Report]:
    """The proof's report; what it reads is told meanwhile."""

    def work(tell: Callable[[Note], None]) -> Report:
        return proof.report(lambda text: tell(Note(text)))

    return (yield from streamed(work, proof.interrupt))
