"""DuckDB's own binder as the judge of oracles (`verify:`), as rooms' `planner.py` are of jobs and queries.

Comes in: a `Bench`. Goes out: a `Verdict` for each oracle, bound to empty tables with the columns of the sources and
to the columns of what it verifies. DuckDB is no engine of the platform: it comes with Rosace and needs no artifact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rosace.contract.planner import Bench, Owner, Program, Verdict
from rosace.kit.files import duckdb_type
from rosace.kit.files_sql import identifier
from rosace.model.checked import Checked
from rosace.model.quantity import Size

SHUT = "SET python_enable_replacements = false; SET enable_external_access = false; SET lock_configuration = true"
"""What DuckDB is told before it sees an oracle; rows come into it from Python. No name in a query is a variable of this
program, no file is read or written, nothing attached, installed or asked over the network, and no setting is taken back
(duckdb.org/docs, "Securing DuckDB"; tried with DuckDB 2.0.0, which still spills into its own temporary folder)."""

MEMORY = Size.mebibytes(1024)
"""Address space of the process, of which DuckDB 2.0's library maps 250 MB before it does anything."""


@dataclass(frozen=True, slots=True)
class OraclePlanner:
    """See `rosace.contract.planner.Planner`."""

    artifacts: tuple[str, ...] = ()

    def owners(self, checked: Checked) -> tuple[Owner, ...]:
        """All oracles."""
        return tuple(Owner("verify", str(oracle.target)) for oracle in checked.verify)

    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]:
        """DuckDB binds each oracle to the declared columns, in a process of its own; a verdict each, in order."""
        talk = bench.start(program(bench))
        oracles = {str(oracle.target): oracle for oracle in bench.checked.verify}
        for owner in owners:
            oracle = oracles[owner.name]
            columns = bench.checked.columns(oracle.target)
            wanted = [(name.replace('"', '""'), duckdb_type(kind)) for name, kind in columns.items()]
            said = talk.ask("oracle", oracle.text, json.dumps(wanted))
            if said.taken:
                yield Verdict(owner, 0)
            else:
                message, *place = said.texts
                yield Verdict(owner, 0, message, int(place[0]) if place else None)


PLANNER = OraclePlanner()


def functions(bench: Bench) -> tuple[str, ...]:
    """The names of all functions that DuckDB knows (duckdb_functions)."""
    return bench.start(program(bench)).ask("functions").texts


def program(bench: Bench) -> Program:
    """Python with DuckDB, in which each source is a table without rows."""
    prepared = ["SET errors_as_json = true", "SET TimeZone = 'UTC'", "SET memory_limit = '256MB'", "SET threads = 1"]
    for source in bench.checked.sources.values():
        columns = bench.checked.columns(source.target)
        listed = ", ".join(f"{identifier(name)} {duckdb_type(kind)}" for name, kind in columns.items())
        prepared.append(f"CREATE TABLE {identifier(source.name)} ({listed})")
    judge = Path(__file__).with_name("oracle_judge.py")
    argv = (bench.python, "-P", str(judge), json.dumps([*prepared, SHUT]))
    return Program(argv, memory=MEMORY)
