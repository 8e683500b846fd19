"""Which parts of a query take back what they gave: what an engine's `changelog.py` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from sqlglot import exp


class Update(NamedTuple):
    """A part of a query by which rows change that were given before. `word` names it (`GROUP BY`); it stands at
    `[start, end)` of the text. `instead` says how to ask nearly the same so that every row is given once; may be empty.
    """

    word: str
    start: int
    end: int
    instead: str = ""


class ChangelogReader(Protocol):
    """`Changelog(text, topics)` of a room's `changelog.py`: the statements of one job's text, told in order.

    The trees are those that the room's dialect makes of the text, and hold offsets into it. What is called an update
    has to be one: the rest is left to the engine's own planner.
    """

    def view(self, name: str, tree: exp.Expr) -> None: ...
    def updates(self, tree: exp.Expr) -> tuple[Update, ...]: ...
