"""A verb in a shell: closed streams, a full disk, a reader that goes, Ctrl-C; nothing on stderr that is not meant."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys

import pytest
from command_line import SOURCE, CommandLine

pytestmark = pytest.mark.slow

PARQUET = """\
platform: small
topics: {orders: {columns: {id: int!, name: string}, key: id}}
sources: {orders: {file: orders.parquet, to: orders}}
"""


@pytest.fixture
def parquet(empty: CommandLine) -> CommandLine:
    """A platform whose source DuckDB reads."""
    import duckdb

    duckdb.sql(f"COPY (SELECT 1 AS id, 'a' AS name) TO '{empty.folder / 'orders.parquet'}'")
    (empty.folder / "platform.yaml").write_text(PARQUET)
    return empty


def shell(line: CommandLine, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs `script` in bash, where `rosace` is the command under test."""
    rosace = f'rosace() {{ {shlex.quote(sys.executable)} -m rosace.cli "$@"; }}; set -o pipefail; '
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    state = {"ROSACE_STATE": str(line.place / "state"), "ROSACE_CACHE": str(line.place / "cache")}
    return subprocess.run(
        ["bash", "-c", rosace + script],
        cwd=line.folder,
        env={**kept, **state, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_verb_that_used_duckdb_says_only_what_it_means(parquet: CommandLine) -> None:
    """nanobind tells of every object that still lives when Python has ended."""
    done = parquet.run("check")
    assert (done.out, done.err) == ("", "platform.yaml: fine\n")
    parquet.edit("name: string", "nme: string")
    told = parquet.run("check", code=1).err
    assert told.startswith("error[source-columns]")
    assert told.endswith("platform.yaml: 1 error, 0 warnings\n")


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("verb", "code"), [("check", 0), ("get topics", 0), ("status", 1), ("--help", 0), ("chek", 2)])
def test_a_closed_stream_changes_no_answer(parquet: CommandLine, closed: str, verb: str, code: int) -> None:
    done = shell(parquet, f"rosace {verb} {closed}")
    assert "Traceback" not in done.stdout + done.stderr
    assert "defect" not in done.stdout + done.stderr
    assert done.returncode == code


def test_what_is_opened_does_not_get_the_talk_of_a_closed_stream(parquet: CommandLine) -> None:
    """The first free number would be 2: what the verb says would go into a file that it writes."""
    before = {path: path.read_bytes() for path in parquet.folder.iterdir()}
    shell(parquet, "rosace init other 2>&- >&-; rosace check other 2>&-")
    assert {path: path.read_bytes() for path in before} == before
    assert shell(parquet, "rosace check other").returncode == 0


@pytest.mark.parametrize(("verb", "code"), [("get topics", 0), ("--help", 0), ("schema", 0), ("check", 0)])
def test_a_full_disk_under_stdout_is_an_error_in_words(parquet: CommandLine, verb: str, code: int) -> None:
    done = shell(parquet, f"rosace {verb} > /dev/full")
    assert "Traceback" not in done.stderr
    if verb == "check":
        assert (done.returncode, done.stderr) == (0, "platform.yaml: fine\n")
    else:
        assert (done.returncode, done.stderr) == (2, "error: the answer cannot be written: No space left on device\n")


@pytest.mark.parametrize(("verb", "code"), [("check", 0), ("status", 1), ("chek", 2)])
def test_a_full_disk_under_stderr_changes_no_answer(parquet: CommandLine, verb: str, code: int) -> None:
    done = shell(parquet, f"rosace {verb} 2> /dev/full")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize("verb", ["get topics", "--help", "schema", "explain", "get topics -o json"])
def test_a_reader_that_goes(parquet: CommandLine, verb: str) -> None:
    """As `head -1` does: it has read what it wanted, and the answer stands."""
    for reader in ("head -1", "true", "sleep 0 <&-"):
        done = shell(parquet, f"rosace {verb} | {reader}")
        assert (done.returncode, done.stderr) == (0, ""), reader


def test_a_listener_that_goes_changes_no_answer(parquet: CommandLine) -> None:
    parquet.edit("name: string", "nme: string")
    for reader in ("head -1", "true"):
        done = shell(parquet, f"rosace check 2>&1 | {reader}")
        assert (done.returncode, done.stderr) == (1, "")


def test_logs_that_follow_end_with_their_reader(parquet: CommandLine) -> None:
    """A line that comes after the reader has gone ends them; `head` alone would leave them there for ever."""
    home = shell(parquet, "rosace status -o json | grep -o '/[^\"]*small-[0-9a-f]*'").stdout.strip()
    script = f"mkdir -p {home}/logs; echo one > {home}/logs/kafka.log; (sleep 1; echo two; sleep 1; echo three) >> "
    done = shell(parquet, f"{script}{home}/logs/kafka.log & rosace logs -f | head -1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "one\n", "")


def test_ctrl_c_is_one_line(parquet: CommandLine) -> None:
    fifo = parquet.folder / "wait"
    os.mkfifo(fifo)
    started = subprocess.Popen(
        [sys.executable, "-c", WAITS, str(fifo)],
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
    )
    with fifo.open() as there:
        there.read()
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert said.strip() == "interrupted"


WAITS = """
import sys, time
from pathlib import Path
from rosace.cli import main as cli

def waits(tokens, **_):
    Path(sys.argv[1]).write_text("there")
    time.sleep(30)

cli.app = waits
sys.argv[2:] = []
cli.main()
"""
"""The real entry point with a verb that waits: no verb of ours is slow enough to be met at a known moment."""
