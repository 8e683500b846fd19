"""One line per diagnostic, as editors and compilers' log readers expect.

In: diagnostics. Out: `file:line:column: severity: message [code]` lines.
Must not: spread a diagnostic over several lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.source.diagnostic import Diagnostic
from rosace.source.render.excerpt import visible


def to_editor(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the lines, each ended; a diagnostic without place is told by `rosace:`."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    where = span.location() if span else "rosace"
    said = f"{where}: {diagnostic.severity}: {diagnostic.message} [{diagnostic.code}]"
    return visible(" ".join(said.split("\n")))
