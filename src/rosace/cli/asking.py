"""Options of the verbs that carry edits out, or tell what they would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from rosace.model.checked import Ref
    from rosace.plan.machine.revision import Asked, Edit


@Parameter(name="*")
@dataclass(frozen=True)
class Consent:
    """What a person agrees to beside the files."""

    from_here: Annotated[
        bool, Parameter(help="Jobs whose text changed go on from where they are, instead of from the beginning.")
    ] = False
    rebuild: Annotated[
        bool,
        Parameter(help="Make topics and tables anew where nothing else does; a topic loses its records for it."),
    ] = False
    lose: Annotated[bool, Parameter(help="Allow what cannot be read any more afterwards: dropped columns.")] = False

    def asked(self, *, rebuild: tuple[str, ...] = (), remake: tuple[Ref, ...] = (), prune: bool = False) -> Asked:
        """The same for the planner."""
        from rosace.plan.machine.revision import Asked

        return Asked(rebuild, remake, self.from_here, self.rebuild, self.lose, prune)


COLUMNS = (
    ("subject", "EDITED"),
    ("kind", "KIND"),
    ("why", "WHY"),
    ("rows", "WHAT IS THERE"),
    ("reads", "READS AGAIN"),
)


def rows(edits: tuple[Edit, ...]) -> list[dict[str, str]]:
    """Edits as rows for people."""
    return [
        {
            "subject": edit.subject,
            "kind": edit.kind if not edit.refused else f"{edit.kind} (refused)",
            "why": edit.why,
            "rows": edit.rows,
            "reads": f"{edit.reads:,} records" if edit.reads is not None else "all of it" if edit.again else "nothing",
        }
        for edit in edits
    ]
