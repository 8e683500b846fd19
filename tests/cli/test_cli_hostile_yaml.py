"""A megabyte of YAML is answered at once, within half a gigabyte, whatever it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from measured import measured

from rosace.check.size import MOST_PARTS
from rosace.cli.main import MOST_WORDS
from rosace.source.yaml_nodes import MOST_VALUES

pytestmark = pytest.mark.slow

SIZE = 1_000_000
VALUES, PARTS = MOST_VALUES, MOST_PARTS

HEAD = "platform: strange\n"
TOPICS = f"{HEAD}topics:\n"
COLUMNS = f"{TOPICS}  t:\n    key: c0\n    columns:\n"
ONE = f"{TOPICS}  t: {{columns: {{id: int!}}, key: id}}\n"
LAKE = f"{ONE}tables:\n  u: {{columns: {{id: int!}}}}\n"
JOBS, SOURCES = f"{LAKE}jobs:\n", f"{ONE}sources:\n"
RETENTION = f"{TOPICS}  t: {{columns: {{id: int!}}, key: id, retention: "


def many(piece: Callable[[int], str], head: str = HEAD, tail: str = "") -> str:
    """As many pieces as a megabyte holds."""
    text, size, number = [head], len(head) + len(tail), 0
    while size + len(following := piece(number)) <= SIZE:
        text.append(following)
        size, number = size + len(following), number + 1
    return "".join(text) + tail


def most(piece: Callable[[int], str], values: int, head: str) -> str:
    """As many pieces of so many values as are read at all."""
    return "".join([head, *(piece(number) for number in range((VALUES - 100) // values))])


def parts(piece: Callable[[int], str], head: str, number: int = PARTS - 10) -> str:
    """As many sources, jobs, queries or oracles as are judged at all."""
    return "".join([head, *map(piece, range(number))])


def ring(size: int, jobs: int) -> str:
    """Jobs that each read what the one before wrote; a circle where there are as many as tables."""
    tables = "".join(f"  t{n}: {{columns: {{id: int}}}}\n" for n in range(size))
    return f"{HEAD}tables:\n{tables}jobs:\n" + "".join(
        f"  j{n}: {{engine: spark, python: q.py, reads: [lake.t{n}], writes: [lake.t{(n + 1) % size}]}}\n"
        for n in range(jobs)
    )


FILES = {
    "q.sql": "INSERT INTO lake.u SELECT id FROM t\n",
    "q.py": "def run(spark):\n    pass\n",
    "d.csv": "id\n1\n",
}
"""What the platform's folder holds besides."""

HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "unknown keys": (lambda: many(lambda n: f"k{n}: {n} and some more\n"), "more problems are not told"),
    "empty values": (lambda: "{" + "k, " * (SIZE // 3) + "}", "problems: what follows was not read"),
    "empty": (
        lambda: many(lambda n: f"k{n}, ", "{platform: strange, ", "}"),
        "more than 50,000 values",
    ),
    "lines with nothing": (lambda: many(lambda n: "-\n", TOPICS), "more than 50,000 values"),
    "a tab at the end": (lambda: many(lambda n: f"k{n}: {n} and some more\n", tail="\ta: b\n"), "tab-indent"),
    "a tab in the middle": (
        lambda: many(lambda n: f"k{n}: {n} and some more\n", tail="a:\tb\n"),
        "more problems are not told",
    ),
    "breaks of YAML 1.1": (
        lambda: many(lambda n: f"k{n}: \\N{n} and some more\n", tail="a: \u2028\n"),
        "more problems are not told",
    ),
    "lines of Windows": (lambda: many(lambda n: f"k{n}: {n} and some more\r\n"), "more problems are not told"),
    "a late second colon": (
        lambda: many(lambda n: f"k{n}: {n} and some more\n", tail="a: b: c\n"),
        "a second `: ` on one line",
    ),
    "a late bracket": (lambda: many(lambda n: f"k{n}: {n} and some more\n", tail="a: [b\n"), "is missing"),
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
    "nested nodes": (lambda: many(lambda n: f"{'[' * 60}{']' * 60},\n", f"{HEAD}topics: [", "]"), "50,000 values"),
    "columns": (lambda: many(lambda n: f"      c{n}: int  # {n:012}\n", COLUMNS), "unused"),
    "columns without a type": (
        lambda: many(lambda n: f"      c{n}: inr  # {n:012}\n", COLUMNS),
        "more problems are not told",
    ),
    "topics that are numbers": (lambda: most(lambda n: f"  t{n}: 1\n", 1, TOPICS), "more problems are not told"),
    "topics": (lambda: many(lambda n: f"  t{n}: {{columns: {{id: int!}}, key: id}}\n", TOPICS), "50,000 values"),
    "topics that fit": (lambda: most(lambda n: f"  t{n}: {{columns: {{id: int!}}, key: id}}\n", 4, TOPICS), "unused"),
    "topics with an unknown column": (
        lambda: most(lambda n: f"  t{n}: {{columns: {{id: int!}}, key: ix}}\n", 4, TOPICS),
        "unknown-column",
    ),
    "topics with an unknown key": (
        lambda: most(lambda n: f"  t{n}: {{columns: {{id: int!}}, kex: id}}\n", 4, TOPICS),
        "more problems are not told",
    ),
    "topics with a bad name": (
        lambda: most(lambda n: f"  T {n}: {{columns: {{id: int!}}, key: id}}\n", 4, TOPICS),
        "more problems are not told",
    ),
    "topics without columns": (
        lambda: most(lambda n: f"  t{n}: {{key: id}}\n", 2, TOPICS),
        "more problems are not told",
    ),
    "tables": (lambda: most(lambda n: f"  t{n}: {{columns: {{id: int!}}}}\n", 3, f"{HEAD}tables:\n"), "unused"),
    "settings": (
        lambda: most(lambda n: f"    a.b{n}: {n}\n", 1, f"{ONE}engines:\n  kafka:\n    settings:\n"),
        "more problems are not told",
    ),
    "jobs": (lambda: many(lambda n: f"  j{n}: {{engine: spark, sql: q.sql}}\n", JOBS), "too-large"),
    "more jobs than are judged": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, sql: q.sql}}\n", JOBS, 3 * PARTS),
        "more than 5,000 sources, jobs",
    ),
    "jobs of Spark on one file": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, sql: q.sql}}\n", JOBS),
        "0 errors",
    ),
    "jobs of Flink on one file": (
        lambda: parts(lambda n: f"  j{n}: {{engine: flink, sql: q.sql}}\n", JOBS),
        "0 errors",
    ),
    "jobs on one file that is missing": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, sql: no.sql}}\n", JOBS),
        "file-missing",
    ),
    "jobs whose files are missing": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, python: no{n}.py, reads: [t], writes: [lake.u]}}\n", JOBS),
        "file-missing",
    ),
    "jobs that read nothing known": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, python: q.py, reads: [t{n}, x{n}]}}\n", JOBS),
        "unknown-name",
    ),
    "jobs after each other": (
        lambda: parts(lambda n: f"  j{n}: {{engine: spark, sql: q.sql, after: [j{n + 1}]}}\n", JOBS),
        "rerun-doubles",
    ),
    "a chain of jobs": (lambda: ring(4_000, 3_999), "0 errors"),
    "a ring of jobs": (lambda: ring(4_000, 4_000), "cycle"),
    "sources on one file": (lambda: parts(lambda n: f"  s{n}: {{file: d.csv, to: t}}\n", SOURCES), "fine"),
    "sources whose files are missing": (
        lambda: parts(lambda n: f"  s{n}: {{file: no{n}.csv, to: t}}\n", SOURCES),
        "file-missing",
    ),
    "queries whose files are missing": (
        lambda: parts(lambda n: f"  q{n}: {{sql: q{n}.sql}}\n", f"{LAKE}queries:\n"),
        "file-missing",
    ),
    "oracles of nothing": (lambda: parts(lambda n: f"  lake.u{n}: q.sql\n", f"{LAKE}verify:\n"), "unknown-name"),
    "a long duration": (lambda: f"{RETENTION}'{'1' * SIZE}d'}}\n", "bad-value"),
    "a duration of many": (lambda: f"{RETENTION}'{'1h' * (SIZE // 2)}'}}\n", "bad-value"),
    "a long number": (lambda: f"{RETENTION}{'1' * SIZE}}}\n", "number-too-large"),
    "a long key": (lambda: f"{HEAD}{'k' * SIZE}: 1\n", "a key without `:`"),
    "a long name": (lambda: f"platform: {'a' * SIZE}\n", "bad-value"),
}
"""What a megabyte may hold, and what is said of it."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_is_answered_at_once(tmp_path: Path, kind: str) -> None:
    text, said = HOSTILE[kind]
    (tmp_path / "platform.yaml").write_text(text(), encoding="utf-8", newline="")
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    told = measured(tmp_path)
    assert said in told.text


def test_as_many_set_as_a_command_line_takes_are_answered_at_once(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text(ONE, encoding="utf-8")
    told = measured(tmp_path, *(f"--set=topics.t{n}.key=id" for n in range(MOST_WORDS - 2)))
    assert "missing-key" in told.text
    told = measured(tmp_path, *(f"--set=topics.t{n}.key=id" for n in range(10 * MOST_WORDS)))
    assert f"10,002 words: more than {MOST_WORDS:,}" in told.text
    assert told.code == 2
