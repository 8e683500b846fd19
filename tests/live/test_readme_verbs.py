"""Every command of README.md, run in its order on the real example: in a pipe and in a terminal.

The commands are taken from the text: a new one is run too. What is refused is any line on stderr that is not ours, a
trace or a warning of whatever a command is made of, a control code in a pipe, and in a terminal a line that is broken
inside a word.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from clustertools import tool
from lab_machine import needs_lab, unbuilt
from live_platform import EXAMPLE, Live, teardown
from terminal import Said, in_pipe, in_terminal

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEANT = {
    "rosace explain CODE": "rosace explain updating-query",
    "rosace logs JOB": "rosace logs carrier-delays",
    "rosace rebuild NAME": "rosace rebuild carriers --yes",
    "rosace logs flink -f": "timeout -s INT 5 rosace logs flink -f",
    "rosace init": "rosace init written-here",
}
"""What a person types for what the text says in general, or until they have seen enough."""
FASTER = ("rate=1500/s", "rate=20000/s")
"""The README's rate leaves a person minutes to kill something; 17 seconds of replay are enough for a script."""

FOREIGN = re.compile(
    r"Traceback|Warning\b|\bWARN|leaked|nanobind|SLF4J|log4j|OpenJDK|Picked up|Exception|Deprecat|a defect of Rosace"
    r"|\b\d{6,} s\b"
)
"""Words of what Rosace is made of, and times that are no times; none of its own lines has one."""
OURS = re.compile(
    r"""
      \s*$ | (?:Check|Fetch|Ask|Decide|Start|Let|Compare)\ .*\ \.\.\.$ | \ \ (?:ok|not\ reached:)\ .*\([\d.]+\ s\)$
    | \ \ everything\ is\ in\ the\ cache$ | \ \ \d+\ artifacts,\ .*\ to\ download | \ \ [\d.]+\w*\ of\ [\d.]+\w*,
    | \ \ memory:\ | memory:\ .*\ expected\ of\ | \ \ (?:\d+\ to\ \w+(?:,\ )?)+$ | \ \ nothing\ to\ change$
    | \ \ \ \ (?:restart|stop|cancel|resubmit)\ \w+/ | \ \ waiting\ for\b
    | \ \ reading\ (?:the\ file\ of\ .*|(?:topic|table)\ .*\ back)$
    | \ \ (?:starting|ready|applied|submitted|draining|finished|stopped|exited|restarting|failed|note)\ +[\w:.-]+
    | (?:verified|everything\ is\ ready)\ in\ [\d.]+\ s | next:\ | resident\ memory:
    | (?:\d+|[\d,]+\ of\ (?:more\ than\ )?[\d,]+)\ rows?\ in\ [\d.]+\ s
    | nothing\ to\ do$ | `rosace\ up`\ carries\ this\ out$ | stopped\ \d+\ process | nothing\ was\ running$
    | all\ data\ removed$ | nothing\ was\ removed$ | This\ removes\ all\ data\ | flights-[0-9a-f]{8}$
    | error:\ --erase\ removes\ all\ data | interrupted | opened\ https?:// | it\ asks\ for\ a\ certificate: | hint:\ 
    | .*'s\ planner\ judges\ .* | (?:note|warning)\[[\w-]+\]:\ | \ *(?:-->|:::)\ \S+:\d+:\d+$ | \ *\d*\ *\| | docs:\ 
    | .*platform\.yaml:\ fine | .*:\ \d+\ releases\ of\ \d+\ charts\ on\ \d+\ clusters, | read\ \S+README\.md,\ and
    | (?:lint|template)\ \S+ | no\ drift | not\ shown,\ for\ lack\ of\ room: | wrote\ \d+\ files\ below\ | next:$
    | \ \ (?:cd|rosace)\ [\w\ -]+$ | \ \ taking\ too\ long,\ ending\ by\ force$
    | nothing\ to\ remove$ | nothing\ was\ changed$ | \ \ \ \ (?:job|source|table|topic)/\S+\ [a-z ]+:\ 
    | secrets\ are\ in\ these\ files,
    | FLOW\ +INTO\ | (?:source|flink|spark)\ [\w-]+\ +[\w.]+\ +[\d,]+\ .*\ (?:exact|not\ compared)$
    | EXACT:\ \d+\ flows\ compared,\ 
    | making\ \d+\ of\ \d+\ programs,\ | \ \ [\w-]+\ [\d.]+\ \(.*\ \d+\ s\)$ | lab-\d:\ | lab-\d\ is\ ready\ at\ 
    | the\ lab\ is\ ready; | kubeconfig:\ | ended\ \d+\ cluster
    """,
    re.VERBOSE,
)
"""Lines of talk, from their beginning."""


def test_what_is_not_ours_is_seen() -> None:
    strange = (
        "nanobind: leaked 3 instances!", "WARNING: Using incubator modules: jdk.incubator.vector", "  at org.apache.X",
        "Traceback (most recent call last):", "/usr/lib/x.py:3: ResourceWarning: unclosed file", "SLF4J: no binding",
    )  # fmt: skip
    assert [line for line in strange if OURS.match(line) and not FOREIGN.search(line)] == []


def blocks(text: str) -> Iterator[str]:
    """The commands of a text: what stands between fences and names `rosace`, and each in backticks, in its order."""
    for found in re.finditer(r"^```\n(.*?)^```$|`(rosace [^`]+)`", text, re.DOTALL | re.MULTILINE):
        fenced, inline = found.groups()
        if inline:
            yield inline
        elif re.search(r"^rosace ", fenced, re.MULTILINE):
            yield fenced.rstrip("\n")


VERBS = list(dict.fromkeys(one for one in blocks(README) if "\n" not in one))
OWN, CLUSTERS, LAB, KILL = (one for one in blocks(README) if "\n" in one)


@dataclass
class Shell:
    """A checkout in which a person types; what it said is kept, for whoever wants to read it."""

    folder: Path
    live: Live
    heard: list[Said] = field(default_factory=list[Said])

    def env(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST", "NO_COLOR"))
        }
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TERM": "xterm-256color",
            "ROSACE_STATE": str(self.live.state),
            "ROSACE_DIRECTORY": "examples/flights",
            "BROWSER": "true",
        }

    def pipe(self, command: str, timeout: float = 600) -> Said:
        said = in_pipe(command, self.folder, self.env(), timeout)
        self.keep(said)
        strange = [line for line in said.err.split("\n") if not OURS.match(line)]
        assert not strange, f"not ours, of `{command}`:\n" + "\n".join(strange) + f"\n\n{said.transcript()[-6000:]}"
        assert "\x1b" not in said.out + said.err, said.transcript()[-6000:]
        return said

    def terminal(self, command: str, columns: int, typed: str = "", timeout: float = 600) -> Said:
        said = in_terminal(command, self.folder, self.env(), timeout, columns, typed)
        self.keep(said)
        # What engines say in their logs is shown as it comes; a word that is longer than the terminal stays whole, and
        # so does a line that is for a shell.
        wide = [line for line in said.lines if len(line) > columns and not line.startswith("export ")]
        long = [line for line in wide if " " in line.strip()]
        assert not long or " logs " in command, f"wider than {columns} columns, of `{command}`:\n" + "\n".join(long)
        return said

    def keep(self, said: Said) -> None:
        self.heard.append(said)
        if place := os.environ.get("ROSACE_TRANSCRIPTS"):
            with Path(place, "pty.txt" if said.columns else "pipe.txt").open("a", encoding="utf-8") as out:
                out.write(said.transcript() + "\n")
        if " logs " not in said.command:
            assert not FOREIGN.search(said.out + said.err), said.transcript()[-6000:]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """The example as `make up` starts it, in a pipe."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(EXAMPLE.parent, folder / "examples")
    live = Live(folder, folder / "state", env={"ROSACE_DIRECTORY": "examples/flights"})
    shell = Shell(folder, live)
    try:
        assert '@$(BIN)/rosace up "$(PLATFORM)" --verify $(ARGS)' in (ROOT / "Makefile").read_text(encoding="utf-8")
        assert shell.pipe("rosace up examples/flights --verify").code == 0
        yield shell
    finally:
        live.run("down", "-C", "my-platform", "--erase", "--yes", code=None, timeout=200)
        teardown(live)


def test_the_text_is_read() -> None:
    """The table of verbs, the three blocks and those in sentences; each of them is run below."""
    assert {"rosace status", "rosace verify", "rosace down --erase", "rosace doctor", "rosace --help"} <= set(VERBS)
    assert "rosace init my-platform" in OWN
    assert "rosace release lint out" in CLUSTERS
    assert "rosace lab up" in LAB
    assert "kill -9" in KILL
    assert len(VERBS) >= 15


def test_each_verb_in_a_pipe(shell: Shell) -> None:
    """`down --erase` asks, and nobody is there to answer: it says what to do, and nothing is lost."""
    for verb in VERBS:
        code = shell.pipe(MEANT.get(verb, verb)).code
        assert code in {"rosace down --erase": (2,), "rosace logs flink -f": (124,)}.get(verb, (0, 1)), verb
    assert [said.err for said in shell.heard if said.command == "rosace down --erase"] != [""]


def test_each_verb_in_a_narrow_terminal(shell: Shell) -> None:
    shutil.rmtree(shell.folder / "written-here", ignore_errors=True)
    assert shell.terminal("rosace up", 80).code == 0
    for verb in VERBS:
        said = shell.terminal(MEANT.get(verb, verb), 80, "no\n" if "--erase" in verb else "")
        assert said.code in ((124,) if verb.endswith(" -f") else (0, 1)), said.transcript()[-3000:]
        if verb in ("rosace status", "rosace verify"):
            names = ("flink-jobmanager", "land-departures") if verb == "rosace status" else ("lake.daily_report",)
            assert [name for name in names if name not in said.out] == []


def test_your_own_platform_in_a_terminal(shell: Shell) -> None:
    said = shell.terminal(f"set -e\n{OWN}", 100)
    assert said.code == 0, said.transcript()[-6000:]
    assert any(line.startswith("EXACT: ") for line in said.lines)
    assert shell.terminal("rosace down -C my-platform", 100).code == 0


def test_kill_anything_in_a_pipe(shell: Shell) -> None:
    assert FASTER[0] in KILL
    said = shell.pipe(f"set -e\n{KILL.replace(*FASTER)}")
    assert said.code == 0, said.transcript()[-6000:]
    assert "EXACT: 7 flows compared" in said.out


@pytest.mark.slow
def test_on_kubernetes(shell: Shell) -> None:
    """Both at once: a tree in a pipe, what is said of it in a terminal."""
    quiet = f"set -e\nPATH={tool('helm').parent}:$PATH\nls() {{ :; }}\nless() {{ :; }}\n"
    said = shell.pipe(quiet + CLUSTERS + " || test $? = 1")
    assert said.code == 0, said.transcript()[-6000:]
    assert len(list((shell.folder / "out").rglob("*.yaml"))) > 100
    for line in CLUSTERS.split("\n"):
        if line.startswith("rosace ") and " template " not in line:
            assert shell.terminal(f"PATH={tool('helm').parent}:$PATH; {line}", 100).code in (0, 1), line


@needs_lab
def test_a_lab_in_a_pipe_and_in_a_terminal(shell: Shell) -> None:
    if missing := unbuilt():
        pytest.skip(f"not built yet: {', '.join(missing)}; the tests of labs, which come last, build them")
    assert shell.pipe(f"set -e\n{LAB}", timeout=1200).code == 0
    assert shell.terminal(f"set -e\n{LAB}", 80, timeout=1200).code == 0
