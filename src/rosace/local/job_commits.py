"""What a job has committed, as far as its engine's reports tell: the sign that it really works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass
class Commits:
    """Of one job. `ever`: it was seen to read and to commit, or to have finished. `lately`: the same since it was last
    submitted, which the positions do not tell that it goes on from."""

    ever: bool = False
    lately: bool = False
    _first: Mapping[str, Mapping[str, int]] | None = None

    def submitted(self) -> None:
        """A run begins."""
        self.lately, self._first = False, None

    def take(self, positions: Mapping[str, Mapping[str, int]]) -> None:
        """Takes in how far a run that goes on has committed: topic -> partition -> next offset."""
        if self._first is None:
            self._first = positions
        some = any(positions.values())
        self.ever = self.ever or some
        self.lately = self.lately or (some and positions != self._first)

    def finished(self) -> None:
        """A run has come to its end."""
        self.ever = self.lately = True
