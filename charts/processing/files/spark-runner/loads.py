# Derived from src/rosace/engines/spark/runner/loads.py by tools/charts.py: edit that, then run it.
"""Files into tables: DuckDB reads and checks them in a process of its own, Spark commits what that wrote.

What of the files was loaded before is in a ledger beside them, which that process keeps (`kit/growth.py`): all is
loaded once, and what came since is added. A commit says in its snapshot which part of the files it was; a load that is
started again after a crash asks the table whether it was the last thing that happened.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from .batches import anew, commit, committed
from .faults import Refused
from .jobs import Job
from .rows import fitted, quote
from .tables import Write
from .views import prepare

NO_USE = 3
"""Exit code of the process that reads a file where the file does not fit: it says the same again."""


def load(session: Any, job: Job) -> None:
    """Loads what is new in the files."""
    order = job.order
    (table,) = order["tables"]
    folder, ledger = Path(order["staged"]), Path(order["ledger"])
    done = ledger.with_suffix(".done")
    job.state, job.detail = "running", "reading the file"
    prepare(session, order)
    if job.fresh or session.sql(f"SELECT 1 FROM {table['name']}.snapshots LIMIT 1").isEmpty():
        ledger.unlink(missing_ok=True)
    begun = _begun(ledger)
    told = bool(begun) and (_text(done) == begun or committed(session, job, table, f"{begun}/load{anew(table)}"))
    try:
        aside = _stage(job, folder, begun if told else "")
        for line in aside:
            print(line, flush=True)
        part = json.loads((folder / "part.json").read_text(encoding="utf-8"))
        if part["mark"]:
            job.detail = "writing the table"
            found = session.read.parquet(f"file://{folder}/rows.parquet")
            rows = fitted(found, table["columns"], [], table["name"])
            if not part["first"] and table["key"]:
                _refuse_known(session, rows, table)
            job.run, run = part["mark"], job.run
            try:
                commit(session, job, rows, table, "load", Write.ALL if part["first"] else Write.ADD)
            finally:
                job.run = run
            done.write_text(part["mark"], encoding="utf-8")
        job.detail = f"{len(aside):,} set aside, see its log" if aside else ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _begun(ledger: Path) -> str:
    """The mark of what was to be committed last; empty where nothing was."""
    try:
        return str((json.loads(ledger.read_text(encoding="utf-8"))["next"] or {}).get("mark", ""))
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _refuse_known(session: Any, rows: Any, table: dict[str, Any]) -> None:
    """Of a table with a key no two rows of the files have the same, whenever they came."""
    names = table["key"]
    known = session.table(table["name"]).select(*(quote(name) for name in names))
    if both := rows.join(known, names, "left_semi").select(*(quote(name) for name in names)).take(1):
        key = ", ".join(f"{name}={value}" for name, value in zip(names, both[0], strict=True))
        why = f"{table['name']}: two rows have the key {key}, and one of them was loaded before"
        raise Refused(why, hopeless=True)


def _stage(job: Job, folder: Path, done: str) -> list[str]:
    """What the process that reads the files says, a line for each row that it set aside."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    task = folder / "task.json"
    names = ("source", "pattern", "ledger", "shape")
    told = {name: job.order[name] for name in names} | {"folder": str(folder), "run": job.run, "committed": done}
    task.write_text(json.dumps(told), encoding="utf-8")
    # pyspark's own path must not reach a process that knows nothing of Spark.
    path = os.environ.get("ROSACE_PYTHONPATH", "")
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("PYSPARK")}, "PYTHONPATH": path}
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            [*job.order["stage"], str(task)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
        )
        try:
            while child.poll() is None:
                job.check()
                job.stopping.wait(0.05)
        finally:
            child.kill()
            child.wait()
    if child.returncode:
        lines = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        why = lines[-1] if lines else f"the process that reads the file ended with {child.returncode}"
        raise Refused(why, hopeless=child.returncode == NO_USE)
    return (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
