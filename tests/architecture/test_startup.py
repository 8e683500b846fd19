"""The command answers at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

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


NOT_OF_A_CHECK = {
    *("asyncio", "confluent_kafka", "cryptography", "duckdb", "jgo", "minio", "psutil", "pyarrow", "pypi_simple"),
    *("requests", "urllib3", "rosace.check.explain", "rosace.check.schema", "rosace.deliver", "rosace.observe"),
    *("rosace.plan", "rosace.local.artifacts", "rosace.local.supervisor"),
}
"""What no check of SQL and words makes use of; each takes its time to import."""

SEEN = """
import sys
sources = []
sys.addaudithook(lambda event, told: sources.append(str(told[0])) if event == "open" else None)
from rosace.cli.main import run
assert run(["check", "examples/flights"]) == 0
print("\\nread", *(one for one in sources if one.endswith(".py")))
print("\\nloaded", *sys.modules)
"""


def test_a_check_imports_nothing_that_it_makes_no_use_of_and_reads_no_source(tmp_path: Path) -> None:
    """Sources that are compiled are not read again, as docstrings of attributes would make Pydantic do."""
    environment = {**_environment(), "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", SEEN], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
        )
    told, _, loaded = done.stdout.partition("\nread ")[2].partition("\nloaded ")
    assert not told.split()
    assert not NOT_OF_A_CHECK & set(loaded.split())


NOT_OF_A_BUILD = {
    *("asyncio", "confluent_kafka", "cryptography", "duckdb", "jgo", "minio", "psutil", "pyarrow", "pypi_simple"),
    *("requests", "urllib3", "rosace.observe", "rosace.plan.machine", "rosace.local.supervisor"),
}
"""What no engine's side on clusters makes use of."""


def test_a_build_imports_no_client(tmp_path: Path) -> None:
    asked = ["build", "examples/flights", "--env", "prod", "-o", str(tmp_path / "out")]
    skipped = "import rosace.cli.judges as judges; judges.settle = lambda checked: None"
    loaded = _modules(f"{skipped}; from rosace.cli.main import run; assert run({asked!r}) == 0")
    assert "rosace.engines.kafka.kubernetes" in loaded
    assert not NOT_OF_A_BUILD & loaded


def test_at_its_end_a_verb_does_not_look_through_all_that_it_made() -> None:
    asked = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count(), len(gc.get_objects())))\n"
        "sys.argv = ['rosace', 'check', 'examples/flights']\n"
        "from rosace.cli.main import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], env=_environment(), capture_output=True, text=True, check=True, cwd=ROOT
    )
    left_out, looked_through = map(int, done.stdout.splitlines()[-1].split())
    assert left_out > 50_000 > looked_through


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
