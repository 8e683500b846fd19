"""A program that is asked line by line is held on a short leash: in time, in memory, to the end of whoever asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rosace.contract.planner import UNBOUNDED, Program, Unasked
from rosace.local.talk import Conversation
from rosace.local.unit import born
from rosace.model.quantity import Size

ECHO = """
import base64, os, sys, time
for line in sys.stdin:
    word, *texts = line.split()
    text = base64.b64decode(texts[0]).decode() if texts else ""
    if word == "sleep":
        os.fork() or time.sleep(60)
        time.sleep(60)
    if word == "die":
        sys.exit("out of order")
    if word == "fill":
        bytearray(int(text))
    if word == "chat":
        print("Hello", flush=True)
    said = base64.b64encode(text[::-1].encode()).decode()
    print("refused" if word == "refuse" else "taken", said, said, flush=True)
"""


def program(memory: Size = UNBOUNDED) -> Program:
    return Program((sys.executable, "-c", ECHO), memory=memory)


def test_it_answers_in_any_script(tmp_path: Path) -> None:
    with Conversation(program(), tmp_path, tmp_path) as talk:
        assert talk.ask("say", "né 😀\n") == (True, ("\n😀 én", "\n😀 én"))
        assert talk.ask("refuse", "x" * 200_000) == (False, ("x" * 200_000, "x" * 200_000))


def test_what_does_not_answer_is_killed_with_its_children(tmp_path: Path) -> None:
    with (
        pytest.raises(Unasked, match=r"did not answer within 0\.5 s"),
        Conversation(program(), tmp_path, tmp_path, patience=0.5) as talk,
    ):
        talk.ask("sleep")
    assert not _named(str(tmp_path))


@pytest.mark.parametrize(("word", "text", "why"), [("die", "", "out of order"), ("chat", "", "Hello")])
def test_what_is_no_answer_is_told(tmp_path: Path, word: str, text: str, why: str) -> None:
    with pytest.raises(Unasked, match=why), Conversation(program(), tmp_path, tmp_path) as talk:
        talk.ask(word, text)


def test_a_jvm_that_somebody_starts_is_told_of_its_archive(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib" / "server").mkdir(parents=True)
    (tmp_path / "lib" / "server" / "classes.jsa").touch()
    (tmp_path / "kept.jsa").touch()
    code = (
        "import sys, base64; sys.stdin.readline();"
        "print('taken', *(base64.b64encode(x.encode()).decode() for x in sys.argv[1:]))"
    )
    argv = (sys.executable, "-c", code, str(tmp_path / "bin" / "java"), "Main")
    with Conversation(Program(argv, archive="kept.jsa", jvm=3), tmp_path, tmp_path) as talk:
        java, *flags, main = talk.ask("argv").texts
    assert (java, main) == (argv[3], "Main")
    assert f"-XX:SharedArchiveFile={tmp_path / 'kept.jsa'}" in flags


def test_it_takes_no_more_memory_than_it_may(tmp_path: Path) -> None:
    with Conversation(program(Size.mebibytes(300)), tmp_path, tmp_path) as talk:
        assert talk.ask("fill", str(2**20)).taken
        with pytest.raises(Unasked, match="MemoryError"):
            talk.ask("fill", str(2**30))


def test_it_ends_with_whoever_asks(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from rosace.local.talk import Conversation;"
        "from rosace.contract.planner import Program;"
        f"talk = Conversation(Program((sys.executable, '-c', {ECHO!r})), Path({str(tmp_path)!r}), Path('/nowhere'));"
        "print(talk._process.pid, flush=True); time.sleep(60)"
    )
    asker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert asker.stdout
    child = int(asker.stdout.readline())
    assert born(child)
    asker.send_signal(signal.SIGKILL)
    asker.wait()
    asker.stdout.close()
    deadline = time.monotonic() + 10
    while born(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not born(child)


def _named(folder: str) -> list[int]:
    """Live processes that work in a folder."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd") == folder and born(int(entry.name)):  # noqa: PTH115
                found.append(int(entry.name))
        except OSError:
            continue
    return found
