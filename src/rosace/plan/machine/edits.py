"""What an edit does to what is there: for each topic, table, job and source that is declared otherwise than before.

Comes in: the deployment that was handed over before, the shapes and flows that are declared now, what a person asked
for. Goes out: a `Revision`: the same with their generations, and an `Edit` for each thing that is touched. What is
carried out is the revision, and what is told are its edits: both are made here, once. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rosace.model.checked import Ref
from rosace.plan.machine.lineage import Flow, Shape, downstream, writers
from rosace.plan.machine.revision import Asked, Edit, Revision, about
from rosace.plan.machine.shaping import ColumnEdit, Kind, shape_edits

if TYPE_CHECKING:
    from rosace.plan.machine.deployment import Deployment


def revise(
    old: Deployment | None,
    shapes: Mapping[Ref, Shape],
    flows: Mapping[str, Flow],
    asked: Asked,
    counts: Mapping[str, int | None],
) -> Revision:
    """Compares what is declared with what was handed over. `counts` are the records that each flow would read."""
    if old is None or not (old.shapes or old.flows):
        swapped = tuple(sorted(ref for ref in shapes if swaps(flows, ref)))
        return Revision(shapes, flows, swapped=swapped)
    look = _Look(old, shapes, flows, asked, counts)
    return look.revision()


class _Look:
    """One comparison."""

    def __init__(
        self,
        old: Deployment,
        shapes: Mapping[Ref, Shape],
        flows: Mapping[str, Flow],
        asked: Asked,
        counts: Mapping[str, int | None],
    ) -> None:
        self.asked, self.counts = asked, counts
        self.shapes, self.flows = shapes, flows
        self.was = {**old.retired, **old.shapes}
        self.did = {**old.gone, **old.flows}
        self.old = old
        self.columns = {ref: shape_edits(ref, self.was[ref], shape) for ref, shape in shapes.items() if ref in self.was}
        self.roots = self._roots()
        wanted = {ref for ref in asked.remake if ref in shapes}
        self.again, self.made = downstream(flows, self.roots, wanted)
        if asked.anew:
            self.again, self.made = downstream(flows, self.again, {*self.made, *self._cannot()})

    def _roots(self) -> set[str]:
        """The flows that are to begin anew by themselves."""
        asked = {name for name in self.asked.rebuild if name in self.flows}
        if self.asked.from_here:
            return asked
        changed = {name for name in self._changed() if self.flows[name].kind != "scheduled"}
        return asked | changed | self._of_other_types()

    def _of_other_types(self) -> set[str]:
        """Streams that read a column of another type than before: their state holds values of the old one."""
        other = {ref for ref, edits in self.columns.items() if any(edit.retypes for edit in edits)}
        streams = (name for name, flow in self.flows.items() if name in self.did and flow.kind == "stream")
        return {name for name in streams if other.intersection(self.flows[name].reads)}

    def _changed(self) -> list[str]:
        return [name for name, flow in self.flows.items() if name in self.did and self.did[name].does != flow.does]

    def _cannot(self) -> set[Ref]:
        """Topics and tables whose new shape does not hold what is there."""
        return {ref for ref, edits in self.columns.items() if any(edit.refused for edit in edits)}

    def revision(self) -> Revision:
        made = {ref for ref in self.made if ref in self.was and any(True for _ in writers(self.flows, ref))}
        shapes = {
            ref: replace(shape, generation=self._generation(self.was.get(ref), ref in made))
            for ref, shape in self.shapes.items()
        }
        flows = {
            name: replace(flow, generation=self._generation(self.did.get(name), name in self.again))
            for name, flow in self.flows.items()
        }
        retired = {ref: shape for ref, shape in self.was.items() if ref not in self.shapes}
        # Said once: whoever later makes a topic of that name keeps it.
        pruned = tuple(sorted(retired)) if self.asked.prune else ()
        left = {} if self.asked.prune else retired
        gone = {name: flow for name, flow in self.did.items() if name not in self.flows}
        edits = (*self._flow_edits(), *self._shape_edits(made), *self._gone(retired))
        return Revision(shapes, flows, left, gone, pruned, edits, self._swapped())

    def _swapped(self) -> tuple[Ref, ...]:
        return tuple(sorted(ref for ref in self.shapes if swaps(self.flows, ref) and ref not in self._cannot()))

    def _generation(self, before: Shape | Flow | None, anew: bool) -> int:
        return before.generation + anew if before else 0

    def _flow_edits(self) -> Iterable[Edit]:
        changed = set(self._changed())
        for name, flow in self.flows.items():
            if name not in self.did or (name not in changed and name not in self.again):
                continue
            word = "source" if flow.kind in ("replay", "load") else "job"
            kind: Kind = "rebuilds" if name in self.again else "additive"
            yield Edit(
                "edit",
                f"{word}/{name}",
                _reason(flow, name in changed, name in self.asked.rebuild),
                kind,
                self._becomes(flow, name in self.again),
                (name,) if name in self.again else (),
                self.counts.get(name) if name in self.again else None,
            )

    def _becomes(self, flow: Flow, again: bool) -> str:
        if again:
            return "is made again from the beginning of what it reads"
        if flow.kind == "scheduled":
            return "rows of earlier runs stay; its next run is the new one"
        return "rows that are there stay; it goes on from where it is"

    def _shape_edits(self, made: set[Ref]) -> Iterable[Edit]:
        for ref in self.shapes:
            subject = about(ref)
            if ref in made:
                again = tuple(sorted(writers(self.flows, ref)))
                why = "; ".join(edit.why for edit in self.columns[ref]) or "what writes it runs again"
                told = Edit("edit", subject, why, "rebuilds", self._anew(ref), again, self._reads(again))
                yield told if self._may(ref) else replace(told, refused=_records_go(ref, why), hint=RECORDS_GO)
                continue
            for edit in self.columns.get(ref, ()):
                yield self._kept(ref, subject, edit)

    def _may(self, ref: Ref) -> bool:
        """Whether records may be deleted: what a table loses is kept under a tag, what a topic loses is gone."""
        return ref.kind == "table" or self.asked.anew or bool(self.asked.rebuild or self.asked.remake)

    def _reads(self, names: Iterable[str]) -> int | None:
        known = [self.counts.get(name) for name in names]
        return None if None in known else sum(count for count in known if count is not None)

    def _anew(self, ref: Ref) -> str:
        if swaps(self.flows, ref) and ref not in self._cannot():
            return "stay until the new ones take their place, in one commit"
        if ref.kind == "table":
            return "are taken out first and kept under a tag of the table; readers see it fill again"
        return "are deleted, and written again from the beginning; readers of its own see it fill again"

    def _kept(self, ref: Ref, subject: str, edit: ColumnEdit) -> Edit:
        told = Edit("edit", subject, edit.why, edit.kind, edit.rows)
        if edit.refused:
            return replace(told, refused=edit.refused, hint=edit.hint)
        if edit.kind == "loses data" and not self.asked.lose:
            return replace(
                told,
                refused=f"{edit.why}: {edit.rows}",
                hint="`rosace up --lose` does it; to keep the values under another name, write "
                "`NEW: TYPE renamed-from OLD`",
            )
        return told

    def _gone(self, retired: Mapping[Ref, Shape]) -> Iterable[Edit]:
        for ref in retired:
            subject = about(ref)
            if self.asked.prune:
                yield Edit("edit", subject, "no longer declared", "loses data", "are removed with it")
            elif ref in self.old.shapes:
                rows = "stay until `rosace prune`"
                yield Edit("edit", subject, "no longer declared", "kept", rows)


RECORDS_GO = (
    "`rosace up --rebuild` does it; `rosace up --from-here` leaves what is there, and jobs go on from where they are"
)


def _records_go(ref: Ref, why: str) -> str:
    """A topic is not made anew unasked: what people sent into it, and what its sources no longer have, is not again."""
    return f"`{ref}`: {why}, and for that its records would be deleted and written again"


def _reason(flow: Flow, changed: bool, asked: bool) -> str:
    if changed:
        return "its declaration changed" if flow.kind in ("replay", "load") else "what it does changed"
    return "asked for" if asked else "it has to do with what is made anew"


def swaps(flows: Mapping[str, Flow], ref: Ref) -> bool:
    """Whether a table's rows are replaced in one commit: by a file, or by one batch job in SQL alone."""
    found = [flows[name] for name in writers(flows, ref)]
    return ref.kind == "table" and len(found) == 1 and found[0].swaps
