"""Code stays small enough to be read: lines of files and functions, and words about what is public.

The limits are those of code bases that people love to read (kind, Timoni, litestar: files of 70 to 130 lines in the
median, functions of 6 to 12; the tail is what differs from tiring ones).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import pytest
from codebase import Module, modules, surroundings

FILE_P90, FILE_MOST = 220, 400
FUNCTION_P90, FUNCTION_MOST = 21, 60
DOCUMENTED = 0.90

LARGE: dict[str, int] = {}
"""Files and functions (`path` or `path:name`) over the limit, with their size when they were let in. It may only
shrink: an entry that is no longer needed fails."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_files_are_short() -> None:
    sizes = sorted(lines(module) for module in modules())
    assert p90(sizes) <= FILE_P90
    _within({module.place: lines(module) for module in (*modules(), *surroundings())}, FILE_MOST)


def test_functions_are_short() -> None:
    sizes = sorted(length(function) for module in modules() for function in functions(module))
    assert p90(sizes) <= FUNCTION_P90
    _within(
        {
            f"{module.place}:{function.name}": length(function)
            for module in (*modules(), *surroundings())
            for function in functions(module)
        },
        FUNCTION_MOST,
    )


def test_what_is_public_is_documented() -> None:
    told = [(place, documented) for module in modules() for place, documented in public(module)]
    share = sum(documented for _, documented in told) / len(told)
    missing = [place for place, documented in told if not documented]
    assert share >= DOCUMENTED, f"{share:.0%} documented; without a docstring:\n" + "\n".join(missing)


def test_every_file_says_what_it_is() -> None:
    silent = [module.place for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)]
    assert not silent, "no module docstring:\n" + "\n".join(silent)


@pytest.mark.parametrize("word", ["utils", "util", "helpers", "helper", "manager", "misc", "common"])
def test_names_say_what_is_inside(word: str) -> None:
    found = [module.place for module in (*modules(), *surroundings()) if word in module.path.stem.split("_")]
    assert not found, found


def lines(module: Module) -> int:
    """Lines of a file, with blanks and comments."""
    return len(module.text.splitlines())


def length(function: Function) -> int:
    """Lines of a function, with its docstring."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def functions(module: Module) -> Iterator[Function]:
    """All functions and methods, at any depth."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def p90(sizes: Sequence[int]) -> int:
    """The size that nine of ten do not exceed."""
    return sizes[int(len(sizes) * 0.9)]


def public(module: Module) -> Iterator[tuple[str, bool]]:
    """Public classes, functions and methods, and whether each has a docstring. Interfaces' `...` need none."""

    def within(body: Sequence[ast.stmt], around: str) -> Iterator[tuple[str, bool]]:
        for node in body:
            if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
                continue
            if not _declared_only(node):
                yield f"{module.place}:{node.lineno} {around}{node.name}", bool(ast.get_docstring(node))
            if isinstance(node, ast.ClassDef):
                yield from within(node.body, f"{node.name}.")

    return within(module.tree.body, "")


def _declared_only(node: ast.ClassDef | Function) -> bool:
    last = node.body[-1]
    return (
        isinstance(node, Function)
        and isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Constant)
        and last.value.value is ...
    )


def _within(sizes: dict[str, int], most: int) -> None:
    over = {place: size for place, size in sizes.items() if size > LARGE.get(place, most)}
    assert not over, f"more than {most} lines: split by what they know: {over}"
    needless = [place for place in LARGE if place in sizes and sizes[place] <= most]
    assert not needless, f"take these out of LARGE: {needless}"
