"""`rosace query`: SQL over topics and tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.cli.options import Where
from rosace.source.diagnostic import refuse

if TYPE_CHECKING:
    from rosace.observe.ask import Question, Tell
    from rosace.plan.machine.deployment import Deployment

Format = Literal["table", "csv", "json", "jsonl", "parquet"]


def query(
    name: str | None = None,
    /,
    *,
    where: Where | None = None,
    sql: Annotated[
        str | None, Parameter(help="SQL to run instead of a declared query; topics bare, tables as lake.x.")
    ] = None,
    file: Annotated[
        Path | None, Parameter(name=["--file", "-f"], help="A file of SQL to run, with `-` what stdin says.")
    ] = None,
    output: Annotated[
        Format, Parameter(name=["--output", "-o"], help="How to print: a table for people, the others for programs.")
    ] = "table",
    to: Annotated[Path | None, Parameter(help="A file for the rows, whole or not there.")] = None,
    limit: Annotated[
        int | None,
        Parameter(name=["--limit", "-n"], help="How many rows at most, 0 for all; what fits a terminal if unsaid."),
    ] = None,
) -> int:
    """Run a declared query, or any SQL, and print the rows as they come.

    What was deployed is asked, also while `platform.yaml` is being edited. A query that only the file declares is taken
    from there, once the file has no errors. Besides queries, SHOW, DESCRIBE and EXPLAIN are answered; statements are
    ended by semicolons. Without a query, and on a terminal, it asks for one after the other.

    Examples:
      rosace query late-carriers
      rosace query --sql "SELECT count(*) FROM lake.departures"
      rosace query --sql "SHOW TABLES; DESCRIBE lake.departures"
      rosace query worst-days --output json
      rosace query --sql "SELECT * FROM lake.departures" -o parquet --to departures.parquet
      rosace query -f report.sql -o csv > report.csv
      rosace query
    """
    from rosace.cli.answers import Answers
    from rosace.cli.failures import say
    from rosace.cli.reading import bare

    name = bare(name, "query", "queries") if name else name
    said = [one for one in (name, sql, file) if one is not None]
    place = where or Where()
    if not said and sys.stdin.isatty() and sys.stdout.isatty() and output == "table" and to is None:
        from rosace.cli.prompt import prompt
        from rosace.cli.reading import running

        return prompt(running(place)[0], limit)
    if len(said) != 1:
        raise refuse(
            "no-query",
            "name a declared query, or give one with --sql or in a file with -f",
            hints=("`rosace get queries` lists them", "on a terminal `rosace query` alone asks for one"),
        )
    text, origin = _text(file, sql)
    deployment, questions = _questions(place, name, text, origin, say)
    Answers(deployment, output, to, limit).all(questions)
    return 0


def _text(file: Path | None, sql: str | None) -> tuple[str, str]:
    """The SQL that is not a declared query, and what it is called."""
    if file is None:
        return sql or "", "--sql"
    if str(file) == "-":
        return sys.stdin.read(), "stdin"
    try:
        return file.read_text(encoding="utf-8-sig"), str(file)
    except UnicodeDecodeError:
        raise refuse("not-utf8", f"{file} is not UTF-8") from None


def _questions(where: Where, name: str | None, text: str, origin: str, tell: Tell) -> tuple[Deployment, list[Question]]:
    """What is asked, and of what. A wrong question is told before whether anything runs."""
    from rosace.cli.options import checked
    from rosace.cli.reading import answering
    from rosace.local.control import NotRunning
    from rosace.observe import ask, deployed

    home = where.known()
    try:
        known = deployed.read(home)
    except NotRunning:
        platform = checked(where)
        if name is None:
            ask.typed(platform, text, origin)
        else:
            ask.declared(platform, name)
        raise
    if name is None:
        questions = ask.typed(known.checked, text, origin)
    else:
        questions = [ask.named(known, where.declared, name, tell)]
    answering(home)
    return known.deployment, questions
