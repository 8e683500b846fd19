"""The words and the site that the tests of this room share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import rosace
from rosace.contract.machine import Site
from rosace.engines.kafka import ENGINE
from rosace.local import workbench
from rosace.model.checked import CheckedSource, Ref
from rosace.model.platform import Platform

FLIGHTS: dict[str, Any] = {
    "columns": {
        "year": "int!",
        "month": "int!",
        "day": "int!",
        "sched_dep_time": "int!",
        "dep_time": "int",
        "dep_delay": "double",
        "arr_delay": "double",
        "carrier": "string!",
        "flight": "int!",
        "tailnum": "string",
        "origin": "string!",
        "dest": "string!",
        "air_time": "double",
        "distance": "int!",
        "hour": "int!",
        "minute": "int!",
        "time_hour": "timestamp(3)!",
    },
    "key": "carrier",
    "event-time": {"column": "time_hour", "delay": "5m"},
}

ENVIRONMENT = {"LANG": "C", "PYTHONPATH": str(Path(rosace.__file__).parents[1])}
"""A shell without a locale; the package as it is here."""


def site_of(home: Path, words: Mapping[str, Any], files: Mapping[str, Path] | None = None) -> Site:
    """A site for topics and sources, all of which are CSV; `files` stand for artifacts that need no fetching."""
    words = {"platform": "flights", **words}
    platform = Platform.model_validate(words)
    bare = workbench.site_of(ENGINE, words, home, files=files)
    sources = {
        name: CheckedSource(
            name=name,
            spec=spec,
            target=Ref("topic", spec.to),
            columns=platform.topics[spec.to].columns,
            format="csv",
            paths=(Path(spec.file),) if isinstance(spec.file, str) else (),
        )
        for name, spec in platform.sources.items()
    }
    asks = ENGINE.local.memory(replace(bare.checked, sources=sources), bare.spec)
    return replace(
        bare,
        checked=replace(bare.checked, sources=sources),
        heap={ask.process: ask.heap for ask in asks},
        memory={ask.process: type(ask.heap)(ask.heap + ask.overhead) for ask in asks},
    )
