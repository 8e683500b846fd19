"""What can be named in SQL, and what a query gives.

Comes in: declared columns. Goes out: `Relation`, `Names`. Must not: parse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rosace.check.sql.shapes import Shape
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType
from rosace.source.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is None where the engine invents one; `place` is where the query writes it.

    `event_time` is True for a column that carries event time, False where it surely does not, None if unknown.
    `type` is its type where that is beyond doubt; `computed` says that it is one of arithmetic or of a sum, which has
    room for far more than there will be. `nullable` is False for a column that is never null, True for one
    that may be, None if unknown.
    """

    name: str | None
    shape: Shape = Shape.UNKNOWN
    event_time: bool | None = None
    place: tuple[int, int] | None = None
    type: ColumnType | None = None
    nullable: bool | None = None
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Columns in order; None where they cannot be known. `ref` is the topic or table it is, if it is one."""

    columns: tuple[Column, ...] | None
    ref: Ref | None = None
    _known: dict[bool, dict[str, Column]] = field(
        default_factory=dict[bool, dict[str, Column]], init=False, repr=False, compare=False
    )

    def find(self, name: str, *, exact: bool) -> Column | None:
        """The first column so named; unless `exact`, in any case of letters."""
        if exact not in self._known:
            known: dict[str, Column] = {}
            for column in self.columns or ():
                if column.name is not None:
                    known.setdefault(column.name if exact else column.name.casefold(), column)
            self._known[exact] = known
        return self._known[exact].get(name if exact else name.casefold())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns; empty where its columns are not known."""
        return tuple(column.name for column in self.columns or () if column.name)


OPAQUE = Relation(None)


@dataclass(frozen=True, slots=True)
class Names:
    """What SQL may name from outside itself: by its parts, `("departures",)` or `("lake", "departures")`.

    `foreign` says whether names of other catalogs (`system.runtime.nodes`) are left to the engine.
    `declared` says in words what a name is that is not among them. `schema` is that of the lake's tables in
    their catalog.
    """

    relations: Mapping[tuple[str, ...], Relation]
    declared: str
    foreign: bool = False
    schema: str = ""
    _folded: dict[tuple[str, ...], list[Relation]] = field(
        default_factory=dict[tuple[str, ...], list[Relation]], init=False, repr=False, compare=False
    )

    def find(self, parts: tuple[str, ...], *, exact: bool) -> Relation | None:
        """The relation so named; unless `exact`, in any case of letters if only one is meant."""
        if (found := self.relations.get(parts)) or exact:
            return found
        if not self._folded:
            for name, relation in self.relations.items():
                self._folded.setdefault(tuple(part.casefold() for part in name), []).append(relation)
        same = self._folded.get(tuple(part.casefold() for part in parts), [])
        return same[0] if len(same) == 1 else None

    def spelled(self) -> list[str]:
        """Every relation that can be named, as one writes it."""
        return [".".join(parts) for parts in self.relations]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at `[start, end)` of the text; `note` is what to say there.

    `about` is the topic or table whose declaration is the other side of the matter.
    """

    code: str
    message: str
    start: int
    end: int
    note: str = ""
    hints: tuple[str, ...] = ()
    about: Ref | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names a topic, table or source. `part` is what stands behind the name in one word with it: of
    `"t$snapshots"` it is `$snapshots`."""

    ref: Ref
    start: int
    end: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Windowing:
    """A windowing table function over `relation`, by `column` written at `[start, end)`."""

    function: str
    over: str
    relation: Relation
    column: str
    start: int
    end: int


@dataclass(slots=True)
class Findings:
    """What reading one text brings to light."""

    problems: list[Problem] = field(default_factory=list[Problem])
    uses: list[Use] = field(default_factory=list[Use])
    windows: list[Windowing] = field(default_factory=list[Windowing])
    views_used: set[str] = field(default_factory=set[str])
