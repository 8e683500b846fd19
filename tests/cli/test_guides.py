"""The guides are true: every command in them parses, and the platform that they build step by step passes its check."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import SOURCE, CommandLine

from rosace.cli.main import app

GUIDES = SOURCE.parent / "docs" / "guides"


def blocks(guide: str, language: str) -> list[str]:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


@pytest.mark.parametrize("guide", sorted(path.name for path in GUIDES.glob("*.md")))
def test_every_command_is_one(guide: str) -> None:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    lines = [line for block in blocks(guide, "sh") for line in block.splitlines()]
    lines += [line for line in re.findall(r"`(rosace [^`]+)`", text) if line == line.lower()]
    # What a shell does with the output is not the command's matter.
    plain = [re.split(r" [<>|] ", line)[0] for line in lines if line.startswith("rosace ")]
    commands = [shlex.split(line, comments=True)[1:] for line in plain]
    assert len(commands) > 5
    for command in commands:
        app.parse_args(command, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("guide", sorted(path.name for path in GUIDES.glob("*.md")))
def test_every_link_leads_somewhere(guide: str) -> None:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (GUIDES / target).exists(), target


def test_the_platform_of_the_guide_passes_its_check(empty: CommandLine) -> None:
    """Each YAML block is laid over what `init` wrote, each SQL block is the file that its first line names."""
    empty.run("init")
    overlays: list[str] = []
    (empty.folder / "env").mkdir()
    for number, text in enumerate(blocks("your-own-platform.md", "yaml")):
        (empty.folder / "env" / f"step{number}.yaml").write_text(text, encoding="utf-8")
        overlays += ["--env", f"step{number}"]
    for text in blocks("your-own-platform.md", "sql"):
        path = empty.folder / Path(text.splitlines()[0].removeprefix("-- ").strip())
        path.write_text(text, encoding="utf-8")
    assert len(overlays) == 2 * 4
    assert empty.run("check", *overlays).err == "platform.yaml: fine\n"
    jobs = {row["job"] for row in empty.run("get", "jobs", "-o", "json", *overlays).json()}
    assert jobs == {"land-orders", "hourly-revenue", "revenue-now", "daily-report"}


def test_the_file_of_the_guide_is_read_as_it_says(empty: CommandLine) -> None:
    said, _followed = blocks("your-own-platform.md", "yml")
    assert "file: data/preise.csv" in said
    topic = "platform: demo\ntopics: {prices: {columns: {price: 'decimal(10,2)', day: date, loaded: timestamp}}}\n"
    (empty.folder / "platform.yaml").write_text(topic + said, encoding="utf-8")
    (empty.folder / "data").mkdir()
    text = "Preis in €;Datum;Stand\n'1,5';31.12.2024;1700000000000\n"
    (empty.folder / "data" / "preise.csv").write_bytes(text.encode("cp1252"))
    assert empty.run("check").err == "platform.yaml: fine\n"


def test_the_error_that_the_guide_shows_is_the_one_that_is_shown(empty: CommandLine) -> None:
    empty.run("init")
    empty.edit("SUM(amount)", "SUM(amout)", "jobs/revenue.sql")
    shown = empty.run("check", code=1).err.splitlines()
    (promised,) = [block for block in blocks("your-own-platform.md", "text") if block.startswith("error")]
    missing = [line for line in promised.splitlines() if line not in shown]
    assert missing == []
