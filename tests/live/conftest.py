"""The example, up and verified, as a fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_platform import Live, make, teardown


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The example, up and verified once for all tests of a module."""
    live = make(tmp_path_factory.mktemp("flights"))
    try:
        live.up_verified()
        yield live
    finally:
        teardown(live)
