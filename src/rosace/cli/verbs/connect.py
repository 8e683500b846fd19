"""`rosace connect`: lines by which other programs reach what runs."""

from __future__ import annotations

from rosace.cli.options import Output, Where


def connect(to: str | None = None, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Print ready lines for other programs: kcat, aws, trino, psql, JDBC, DuckDB, pyiceberg, Python.

    TO is kafka, s3, trino, postgresql or iceberg; all of them when unsaid. Secrets are in no line: they lie in files
    that only you can read, in the form that each program reads by itself.

    Examples:
      rosace connect
      rosace connect trino
      rosace connect s3 --output json
    """
    from rosace.cli.failures import say
    from rosace.cli.reading import running
    from rosace.cli.tables import emit
    from rosace.observe.connecting import ways

    known, _ = running(where or Where())
    rows = ways(known, to)
    if output != "table":
        emit(rows, [], output)
        return 0
    before = ""
    for row in rows:
        if row["to"] != before:
            # Lines are for copying: none is broken, however narrow the terminal is.
            print(f"{'' if not before else chr(10)}{row['to']} at {row['address']}")
            before = row["to"]
        print(f"\n# {row['client']}\n{row['lines']}")
    if files := sorted({file for row in rows for file in row["files"]}):
        say("\nsecrets are in these files, which only you can read: " + ", ".join(files))
    return 0
