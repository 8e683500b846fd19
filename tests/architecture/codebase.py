"""The code as data, for the tests of its shape: files, parsed modules, who imports whom.

Must not: import the code itself; what a file says is enough.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "rosace"
ROOMS = HOUSE / "engines"

_LEFT_OUT = {".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", "build", "dist"}


@dataclass(frozen=True)
class Import:
    """`import module` or `from module import ...` at a line; `module` is absolute."""

    module: str
    line: int

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is dotted, without `.__init__`; `layer` is the first folder below `rosace`."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def parts(self) -> tuple[str, ...]:
        return self.path.relative_to(HOUSE).with_suffix("").parts

    @property
    def name(self) -> str:
        return ".".join(("rosace", *self.parts)).removesuffix(".__init__")

    @property
    def layer(self) -> str:
        return self.parts[0]

    @property
    def room(self) -> str:
        """The engine whose room this is in; empty outside, and for the files beside the rooms."""
        return self.parts[1] if self.layer == "engines" and len(self.parts) > 2 else ""

    def imports(self) -> Iterator[Import]:
        """All imports at any depth, also lazy ones and those for types only."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = self._absolute(node)
                # `from rosace.engines import kafka` imports the room as much as `import rosace.engines.kafka`.
                yield from (Import(f"{module}.{alias.name}", node.lineno) for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = ("rosace", *self.parts)[: -node.level]
        return ".".join((*package, *([node.module] if node.module else [])))

    def texts(self) -> Iterator[tuple[str, int]]:
        """Every string constant that is not documentation, with its line."""
        documentation = {
            id(node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                yield node.value, node.lineno


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, without the rooms' own tests."""
    found = sorted(path for path in HOUSE.rglob("*.py") if "tests" not in path.relative_to(HOUSE).parts)
    return tuple(read(path) for path in found)


@cache
def surroundings() -> tuple[Module, ...]:
    """Every Python file of the tests and tools."""
    found = [*(ROOT / "tests").rglob("*.py"), *ROOMS.rglob("tests/**/*.py"), *(ROOT / "tools").rglob("*.py")]
    return tuple(read(path) for path in sorted(found))


def read(path: Path) -> Module:
    """One file, parsed."""
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text))


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(asked, capture_output=True, check=True).stdout.decode().split("\0")
        found = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not _LEFT_OUT & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def rooms() -> list[str]:
    """The names of the folders beside `contract/registry.py` that hold code."""
    return sorted(path.parent.name for path in ROOMS.glob("*/__init__.py"))
