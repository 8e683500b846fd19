"""Which flows a platform has, and against what each can be proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rosace.contract.engine import Engine
from rosace.contract.registry import engines
from rosace.model.checked import Checked, CheckedJob, Ref


@dataclass(frozen=True, slots=True)
class Basis:
    """What a topic or table must equal: sources' files, an oracle, or what another topic or table holds.

    `columns` are the names in the basis, in the order of the target's columns.
    """

    kind: Literal["sources", "oracle", "actual"]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    text: str = ""
    ref: Ref | None = None

    def __str__(self) -> str:
        match self.kind:
            case "sources":
                return f"file of {', '.join(self.names)}"
            case "oracle":
                return f"DuckDB, {self.names[0]}"
            case "actual":
                return f"{self.names[0]} itself"


def writers(checked: Checked, ref: Ref) -> Iterator[tuple[str, Basis | None]]:
    """Every (flow name, basis) into `ref`; the basis is None where nothing independent is known."""
    basis = basis_of(checked, ref)
    for source in checked.sources.values():
        if source.target == ref:
            yield f"source {source.name}", basis
    for job in checked.jobs.values():
        if ref in job.writes:
            yield f"{job.spec.engine} {job.name}", basis


def basis_of(checked: Checked, ref: Ref, seen: frozenset[Ref] = frozenset()) -> Basis | None:
    """The strongest basis: an oracle where declared, else the files behind, else the topic or table it copies."""
    columns = tuple(checked.columns(ref))
    for oracle in checked.verify:
        if oracle.target == ref:
            name = oracle.path.name
            return Basis("oracle", (name,), columns, text=oracle.text)
    sources = tuple(source.name for source in checked.sources.values() if source.target == ref)
    jobs = [job for job in checked.jobs.values() if ref in job.writes]
    if sources and not jobs:
        return Basis("sources", sources, columns)
    if len(jobs) == 1 and not sources and ref not in seen and (copied := copies(checked, jobs[0], ref)):
        origin, names = copied
        behind = basis_of(checked, origin, seen | {ref})
        if behind is None:
            return Basis("actual", (str(origin),), names, ref=origin)
        position = {column: index for index, column in enumerate(checked.columns(origin))}
        return Basis(
            behind.kind, behind.names, tuple(behind.columns[position[n]] for n in names), behind.text, behind.ref
        )
    return None


def copies(checked: Checked, job: CheckedJob, ref: Ref) -> tuple[Ref, tuple[str, ...]] | None:
    """What a job copies row by row into `ref` without changing it: the origin and its columns in the target's order."""
    inserts = [s for s in job.statements if s.kind == "insert" and s.target == ref]
    if len(inserts) != 1 or len(inserts[0].body.mentions) != 1:
        return None
    insert = inserts[0]
    origin = insert.body.mentions[0].ref
    text = insert.body.render(lambda _: "origin")
    names = _projection(text, tuple(checked.columns(origin)), engines()[job.spec.engine])
    if names is None:
        return None
    target = insert.columns or tuple(checked.columns(ref))
    if len(names) != len(target) or set(target) != set(checked.columns(ref)):
        return None
    by_target = dict(zip(target, names, strict=True))
    return origin, tuple(by_target[column] for column in checked.columns(ref))


def _projection(text: str, columns: tuple[str, ...], engine: Engine) -> tuple[str, ...] | None:
    import sqlglot
    from sqlglot import exp

    from rosace.check.sql.dialects import language_of

    try:
        select = sqlglot.parse_one(text, read=language_of(engine).dialect)
    except sqlglot.ParseError:
        return None
    plain = {"expressions", "from", "from_", "kind"}
    if not isinstance(select, exp.Select) or any(value for name, value in select.args.items() if name not in plain):
        return None
    found: list[str] = []
    for item in select.expressions:
        if isinstance(item, exp.Star) and not any(item.args.values()):
            found += columns
        elif isinstance(column := item.unalias(), exp.Column) and column.name in columns:
            found.append(column.name)
        else:
            return None
    return tuple(found)
