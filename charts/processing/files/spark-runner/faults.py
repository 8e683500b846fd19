# Derived from src/rosace/engines/spark/runner/faults.py by tools/charts.py: edit that, then run it.
"""What went wrong, in the words of whoever said it, without the pages of stack around it."""

from __future__ import annotations

import re

LONGEST = 1500
"""Characters of a message that are kept."""

_END = re.compile(
    r"\n\s*(?:=== Streaming Query ===|at [\w.$]+\(|JVM stacktrace:|Driver stacktrace:|Traceback )|;\n[~'+ A-Z]"
)
"""Where a message stops and a stack, a plan or a description of the whole query begins."""


class Stopped(Exception):
    """The job ends because it was asked to."""


class Refused(Exception):
    """The job cannot run as things are."""


def told(error: BaseException) -> str:
    """The message of an exception of Python, py4j or Spark, on few lines."""
    java = getattr(error, "java_exception", None)
    text = str(java.toString()) if java is not None else str(error)
    if not text.strip():
        return type(error).__name__
    text = _END.split(text, maxsplit=1)[0].strip()
    root = _root(error)
    if root and root not in text:
        text = f"{text}, because: {root}"
    if not isinstance(error, Refused) and java is None and type(error).__module__ == "builtins":
        text = f"{type(error).__name__}: {text}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _root(error: BaseException) -> str:
    """The message at the bottom of a chain of causes that pyspark took over from the JVM; empty where there is none."""
    cause, found = getattr(error, "_cause", None), ""
    while cause is not None:
        found = str(getattr(cause, "_desc", "") or found)
        cause = getattr(cause, "_cause", None)
    return _END.split(found, maxsplit=1)[0].strip()
