"""Rooms say what they offer and need by types, never by text: what is misspelt, the type checker names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from codebase import ROOT, modules

from rosace.model.capabilities import Capability

NAMES = {kind.__name__ for kind in Capability.__subclasses__()}
COMPOUND = {name for name in NAMES if re.search("[a-z0-9][A-Z]", name)}
"""Names that are no word of English besides."""


def test_no_text_names_a_capability() -> None:
    assert len(COMPOUND) > 8
    found = [
        f"{module.place}:{line} says {text!r}"
        for module in modules()
        for text, line in module.texts()
        if text in COMPOUND
    ]
    assert not found


WRONG = {
    'Needs("KafkaBootstrap")': "reportArgumentType",
    "Needs(KafkaBootstarp)": "reportUndefinedVariable",
    'Within("broker", "replication")': "reportArgumentType",
    'Workload("a", "b", "c", {}, {"KafkaBootstrap": (9092,)})': "reportArgumentType",
    'Workload("a", "b", "c", {}, {}, ("internet",))': "reportArgumentType",
    "Outside(Own('smtp'))": "reportArgumentType",
    'S3Endpoint("http://store:9000", "eu", Secret("a"), Secret("b"))': "reportArgumentType",
}
RIGHT = (
    "Needs(KafkaBootstrap)",
    'Within("broker", Own("replication"))',
    'Workload("a", "b", "c", {}, {KafkaBootstrap: (9092,), SCRAPED: (9404,)}, (Outside(587), API_SERVER))',
)
HEAD = """\
from rosace.contract.workload import API_SERVER, SCRAPED, Needs, Outside, Own, Within, Workload
from rosace.model.capabilities import KafkaBootstrap, S3Endpoint, Secret

__all__ = ["API_SERVER", "SCRAPED", "KafkaBootstrap", "Needs", "Outside", "Own", "S3Endpoint", "Secret", "Within"]
"""


@pytest.mark.slow
def test_the_type_checker_names_what_is_misspelt(tmp_path: Path) -> None:
    lines = [*RIGHT, *WRONG]
    code = [f"v{number} = {line}" for number, line in enumerate(lines)]
    (tmp_path / "said.py").write_text("\n".join([HEAD, *code, ""]), encoding="utf-8")
    settings = {"include": ["said.py"], "extraPaths": [str(ROOT / "src")], "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    program = Path(sys.executable).with_name("basedpyright")
    told = subprocess.run([program, "--outputjson"], cwd=tmp_path, capture_output=True, text=True, check=False)
    first = HEAD.count("\n") + 1
    found: dict[str, set[str]] = {}
    for one in json.loads(told.stdout)["generalDiagnostics"]:
        found.setdefault(lines[one["range"]["start"]["line"] - first], set()).add(one["rule"])
    assert found.keys() == WRONG.keys()
    assert not {line: found[line] for line, rule in WRONG.items() if rule not in found[line]}
