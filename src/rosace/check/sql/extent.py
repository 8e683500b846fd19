"""Where a node of sqlglot's tree stands in the text.

Comes in: nodes, whose leaves carry offsets. Goes out: `[start, end)`. Must not: look at the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp


def extent(node: exp.Expr) -> tuple[int, int] | None:
    """The stretch between the first and the last named leaf; None where no leaf carries an offset."""
    places = [(part.meta["start"], part.meta["end"] + 1) for part in node.walk() if "start" in part.meta]
    return (min(start for start, _ in places), max(end for _, end in places)) if places else None


def identifiers(parts: Sequence[exp.Expr]) -> tuple[int, int]:
    """The stretch of a name of several parts, quotes included."""
    places = [place for part in parts if (place := extent(part))]
    return (min(start for start, _ in places), max(end for _, end in places)) if places else (0, 0)
