"""The example, up and verified, as a fixture; and the tests of labs last, as far as there is time for them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_machine import unbuilt
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


LATEST, UNBUILT = 78 * 60.0, 60 * 60.0
"""Seconds after the gate's begin until which tests of labs begin, where their programs are there and where they are to
be built first, `unbuilt`: a gate may take an hour and a half."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of labs come last: what they build takes all cores."""
    items.sort(key=of_a_lab)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leaves a test of a lab out where a gate has no time left for it, and says so."""
    begun = os.environ.get("ROSACE_GATE_BEGUN")
    if not begun or not of_a_lab(item):
        return
    if (spent := time.monotonic() - float(begun)) > (UNBUILT if unbuilt() else LATEST):
        pytest.skip(f"the gate has run for {spent / 60:.0f} minutes; alone: make live ARGS='-k test_lab'")


def of_a_lab(item: pytest.Item) -> bool:
    """Whether a test needs a Kubernetes of its own."""
    return item.path.parent == HERE and item.path.name.startswith("test_lab")


HERE = Path(__file__).parent
