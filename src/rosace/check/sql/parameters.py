"""A run's own parameters in a text: `:day`, `:run_time`. Which ones a statement names, and what is wrong with them.

Comes in: a parsed statement and its text. Goes out: names, problems. Must not: replace anything: an engine binds them
itself (Spark 4.1: `spark.sql(text, args)`, docs: SQL, "Parameter Markers").
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType as T

from rosace.check.sql.relation import Problem
from rosace.model.moments import PARAMETERS, TOLD
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from rosace.check.sql.dialects import Language
    from rosace.check.sql.statements import Parsed

NOT_HERE = (
    f"{TOLD} are of a batch job's run by its `schedule`: give the job one, such as `schedule: '0 5 * * *'`, or write "
    "the value"
)
OF_JOBS = f"{TOLD} are for jobs with a `schedule`: write the value here, such as DATE '2024-05-01'"


def parameters(
    parsed: Parsed, text: str, language: Language, instead: str = ""
) -> tuple[tuple[str, ...], list[Problem]]:
    """The parameters of a statement by name, and those that have no value. With `instead`, none has: it says why."""
    named = [name for value in (parsed.tree, *_values(parsed, text, language)) for name in _of(value)]
    if not named and not parsed.trusted:
        return (), []
    found: list[str] = []
    problems: list[Problem] = []
    for name, start, end in _places(parsed, text, language):
        if parsed.trusted or (name in PARAMETERS and not instead):
            found.append(name)
        elif name in named:
            problems.append(_unknown(name, start, end, instead))
    return tuple(dict.fromkeys(found)), problems


def _values(parsed: Parsed, text: str, language: Language) -> Iterator[exp.Expr | None]:
    for said in parsed.partition:
        yield from language.dialect.parse(f"SELECT {text[said.start : said.end]}")


def _of(tree: exp.Expr | None) -> list[str]:
    """The names of a tree's parameters; `?` is called so."""
    return [one.name for one in tree.find_all(exp.Placeholder)] if tree is not None else []


def _places(parsed: Parsed, text: str, language: Language) -> Iterator[tuple[str, int, int]]:
    """Each marker as a token: what stands in quotes or comments is none."""
    begin = parsed.place[1] or parsed.start
    for token, following in pairwise([*language.dialect.tokenize(text), None]):
        if token is None or not begin <= token.start < parsed.end:
            continue
        if token.token_type == T.PLACEHOLDER:
            yield "?", token.start, token.end + 1
        elif token.token_type == T.COLON and following is not None and following.start == token.end + 1:
            yield following.text, token.start, following.end + 1


def _unknown(name: str, start: int, end: int, instead: str) -> Problem:
    said = "`?`" if name == "?" else f"`:{name}`"
    if instead:
        return Problem("unknown-parameter", f"{said} has no value here", start, end, hints=(instead,))
    near = closest(name, PARAMETERS)
    hints = (f"did you mean `:{near}`?",) if near else ()
    message = f"{said} is no parameter of a run"
    return Problem("unknown-parameter", message, start, end, hints=(*hints, f"there are {TOLD}"))
