"""Flags of Thanos' programs, by program. Pure.

Sources: thanos.io/v0.39/components (query.md, query-frontend.md, store.md, compact.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rosace.model.cluster_words import LongTerm
from rosace.model.quantity import Duration, Size

HTTP, GRPC = 10902, 10901
"""Thanos' own default ports."""

DATA = "/var/thanos"
OBJSTORE = "/etc/thanos/objstore.yml"


def days(length: Duration) -> str:
    """A time in whole days, at least one: what the compactor's retention is thought in."""
    return f"{max(1, round(float(length) / 86400))}d"


def query() -> dict[str, str]:
    """Asks all stores, and leaves out what two replicas of a Prometheus both measured."""
    return {
        **_addresses(),
        "grpc-address": f"0.0.0.0:{GRPC}",
        "query.replica-label": "replica",
        "query.auto-downsampling": "",
        "query.timeout": "2m",
    }


def frontend(downstream: str, memory: Size) -> dict[str, str]:
    """Cuts a question about a year into days, which are asked at once and remembered in half of its memory."""
    cache = {"type": "IN-MEMORY", "config": {"max_size": f"{int(memory) // 2 >> 20}MB", "validity": "24h"}}
    return {
        **_addresses(),
        "query-frontend.downstream-url": downstream,
        "query-range.split-interval": "24h",
        "query-range.response-cache-config": json.dumps(cache, sort_keys=True),
        "query-frontend.compress-responses": "",
    }


def store(memory: Size) -> dict[str, str]:
    """Answers from the bucket. A quarter of its memory caches the index."""
    return {
        **_addresses(),
        "grpc-address": f"0.0.0.0:{GRPC}",
        "data-dir": DATA,
        "objstore.config-file": OBJSTORE,
        "index-cache-size": f"{int(memory) // 4 >> 20}MB",
    }


def compactor(words: LongTerm) -> dict[str, str]:
    """Merges blocks, thins old samples out, and forgets what is older than the platform wants to keep.

    All resolutions are kept equally long: the raw samples say what happened, the thin ones make a year quick to draw.
    Replicas are not merged here: it cannot be undone, and whoever asks sees one of them anyway.
    """
    keep = days(words.keep)
    return {
        **_addresses(),
        "data-dir": DATA,
        "objstore.config-file": OBJSTORE,
        "retention.resolution-raw": keep,
        "retention.resolution-5m": keep,
        "retention.resolution-1h": keep,
        "delete-delay": "48h",
        "wait": "",
    }


def arguments(command: str, flags: Mapping[str, str], endpoints: tuple[str, ...] = ()) -> list[str]:
    """A program's arguments as the chart writes them: a flag without a value is a switch."""
    told = [f"--{name}={value}" if value else f"--{name}" for name, value in sorted(flags.items())]
    return [command, *told, *(f"--endpoint={one}" for one in endpoints)]


def _addresses() -> dict[str, str]:
    return {"http-address": f"0.0.0.0:{HTTP}", "log.format": "json"}
