"""The command answers at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest
from codebase import ROOT

pytestmark = pytest.mark.slow


HEAVY = {
    *("asyncio", "confluent_kafka", "cronsim", "duckdb", "jgo", "minio", "psutil", "pydantic", "pypi_simple"),
    *("requests", "rosace.check", "rosace.engines", "rosace.local.artifacts", "sqlglot", "urllib3", "yaml"),
}
HELP = 0.2
"""CPU seconds of `rosace --help`, on a machine where Python itself starts in `BARE`."""
BARE = 0.012

CLIENTS = {"confluent_kafka", "duckdb", "minio", "requests", "sqlglot", "urllib3"}


def test_the_command_line_loads_nothing_heavy() -> None:
    loaded = _modules("import rosace.cli.main")
    assert not HEAVY & loaded


def test_a_list_of_all_engines_loads_no_client() -> None:
    loaded = _modules("from rosace.contract.registry import engines; assert engines()")
    assert not CLIENTS & loaded
    files = {"live", "local", "settings", "sql", "jobs", "health", "rules"}
    parts = {name for name in loaded if name.startswith("rosace.engines.") and name.rpartition(".")[2] in files}
    assert not parts, "a room's other files are imported only when used"


@pytest.mark.parametrize("verb", ["check", "status", "version"])
def test_help_of_a_verb_loads_no_client(verb: str) -> None:
    asked = f"from rosace.cli.main import run; run([{verb!r}, '--help'])"
    assert not CLIENTS & _modules(asked)


def test_help_is_quick() -> None:
    bare = min(_cpu("-c", "pass") for _ in range(5))
    spent = min(_cpu("-m", "rosace.cli", "--help") for _ in range(7))
    assert spent < HELP * max(1.0, bare / BARE)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def _modules(code: str) -> set[str]:
    marked = f"{code}\nimport sys\nprint('\\nloaded', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", marked], env=_environment(), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.rpartition("\nloaded ")[2].split())


def _cpu(*arguments: str) -> float:
    """Seconds of CPU that a Python with these arguments takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=_environment(), stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
