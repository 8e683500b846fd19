"""The result of a proof, as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from rosace.source.quoted import counted

Result = Literal["exact", "wrong", "not compared"]


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow: from a source or job into a topic or table.

    `lost`: expected rows that are not there. `duplicated`: rows that are there more often than expected.
    `altered`: rows whose key is right and whose values are not. `unexpected`: rows that nothing explains.
    Digests are over all columns, summed by key: equal digests mean equal multisets of rows (64-bit hashes).
    """

    name: str
    target: str
    against: str
    records_in: int | None = None
    records_out: int | None = None
    lost: int = 0
    duplicated: int = 0
    altered: int = 0
    unexpected: int = 0
    digest_in: str = ""
    digest_out: str = ""
    result: Result = "not compared"
    reason: str = ""
    examples: tuple[str, ...] = ()
    keys: tuple[dict[str, Any], ...] = field(default=())
    late: int = 0
    """Records that its job says came too late for all their windows, once for each windowing of the job."""
    aside: int = 0
    """Records of a topic that do not fit its columns, which its word `on-bad-record` leaves out."""

    def explained(self, late: int) -> Flow:
        """The same with what its job counted as late, which may be all that differs."""
        if not late or self.result != "wrong":
            return replace(self, late=late)
        rows = self.lost + self.duplicated + self.altered + self.unexpected
        differ = f"{counted(rows, 'row')} {'differs' if rows == 1 else 'differ'}"
        came = f"{counted(late, 'record')} came too late"
        why = f"{differ}; {came} for all windows of theirs, by more than the topic's `delay`"
        return replace(self, late=late, reason=why)

    def without(self, aside: int, topic: str, wrong: str) -> Flow:
        """The same with a topic's records that do not fit; `wrong` is what is wrong with what was set aside of them."""
        flow = replace(self, aside=self.aside + aside)
        if not wrong or flow.result == "not compared":
            return flow
        return replace(flow, result="wrong", reason=f"topic {topic}: {wrong}")


@dataclass(frozen=True, slots=True)
class Report:
    """All flows of a platform. `exact` only when every comparable flow is, and at least one is comparable."""

    platform: str
    flows: tuple[Flow, ...]
    seconds: float

    @property
    def compared(self) -> tuple[Flow, ...]:
        """The flows for which there was something to compare with."""
        return tuple(flow for flow in self.flows if flow.result != "not compared")

    @property
    def exact(self) -> bool:
        """True where flows were compared and each of those was exact."""
        return bool(self.compared) and all(flow.result == "exact" for flow in self.compared)

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON, with the verdict."""
        return {**asdict(self), "exact": self.exact}
