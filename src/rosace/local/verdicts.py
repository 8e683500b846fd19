"""What planners said: remembered where it was a yes, told where it was a no.

Comes in: verdicts. Goes out: files in the user's cache, and diagnostics at their places. Must not: ask anybody.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from rosace.contract.planner import Owner, Verdict
from rosace.model.checked import Checked, Fragment
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Lines
from rosace.source.yaml import display_path

KEPT = 5000
"""Verdicts remembered on a machine: empty files."""


def fingerprint(checked: Checked, owner: Owner, judge: object) -> str:
    """All that a verdict of `judge` rests on."""
    whole = hashlib.sha256()
    for part in (judge, checked.platform.platform, checked.topics, checked.tables):
        whole.update(repr(part).encode() + b"\0")
    match owner.kind:
        case "jobs":
            job = checked.jobs[owner.name]
            said: object = (job.spec, job.statements)
        case "queries":
            said = checked.queries[owner.name].body
        case "verify":
            oracle = next(one for one in checked.verify if str(one.target) == owner.name)
            files = [[(path, _facts(path)) for path in source.paths] for source in checked.sources.values()]
            said = (oracle.text, [(one.spec, one.columns) for one in checked.sources.values()], files)
    whole.update(repr((owner, said)).encode())
    return whole.hexdigest()


def _facts(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    return None


class Memory:
    """What was taken, as empty files named by fingerprint. Where none can be written, everything is asked again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def knows(self, mark: str) -> bool:
        """True for what a planner has taken before."""
        return (self.folder / mark).exists()

    def keep(self, mark: str) -> None:
        """Remembers what a planner took. What cannot be written is asked again."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / mark).touch()

    def prune(self) -> None:
        """Forgets the oldest beyond the limit."""
        with contextlib.suppress(OSError):
            found = list(os.scandir(self.folder))
            for entry in sorted(found, key=lambda one: one.stat().st_mtime)[: max(0, len(found) - KEPT)]:
                Path(entry.path).unlink(missing_ok=True)


_WORD = re.compile(r"[\w$]+|`[^`\n]*`|\"[^\"\n]*\"|\S")


def diagnostic(checked: Checked, title: str, verdict: Verdict) -> Diagnostic:
    """A complaint at its place in the user's file, in the engine's words."""
    path, fragment, place = _written(checked, verdict)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = ""
    lines = Lines(display_path(path), text)
    if verdict.offset is None:
        label = Label(lines.span(*place), f"what {title} cannot run")
    else:
        start = fragment.start + verdict.offset
        word = _WORD.match(text, start)
        label = Label(lines.span(start, word.end() if word else start + 1), f"here, says {title}")
    message = f"{title}'s planner: {verdict.message}"
    return Diagnostic("engine-refuses", message, labels=(label,), hints=verdict.hints)


def _written(checked: Checked, verdict: Verdict) -> tuple[Path, Fragment, tuple[int, int]]:
    """The file of a statement, its text, and where it begins: the name of what it makes."""
    name = verdict.owner.name
    match verdict.owner.kind:
        case "jobs":
            job = checked.jobs[name]
            if not job.statements:
                return job.path, Fragment(""), (0, 0)
            statement = job.statements[verdict.statement]
            return job.path, statement.body, statement.place
        case "queries":
            query = checked.queries[name]
            return query.path, query.body, (query.body.start, query.body.start + 1)
        case "verify":
            oracle = next(one for one in checked.verify if str(one.target) == name)
            return oracle.path, Fragment(oracle.text), (0, 1)


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once, in the order of files and lines."""

    def place(one: Diagnostic) -> tuple[str, int, int]:
        return (one.span.file, one.span.line, one.span.column) if one.span else ("", 0, 0)

    return tuple(sorted(dict.fromkeys(found), key=place))
