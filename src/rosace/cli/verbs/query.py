"""`rosace query`: SQL over topics and tables."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.options import Output, Where


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

    Examples:
      rosace query late-carriers
      rosace query --sql "SELECT count(*) FROM lake.departures"
      rosace query worst-days --output json
    """
    from rosace.check.sql.free import free_query
    from rosace.cli.options import checked
    from rosace.cli.tables import emit
    from rosace.local.bringup import running
    from rosace.local.control import NotRunning
    from rosace.local.home import Home
    from rosace.observe.ask import declared, run
    from rosace.source.quoted import counted

    if (name is None) == (sql is None):
        from rosace.source.diagnostic import refuse

        raise refuse(
            "no-query", "name a declared query, or give one with --sql", hints=("`rosace get queries` lists them",)
        )
    place = where or Where()
    platform = checked(place)
    home = Home.of(platform.platform.platform, place.file)
    if name is not None:
        body, path = declared(platform, name)
        origin = path
    else:
        body, origin = free_query(platform, sql or ""), "--sql"
    if running(home) is None:
        raise NotRunning(platform.platform.platform)
    result = run(platform, home, body, origin)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    emit(rows, [(column, column) for column in result.columns], output)
    if output == "table":
        print(f"{counted(len(rows), 'row')} in {result.seconds:.1f} s", file=sys.stderr)
    return 0
