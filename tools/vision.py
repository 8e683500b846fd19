"""Writes docs/vision.md: each line of the vision, and the line of the output that makes it true.

Comes in: docs/vision.toml, by hand, and the golden tree of examples/vision360 (`--tree FOLDER`: another build of it).
Goes out: docs/vision.md. `--check` writes nothing, and exits 1 where the page is not what it would be.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE, PAGE = ROOT / "docs" / "vision.toml", ROOT / "docs" / "vision.md"
TREE = ROOT / "tests" / "golden" / "vision360"
WIDTH = 120
"""What is shown of a long line of the output, in characters."""

INTRODUCTION = """\
# The vision, line by line

<!-- Written by tools/vision.py from docs/vision.toml and tests/golden/vision360; not edited by hand. -->

The vision is the text, in French, that asked for this platform. [examples/vision360](../examples/vision360) says it as
one `platform.yaml`; `rosace build examples/vision360 --env prod` writes it as
[tests/golden/vision360](../tests/golden/vision360). Here each line of the vision leads to the line that makes it true.
A test finds every quote in the vision and every text in its file, and refuses a line of the vision that is not here.

No image was pulled where this is tested, no operator ran there, and no pod of it:
[Clusters](guides/clusters.md#what-was-never-tried) says what was tried instead.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A quote of the vision, and where the output says it."""

    topic: str
    says: str
    file: str
    holds: str
    under: tuple[str, ...] = ()
    """Texts that come before the line, in this order, where the same text stands on several lines."""
    note: str = ""
    awaits: str = ""
    """Why the output does not say it yet. Empty: it does."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A quote of the vision that nothing in a file answers, and why."""

    says: str
    because: str


@dataclass(frozen=True, slots=True)
class Found:
    """A line with the place where it holds."""

    line: Line
    path: str
    number: int
    text: str


class NotThere(Exception):
    """The output does not say it, or says it more than once."""


def read(source: Path = SOURCE) -> tuple[list[Line], list[Aside]]:
    """The entries by hand."""
    said: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    lines = [_line(chapter["topic"], entry) for chapter in said["chapter"] for entry in chapter["line"]]
    return lines, [Aside(**entry) for entry in said.get("aside", [])]


def _line(topic: str, entry: dict[str, Any]) -> Line:
    under = entry.pop("under", [])
    return Line(topic, **entry, under=(under,) if isinstance(under, str) else tuple(under))


def find(line: Line, tree: Path = TREE) -> Found:
    """Where a line holds: below the tree, or else in the repository."""
    # The golden tree has no charts: they are those of the repository.
    places = [folder / line.file for folder in (tree, ROOT) if folder == ROOT or not line.file.startswith("charts/")]
    path = next((path for path in places if path.is_file()), None)
    if path is None:
        raise NotThere(f"{line.file}: no such file")
    rows = path.read_text(encoding="utf-8").splitlines()
    start = 0
    for text in line.under:
        start = _first(rows, text, start, line) + 1
    if not line.under and len(_matches(rows, line.holds, 0)) > 1:
        raise NotThere(f"{line.file}: `{line.holds}` is on several lines; `under` says which")
    number = _first(rows, line.holds, start, line)
    here = TREE.relative_to(ROOT) / line.file if path.is_relative_to(tree) else path.relative_to(ROOT)
    return Found(line, here.as_posix(), number + 1, rows[number].strip())


def _first(rows: list[str], text: str, start: int, line: Line) -> int:
    numbers = _matches(rows, text, start)
    if not numbers:
        raise NotThere(f"{line.file}: no line says `{text}`" + (f" after line {start}" if start else ""))
    return numbers[0]


def _matches(rows: list[str], text: str, start: int) -> list[int]:
    """The lines that are the text, or, where there is none, those that contain it."""
    numbered = list(enumerate(rows))[start:]
    whole = [number for number, row in numbered if row.strip().removeprefix("- ") == text]
    return whole or [number for number, row in numbered if text in row]


def look(lines: list[Line], tree: Path = TREE) -> tuple[list[Found | Line], list[str]]:
    """Each line with its place, or as it is where it is awaited; and what is wrong, in words."""
    rows: list[Found | Line] = []
    wrong: list[str] = []
    for line in lines:
        try:
            rows.append(find(line, tree))
        except NotThere as reason:
            rows.append(line)
            if not line.awaits:
                wrong.append(f"`{line.says}`: {reason}")
        else:
            if line.awaits:
                wrong.append(f"`{line.says}`: it holds now; take `awaits` away")
    return rows, wrong


def page(rows: list[Found | Line], asides: list[Aside]) -> str:
    """The page's text."""
    parts = [INTRODUCTION]
    for topic, group in groupby(rows, key=lambda row: (row.line if isinstance(row, Found) else row).topic):
        parts.append(f"\n## {topic}\n\n| The vision says | The output says | Where | Note |\n|---|---|---|---|\n")
        parts.extend(map(_row, group))
    parts.append("\n## What no file answers\n\n| The vision says | Why |\n|---|---|\n")
    parts.extend(f"| {_cell(aside.says)} | {_cell(aside.because)} |\n" for aside in asides)
    return "".join(parts)


def _row(row: Found | Line) -> str:
    if isinstance(row, Line):
        return f"| {_cell(row.says)} | **not yet** | | {_cell(row.awaits)} |\n"
    short = row.text if len(row.text) <= WIDTH else row.text[: WIDTH - 3] + "..."
    place = f"[{row.path.removeprefix('tests/golden/vision360/')}:{row.number}](../{row.path}#L{row.number})"
    return f"| {_cell(row.line.says)} | {_code(short)} | {place} | {_cell(row.line.note)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    """A line as code within a table, also where it has backticks itself."""
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{_cell(text)}{pad}{fence}"


def content(vision: str) -> list[str]:
    """What the vision says, a line each, without headings, rules, fences, the heads of tables and Markdown's signs."""
    rows, said, fenced = vision.splitlines(), [], False
    for number, row in enumerate(rows):
        text = row.strip()
        following = rows[number + 1].strip() if number + 1 < len(rows) else ""
        if text.startswith("```"):
            fenced = not fenced
        elif not (_heading(text, fenced) or _ruler(text) or (text.startswith("|") and _ruler(following))):
            said.append(plain(row))
    return [text for text in said if re.search(r"\w", text)]


def _heading(text: str, fenced: bool) -> bool:
    """True for a heading; what follows a `#` in a block is a comment."""
    return text.startswith("#") and not fenced


def _ruler(text: str) -> bool:
    """True for a line under a table's head, or between two parts."""
    return bool(text) and not set(text) - set("|-: ")


def plain(text: str) -> str:
    """A line without Markdown's signs: emphasis, code, bullets, the edges of tables, the lines of drawn trees."""
    text = re.sub(r"[*`\u2500-\u257f]", "", text).strip()
    text = re.sub(r"^(?:[-#] (?:\[ \] )?|\d+\. )", "", text)
    return re.sub(r"\s+", " ", text.strip("| "))


def uncovered(row: str, quotes: list[str]) -> str:
    """What is left of a line when all that is quoted of it is taken away; empty when nothing is."""
    for quote in sorted(quotes, key=len, reverse=True):
        row = row.replace(quote, " ")
    return re.sub(r"[\W_]+", " ", row).strip()


def main(options: list[str]) -> int:
    """Writes the page, or compares it. Returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the page is another")
    parser.add_argument("--tree", type=Path, default=TREE, help="a build of examples/vision360 with --env prod")
    said = parser.parse_args(options)
    lines, asides = read()
    rows, wrong = look(lines, said.tree)
    print("".join(f"{words}\n" for words in wrong), end="", file=sys.stderr)
    text = page(rows, asides)
    if said.check:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text
        print("docs/vision.md is not what it would be\n" if stale else "", end="", file=sys.stderr)
        return 1 if stale or wrong else 0
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
