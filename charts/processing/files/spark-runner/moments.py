# Derived from src/rosace/engines/spark/runner/moments.py by tools/charts.py: edit that, then run it.
"""The moments of a scheduled job's run: what `:day` and its like stand for, bound by Spark itself.

Comes in: an order, whose `moments` say them where the run was started on this machine, or whose `ticks` are its cron
line where a cluster's operator starts it. Goes out: arguments for `spark.sql`. Nothing is replaced in a text here: to
Spark a marker is a part of the grammar (spark.apache.org/docs/4.1.1/sql-ref-parameter-marker).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from .faults import Refused
from .rows import literal, quote

BY_ANALYZER = "spark.sql.legacy.parameterSubstitution.constantsOnly"

LONGEST = 366 * 40
"""Days between two moments of a schedule at most: the 29th of February that is a Sunday comes every 28 years, or 40."""


def text_of(session: Any, statement: dict[str, Any], order: dict[str, Any]) -> Any:
    """The rows of a statement's query, with the run's own values where it names them."""
    return bound(session, statement["sql"], arguments(statement, order))


def bound(session: Any, text: str, named: dict[str, Any]) -> Any:
    """The rows of a query; its markers are bound by Spark's analyzer, as Spark did before 4.1.

    Since 4.1 its own parser does so before it parses, and the parser that Iceberg 1.11.0 puts before it forgets what it
    was given: every marker is then UNBOUND_SQL_PARAMETER (github.com/apache/iceberg/issues/16625, mended after 1.11.0).
    """
    if not named:
        return session.sql(text)
    session.conf.set(BY_ANALYZER, "true")
    return session.sql(text, args=named)


def arguments(statement: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    """The values of the parameters that a statement names, as literals of their types."""
    if not statement.get("parameters"):
        return {}
    from pyspark.sql import functions  # pyright: ignore[reportMissingImports]

    if "moments" not in order:
        raise Refused("the moment of this run is not known: it was not started by its schedule")
    moments = {name: datetime.fromisoformat(text) for name, text in order["moments"].items()}
    told = {name: f"TIMESTAMP_NTZ '{moment:%Y-%m-%d %H:%M:%S}'" for name, moment in moments.items()}
    told["day"] = f"DATE '{moments['run_time']:%Y-%m-%d}'"
    # Spark complains of a parameter that it is not given.
    return {name: functions.expr(told[name]) for name in statement["parameters"] if name in told}


def partition_of(session: Any, statement: dict[str, Any], table: dict[str, Any], order: dict[str, Any]) -> Any:
    """The statement with its PARTITION clause in plain values: what names a partition is no query, so that nothing can
    be bound to it later."""
    named = arguments(statement, order)
    if not named or not statement["partition"]:
        return statement
    types = {column["name"]: column["type"] for column in table["columns"]}
    items = (
        f"CAST(CAST({value} AS {types[column]}) AS STRING) AS {quote(column)}"
        for column, value in statement["partition"].items()
    )
    # A parameter is named by the whole statement: those that are not in these values do no harm.
    (row,) = bound(session, f"SELECT {', '.join(items)}", named).collect()
    said = {
        column: "NULL" if row[column] is None else f"CAST({literal(row[column])} AS {types[column]})"
        for column in statement["partition"]
    }
    return {**statement, "partition": said}


def with_moments(order: dict[str, Any], run: str) -> dict[str, Any]:
    """An order with the moments of the run so named. One that does not tell them is no matter to a job that does not
    ask for them."""
    if "ticks" not in order:
        return order
    try:
        return {**order, "moments": of_run(order["ticks"], run)}
    except Refused as unknown:
        print(f"rosace: {unknown}: its SQL cannot name its moment", flush=True)
        return order


def of_run(ticks: dict[str, Any], run: str) -> dict[str, str]:
    """The moments of the run that the Spark operator started under a name.

    It ends with when that was, in nanoseconds (spark-operator v2.5.1, scheduledsparkapplication/controller.go:
    createSparkApplication, formatTimestamp): some moments after the schedule's own, or longer where the run before was
    not over. Of a run that is tried again the name stays the same, hence its moments.
    """
    digits = run.rpartition("-")[2]
    if len(digits) != len("1714539600000000000") or not digits.isdigit():
        raise Refused(f"the run `{run}` does not say when it was started")
    started = datetime(1970, 1, 1) + timedelta(seconds=int(digits) // 10**9)
    run_time = newest(ticks, started)
    return {
        "run_time": run_time.isoformat(),
        "previous_run_time": newest(ticks, run_time - timedelta(minutes=1)).isoformat(),
    }


def newest(ticks: dict[str, Any], until: datetime) -> datetime:
    """The newest moment of a schedule at or before a time."""
    for back in range(LONGEST):
        day = until.date() - timedelta(days=back)
        if not _falls_on(ticks, day):
            continue
        for hour in sorted(ticks["hours"], reverse=True):
            for minute in sorted(ticks["minutes"], reverse=True):
                moment = datetime(day.year, day.month, day.day, hour, minute)
                if moment <= until:
                    return moment
    raise Refused(f"the schedule has no moment before {until}")


def _falls_on(ticks: dict[str, Any], day: date) -> bool:
    of_month, of_week = day.day in ticks["days"], day.isoweekday() % 7 in ticks["weekdays"]
    both = of_month and of_week if ticks["both"] else of_month or of_week
    return day.month in ticks["months"] and both
