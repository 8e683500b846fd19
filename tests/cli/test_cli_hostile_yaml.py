"""A megabyte of YAML is answered in two CPU seconds and half a gigabyte, whatever it says."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from measured import measured

pytestmark = pytest.mark.slow

SIZE = 1_000_000
SECONDS, BARE = 2.0, 0.012
"""CPU seconds of a check, on a machine where Python itself starts in `BARE`."""

HEAD = "platform: strange\n"
TOPICS = f"{HEAD}topics:\n"
COLUMNS = f"{TOPICS}  t:\n    key: c0\n    columns:\n"
RETENTION = f"{TOPICS}  t: {{columns: {{id: int!}}, key: id, retention: "


def many(piece: Callable[[int], str], head: str = HEAD, tail: str = "") -> str:
    """As many pieces as a megabyte holds."""
    text, size, number = [head], len(head) + len(tail), 0
    while size + len(following := piece(number)) <= SIZE:
        text.append(following)
        size, number = size + len(following), number + 1
    return "".join(text) + tail


HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "unknown keys": (lambda: many(lambda n: f"k{n}: {n}\n"), "more problems are not told"),
    "empty values": (lambda: "{" + "k, " * (SIZE // 3) + "}", "problems: what follows was not read"),
    "empty": (
        lambda: many(lambda n: f"k{n}, ", "{platform: strange, ", "}"),
        "more than 100,000 values",
    ),
    "lines with nothing": (lambda: many(lambda n: "-\n", TOPICS), "more than 100,000 values"),
    "a tab at the end": (lambda: many(lambda n: f"k{n}: {n}\n", tail="\ta: b\n"), "tab-indent"),
    "a tab in the middle": (lambda: many(lambda n: f"k{n}: {n}\n", tail="a:\tb\n"), "more problems are not told"),
    "breaks of YAML 1.1": (lambda: many(lambda n: f"k{n}: \\N{n}\n", tail="a: \u2028\n"), "more problems are not told"),
    "lines of Windows": (lambda: many(lambda n: f"k{n}: {n}\r\n"), "more problems are not told"),
    "a late second colon": (lambda: many(lambda n: f"k{n}: {n}\n", tail="a: b: c\n"), "a second `: ` on one line"),
    "a late bracket": (lambda: many(lambda n: f"k{n}: {n}\n", tail="a: [b\n"), "is missing"),
    "an early quote": (lambda: many(lambda n: f"k{n}: {n}\n", 'a: "\n'), "never closed"),
    "tags": (lambda: many(lambda n: f"k{n}: !x {n}\n"), "yaml-tag"),
    "documents": (lambda: many(lambda n: f"---\na: {n}\n", ""), "several-documents"),
    "duplicates": (lambda: many(lambda n: f"k: {n}\n"), "problems: what follows was not read"),
    "commas in brackets": (lambda: f"{HEAD}topics: {{{'a: b(1,2),' * (SIZE // 10)}}}\n", "unquoted-comma"),
    "anchors": (lambda: many(lambda n: f"k{n}: &a{n} {n}\n"), "more problems are not told"),
    "aliases": (lambda: many(lambda n: f"k{n}: *a\n", f"{HEAD}x: &a [1, 2, 3]\n"), "aliases expand to more than"),
    "aliases of nothing": (lambda: many(lambda n: f"k{n}: *b{n}\n"), "undefined-alias"),
    "merged keys": (
        lambda: many(lambda n: f"k{n}: {{<<: *a}}\n", f"{HEAD}x: &a {{{', '.join(f'q{n}: 1' for n in range(400))}}}\n"),
        "aliases expand to more than",
    ),
    "brackets": (lambda: f"{HEAD}topics: {'[' * SIZE}", "too-deep"),
    "braces": (lambda: f"{HEAD}topics: {'{a: ' * (SIZE // 4)}", "too-deep"),
    "dashes": (lambda: f"{HEAD}topics:\n {'- ' * (SIZE // 2)}", "too-deep"),
    "nested nodes": (lambda: many(lambda n: f"{'[' * 60}{']' * 60},\n", f"{HEAD}topics: [", "]"), "100,000 values"),
    "columns": (lambda: many(lambda n: f"      c{n}: int\n", COLUMNS), "unused"),
    "columns without a type": (lambda: many(lambda n: f"      c{n}: inr\n", COLUMNS), "more problems are not told"),
    "topics that are numbers": (lambda: many(lambda n: f"  t{n}: 1\n", TOPICS), "more problems are not told"),
    "a long duration": (lambda: f"{RETENTION}'{'1' * SIZE}d'}}\n", "bad-value"),
    "a duration of many": (lambda: f"{RETENTION}'{'1h' * (SIZE // 2)}'}}\n", "bad-value"),
    "a long number": (lambda: f"{RETENTION}{'1' * SIZE}}}\n", "number-too-large"),
    "a long key": (lambda: f"{HEAD}{'k' * SIZE}: 1\n", "a key without `:`"),
    "a long name": (lambda: f"platform: {'a' * SIZE}\n", "bad-value"),
}
"""What a megabyte may hold, and what is said of it."""


@pytest.fixture(scope="module")
def seconds() -> float:
    """What a check may take on this machine, now."""

    def spent() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return SECONDS * max(1.0, min(spent() for _ in range(5)) / BARE)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_is_answered_at_once(tmp_path: Path, seconds: float, kind: str) -> None:
    text, said = HOSTILE[kind]
    (tmp_path / "platform.yaml").write_text(text(), encoding="utf-8", newline="")
    told = measured(tmp_path, seconds=seconds)
    assert said in told.text
