"""A user's text in an engine's words, which still knows where each of its characters came from.

Comes in: what the user wrote, and the pieces that are replaced. Goes out: `Rendered`, whose places lead back, so that
an engine's complaint points into the user's file. Must not: know SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """`text` for an engine, made from `written`.

    `origins` are pairs of offsets, here and in what the user wrote, in order: from each on, both go on side by side
    until the next. What stands here before the first is not the user's.
    """

    text: str
    written: str
    origins: tuple[tuple[int, int], ...]

    def origin(self, offset: int) -> int | None:
        """The offset in the user's text; None for a place in front of it, or behind `text`.

        Inside a replaced piece there is no such character: the beginning of what it stands for is meant.
        """
        found = max((pair for pair in self.origins if pair[0] <= offset), default=None)
        if found is None or not 0 <= offset <= len(self.text):
            return None
        here, there = found
        following = min((origin for start, origin in self.origins if start > offset), default=len(self.written))
        return min(there + offset - here, max(there, following - 1))

    def offset(self, line: int, column: int, *, units: bool = False) -> int | None:
        """The offset in the user's text of a line and column (from 1) of this one, as engines' errors name places.

        `units`: columns count UTF-16 units, as Java's strings do; else characters.
        """
        lines = self.text.split("\n")
        if not 1 <= line <= len(lines):
            return None
        said = lines[line - 1]
        ahead = len(said.encode("utf-16-le")[: 2 * (column - 1)].decode("utf-16-le", "ignore")) if units else column - 1
        return self.origin(sum(len(one) + 1 for one in lines[: line - 1]) + ahead)

    def locate(self, line: int, column: int) -> tuple[int, int]:
        """Line and column (from 1) in the user's text, of such a place in this one; its beginning where unknown."""
        before = self.written[: self.offset(line, column) or 0]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def behind(self, head: str) -> Rendered:
        """The same with `head` in front, which is not the user's."""
        moved = tuple((here + len(head), there) for here, there in self.origins)
        return Rendered(head + self.text, self.written, moved)


def render(written: str, changes: Iterable[tuple[int, int, str]]) -> Rendered:
    """`written` with each `[start, end)` of `changes` replaced by a text; they do not overlap.

    An empty one inserts: its text belongs to what follows it.
    """
    out: list[str] = []
    origins, at, length = [(0, 0)], 0, 0
    for start, end, new in sorted(changes, key=lambda change: change[:2]):
        kept = written[at:start]
        origins += [(length + len(kept), start), (length + len(kept) + len(new), end)]
        out += [kept, new]
        length += len(kept) + len(new)
        at = end
    return Rendered("".join([*out, written[at:]]), written, tuple(origins))
