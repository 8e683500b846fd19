"""A figure: what was measured, its limit, whether it holds. Plain values, printed as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `parts` are what it was made from, in the order in which they are worth reading.

    `limit` is the most that `value` may be, or with `at_least` the least; None where nothing is promised. `goal` is
    what is aimed at beyond the limit: it is told, not judged.
    """

    name: str
    text: str
    value: float
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    goal: float | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def ratio(self) -> float | None:
        """The value as a share of its limit."""
        return self.value / self.limit if self.limit else None

    def lines(self) -> list[str]:
        """The figure for people: one line, and one for each part."""
        unit = f" {self.unit}" if self.unit else ""
        said = f"{self.name:18} {self.value:,.3f}{unit}"
        if self.limit is not None:
            sign = ">=" if self.at_least else "<="
            said += f"  (limit {sign} {self.limit:g}{unit}, {self.ratio:.0%} of it"
            said += f", goal {self.goal:g})" if self.goal is not None else ")"
            said += "  ok" if self.ok else "  NOT"
        return [said, f"  {self.text}", *(f"    {name}: {value}" for name, value in self.parts.items())]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.ok, "ratio": self.ratio}


def median(values: list[float]) -> float:
    """The middle value; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def each(values: list[float], digits: int = 2) -> str:
    """All repetitions, in the order in which they were made."""
    return ", ".join(f"{value:.{digits}f}" for value in values)
