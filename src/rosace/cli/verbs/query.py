"""`rosace query`: SQL over topics and tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from rosace.cli.options import Output, Where

if TYPE_CHECKING:
    from rosace.observe.ask import Question, Tell
    from rosace.plan.machine.deployment import Deployment


def query(
    name: str | None = None,
    /,
    *,
    where: Where | None = None,
    sql: Annotated[
        str | None, Parameter(help="SQL to run instead of a declared query; topics bare, tables as lake.x.")
    ] = None,
    output: Output = "table",
) -> int:
    """Run a declared query, or any SQL, and print the rows.

    What was deployed is asked, also while `platform.yaml` is being edited. A query that only the file declares is taken
    from there, once the file has no errors.

    Examples:
      rosace query late-carriers
      rosace query --sql "SELECT count(*) FROM lake.departures"
      rosace query worst-days --output json
    """
    from rosace.cli.failures import say
    from rosace.cli.tables import emit
    from rosace.observe.ask import run
    from rosace.source.quoted import counted

    if (name is None) == (sql is None):
        from rosace.source.diagnostic import refuse

        raise refuse(
            "no-query", "name a declared query, or give one with --sql", hints=("`rosace get queries` lists them",)
        )
    deployment, question = _question(where or Where(), name, sql, say)
    result = run(deployment, question)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    emit(rows, [(column, column) for column in result.columns], output)
    if output == "table":
        print(f"{counted(len(rows), 'row')} in {result.seconds:.1f} s", file=sys.stderr)
    return 0


def _question(where: Where, name: str | None, sql: str | None, tell: Tell) -> tuple[Deployment, Question]:
    """What is asked, and of what. A wrong question is told before whether anything runs."""
    from rosace.check.sql.free import free_query
    from rosace.cli.options import checked
    from rosace.local.control import NotRunning
    from rosace.observe import ask, deployed
    from rosace.observe.status import observe

    home = where.known()
    try:
        known = deployed.read(home)
    except NotRunning:
        platform = checked(where)
        if name is None:
            free_query(platform, sql or "")
        else:
            ask.declared(platform, name)
        raise
    if name is None:
        question = ask.Question(free_query(known.checked, sql or ""), "--sql", known.checked)
    else:
        question = ask.named(known, where.declared, name, tell)
    seen = observe(home)
    if seen.state in ("stopped", "absent"):
        raise NotRunning(seen.state)
    if seen.state == "unknown":
        tell(f"warning: {seen.why}: what answers was not looked after since")
    return known.deployment, question
