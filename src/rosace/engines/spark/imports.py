"""What a Python job imports, held against what the Python of its driver has. Neither the job nor a module is run.

Comes in: a checked job. Goes out: a diagnostic for each import that would fail, at its place. Sources: pyspark 4.1.1,
each part of which was imported without numpy and pandas; docs.python.org/3.11, "The import system".
"""

from __future__ import annotations

import ast
import importlib.machinery
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rosace.model.checked import CheckedJob
from rosace.model.requirements import distribution
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span, split_lines
from rosace.source.suggest import closest
from rosace.source.yaml import display_path

NEEDS = {
    "pyspark.ml": "numpy",
    "pyspark.mllib": "numpy",
    "pyspark.pandas": "pandas",
    "pyspark.sql.connect.client": "pandas",
    "pyspark.sql.connect.dataframe": "pandas",
    "pyspark.sql.connect.session": "pandas",
}
"""Parts of pyspark that ask for another package when they are imported, with all below them."""

SPARK = frozenset({"pyspark", "py4j"})
"""What every driver has by itself, besides Python's own modules."""

STANDARD = sys.stdlib_module_names - {"antigravity", "this", "idlelib", "turtledemo"}
"""Python's own modules. One that exists for another system only, such as `winreg`, counts as there."""

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Missing:
    """An import that fails. `lacks` is what is not there: the module itself, or what it asks for; empty where the
    import is relative. `sure` is false where it stands under a condition. `node` knows its place."""

    node: ast.stmt
    module: str
    lacks: str
    sure: bool


def missing(module: ast.Module, has: Callable[[str], bool]) -> Iterator[Missing]:
    """The imports of a file that fail, in its order. `has` tells whether a top-level module is there.

    What fails and is caught (`except ImportError`, `suppress(ImportError)`) is none, nor is what only types need.
    """
    yield from _block(module.body, has, sure=True)


def _block(body: Iterable[ast.AST], has: Callable[[str], bool], *, sure: bool) -> Iterator[Missing]:
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from _import(node, has, sure=sure)
            case ast.Try() | ast.TryStar() if any(_catches(handler.type) for handler in node.handlers):
                tried = list(_block([*node.body, *node.orelse], has, sure=sure))
                caught = [found for handler in node.handlers for found in _block(handler.body, has, sure=sure)]
                # What is in a handler runs only where the body has failed.
                yield from caught if tried else ()
                yield from _block(node.finalbody, has, sure=sure)
            case ast.If():
                yield from () if _for_types(node.test) else _block(node.body, has, sure=False)
                yield from _block(node.orelse, has, sure=sure if _for_types(node.test) else False)
            case ast.With() if any(_suppresses(item.context_expr) for item in node.items):
                continue
            case _:
                yield from _block(ast.iter_child_nodes(node), has, sure=sure)


def _import(node: ast.Import | ast.ImportFrom, has: Callable[[str], bool], *, sure: bool) -> Iterator[Missing]:
    if isinstance(node, ast.ImportFrom) and node.level:
        yield Missing(node, "." * node.level + (node.module or ""), "", sure)
        return
    if isinstance(node, ast.Import):
        asked = [name.name for name in node.names]
    else:
        asked = [f"{node.module}.{name.name}" for name in node.names]
    told: set[str] = set()
    for dotted in asked:
        whole = dotted if isinstance(node, ast.Import) else str(node.module)
        lacks = _lacks(dotted, has)
        if lacks and lacks not in told:
            told.add(lacks)
            yield Missing(node, whole if lacks == whole.partition(".")[0] else dotted, lacks, sure)


def _lacks(dotted: str, has: Callable[[str], bool]) -> str:
    """The module for lack of which this one cannot be imported; empty where nothing is known to lack."""
    top = dotted.partition(".")[0]
    if top not in STANDARD | SPARK and not has(top):
        return top
    for part, need in NEEDS.items():
        inside = dotted == part or dotted.startswith(f"{part}.")
        if inside and not has(need):
            return need
    return ""


def _catches(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in _CATCHING for node in ast.walk(caught))


def _for_types(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _suppresses(with_: ast.expr) -> bool:
    if not isinstance(with_, ast.Call):
        return False
    named = with_.func.attr if isinstance(with_.func, ast.Attribute) else getattr(with_.func, "id", "")
    return named == "suppress" and any(_catches(one) for one in with_.args)


@dataclass(frozen=True, slots=True)
class Driver:
    """The Python that will run a job: what it `has` besides its own modules, what to call it, whether that is all
    that it has, and how one adds to it."""

    has: Callable[[str], bool]
    called: str
    known: bool
    add: str


def here(requirements: Iterable[str] = ()) -> Driver:
    """The driver on this machine runs in the environment of Rosace itself (`Site.python`), with what jobs ask for.

    A package may bring modules of other names (`scikit-learn` brings `sklearn`): where some are asked for, nobody
    knows for sure before they are installed.
    """
    asked = {distribution(one).replace("-", "_") for one in requirements}
    if "pandas" in asked:
        asked.add("numpy")
    return Driver(
        lambda name: name.lower() in asked or installed(name),
        f"{'none of the `requirements` is called so, and ' if asked else ''}the driver's Python ({sys.prefix})",
        known=not asked,
        add="say which package brings it in the job's `requirements`, with its version",
    )


IMAGE = frozenset({"pip", "setuptools", "pkg_resources", "wheel"})
"""What Ubuntu's python3-pip brings; the image adds nothing else (apache/spark-docker 4.0.0, python3-ubuntu)."""


def in_pods(image: str) -> Driver:
    """The driver of a pod: in the project's image, or in the user's own `image`, of which nothing is known."""
    if image:
        return Driver(IMAGE.__contains__, "Spark's own image", known=False, add=f"see to it that {image} has it")
    add = "name an image of your own that has it: `engines: {spark: {image: ...}}`"
    return Driver(IMAGE.__contains__, "Spark's image", known=True, add=add)


def installed(name: str) -> bool:
    """Whether this environment has a top-level module, which is not imported.

    Where this command stands, and what PYTHONPATH names, is left out: the driver is started elsewhere, with its own.
    """
    elsewhere = {os.path.realpath(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}
    elsewhere |= {os.path.realpath("."), os.path.realpath(Path(sys.argv[0]).parent)}
    paths = [entry for entry in sys.path if entry and os.path.realpath(entry) not in elsewhere]
    if importlib.machinery.PathFinder.find_spec(name, paths) is not None:
        return True
    others = [finder for finder in sys.meta_path if finder is not importlib.machinery.PathFinder]
    return any(finder.find_spec(name, None) is not None for finder in others)


@lru_cache(maxsize=64)
def parsed(text: str) -> ast.Module:
    """A job's file, parsed once where many jobs share it: the tree is only looked at."""
    return ast.parse(text)


def judge(job: CheckedJob, driver: Driver) -> Iterator[Diagnostic]:
    """What is wrong with the imports of a Python job."""
    for found in missing(parsed(job.python), driver.has):
        yield _told(job, driver, found, place(display_path(job.path), split_lines(job.python), found.node))


def _told(job: CheckedJob, driver: Driver, found: Missing, where: Span) -> Diagnostic:
    label, beside = (Label(where, "imported here"),), _beside(job.path, found)
    error = Severity.ERROR if found.sure else Severity.WARNING
    if beside or not found.lacks:
        message = f"`{found.module}` is not there when job `{job.name}` runs: its driver is given this file alone"
        return Diagnostic("spark-import", message, error, label, ("write what the job needs into this file",))
    severity = error if driver.known else Severity.WARNING
    why = f", which `{found.module}` needs" if found.lacks != found.module.partition(".")[0] else ""
    message = f"job `{job.name}` imports `{found.lacks}`{why}, but {driver.called} has no such module"
    meant = closest(found.lacks, STANDARD | SPARK) if not why else None
    hints = (*((f"did you mean `{meant}`?",) if meant else ()), f"{driver.add}; or do without it")
    return Diagnostic("spark-import", message, severity, label, hints)


def _beside(path: Path, found: Missing) -> bool:
    beside = path.parent / found.lacks
    return bool(found.lacks) and (beside.is_dir() or beside.with_suffix(".py").is_file())


def place(file: str, lines: list[str], node: ast.stmt | ast.expr) -> Span:
    """Where a part of a Python file is. Python counts columns in bytes of UTF-8, from 0."""

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode()) + 1

    last, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Span(file, node.lineno, column(node.lineno, node.col_offset), last, column(last, end))
