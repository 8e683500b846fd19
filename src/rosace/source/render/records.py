"""Diagnostics as plain data, for `--output json`.

In: diagnostics. Out: dictionaries `json.dumps` accepts. Must not: drop a
field: these names are read by other programs.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.source.diagnostic import Diagnostic, Label

Record = dict[str, object]


def to_json(diagnostics: Iterable[Diagnostic]) -> list[Record]:
    """Return one record per diagnostic; lines and columns start at 1."""
    return [_record(diagnostic) for diagnostic in diagnostics]


def _record(diagnostic: Diagnostic) -> Record:
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "labels": [_label(label) for label in diagnostic.labels],
        "hints": list(diagnostic.hints),
        "docs": f"rosace explain {diagnostic.code}",
    }


def _label(label: Label) -> Record:
    return {
        "file": label.span.file,
        "line": label.span.line,
        "column": label.span.column,
        "end_line": label.span.end_line,
        "end_column": label.span.end_column,
        "message": label.message,
        "primary": label.primary,
    }
