"""What becomes of what is there: the words of an answer, without how it is come to (`edits`).

Plain data: what a person asks for, what is told of each edit, and the generations that are carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rosace.model.checked import Ref
from rosace.plan.machine.lineage import Flow, Shape
from rosace.plan.machine.shaping import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person says beside the files. `rebuild` are names of flows that begin anew, `remake` topics and tables;
    `from_here` lets jobs go on whose text changed; `anew` allows what only works by making a topic or table anew,
    `lose` what cannot be read any more afterwards; `prune` removes what is no longer declared.
    """

    rebuild: tuple[str, ...] = ()
    remake: tuple[Ref, ...] = ()
    from_here: bool = False
    anew: bool = False
    lose: bool = False
    prune: bool = False


def about(ref: Ref) -> str:
    """The subject of what is told of a topic or table: `topic/orders`, `table/lake.orders`."""
    return f"{ref.kind}/{ref}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is not as it was. `rows` says what becomes of those that are there, `again` which jobs and sources
    run again for it, `reads` about how many records they read (None: nobody counted). With a `refused`
    nothing is done at all, and `hint` says what to do.
    """

    change: Literal["edit"]
    subject: str
    why: str
    kind: Kind
    rows: str
    again: tuple[str, ...] = ()
    reads: int | None = None
    refused: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to be. `retired` are topics and tables that were declared once and are still there, `pruned` those that
    are to go; `gone` are the flows of before; `swapped` are tables that keep their rows until others take their place.
    """

    shapes: Mapping[Ref, Shape] = field(default_factory=dict[Ref, Shape])
    flows: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    retired: Mapping[Ref, Shape] = field(default_factory=dict[Ref, Shape])
    gone: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    pruned: tuple[Ref, ...] = ()
    edits: tuple[Edit, ...] = ()
    swapped: tuple[Ref, ...] = ()

    @property
    def refused(self) -> tuple[Edit, ...]:
        """The edits that forbid the whole."""
        return tuple(edit for edit in self.edits if edit.refused)
