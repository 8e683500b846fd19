"""Where the words stand by which a query updates: sqlglot keeps places of names only.

Comes in: the text of a job and nodes. Goes out: `Cause`s at the nearest word before a name. Must not: decide anything.
"""

from __future__ import annotations

import re

from sqlglot import exp

from rosace.engines.flink.changelog_marks import Cause


class Places:
    """Finds words in one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, word: str, node: exp.Expr) -> Cause:
        """A cause at a node itself."""
        return Cause(word, *(extent(node) or (0, 0)))

    def keyword(self, word: str, node: exp.Expr, more: str = "") -> Cause:
        """The last time that `word` stands before a node's first name; `more` is said behind it."""
        start, end = extent(node) or (0, len(self._text))
        pattern = r"\s+".join(re.escape(part) for part in word.split()).replace("JOIN", r"(?:OUTER\s+)?JOIN")
        found = list(re.finditer(rf"\b{pattern}\b", self._text[:start], re.IGNORECASE))
        said = f"{word} ... {more}" if more else word
        return Cause(said, *found[-1].span()) if found else Cause(said, start, end)

    def between(self, node: exp.SetOperation) -> Cause:
        """The word of a set operation, between its two queries."""
        words = ((exp.Intersect, "INTERSECT"), (exp.Except, "EXCEPT"))
        word = next((word for kind, word in words if isinstance(node, kind)), "UNION")
        left, right = extent(node.this), extent(node.expression)
        start, end = (left[1] if left else 0), (right[0] if right else len(self._text))
        found = re.compile(rf"\b{word}\b", re.IGNORECASE).search(self._text, start, max(start, end))
        return Cause(word, *(found.span() if found else (start, max(start, end))))


def extent(node: exp.Expr) -> tuple[int, int] | None:
    """The stretch between the first and the last name below a node; None where there is none."""
    places = [(part.meta["start"], part.meta["end"] + 1) for part in node.walk() if "start" in part.meta]
    return (min(start for start, _ in places), max(end for _, end in places)) if places else None
