"""What a job inserts fits its target: how many columns, which ones, and of which type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from rosace.check.draft import Draft
from rosace.check.texts import Text
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from rosace.check.sql.reading import ReadStatement
    from rosace.check.sql.relation import Column
    from rosace.check.sql.shapes import Shape


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, reading in draft.jobs.items():
        job = draft.platform.jobs[name]
        text = draft.text(job.sql or "", "jobs", name, "sql")
        for read in reading.statements:
            target = read.statement.target
            columns = draft.columns(target) if target else {}
            named = {said for said, _ in read.statement.partition}
            columns = {column: kind for column, kind in columns.items() if column not in named}
            if target and text and columns:
                yield from _Insert(draft, reading.widens_only, reading.raises, text, read, target, columns).problems()


@dataclass(frozen=True, slots=True)
class _Insert:
    draft: Draft
    widens_only: bool
    raises: bool
    text: Text
    read: ReadStatement
    target: Ref
    columns: Mapping[str, ColumnType]

    def problems(self) -> Iterator[Diagnostic]:
        listed = list(self._listed())
        yield from listed
        if listed:
            return
        names = [column.text for column in self.read.columns] or list(self.columns)
        yield from self._left_out(names)
        given = self.read.output.columns
        if given is None:
            return
        if len(given) != len(names):
            yield self._count(given, names)
            return
        types = list(self._types(given, names))
        yield from types
        if not types and not self.read.columns:
            yield from self._order(given, names)
        if not types:
            yield from self._order_within(given, names)

    def _listed(self) -> Iterator[Diagnostic]:
        """The columns that the statement lists."""
        counted = Counter(column.text for column in self.read.columns)
        for column in self.read.columns:
            label = Label(self.text.span(column.start, column.end))
            if column.text not in self.columns:
                near = closest(column.text, self.columns)
                hints = (f"did you mean `{near}`?",) if near else ()
                message = f"`{column.text}` is no column of `{self.target}`"
                yield Diagnostic("unknown-column", message, labels=(label, self._declared()), hints=hints)
            elif counted[column.text] > 1:
                yield Diagnostic("insert-columns", f"column `{column.text}` is listed twice", labels=(label,))

    def _left_out(self, names: list[str]) -> Iterator[Diagnostic]:
        missing = [name for name, kind in self.columns.items() if kind.required and name not in names]
        for name in missing:
            message = f"`{name}` of `{self.target}` is never null, but this INSERT leaves it out"
            other = Label(self.draft.columns_place(self.target, name), "declared here", primary=False)
            yield Diagnostic("insert-columns", message, labels=(self._place(), other))

    def _count(self, given: tuple[Column, ...], names: list[str]) -> Diagnostic:
        message = f"the query gives {_many(len(given))}, but {len(names)} are written to `{self.target}`"
        known = [column.name for column in given]
        missing = [name for name in names if name not in known]
        extra = [name for name in known if name and name not in names]
        hints = tuple(
            f"{what}: {', '.join(f'`{name}`' for name in some[:6])}"
            for what, some in (("not given", missing), ("not in the target", extra))
            if some and len(some) < max(len(names), len(given))
        )
        return Diagnostic("insert-columns", message, labels=(self._place(), self._declared()), hints=hints)

    def _types(self, given: tuple[Column, ...], names: list[str]) -> Iterator[Diagnostic]:
        told: set[Span] = set()
        for column, name in zip(given, names, strict=True):
            kind = self.columns[name]
            if not clashes(column.shape, kind.kind, strict=self.widens_only):
                yield from self._losses(column, name, kind)
                continue
            place = self.text.span(*column.place) if column.place else self._place().span
            note = f"`{column.name}` is {column.shape}" if column.name else f"{column.shape}"
            message = f"`{name}` of `{self.target}` is {kind}, but the query gives a {column.shape}"
            other = Label(self.draft.columns_place(self.target, name), f"{kind}", primary=False)
            hint = "write the columns in the target's order"
            if kind.kind in _SPOKEN:
                hint = f"CAST(... AS {kind.kind.value.upper()}), or {hint}"
            if place not in told:
                told.add(place)
                yield Diagnostic("insert-type", message, labels=(Label(place, note), other), hints=(hint,))

    def _losses(self, column: Column, name: str, kind: ColumnType) -> Iterator[Diagnostic]:
        """What an engine would do to a value without a word (round, cut, null), or stop a running job for."""
        from rosace.check.sql.losses import narrows

        place = self.text.span(*column.place) if column.place else self._place().span
        other = Label(self.draft.columns_place(self.target, name), f"{kind}", primary=False)
        said = f"`{column.name}`" if column.name else "this"
        raises = self.raises and column.computed
        if column.type is not None and narrows(column.type, kind, raises=raises):
            given = _shown(column.type, column.shape)
            message = (
                f"`{name}` of `{self.target}` is {kind}, which cannot hold every {given}: some would be cut or lost"
            )
            hints = (f"declare `{name}` as {given}, or say in the query what is to be left: CAST, ROUND, DATE_TRUNC",)
            yield Diagnostic("insert-narrows", message, labels=(Label(place, f"{said} is {given}"), other), hints=hints)
        elif column.nullable and kind.required:
            message = f"`{name}` of `{self.target}` is never null, but what the query gives may be"
            out = "leave such rows out (WHERE ... IS NOT NULL)"
            hints = (f"say what stands for null (COALESCE), {out}, or declare `{name}` without `!`",)
            yield Diagnostic("insert-null", message, labels=(Label(place, f"{said} may be null"), other), hints=hints)

    def _order(self, given: tuple[Column, ...], names: list[str]) -> Iterator[Diagnostic]:
        said = [column.name or "" for column in given]
        if sorted(said) == sorted(names) and said != names:
            wrong, right = next((one, other) for one, other in zip(said, names, strict=True) if one != other)
            message = f"columns are written by position: `{wrong}` of the query becomes `{right}` of `{self.target}`"
            hint = f"list them: INSERT INTO {self.target} ({', '.join(said)})"
            labels = (self._place(), self._declared())
            yield Diagnostic("insert-order", message, Severity.WARNING, labels, (hint,))

    def _order_within(self, given: tuple[Column, ...], names: list[str]) -> Iterator[Diagnostic]:
        """The same of the fields of rows."""
        from rosace.check.sql.losses import swapped

        for column, name in zip(given, names, strict=True):
            kind = self.columns[name]
            if column.type is None or not (wrong := swapped(column.type, kind)):
                continue
            became = f"`{wrong[0]}` of the query becomes `{wrong[1]}` in `{name}` of `{self.target}`"
            place = Label(self.text.span(*column.place)) if column.place else self._place()
            other = Label(self.draft.columns_place(self.target, name), f"{kind}", primary=False)
            hint = "declare them in the same order, or build the row anew in the order of the target"
            message = f"fields of a row are written by position: {became}"
            yield Diagnostic("insert-order", message, Severity.WARNING, (place, other), (hint,))

    def _place(self) -> Label:
        return Label(self.text.span(*self.read.place))

    def _declared(self) -> Label:
        return Label(self.draft.columns_place(self.target), f"columns of `{self.target}`", primary=False)


def _shown(given: ColumnType, shape: Shape) -> ColumnType:
    """A type as an engine would say it: a number that is written has no decimals unless it is written with them."""
    whole = given.kind is Kind.DECIMAL and given.scale == 0 and given.precision <= 18 and shape.value != "decimal"
    return ColumnType(Kind.BIGINT) if whole else replace(given, required=False)


def clashes(shape: Shape, kind: Kind, *, strict: bool) -> bool:
    """Whether no engine stores such a value in such a column; `strict` where a number is only widened.

    Spark 4.1 stores by ANSI rules (spark.sql.storeAssignmentPolicy): no text into numbers, dates or truths, and no
    truth, number or time into another of these. Flink 2.1 widens numbers and does nothing else
    (LogicalTypeCasts.supportsImplicitCast): no number or truth becomes text, no bigint an int, no double a bigint.
    """
    from rosace.check.sql.shapes import Shape, shape_of_kind

    if shape in (Shape.UNKNOWN, Shape.NULL) or shape is shape_of_kind(kind):
        return False
    family = facts(kind).family
    match family:
        case "number":
            return (strict and (shape, kind) in _NARROWS) if shape.numeric else True
        case "text":
            return strict
        case "time":
            return shape not in (Shape.DATE, Shape.TIMESTAMP)
        case "truth" | "nested":
            return True
        case "bytes":
            return shape is not Shape.STRING
        case _:
            assert_never(family)


_SPOKEN = frozenset(Kind) - {Kind.UUID, Kind.TIME, Kind.BINARY, Kind.TIMESTAMPTZ, Kind.ARRAY, Kind.MAP, Kind.ROW}
"""Kinds that every engine's CAST calls as we do."""

_WIDER = ("smallint", "int", "bigint", "decimal", "float", "double")
_NARROWS = {
    *((given, wanted) for wanted in _WIDER[:3] for given in _WIDER[_WIDER.index(wanted) + 1 :]),
    ("double", "float"),
}
"""What Flink does not cast by itself, as (given, wanted)."""


def _many(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"
