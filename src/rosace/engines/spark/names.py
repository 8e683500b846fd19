"""Tables that a Python job names as SQL jobs do (`lake.orders`), which Spark does not find.

A job's session stands in the namespace of the platform: `orders` is found there, and so is the whole name with its
namespace; `lake.orders` is looked for in a namespace without a name (Spark 4.1.1 with Iceberg 1.11, asked in
tests/test_spark_claims_live.py). In SQL jobs Rosace puts the whole name in its place, since it reads their text.

Comes in: a checked job in Python. Goes out: a warning for each text in it that names a table so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from rosace.engines.spark.imports import parsed, place
from rosace.model.checked import CheckedJob
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import split_lines
from rosace.source.yaml import display_path

_NAMED = re.compile(r"(?<![\w`.])`?lake`?\.`?(\w+)`?(?![\w`.])")


@lru_cache(maxsize=64)
def _named(text: str) -> tuple[tuple[ast.Constant, tuple[str, ...]], ...]:
    """The texts of a file that name tables of the lake, with the names; found once where many jobs share a file."""
    texts = [one for one in ast.walk(parsed(text)) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    found = ((one, tuple(dict.fromkeys(name[1] for name in _NAMED.finditer(str(one.value))))) for one in texts)
    return tuple((one, names) for one, names in found if names)


def judge(job: CheckedJob, tables: Collection[str]) -> Iterator[Diagnostic]:
    """At the text in which the table is named."""
    for node, names in _named(job.python):
        for name in names:
            if name in tables:
                yield Diagnostic(
                    "spark-python-table",
                    f"job `{job.name}` names `lake.{name}`, which Spark does not find in a Python job",
                    Severity.WARNING,
                    (Label(place(display_path(job.path), split_lines(job.python), node)),),
                    (f"call it `{name}`: the job's session stands in the lake",),
                )
