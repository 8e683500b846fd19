"""Puts figures into the tables of README.md and README.fr.md, between their two marks.

The rows are those of the READMEs, in their order; a row whose figure was not measured stays as it is. The heading of
the first column says when and on what it was measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rig import ROOT

ROWS: tuple[tuple[str, Callable[[float], str]], ...] = (
    ("download", lambda value: f"{value:.2f} GB"),
    ("disk", lambda value: f"{value:.2f} GB"),
    ("first-environment", lambda value: f"{value:.0f} s"),
    ("first-fetch", lambda value: f"{value:.0f} s"),
    ("first-start", lambda value: f"{value:.0f} s"),
    ("first-flow", lambda value: f"{value:.0f} s"),
    ("first-verify", lambda value: f"{value:.1f} s"),
    ("first-all", lambda value: f"{value:.0f} s"),
    ("again", lambda value: f"{value:.0f} s"),
    ("noop-up", lambda value: f"{value:.2f} s"),
    ("check", lambda value: f"{value:.2f} s CPU"),
    ("memory", lambda value: f"{value:.1f} GiB"),
)
"""The figure of each row, and how it is written in English."""

MARKED = re.compile(r"(<!-- figures:begin -->\n)(.*?)(<!-- figures:end -->)", re.DOTALL)
HEADINGS = {
    "README.md": "Measured on {date} ({cores} cores of {processor}, {memory:.0f} GiB)",
    "README.fr.md": "Mesuré le {date} ({cores} cœurs de {processor}, {memory:.0f} Gio)",
}


class Unexpected(Exception):
    """A README has no table, or another number of rows; the text says which."""


def write(values: Mapping[str, float], machine: Mapping[str, Any]) -> None:
    """Writes the figures in `values` (name -> value) into both READMEs. Raises Unexpected before writing either."""
    shown = {**machine, "memory": machine["memory"] / 2**30, "date": str(machine["date"]).partition(" ")[0]}
    fresh: dict[str, str] = {}
    for name, heading in HEADINGS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        found = MARKED.search(text)
        if found is None:
            raise Unexpected(f"{name} has no table between its two marks")
        table = _table(name, found[2].splitlines(), values, heading.format(**shown))
        fresh[name] = text[: found.start(2)] + table + text[found.end(2) :]
    for name, text in fresh.items():
        (ROOT / name).write_text(text, encoding="utf-8")


def _table(name: str, lines: list[str], values: Mapping[str, float], heading: str) -> str:
    rows = lines[2:]
    if len(rows) != len(ROWS):
        raise Unexpected(f"{name}: the table has {len(rows)} rows, not {len(ROWS)}")
    second = lines[0].rsplit("|", 2)[1].strip()
    out = [f"| {heading} | {second} |", lines[1]]
    for row, (figure, say) in zip(rows, ROWS, strict=True):
        label, old = (part.strip() for part in row.strip().strip("|").rsplit("|", 1))
        said = say(values[figure]) if figure in values else ""
        if name.endswith(".fr.md"):
            said = said.replace(".", ",").replace("GiB", "Gio").replace("GB", "Go")
        out.append(f"| {label} | {said or old} |")
    return "\n".join(out) + "\n"
