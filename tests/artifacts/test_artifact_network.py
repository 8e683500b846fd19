"""One small real file from each registry."""

from __future__ import annotations

import pytest

from rosace.contract.artifacts import Artifact, Unpack
from rosace.local.artifacts import Cache
from rosace.local.artifacts.fetch import fetch, missing

pytestmark = pytest.mark.slow


SMALL = [
    Artifact(
        "slf4j-simple",
        "maven",
        "org.slf4j:slf4j-simple:1.7.36",
        "slf4j-simple-1.7.36.jar",
        "2f39bed943d624dfa8f4102d0571283a10870b6aa36f197a8a506f147010c10f",
        15333,
    ),
    Artifact(
        "mailbits",
        "pypi",
        "mailbits==0.2.3",
        "mailbits-0.2.3-py3-none-any.whl",
        "75082106ed1b9a19fdd86f73aee268b3662a42df5aa024a06018b1d1bedac7dc",
        11525,
        Unpack("wheel", include=("mailbits/*",)),
    ),
]


@pytest.mark.network
def test_each_registry_gives_a_small_file(cache: Cache) -> None:
    fetch(SMALL, cache, on_event=lambda _: None)
    assert missing(SMALL, cache) == []
