"""The guide of the second day, from top to bottom: its files are written, its edits made, its commands run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "day-two.md"
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
CODE = re.compile(r"#\s+exit code (\d+)$")


@dataclass(frozen=True)
class Step:
    """A block of the guide, and the heading that it stands below."""

    heading: str
    language: str
    text: str


def steps() -> Iterator[Step]:
    for part in GUIDE.read_text(encoding="utf-8").split("\n## "):
        for language, text in BLOCK.findall(part):
            yield Step(part.splitlines()[0], language, text)


def named(text: str) -> tuple[str, str]:
    """The file that a block's first line names, and what comes below."""
    head, _, rest = text.partition("\n")
    return head.lstrip("#- "), rest


def edit(folder: Path, text: str) -> None:
    """Lines that go, each run of them followed by the lines that come in their place."""
    name, changes = named(text)
    path = folder / name
    for minus, plus in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", changes, re.MULTILINE):
        old, new = ("\n".join(line[1:] for line in part.splitlines()) for part in (minus, plus))
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{name} has {content.count(old)} times:\n{old}\n\n{content}"
        path.write_text(content.replace(old, new), encoding="utf-8")


def commands(text: str) -> Iterator[tuple[str, int]]:
    """Each command with the exit code that is written beside it."""
    for line in text.replace("\\\n", " ").splitlines():
        code = CODE.search(line)
        yield CODE.sub("", line).strip(), int(code[1]) if code else 0


def run(live: Live, command: str, code: int) -> None:
    """Runs it in a shell as a person does; after each `up` that went well nothing is left, all is well and exact."""
    bin_ = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=live.folder,
        env={**os.environ, "ROSACE_STATE": str(live.state), "NO_COLOR": "1", "PATH": f"{bin_}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    print(f"$ {command}\n{done.stdout}{done.stderr}")
    assert done.returncode == code, f"exit code {done.returncode}"
    assert "Traceback" not in done.stderr and "defect of Rosace" not in done.stderr
    if shlex.split(command)[:2] == ["rosace", "up"] and code == 0:
        settled(live)


def settled(live: Live) -> None:
    report = live.verify()
    assert report["exact"], json.dumps(report, indent=1)[:6000]
    live.run("plan")
    live.run("status")


def test_the_second_day_is_as_the_guide_tells(tmp_path: Path) -> None:
    live = Live(tmp_path / "market", tmp_path / "state")
    live.folder.mkdir()
    try:
        for step in steps():
            print(f"== {step.heading}")
            if step.language == "diff":
                edit(live.folder, step.text)
            elif step.language == "sh":
                for command, code in commands(step.text):
                    run(live, command, code)
            elif step.language != "text":
                (live.folder / named(step.text)[0]).write_text(step.text, encoding="utf-8")
    finally:
        teardown(live)
