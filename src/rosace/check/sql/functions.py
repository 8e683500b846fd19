"""The functions that an engine has, as it lists them itself.

Comes in: `functions.txt` of an engine's folder. Goes out: `Function`s by name, and what is wrong with a call. Must not:
read the file before there is a call to look up, or judge types: those the engine knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from rosace.check.sql.relation import Problem
from rosace.kit.oracle_reach import EXCUSE
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from rosace.check.sql.dialects import Language

NAME, ARGUMENTS = "rosace_name", "rosace_arguments"
"""Where the parser notes what a function was called and how many arguments it was given."""


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments it takes; `most` is None where there is no end, or nothing is known. `kind` is empty where it
    is not known, or `aggregate`, `scalar`, `window` or `table`."""

    fewest: int = 0
    most: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Functions:
    """What is listed in a file: a name a line, and where it is known the arguments (`2`, `*`) and the kind.

    `words` are called like functions and are part of the grammar. `instead` says what the engine has for functions
    that others have. `own`, in capitals, are those that the text brings along, of which nothing more is known.
    """

    path: Path | None = None
    words: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict[str, str])
    own: frozenset[str] = frozenset()

    @cached_property
    def listed(self) -> Mapping[str, Function]:
        """Functions by name, in capitals; none where nothing is known of the engine."""
        return _listed(self.path) if self.path else {}


@cache
def _listed(path: Path) -> Mapping[str, Function]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(_function(line) for line in lines if line and not line.startswith("#"))


_NAMED_ELSEWHERE = (exp.Dot, exp.Table, exp.TableFromRows, exp.Lateral)
"""Under these stands a function of another kind, or of another catalog."""


def _function(line: str) -> tuple[str, Function]:
    name, *rest = line.split()
    if len(rest) < 3:
        return name, Function()
    fewest, most, kind = rest
    return name, Function(int(fewest), None if most == "*" else int(most), kind)


def wrong_call(node: exp.Expr, language: Language) -> Problem | None:
    """What is wrong with a call as such: there is no such function, it takes more or fewer arguments, or it reads what
    is shut off."""
    if isinstance(node, exp.Anonymous):
        name, given = node.name, list(node.expressions)
    elif isinstance(node, exp.Func) and NAME in node.meta:
        name, given = str(node.meta[NAME]), node.meta[ARGUMENTS]
    else:
        return None
    listed, upper = language.functions.listed, name.upper()
    start, end = node.meta.get("start"), node.meta.get("end")
    if start is None or end is None:
        return None
    if upper in language.outside:
        message = f"`{name}` reads a file or asks a network, which {language.title} is shut off from here"
        return Problem("oracle-reaches-out", message, start, end + 1, hints=(EXCUSE,))
    if not listed or upper in language.functions.own or isinstance(node.parent, _NAMED_ELSEWHERE):
        return None
    if upper not in listed:
        if upper in language.functions.words or upper in language.reserved:
            return None
        instead = language.functions.instead.get(upper)
        near = closest(upper, [*listed, *language.functions.words])
        hints = (f"in {language.title} it is {instead}",) if instead else (f"did you mean `{near}`?",) if near else ()
        message = f"`{name}` is no function of {language.title}"
        return Problem("unknown-function", message, start, end + 1, "no such function", hints)
    count = _count(given)
    function = listed[upper]
    if count is None or upper.startswith("JSON_"):
        return None
    if function.fewest <= count and (function.most is None or count <= function.most):
        return None
    message = f"`{name}` takes {_wanted(function)}, and is given {count}"
    return Problem("function-arguments", message, start, end + 1)


def _count(given: list[exp.Expr]) -> int | None:
    """How many arguments there are; None where that is not to be counted."""
    if any(isinstance(one, exp.Kwarg | exp.PropertyEQ | exp.Distinct | exp.Query) for one in given):
        return None
    return len(given)


def _wanted(function: Function) -> str:
    fewest, most = function.fewest, function.most
    if most is None:
        return f"{fewest} argument{'' if fewest == 1 else 's'} or more"
    if fewest == most:
        return f"{fewest} argument{'' if fewest == 1 else 's'}" if fewest else "no arguments"
    return f"{fewest} to {most} arguments"
