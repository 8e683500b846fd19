"""The most memory that the whole example takes, from its first process to its proof (`up --verify`, fresh state).

The budget's overheads (`MemoryAsk.overhead` in the rooms) and its reserve for Rosace itself come from this table.
"""

from __future__ import annotations

from figure import Figure
from session import Session

LIMIT = 6.0
"""GiB."""


def measure(session: Session) -> list[Figure]:
    """The sum at its peak; each process's own peak beside what the budget expects of it."""
    peaks = session.flights().peaks
    parts = {"looks": f"{peaks.looks}, one a second"}
    for name, most in sorted(peaks.most.items(), key=lambda item: -item[1]):
        expected = peaks.expected.get(name)
        beside = f", expected {expected / 2**20:,.0f} ({most / expected:.0%})" if expected else ""
        parts[name] = f"{most / 2**20:,.0f} MiB at most{beside}; {peaks.at.get(name, 0) / 2**20:,.0f} at the sum's peak"
    text = "resident memory of all processes of the example, Rosace's own included, at the peak of `up --verify`"
    return [Figure("memory", text, peaks.total / 2**30, "GiB", LIMIT, parts=parts)]
