"""Fetching a list of artifacts: in parallel, shared with other processes, and resumable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rosace.contract.artifacts import Artifact
from rosace.local.artifacts.cache import Cache
from rosace.local.artifacts.events import Done, FetchEvent, Refused

if TYPE_CHECKING:
    from rosace.kit.backoff import Backoff


def missing(artifacts: Sequence[Artifact], cache: Cache) -> list[Artifact]:
    """Give the artifacts that are not in the cache, or not unchanged, in their order."""
    return [one for one in artifacts if not cache.verify(one).whole]


def fetch(
    artifacts: Sequence[Artifact],
    cache: Cache,
    *,
    on_event: Callable[[FetchEvent], None],
    parallel: int = 6,
    cancel: threading.Event | None = None,
    patience: Backoff | None = None,
) -> None:
    """Bring every artifact into the cache, verified and unpacked.

    What an interrupted call left is used by the next one. Several processes may fetch at
    once; each artifact is downloaded by one of them.

    Args:
        artifacts: what to fetch; those already there cost a few stat calls each.
        cache: where to.
        on_event: told what happens, by one thread at a time.
        parallel: downloads at once.
        cancel: when set, the call ends soon, and keeps what it has for the next one.
        patience: how failing requests are repeated.

    Raises:
        ArtifactError: for the gravest failure, after all work has stopped.
    """
    absent: list[Artifact] = []
    for artifact in artifacts:
        check = cache.verify(artifact)
        if check.whole:
            on_event(Done(artifact, 0.0, cached=True))
            continue
        if check.state == "damaged":
            on_event(Refused(artifact, check.changed))
        absent.append(artifact)
    if not absent:
        return
    # Loading an HTTP library takes longer than finding that nothing is to be fetched.
    from rosace.local.artifacts.run import Run

    Run(absent, cache, on_event, cancel, patience).go(parallel)
