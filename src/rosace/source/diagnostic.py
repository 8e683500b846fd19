"""What Rosace has to say about a user's text.

In: a code, a message, the places that disagree. Out: immutable `Diagnostic`
values, and `Refused` which carries them up. Must not: print, or import
anything that is slow to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rosace.source.span import Path, Span


class Severity(StrEnum):
    """How much a diagnostic matters: errors stop, warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a file and what is to be said there."""

    span: Span
    message: str = ""
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: if only one thing can be shown, `message` is enough.

    `code` is a readable slug (`unknown-key`) that `rosace explain` knows.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    labels: tuple[Label, ...] = ()
    hints: tuple[str, ...] = ()
    about: Path = ()
    """A path in the tree, said by rooms, which know no places: `check` shows where that is written."""

    @property
    def span(self) -> Span | None:
        """The place to show first: the first primary label, or else any label."""
        primary = (label.span for label in self.labels if label.primary)
        return next(primary, self.labels[0].span if self.labels else None)


class Refused(Exception):
    """The input cannot be accepted; the command prints why and exits 2.

    `sources` maps a display path to its text for inputs that are no files
    (`--set`, standard input), so that a renderer can still quote them.
    """

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]

    def __init__(self, *diagnostics: Diagnostic, sources: Mapping[str, str] | None = None) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics
        self.sources = MappingProxyType(dict(sources or {}))

    def __str__(self) -> str:
        return "\n".join(_one_line(diagnostic) for diagnostic in self.diagnostics)


def refuse(code: str, message: str, *labels: Label, hints: tuple[str, ...] = ()) -> Refused:
    """Build (not raise) a `Refused` holding one error."""
    return Refused(Diagnostic(code, message, labels=labels, hints=hints))


def _one_line(diagnostic: Diagnostic) -> str:
    where = f"{diagnostic.span.location()}: " if diagnostic.span else ""
    return f"{where}{diagnostic.message} [{diagnostic.code}]"
