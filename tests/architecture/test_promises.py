"""Every word that a user may write is read by somebody: one that is not would be a promise that nobody keeps."""

from __future__ import annotations

import ast

from codebase import Module, modules


def _words() -> set[str]:
    """Fields of the models that the file is read into, as "Class.field"."""
    return {
        f"{found.name}.{field.target.id}"
        for module in modules()
        if module.layer == "model" or module.parts[-1] == "spec"
        for found in module.tree.body
        if isinstance(found, ast.ClassDef) and _holds_words(found, module)
        for field in found.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def _holds_words(found: ast.ClassDef, module: Module) -> bool:
    bases = {base.id for base in found.bases if isinstance(base, ast.Name)}
    inherited = (one for one in module.tree.body if isinstance(one, ast.ClassDef) and one.name in bases)
    return "Words" in bases or any(_holds_words(one, module) for one in inherited)


def test_every_word_is_read() -> None:
    read = {node.attr for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    words = _words()
    assert {"Platform.topics", "Cluster.runs", "FlinkSpec.memory"} <= words
    assert {word for word in words if word.partition(".")[2] not in read} == set()
