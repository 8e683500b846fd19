"""What several measurements share: the example, brought up once, with its memory watched from the first process on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rig import ROOT, Rig, Run
from watch import Peaks, watched

EXAMPLE = ROOT / "examples" / "flights"


@dataclass
class Flights:
    """The example after `up --verify`: that run, the seconds of its stages, the most memory it took."""

    rig: Rig
    run: Run
    stages: dict[str, float]
    peaks: Peaks


@dataclass
class Session:
    """One run of the bench."""

    known: Flights | None = None
    rigs: list[Rig] = field(default_factory=list)

    def rig(self, source: Path) -> Rig:
        """A platform that is taken down when the bench ends, at the latest."""
        self.rigs.append(Rig.of(source))
        return self.rigs[-1]

    def flights(self) -> Flights:
        """The example, up and verified."""
        if self.known is None:
            rig = self.rig(EXAMPLE)
            with watched(rig) as peaks:
                run, stages = rig.up("--verify")
            self.known = Flights(rig, run, stages, peaks)
        return self.known

    def close(self) -> None:
        """Takes down what is still up."""
        while self.rigs:
            self.rigs.pop().close()
