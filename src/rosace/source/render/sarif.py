"""Diagnostics as SARIF 2.1.0, which code hosts show beside the changed lines.

In: diagnostics. Out: one SARIF log as plain data. Must not: point at pseudo
files: a `--set` place becomes a logical location.
"""

from __future__ import annotations

from collections.abc import Sequence

from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}

Record = dict[str, object]


def to_sarif(diagnostics: Sequence[Diagnostic], tool_version: str) -> Record:
    """Return a SARIF log with one run; columns count code points."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = [{"id": code, "help": {"text": f"rosace explain {code}"}} for code in codes]
    driver: Record = {"name": "Rosace", "version": tool_version, "rules": rules}
    run: Record = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes) for diagnostic in diagnostics],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(diagnostic: Diagnostic, codes: list[str]) -> Record:
    text = "\n".join((diagnostic.message, *(f"hint: {hint}" for hint in diagnostic.hints)))
    primary = [label for label in diagnostic.labels if label.primary] or [*diagnostic.labels[:1]]
    related = [label for label in diagnostic.labels if label not in primary]
    result: Record = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
        "locations": [_location(label) for label in primary],
    }
    if related:
        result["relatedLocations"] = [{"id": number, **_location(label)} for number, label in enumerate(related)]
    return result


def _location(label: Label) -> Record:
    location: Record = _place(label.span)
    if label.message:
        location["message"] = {"text": label.message}
    return location


def _place(span: Span) -> Record:
    if span.file.startswith("-"):
        return {"logicalLocations": [{"fullyQualifiedName": span.location()}]}
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    artifact = {"uri": _uri(span.file)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(file: str) -> str:
    from urllib.parse import quote

    path = quote(file.replace("\\", "/"), errors="replace")
    return f"file://{path}" if path.startswith("/") else path
