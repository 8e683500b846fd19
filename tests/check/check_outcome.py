"""What the tests of `rosace.check` share: a platform written to a folder and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic, Severity

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"


@dataclass(frozen=True)
class Outcome:
    """What `examine` gave, and where."""

    checked: Checked | None
    diagnostics: list[Diagnostic]

    @property
    def codes(self) -> set[str]:
        return {found.code for found in self.diagnostics}

    @property
    def errors(self) -> set[str]:
        return {found.code for found in self.diagnostics if found.severity is Severity.ERROR}

    def one(self, code: str) -> Diagnostic:
        """The only diagnostic of a code."""
        found = [diagnostic for diagnostic in self.diagnostics if diagnostic.code == code]
        assert len(found) == 1, self.diagnostics
        return found[0]

    def proof(self) -> Checked:
        assert self.checked is not None, self.diagnostics
        return self.checked


Examine = Callable[..., Outcome]


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
