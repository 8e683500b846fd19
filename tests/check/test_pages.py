"""The pages of `rosace explain` are tests: each example yields exactly the code that it explains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rosace.check.data import misfits
from rosace.check.explain import codes, explain
from rosace.check.platform import examine
from rosace.source.diagnostic import Refused
from rosace.source.load import load

SOURCES = Path(__file__).parents[2] / "src" / "rosace"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:--|#) file: (\S+)\n")
_CODE = re.compile(r"(?:Diagnostic|Problem|refuse|_problem)\(\s*\"([a-z0-9-]+)\"|\bcode(?:, hint)? = \"([a-z0-9-]+)\"")
NOT_RUN = {
    "engine-refuses",
    "nobody-offers",
    "several-offer",
    "not-utf8",
    "bad-assignment",
    "not-here",
    "sources-unsampled",
    "not-on-clusters",
} | {
    "trino-same-column",
    "spark-name-clash",
    "spark-topic-overwrite",
    "spark-stream-overwrite",
}


def page(code: str) -> str:
    text = explain(code)
    assert text is not None
    return text


@pytest.mark.parametrize("code", codes())
def test_example_yields_the_code(code: str, tmp_path: Path) -> None:
    text = page(code)
    assert text.startswith(f"# {code}\n")
    assert "## What to do" in text
    if "<!-- not run:" in text:
        assert code in NOT_RUN
        return
    (_, yaml), *others = _FENCE.findall(text)
    (tmp_path / "platform.yaml").write_text(yaml, encoding="utf-8")
    for _, content in others:
        if named := _FILE.match(content):
            path = tmp_path / named[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(content[named.end() :], encoding="utf-8")
    also = re.search(r"<!-- also: (.*?) -->", text)
    # Most examples leave out, for brevity, who fills what they read.
    aside = {"never-written", *(also[1].split() if also else ())} - {code}
    assert _codes(tmp_path) - aside == {code}


def _codes(folder: Path) -> set[str]:
    try:
        tree = load(folder / "platform.yaml")
        checked, found = examine(tree, folder)
        found += misfits(checked, tree) if checked else ()
    except Refused as refused:
        found = list(refused.diagnostics)
    return {diagnostic.code for diagnostic in found}


def test_every_code_has_a_page() -> None:
    raised: set[str] = set()
    for pattern in ("check/**/*.py", "source/**/*.py", "engines/*/rules.py"):
        for path in SOURCES.glob(pattern):
            raised |= {one or other for one, other in _CODE.findall(path.read_text(encoding="utf-8"))}
    assert raised - set(codes()) == set()
    assert len(raised) > 60


def test_no_page_for_nothing() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    assert [code for code in codes() if f'"{code}"' not in everything] == []


def test_unknown_code() -> None:
    assert explain("no-such-code") is None
    assert explain("../platform") is None
    assert codes() == sorted(codes())
