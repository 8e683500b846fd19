"""`rosace topic unfit`: records that do not fit the columns, with their places."""

from __future__ import annotations

import time
from itertools import islice

from rosace.cli.options import Output, Where
from rosace.cli.verbs.topic.options import Most, Offset, Partition


def unfit(
    name: str,
    /,
    *,
    where: Where | None = None,
    offset: Offset = None,
    partition: Partition = None,
    number: Most = 10,
    output: Output = "table",
) -> int:
    """Find records that do not fit the topic's columns: a job that reads one fails there, and cannot go on.

    Unless the topic says `on-bad-record: skip` or `topic`: then it is left out, or set aside too, until `replay` puts
    it back. Every committed record is looked at, by the code of `verify`. Exit code 0: all fit. 1: some do not.

    Examples:
      rosace topic unfit orders
      rosace topic unfit orders --partition 0 --offset 1000 -o jsonl
    """
    from rosace.cli.failures import say
    from rosace.cli.reading import running
    from rosace.cli.tables import emit
    from rosace.observe.unfit import unfit as found

    known, _ = running(where or Where())
    total, said = 0, time.monotonic()

    def looked(count: int) -> None:
        nonlocal total, said
        total = count
        if time.monotonic() - said > 2:
            said = time.monotonic()
            say(f"  {count:,} records looked at")

    rows = list(islice(found(known, name, partition, offset, looked), number))
    emit(rows, [(column, column.upper()) for column in COLUMNS], output)
    if output == "table":
        more = "" if len(rows) < number else f", and these were the first {number:,}: -n shows more"
        kept = sum(row["aside"] for row in rows)
        beside = f", {kept:,} of them set aside" if kept else ""
        say(f"{len(rows):,} of {max(total, len(rows)):,} records looked at do not fit{beside}{more}")
    return 1 if rows else 0


COLUMNS = ("partition", "offset", "aside", "reason", "value")
