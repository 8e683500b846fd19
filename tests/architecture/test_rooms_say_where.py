"""Rooms know no places, so each of their rules says by a path what it speaks of."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from codebase import ROOT

RULES = sorted((ROOT / "src/rosace/engines").glob("*/rules.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_every_diagnostic_of_a_room_says_what_it_is_about(path: Path) -> None:
    """Without `about=` a person would be led to `platform:`, the first line, whatever is wrong."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Diagnostic"]
    silent = [call.lineno for call in made if not {"about", "labels"} & {word.arg for word in call.keywords}]
    assert made
    assert silent == [], f"{path.parent.name}/rules.py, lines {silent}: write `about=(...)`, the path in platform.yaml"
