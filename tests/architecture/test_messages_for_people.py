"""What Rosace says is for people: no code of ours reads a message, a label or a type's name back to decide by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codebase import modules

READING = {
    "startswith",
    "endswith",
    "split",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "find",
    "index",
}
"""Methods of text that look into it."""

OF_OTHERS = {"src/rosace/source/pydantic_errors.py": "what Pydantic says, which has no other form for it"}
"""Messages that are not ours. It may only shrink."""


def _said(node: ast.expr) -> bool:
    """`x.message`, `type(x).__name__`, `x.__class__.__name__`."""
    if not isinstance(node, ast.Attribute):
        return False
    if node.attr == "message":
        return True
    value = node.value
    made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "type"
    return node.attr == "__name__" and (made or (isinstance(value, ast.Attribute) and value.attr == "__class__"))


def _read_back(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(map(_said, [node.left, *node.comparators])):
            yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            looked = node.func.attr in READING and _said(node.func.value)
            if looked or (node.func.attr == "get" and any(map(_said, node.args))):
                yield node.lineno


def test_what_is_looked_for_is_found() -> None:
    lines = (
        "a.message == b",
        "'x' in a.message",
        "a.message.split()",
        "type(a).__name__ in b",
        "c.get(type(a).__name__)",
    )
    assert [list(_read_back(ast.parse(line))) for line in lines] == [[1]] * len(lines)
    assert not list(_read_back(ast.parse("f'{a.message} of {type(a).__name__}'")))


def test_nothing_that_was_said_is_read_back() -> None:
    found = [
        f"{module.place}:{line}"
        for module in modules()
        if module.place not in OF_OTHERS
        for line in _read_back(module.tree)
    ]
    assert not found
