"""What data and engines say reaches a terminal as characters, never as commands to it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rosace.cli.board import describe
from rosace.cli.proof import lines
from rosace.cli.tables import emit
from rosace.local.home import Home
from rosace.model.events import Event, Kind, Subject
from rosace.observe.verify.report import Flow, Report

HOSTILE = "a\x1b]0;owned\x07b\x1b[2J\x9bc\u202ed"


def tame(text: str) -> bool:
    return not [c for c in text if (ord(c) < 32 and c not in "\n\r") or 0x7F <= ord(c) < 0xA0 or c == "\u202e"]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_table_shows_control_characters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    emit([{"name": HOSTILE}], (("name", "NAME"),), "table")
    shown = capsys.readouterr().out
    assert "owned" in shown
    assert tame(re.sub("\x1b\\[[0-9;]*m", "", shown)), "beyond the colours of the table's own"


def test_bytes_instants_and_what_is_nested_are_told_as_topics_do(capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime(2024, 2, 29, 8, 30, tzinfo=UTC)
    row = {"deep": {"raw": [b"ab", None], "at": moment, "a": Decimal("1.50")}, "raw": b"ab", "at": moment}
    emit([row], [(key, key) for key in row], "json")
    (told,) = json.loads(capsys.readouterr().out)
    assert told["deep"] == {"raw": ["YWI=", None], "at": "2024-02-29T08:30:00Z", "a": "1.50"}
    assert (told["raw"], told["at"]) == ("YWI=", "2024-02-29T08:30:00Z")
    emit([row], [(key, key) for key in row], "table")
    shown = capsys.readouterr().out
    assert '{"raw": ["YWI=", null], "at": "2024-02-29T08:30:00Z", "a": "1.50"}' in shown
    assert " YWI=" in shown


def test_json_keeps_them_as_json_does(capsys: pytest.CaptureFixture[str]) -> None:
    emit([{"name": HOSTILE}], (("name", "NAME"),), "json")
    assert "\\u001b]0;owned" in capsys.readouterr().out


def test_events_and_proofs_show_them() -> None:
    assert tame(describe(Event(time.time(), Kind.FAILED, Subject("process", "x"), HOSTILE, {})))
    flow = Flow(name="f", target="t", against="files", result="wrong", examples=(HOSTILE,))
    assert tame("".join(lines(Report(platform="p", flows=(flow,), seconds=0.0), color=False)))


def test_logs_show_them_on_a_terminal_and_keep_them_in_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text("platform: p\n")
    environment = {**os.environ, "ROSACE_STATE": str(tmp_path / "state")}
    home = tmp_path / "state" / Home.of("p", tmp_path / "platform.yaml").path.name
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "kafka.log").write_text(f"said {HOSTILE}\n")
    command = [sys.executable, "-m", "rosace.cli", "logs"]
    piped = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert HOSTILE in piped.stdout
    master, slave = pty.openpty()
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=slave) as process:
        assert process.wait(60) == 0
    os.close(slave)
    shown = os.read(master, 65536).decode()
    os.close(master)
    assert "owned" in shown
    assert tame(shown)
