"""For every test of the checkout, also those inside the engines' rooms: real engines start only when asked for.

`pytest` alone runs the fast tests. `pytest -m live` (or ROSACE_LIVE=1) starts real engines.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A property is true or not however slow the machine is at this moment.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the live tests where nobody asked for them."""
    if "live" in str(config.option.markexpr) or os.environ.get("ROSACE_LIVE") == "1":
        return
    asleep = [item for item in items if item.get_closest_marker("live")]
    if asleep:
        config.hook.pytest_deselected(items=asleep)
        items[:] = [item for item in items if not item.get_closest_marker("live")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many tests were skipped, besides the reasons that `-ra` gives: a skip is a gap."""
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(f"{len(skipped)} skipped, for the reasons above")
