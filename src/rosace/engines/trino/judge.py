"""Trino's own analyzer as the judge of queries, without a server.

Comes in: what to set up (a JSON file) and the command of a JVM on the command line, questions on standard input
(`rosace.contract.planner.Program`). Goes out: an answer for each: `taken`, or `refused` with the message in Trino's
words and, where it names one, the line and column (from 1). Must not: run a query.

`io.trino.testing.PlanTester` is the engine without its server: the same parser, analyzer, functions and connectors,
put together by hand in one class of trino-main (476). A server's start costs 17 CPU s, this 3. It answers
`EXPLAIN (TYPE VALIDATE)` as a server does. The catalogs are made by the connectors that the platform's server has.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VALIDATE = "EXPLAIN (TYPE VALIDATE)\n"
"""On a line of its own: columns are those of the query, and lines one more."""


def main() -> None:
    """Answers until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    setup = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with _jvm(sys.argv[2:]) as java:
        try:
            judge = Judge(java, setup)
        except Exception as error:
            # The JVM's exceptions have no text of their own once it is gone.
            raise SystemExit(_said(error)) from None
        for line in sys.stdin:
            word, *texts = line.split()
            taken, said = judge.answer(word, [base64.b64decode(text).decode("utf-8") for text in texts])
            told = [base64.b64encode(text.encode("utf-8")).decode("ascii") for text in said]
            print("taken" if taken else "refused", *told, file=answers, flush=True)


@contextmanager
def _jvm(argv: list[str]) -> Generator[Any]:
    """The JVM behind a gateway on loopback that asks for a secret (py4j 0.10.9: `--enable-auth`). It ends, in order,
    when its standard input does (`--die-on-broken-pipe`), hence with this process."""
    import logging

    from py4j.java_gateway import GatewayParameters, JavaGateway  # pyright: ignore[reportMissingImports]

    logging.getLogger("py4j").propagate = False
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as jvm:
        assert jvm.stdin is not None and jvm.stdout is not None
        port, secret = jvm.stdout.readline().decode().strip(), jvm.stdout.readline().decode().strip()
        if not port.isdigit():
            raise SystemExit(f"the JVM opened no gateway (it said `{port}`)")
        threading.Thread(target=shutil.copyfileobj, args=(jvm.stdout, sys.stderr.buffer), daemon=True).start()
        parameters = GatewayParameters(port=int(port), auth_token=secret, auto_convert=True)
        try:
            yield JavaGateway(gateway_parameters=parameters).jvm
        finally:
            jvm.stdin.close()


class Judge:
    """The engine with its catalogs and empty tables.

    `setup`: `user`; `lake` and `kafka`, the properties of their catalogs (null: none); `database`, the properties of
    Iceberg's catalog; `tables` with `schema`, `name`, `columns` (`name`, `type`, `required`) and `partition`.
    """

    def __init__(self, java: Any, setup: dict[str, Any]) -> None:
        self.java = java
        self.spi = java.io.trino.spi
        plugins = java.io.trino.plugin
        session = java.io.trino.testing.TestingSession.testSessionBuilder()
        session = session.setTimeZoneKey(java.io.trino.spi.type.TimeZoneKey.UTC_KEY)
        # Nor has a session of the platform's a catalog that names without one would be of.
        nothing = java.java.util.Optional.empty()
        session = session.setCatalog(nothing).setSchema(nothing).build()
        self.tester = java.io.trino.testing.PlanTester.create(session)
        if setup["kafka"]:
            self.tester.createCatalog("kafka", self._connector(plugins.kafka.KafkaPlugin()), setup["kafka"])
        if setup["lake"]:
            # Trino takes for granted that the catalog's own tables are there.
            java.org.apache.iceberg.jdbc.JdbcCatalog().initialize("lake", setup["database"])
            self.tester.createCatalog("lake", self._connector(plugins.iceberg.IcebergPlugin()), setup["lake"])
            self._tables(setup["tables"])

    def answer(self, word: str, texts: list[str]) -> tuple[bool, list[str]]:
        """To `query` with its text, and `functions`, which lists all that Trino has built in (see `functions`)."""
        try:
            if word == "functions":
                return True, self.functions()
            self._validate(texts[0])
        except Exception as error:
            return self._refused(error, texts)
        return True, []

    def functions(self) -> list[str]:
        """A line for each that a text can call: its name, its fewest and most arguments (`*` without end), its kind."""
        metadata = self.tester.getPlannerContext().getMetadata()
        found: dict[str, tuple[int, float, str]] = {}
        with self._transaction() as session:
            for one in metadata.listGlobalFunctions(session):
                signature, kind = one.getSignature(), str(one.getKind()).lower()
                count = len(signature.getArgumentTypes())
                endless = signature.isVariableArity()
                fewest, most = (count - 1, math.inf) if endless else (count, count)
                for name in map(str, one.getNames()):
                    # Operators have names that no text can say, such as $operator$add.
                    if not name.startswith("$"):
                        other = found.get(name, (fewest, most, kind))
                        found[name] = (min(fewest, other[0]), max(most, other[1]), min(kind, other[2]))
        return [f"{name.upper()} {few} {'*' if most == math.inf else most} {kind}"
                for name, (few, most, kind) in sorted(found.items())]  # fmt: skip

    def _refused(self, error: Exception, texts: list[str]) -> tuple[bool, list[str]]:
        said = _said(error)
        if _OF_A_SERVER.search(said):
            return True, []
        if _OF_THE_DATA.match(said):
            masked = _without_travel(texts[0])
            return (True, []) if masked == texts[0] else self.answer("query", [masked])
        if found := _PLACED.match(said):
            return False, [said[found.end() :], str(max(int(found[1]) - 1, 1)), found[2]]
        return False, [said]

    def _validate(self, text: str) -> None:
        functions = self.tester.getPlannerContext().getLanguageFunctionManager()
        with self._transaction() as session:
            functions.tryRegisterQuery(session)
            try:
                self.tester.createPlan(session, VALIDATE + text)
            finally:
                functions.unregisterQuery(session)

    def _connector(self, plugin: Any) -> Any:
        (factory,) = plugin.getConnectorFactories()
        return factory

    @contextmanager
    def _transaction(self) -> Generator[Any]:
        manager = self.tester.getTransactionManager()
        # Iceberg's connector writes in autocommit only.
        transaction = manager.beginTransaction(True)
        session = self.tester.getDefaultSession()
        try:
            yield session.beginTransactionId(transaction, manager, self.tester.getAccessControl())
            manager.asyncCommit(transaction).get()
        except BaseException:
            manager.asyncAbort(transaction).get()
            raise

    def _tables(self, tables: list[dict[str, Any]]) -> None:
        context, security = self.tester.getPlannerContext(), self.spi.security
        metadata, types = context.getMetadata(), context.getTypeManager()
        owner = security.TrinoPrincipal(security.PrincipalType.USER, "user")
        for schema in {table["schema"] for table in tables}:
            with self._transaction() as session:
                metadata.createSchema(session, self.spi.connector.CatalogSchemaName("lake", schema), {}, owner)
        for table in tables:
            columns = [
                self.spi.connector.ColumnMetadata.builder()
                .setName(column["name"])
                .setType(types.fromSqlType(column["type"]))
                .setNullable(not column["required"])
                .build()
                for column in table["columns"]
            ]
            name = self.spi.connector.SchemaTableName(table["schema"], table["name"])
            properties = {
                "format": self.java.io.trino.plugin.iceberg.IcebergFileFormat.PARQUET,
                "format_version": 2,
                "max_commit_retry": 4,
                "object_store_layout_enabled": False,
                "partitioning": table["partition"],
                "sorted_by": [],
            }
            described = self.spi.connector.ConnectorTableMetadata(name, columns, properties)
            with self._transaction() as session:
                metadata.createTable(session, "lake", described, self.spi.connector.SaveMode.FAIL)


def _said(error: Exception) -> str:
    """The message of an exception of Java's; what else goes wrong is no answer."""
    java = getattr(error, "java_exception", None)
    if java is None:
        raise error
    return str(java.getMessage() or java.toString())


_PLACED = re.compile(r"line (\d+):(\d+): ")

_OF_THE_DATA = re.compile(r"No version history table|Iceberg snapshot ID does not exist|Cannot find .*snapshot")
"""What the connector says of an empty table, which has no snapshot, whatever is asked of it (IcebergMetadata, 476)."""

_OF_A_SERVER = re.compile(
    r"ConnectorMetadata getTableHandle\(\) is not implemented"
    r"|Table function '(?:sequence|exclude_columns)' not registered"
)
"""What a server has and PlanTester has not: tables of `system.runtime` and two table functions. Not judged."""

_TRAVEL = re.compile(
    r"FOR\s+(?:VERSION|TIMESTAMP)\s+AS\s+OF\s+"
    r"(?:(?:TIMESTAMP|DATE)\s*'[^']*'|'[^']*'|\d+|\w+(?:\s*\([^()]*\))?)(?:\s*[-+]\s*INTERVAL\s+'[^']*'\s+\w+)?",
    re.IGNORECASE,
)


def _without_travel(text: str) -> str:
    """The text with every time travel blanked out, all else in its place."""
    return _TRAVEL.sub(lambda found: re.sub(r"\S", " ", found[0]), text)


if __name__ == "__main__":
    main()
