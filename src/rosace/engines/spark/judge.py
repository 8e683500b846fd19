"""Spark's own analyzer as the judge of statements: plans each as the runner would run it, and runs none.

Comes in: the command of a JVM on the command line, questions on standard input (`rosace.contract.planner.Program`).
Goes out: an answer for each: `taken`, or `refused` with the message in Spark's words and, where it names one, the line
and column (from 1) in the statement. Must not: connect to anything, or write to a table that anybody sees: the catalog
is one of this JVM's memory, and commands are analyzed without being carried out (CommandExecutionMode.SKIP).
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

if __name__ == "__main__":
    # This folder under a name of its own: the runner needs pyspark alone, and all that is in the house around it would
    # take 0.3 CPU s to import.
    __package__ = "rosace_spark"
    sys.modules[__package__] = ModuleType(__package__)
    sys.modules[__package__].__path__ = [str(Path(__file__).parent)]

from .runner.faults import Refused, told
from .runner.moments import arguments, bound, partition_of
from .runner.rows import fitted, quote
from .runner.streams import records
from .runner.tables import positioned
from .runner.views import create_table, prepare

START = 120.0
"""Seconds that the JVM may take to open its gateway; measured: 1.5."""

ROWS = "rosace_rows"
"""The view from which the runner inserts (`batches.commit`)."""

TOPICS = "`rosace topics`"
"""The namespace of tables that have the columns of topics: Spark's rules of what may be stored where are for tables."""


def main() -> None:
    """Answers until standard input ends. What Spark logs goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    with _jvm(sys.argv[1:]):
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

        judge = Judge(SparkSession.builder.getOrCreate())
        for line in sys.stdin:
            word, *texts = line.split()
            refusal = judge.answer(word, [base64.b64decode(text).decode("utf-8") for text in texts])
            said = [base64.b64encode(text.encode("utf-8")).decode("ascii") for text in refusal[1]]
            print("taken" if refusal[0] else "refused", *said, file=answers, flush=True)
        judge.session.stop()


@contextmanager
def _jvm(argv: list[str]) -> Generator[None]:
    """A JVM that pyspark takes for its own (java_gateway.launch_gateway: PYSPARK_GATEWAY_PORT). It ends with the pipe
    to its standard input, hence with this process."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        told_in = Path(folder).resolve() / secrets.token_hex(8)
        environment = {**os.environ, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(told_in)}
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=2, env=environment) as jvm:
            until = time.monotonic() + START
            while not told_in.exists():
                if jvm.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"the JVM opened no gateway (exit code {jvm.poll()})")
                time.sleep(0.01)
            with told_in.open("rb") as info:
                port, length = int.from_bytes(info.read(4), "big"), int.from_bytes(info.read(4), "big")
                os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
                os.environ["PYSPARK_GATEWAY_SECRET"] = info.read(length).decode("utf-8")
            try:
                yield
            finally:
                assert jvm.stdin is not None
                jvm.stdin.close()


class Complaint(Exception):
    """What Spark does not take, at a line and column (from 1) of the statement, if it says where."""

    def __init__(self, message: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.message, self.place = message, place


class Judge:
    """One driver, in which each job gets a session of its own as it does in the runner."""

    def __init__(self, session: Any) -> None:
        import logging

        # pyspark writes every refused query with its stack to standard error.
        logging.getLogger("SQLQueryContextLogger").disabled = True
        self.session, self.order = session, dict[str, Any]()
        self.blind = False
        self.jvm = session._jvm
        self.skip = self.jvm.org.apache.spark.sql.execution.CommandExecutionMode.SKIP()

    def answer(self, word: str, texts: list[str]) -> tuple[bool, list[str]]:
        """To `job` (its order in JSON), `statement` (its number), and `functions`, which lists all that Spark knows."""
        try:
            if word == "functions":
                return True, self.functions()
            if word == "job":
                self.open(json.loads(texts[0]))
            elif not self.blind:
                self.judge(self.order["statements"][int(texts[0])])
        except Untold:
            self.blind = True
        except Complaint as complaint:
            return False, [complaint.message, *map(str, complaint.place or ())]
        except Exception as error:
            return False, [_words(error)]
        return True, []

    def functions(self) -> list[str]:
        """The names of all functions that Spark itself lists."""
        return [row[0] for row in self.session.sql("SHOW SYSTEM FUNCTIONS").collect()]

    def open(self, order: dict[str, Any]) -> None:
        """A session in which the job's topics and tables exist."""
        self.order, self.blind = order, False
        self.session = self.session.newSession()
        prepare(self.session, order)

    def judge(self, statement: dict[str, Any]) -> None:
        """Raises Complaint, or what pyspark makes of Spark's exceptions."""
        rows = self._rows(statement["sql"], arguments(statement, self.order))
        if statement["kind"] == "view":
            rows.createOrReplaceTempView(statement["view"])
        elif statement["table"]:
            table = next(table for table in self.order["tables"] if table["name"] == statement["table"])
            self._into(rows, table, partition_of(self.session, statement, table, self.order))
        else:
            topic = next(topic for topic in self.order["topics"] if topic["topic"] == statement["topic"])
            self.session.sql(f"CREATE NAMESPACE IF NOT EXISTS {quote(self.order['catalog'])}.{TOPICS}")
            name = f"{quote(self.order['catalog'])}.{TOPICS}.{quote(topic['topic'])}"
            properties = {"format-version": "2"}
            table = {"name": name, "columns": topic["columns"], "partition": [], "key": [], "properties": properties}
            create_table(self.session, table)
            records(self._into(rows, table, statement), topic)

    def _rows(self, text: str, named: dict[str, Any]) -> Any:
        """The rows of a query. Raises Complaint at its place."""
        try:
            plan = self.session._jsparkSession.sessionState().sqlParser().parsePlan(text)
            command = self.jvm.org.apache.spark.sql.catalyst.plans.logical.Command
            if self.jvm.java.lang.Class.forName(command._fqn).isInstance(plan):
                raise Complaint("a query is expected here")
            return bound(self.session, text, named)
        except Complaint:
            raise
        except Exception as error:
            if not _of_the_data(error):
                raise Complaint(_words(error), _place(error, text)) from None
            if (masked := _without_travel(text)) == text:
                raise Untold from None
            return self._rows(masked, named)

    def _into(self, rows: Any, table: dict[str, Any], statement: dict[str, Any]) -> Any:
        """What the runner does with rows before it writes them, then Spark's own rules of writing."""
        rows, names = positioned(rows, table, statement)
        if len(rows.columns) == len(names):
            # By position, as the runner has it: a query may give two columns of one name.
            rows.toDF(*(f"c{position}" for position in range(len(names)))).createOrReplaceTempView(ROWS)
            self._write(table["name"], ", ".join(map(quote, names)), statement["target"])
        fits = fitted(rows, table["columns"], names, statement["target"])
        if self.order["streaming"]:
            # Says that rows which are no stream cannot be written as one.
            _ = fits.writeStream
            analysis = self.jvm.org.apache.spark.sql.catalyst.analysis.UnsupportedOperationChecker
            mode = self.jvm.org.apache.spark.sql.streaming.OutputMode.Append()
            analysis.checkForStreaming(fits._jdf.queryExecution().analyzed(), mode)
        return fits

    def _write(self, table: str, columns: str, target: str) -> None:
        """Spark's own rules of writing: which columns, and what may be stored where."""
        state = self.session._jsparkSession.sessionState()
        plan = state.sqlParser().parsePlan(f"INSERT INTO TABLE {table} ({columns}) SELECT * FROM {ROWS}")
        try:
            state.executePlan(plan, self.skip).assertAnalyzed()
        except Exception as error:
            raise Complaint(_words(error).replace(table, f"`{target}`")) from None


class Untold(Exception):
    """What the statement asks for depends on data that is not there: it cannot be judged, nor what may build on it."""


def _of_the_data(error: Exception) -> bool:
    """Iceberg 1.11 looks a snapshot up while a statement is analyzed (SparkTable, SnapshotUtil): an empty table has
    none, whatever the statement is."""
    return re.match(r"(?:\[\w+\] )?Cannot find (?:a |matching )?snapshot", str(error)) is not None


_TRAVEL = re.compile(
    r"(?:FOR\s+)?(?:SYSTEM_)?(?:VERSION|TIMESTAMP|TIME)\s+AS\s+OF\s+(?:TIMESTAMP\s*)?"
    r"(?:'[^']*'|\d+|\w+\s*\([^()]*(?:\([^()]*\)[^()]*)*\))(?:\s*[-+]\s*INTERVAL\s+(?:'[^']*'|\d+)\s+\w+)?",
    re.IGNORECASE,
)


def _without_travel(text: str) -> str:
    """The text with every time travel blanked out, all else in its place."""
    return _TRAVEL.sub(lambda found: re.sub(r"\S", " ", found[0]), text)


_TAIL = re.compile(
    r"\s*(?:SQLSTATE: \w+|\(line \d+, pos \d+\)|; line \d+ pos \d+)|\n\n?== SQL|;\n|\nIf you did not qualify", re.DOTALL
)


def _words(error: Exception) -> str:
    """The message without its class, state, place, plan, and what it says of other statements."""
    if isinstance(error, Refused):
        return str(error)
    said = re.sub(r"^\s*\[[\w.]+\]\s*", "", _TAIL.split(told(error), maxsplit=1)[0])
    return " ".join(said.split())


_OF_WHERE = re.compile(r"WHERE (?:condition|clause)|Filter expression")


def _place(error: Exception, text: str) -> tuple[int, int] | None:
    """The line and column (from 1) that an exception of Spark's names.

    Of a condition it names the query, from its SELECT on: what is meant is that query's WHERE.
    """
    java: Any = getattr(error, "_origin", None)
    found = None
    with suppress(Exception):
        start = java.start() if java.getClass().getSimpleName() == "ParseException" else java
        line, column = start.line(), start.startPosition()
        found = (int(line.get()), int(column.get()) + 1) if line.isDefined() and column.isDefined() else None
    return _where(text, *(found or (1, 1))) if _OF_WHERE.search(str(error)) else found


_PIECE = re.compile(r"'[^']*'|`[^`]*`|--[^\n]*|/\*.*?\*/|[()]|\bWHERE\b", re.DOTALL | re.IGNORECASE)


def _where(text: str, line: int, column: int) -> tuple[int, int]:
    """The place of the WHERE of the query that begins at a place; that place where there is none."""
    start = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    depth = 0
    for piece in _PIECE.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if depth < 0:
            break
        if depth == 0 and piece[0].upper() == "WHERE":
            before = text[: piece.start()]
            return before.count("\n") + 1, len(before) - before.rfind("\n")
    return line, column


if __name__ == "__main__":
    main()
