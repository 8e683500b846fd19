"""Hostile values in every word, and damaged files of ours: each is answered in words, none is a defect of Rosace."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import EXAMPLES

from rosace.cli.main import run
from rosace.source.load import load

pytestmark = pytest.mark.slow

HOSTILE: list[Any] = [
    "", " ", "'", "it's", '"', "\x00", "a\x00b", "a\u2028b", "a\nb", "9" * 300, 10**300, -1, 0, 1.5, 1e308, True,
    [], {}, [[]], [None], {"": ""}, None, "..", "../../etc/passwd", "null", "off", "{{ x }}", "$(id)",
    "${x}", "%s", "{0}", "1+1", "99+99", "é" * 100, "x" * 5000, 2**63, "0s", "0", "1e999", "*", "lake.", "lake.*",
    "- a", "!", "٣", "\x1b[2J",
]  # fmt: skip
"""What somebody types by mistake, and what somebody tries."""

SEED = int(os.environ.get("ROSACE_TEST_SEED", "9"))
"""The same values each time, unless another number asks for others."""

TRIES = 260
"""Values tried on each example; each word gets another one in each run of the list."""


def places(value: Any, base: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every way down to a value."""
    if base:
        yield base
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*base, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    changed = copy.deepcopy(value)
    inside = changed
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = new
    return changed


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A verb's exit code and talk; never a defect, never a traceback."""
    code = run(list(arguments))
    said = "".join(capsys.readouterr())
    assert "defect of Rosace" not in said and "Traceback" not in said, said[-1500:]
    assert code in (0, 1, 2)
    return code, said


def tries(value: Any, seed: int) -> list[tuple[tuple[Any, ...], Any]]:
    chosen = random.Random(seed)
    found = [(path, HOSTILE[(number + seed) % len(HOSTILE)]) for number, path in enumerate(places(value))]
    chosen.shuffle(found)
    return found[:TRIES]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ROSACE_DIRECTORY", raising=False)
    return tmp_path


@pytest.mark.parametrize(("name", "env", "verb"), [("flights", "", "plan"), ("vision360", "prod", "build")])
def test_a_hostile_value_in_any_word(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, env: str, verb: str
) -> None:
    """What the check lets through goes on to the plan, or to the tree for clusters."""
    folder = here / name
    shutil.copytree(EXAMPLES / name, folder)
    value = load(folder / "platform.yaml", [folder / "env" / f"{env}.yaml"] if env else []).value
    passed = 0
    for path, new in tries(value, SEED):
        (folder / "platform.yaml").write_text(json.dumps(put(value, path, new)), encoding="utf-8")
        try:
            code, _ = answer(capsys, "check", str(folder))
            # Each tenth of what passes: a tree takes a second.
            passed += code == 0
            if code == 0 and (verb == "plan" or passed % 10 == 0):
                more = ("-o", str(here / "out")) if verb == "build" else ()
                answer(capsys, verb, *(("-C",) if verb == "plan" else ()), str(folder), *more)
        except AssertionError as error:
            raise AssertionError(f"{'.'.join(map(str, path))} = {new!r:.60}: {error}") from None
    assert passed > 0


@pytest.mark.parametrize("verb", [("status",), ("logs",), ("down", "--erase", "--yes"), ("open",)], ids=" ".join)
def test_a_hostile_name_of_the_platform(here: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]) -> None:
    """It becomes the name of a folder, which `down --erase` removes."""
    folder = here / "flights"
    folder.mkdir()
    wrong = [name for name in [*HOSTILE, "../../other", "a/b"] if name not in ("null", "off")]
    for name in wrong:
        (folder / "platform.yaml").write_text(json.dumps({"platform": name}), encoding="utf-8")
        code, said = answer(capsys, verb[0], "-C", str(folder), *verb[1:])
        assert code == 2 and "platform.yaml" in said, name
    assert sorted(path.name for path in here.iterdir()) == ["flights"]


HINTS = [
    "it's",
    "OPTIONS('a'='it''s')",
    "'",
    "''",
    "OPTIONS(",
    "OPTIONS('",
    '"',
    "`",
    "BROADCAST('a')",
    "\\'",
    "{0}",
    "%s",
]


@pytest.mark.parametrize("hint", HINTS)
@pytest.mark.parametrize("job", ["jobs/delays.sql", "jobs/land.sql", "queries/late-carriers.sql"])
def test_a_hostile_hint(here: Path, capsys: pytest.CaptureFixture[str], hint: str, job: str) -> None:
    folder = here / "flights"
    shutil.copytree(EXAMPLES / "flights", folder)
    text = (folder / job).read_text(encoding="utf-8")
    for keyword in ("SELECT", "INTO"):
        (folder / job).write_text(text.replace(keyword, f"{keyword} /*+ {hint} */", 1), encoding="utf-8")
        answer(capsys, "check", str(folder))


def spoiled(text: str, chosen: random.Random) -> str:
    """The text of a JSON or YAML file, damaged as crashes, editors and mergers do it."""
    match chosen.randrange(6):
        case 0:
            return text[: chosen.randrange(len(text))]
        case 1:
            return chosen.choice(
                ["", "[]", "null", "{}", "1", "\x00" * 20, "<<<<<<< HEAD\n" + text, "[" * 5000, "a: b: c"]
            )
        case 2:
            at = chosen.randrange(len(text))
            return text[:at] + chosen.choice(["\x00", "{", "]", '"', ":", "é", "\n", "-"]) + text[at + 1 :]
        case _:
            try:
                value = json.loads(text)
            except ValueError:
                lines = text.splitlines(keepends=True)
                at = chosen.randrange(len(lines))
                lines[at] = chosen.choice(
                    ["", lines[at].strip(), lines[at] * 2, "kind: []\n", "metadata: 1\n", "---\n"]
                )
                return "".join(lines)
            ways = list(places(value)) or [()]
            path = chosen.choice(ways)
            return json.dumps(put(value, path, chosen.choice(HOSTILE)) if path else value)


def state_of(folder: Path) -> Path:
    """What `up` would have written, without engines."""
    from rosace.check.platform import check
    from rosace.local.home import Home
    from rosace.local.prepare import prepare
    from rosace.local.store import write_json
    from rosace.plan.machine.deployment import to_json

    home = Home.of("flights", folder / "platform.yaml")
    deployment = prepare(check(load(folder / "platform.yaml"), folder), home, "0" * 16).deployment
    write_json(home.deployment, {"deployment": to_json(deployment), "archives": "/nowhere", "files": []})
    item = {"pid": None, "memory": 1, "state": "ready", "ports": {"a": 1}}
    write_json(home.state, {"processes": {"kafka": item}, "jobs": {}, "supervisor": {"memory": 1}})
    return home.path


def test_damaged_files_of_state(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "flights"
    shutil.copytree(EXAMPLES / "flights", folder)
    home, kept = state_of(folder), here / "kept"
    shutil.copytree(home, kept)
    chosen = random.Random(SEED)
    named = 0
    for _ in range(25):
        for path in sorted(kept.glob("*.json")):
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            (home / path.name).write_text(spoiled(path.read_text(), chosen), encoding="utf-8")
            for verb in (("status",), ("status", "--all"), ("plan",)):
                _, said = answer(capsys, *verb, *(("-C", str(folder)) if len(verb) == 1 else ()))
                if "is damaged" in said:
                    assert path.name in said
                    named += 1
            answer(capsys, "down", str(folder))
    assert named > 20


def test_secrets_that_are_damaged_are_not_made_anew(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The data was written with the old ones: others would lock it."""
    folder = here / "flights"
    shutil.copytree(EXAMPLES / "flights", folder)
    home = state_of(folder)
    (home / "secrets.json").write_text("{", encoding="utf-8")
    code, said = answer(capsys, "plan", str(folder))
    assert code == 2
    assert "secrets.json is damaged: no JSON" in said
    assert "put the file back" in said


def test_damaged_trees(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Helm, `diff` reads what is there itself."""
    tree, folder = here / "out", str(EXAMPLES / "vision360")
    assert answer(capsys, "build", folder, "--env", "prod", "-o", str(tree))[0] == 0
    monkeypatch.delenv("ROSACE_HELM", raising=False)
    monkeypatch.setenv("PATH", str(here))
    chosen = random.Random(SEED)
    files = [tree / "releases.json", *chosen.sample(sorted(tree.glob("clusters/*/values/*.yaml")), 4)]
    named = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        for _ in range(12 if path.name == "releases.json" else 4):
            path.write_text(spoiled(text, chosen), encoding="utf-8")
            code, said = answer(capsys, "diff", str(tree), "-C", folder, "--env", "prod")
            if code == 2:
                # A release with another cluster's name leads to a file that is not there: that one is named.
                assert path.name in said or f"{tree}/clusters/" in said
                named += 1
        path.write_text(text, encoding="utf-8")
    assert named > 8
