"""`rosace rebuild`: a job, a source, a topic or a table from the beginning, with all that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from rosace.cli.asking import COLUMNS, Consent, rows
from rosace.cli.failures import say
from rosace.cli.options import Where

if TYPE_CHECKING:
    from rosace.model.checked import Checked, Ref


def rebuild(
    *names: str,
    where: Where | None = None,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Do it without asking.")] = False,
    timeout: Annotated[float, Parameter(help="Seconds to wait for engines to be ready before giving up.")] = 600.0,
) -> int:
    """Make jobs, sources, topics or tables anew, with all that is made of them downstream.

    What writes them begins at the beginning of what it reads. A table of one batch job or file keeps its rows until the
    new ones take their place in one commit; other tables are emptied first and keep what was under a tag; topics are
    made again. Jobs with a schedule are left out: they would not add again what they added before.

    Examples:
      rosace rebuild clean-orders
      rosace rebuild lake.daily_sales --yes
    """
    from rosace.cli.board import Board
    from rosace.cli.confirm import confirmed
    from rosace.cli.tables import emit
    from rosace.local.prepare import prepare
    from rosace.local.up import refuse_edits
    from rosace.local.up import up as brought_up
    from rosace.source.diagnostic import refuse

    place = where or Where()
    if not names:
        raise refuse("no-name", "say what to make anew", hints=("`rosace get jobs`, `rosace get tables` list names",))
    home = place.home()
    examined = place.declared.examined()
    again, anew = _known(examined.proven(), names)
    asked = Consent().asked(rebuild=again, remake=anew)
    prepared = prepare(examined.proven(), home, "", write=False, asked=asked)
    refuse_edits(examined, prepared)
    if not prepared.edits:
        raise refuse("nothing-there", "nothing of it is there yet", hints=("`rosace up` makes it for the first time",))
    emit(rows(prepared.edits), COLUMNS, "table")
    if not yes and not confirmed("make this anew?"):
        say("nothing was changed")
        return 1
    return Board("table", place.file).follow(brought_up(place.declared, timeout=timeout, asked=asked))


def _known(checked: Checked, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Ref, ...]]:
    """The flows, and the topics and tables (with `lake.` or without) of these names; refused where one is none."""
    from rosace.model.checked import Ref
    from rosace.plan.machine.lineage import flows_of, shapes_of
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    flows, shapes = flows_of(checked), shapes_of(checked)
    again: list[str] = []
    anew: list[Ref] = []
    for name in names:
        table = Ref("table", name)
        found = [ref for ref in (Ref.read(name),) if ref in shapes]
        if name in flows:
            again.append(name)
        elif not found and table in shapes:
            found = [table]
        if name not in flows and not found:
            near = closest(name, [*flows, *map(str, shapes)])
            hints = (f"did you mean `{near}`?",) if near else ("`rosace get jobs`, `rosace get tables` list names",)
            raise refuse("unknown-name", f"no job, source, topic or table is called `{name}`", hints=hints)
        anew += found
    return tuple(again), tuple(anew)
