"""What any program of good manners does: help, versions, suggestions, exit codes, clean streams."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from command_line import CommandLine

from rosace.cli.main import GROUPS, app

pytestmark = pytest.mark.slow


VERBS = [verb for verbs in GROUPS.values() for verb in verbs]


def test_help_lists_every_verb_with_a_line(empty: CommandLine) -> None:
    shown = empty.run("--help")
    assert shown.err == ""
    for verbs in GROUPS.values():
        for verb, line in verbs.items():
            assert verb in shown.out
            assert line in shown.out
    assert shown.out.index("check") < shown.out.index("status") < shown.out.index("doctor"), "in the order of use"


def test_without_a_verb_help_is_shown(empty: CommandLine) -> None:
    assert empty.run().out == empty.run("--help").out


def test_every_verb_has_a_file_and_every_file_a_verb() -> None:
    from pkgutil import iter_modules

    import rosace.cli.verbs

    assert sorted(VERBS) == sorted(module.name for module in iter_modules(rosace.cli.verbs.__path__))


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_ends_with_examples(empty: CommandLine, verb: str) -> None:
    shown = empty.run(verb, "--help")
    assert "default: ]" not in shown.out
    usage, _, examples = shown.out.partition("\nExamples:\n")
    assert usage.startswith(f"Usage: rosace {verb}")
    assert f"  rosace {verb}" in examples
    assert shown.err == ""
    for line in usage.splitlines():
        assert not line.startswith("│ --") or len(line.split("  ", 1)[1].strip(" │")) > 8, (
            f"an option without words: {line}"
        )


def test_short_lines_say_what_the_help_says() -> None:
    """Every verb's function is documented; `--help` of the whole shows a line that needs no import."""
    for verb in VERBS:
        told = app[verb].default_command
        assert told is not None
        assert told.__doc__, verb
        assert "Examples:" in told.__doc__, verb


def test_version(empty: CommandLine) -> None:
    from rosace import __version__

    assert empty.run("--version").out.strip() == __version__
    rows = empty.run("version", "--output", "json").json()
    assert rows[0] == {"what": "rosace", "version": __version__, "end_of_life": None, "support": None, "source": None}
    assert {row["what"] for row in rows} >= {"kafka", "flink", "spark", "trino", "postgresql"}
    assert all(row["version"] for row in rows if row["what"] != "iceberg")
    assert "kafka" in empty.run("version").out


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("chek",), '"check"'),
        (("statsu",), '"status"'),
        (("check", "--outptu", "json"), "--output"),
        (("check", "--output", "jsn"), '"json"'),
        (("get", "tpoics"), '"topics"'),
        (("init", "--example", "flight"), '"flights"'),
        (("completion", "bsh"), '"bash"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_misspelt_is_guessed(empty: CommandLine, arguments: tuple[str, ...], meant: str) -> None:
    refused = empty.run(*arguments, code=2)
    assert refused.out == ""
    assert f"Did you mean {meant}" in refused.err
    assert "hint: `rosace --help`" in refused.err


@pytest.mark.parametrize("arguments", [("up", "--timeout", "soon"), ("logs", "-n", "many"), ("get",), ("-C",)])
def test_what_cannot_be_understood_is_refused(empty: CommandLine, arguments: tuple[str, ...]) -> None:
    refused = empty.run(*arguments, code=2)
    assert refused.err.startswith("error: ")
    assert refused.out == ""


@pytest.mark.parametrize("verb", ["check", "plan", "up", "status", "get", "logs", "query", "verify", "down", "open"])
def test_where_there_is_no_platform(empty: CommandLine, verb: str) -> None:
    extra = {"get": ["topics"], "query": ["x"]}.get(verb, [])
    refused = empty.run(verb, *extra, code=2)
    assert "there is no platform.yaml" in refused.err
    assert "rosace init" in refused.err
    assert refused.out == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(empty: CommandLine, shell: str) -> None:
    script = empty.run("completion", shell).out
    assert all(verb in script for verb in VERBS)
    found = shutil.which(shell)
    if found:
        checked = subprocess.run([found, "-n"], input=script, text=True, capture_output=True, timeout=30, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")
    else:
        assert shell != "bash"


def test_a_reader_that_goes_away_is_no_error(fine: CommandLine) -> None:
    command = f"'{sys.executable}' -m rosace.cli schema | head -c 10"
    from command_line import SOURCE

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE)},
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.returncode == 0


IMPORTED = "import sys; from rosace.cli.main import run; code = run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"

HEAVY = {"duckdb", "confluent_kafka", "requests", "urllib3", "minio", "psutil", "jgo", "pypi_simple", "asyncio"}


def imported(fine: CommandLine, *arguments: str) -> set[str]:
    from command_line import SOURCE

    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        cwd=fine.folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE), "ROSACE_STATE": str(fine.place / "state")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return set(done.stderr.split())


def test_nothing_heavy_is_loaded_before_it_is_needed(fine: CommandLine) -> None:
    """Start-up time is imports: measured as what is loaded, which a busy machine does not change."""
    helped = imported(fine, "--help")
    assert not helped & {*HEAVY, "pydantic", "sqlglot", "yaml", "rosace.local", "rosace.check", "markdown_it"}
    checked = imported(fine, "check")
    assert not checked & {*HEAVY, "rich.console", "rosace.local.supervisor", "rosace.observe"}
    looked = imported(fine, "status")
    assert not looked & {*HEAVY - {"asyncio"}, "sqlglot", "rosace.check"}
