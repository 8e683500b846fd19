"""What went wrong, in the words of whoever said it, without the pages of stack around it."""

from __future__ import annotations

import re

LONGEST = 1500
"""Characters of a message that are kept."""

_END = re.compile(
    r"\n\s*(?:=== Streaming Query ===|at [\w.$]+\(|JVM stacktrace:|Driver stacktrace:|Traceback )|;\n[~'+ A-Z]"
)
"""Where a message stops and a stack, a plan or a description of the whole query begins."""


_STATE = re.compile(r"SQLSTATE: ([0-9A-Z]{2})[0-9A-Z]{3}")
_HOPELESS_STATES = ("07", "0A", "21", "22", "23", "42")
"""Classes of SQLSTATE (ISO 9075) that the same statement meets again with the same input: dynamic SQL, a feature that
is not there, cardinality, a value (a division by zero, a cast), a constraint, syntax or rights."""

_HOPELESS_CAUSES = re.compile(
    r"\b(?:ClassNotFoundException|NoClassDefFoundError|NoSuchMethodError|AuthorizationException|"
    r"TopicAuthorizationException|GroupAuthorizationException|SaslAuthenticationException|failOnDataLoss)\b"
)
"""Of Java, Kafka's clients 4.1 and Spark's source of Kafka, which says so of records that are gone."""

_TRANSIENT = re.compile(r"PARTITION_OFFSET_CHANGED|could be transient")
"""What Spark's source of Kafka says of an offset that is behind one it has seen: after a crash of the broker that is so
until the partition's end is known again, and only for good where the topic was made anew (kafka-error-conditions.json
of Spark 4.1.1, in which others call themselves transient)."""

_HOPELESS_PYTHON = (ImportError, SyntaxError, NameError, AttributeError, TypeError, ArithmeticError, LookupError)
"""A user's own code: what it lacks, or does with a value. Other exceptions may be the world's."""


class Stopped(Exception):
    """The job ends because it was asked to."""


class Refused(Exception):
    """The job cannot run as things are; `hopeless` where that cannot change by itself."""

    def __init__(self, text: str, *, hopeless: bool = True) -> None:
        super().__init__(text)
        self.hopeless = hopeless


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


def hopeless(error: BaseException) -> bool:
    """Whether the same job with the same input fails so again."""
    if isinstance(error, Refused):
        return error.hopeless
    text = whole(error)
    if _TRANSIENT.search(text):
        return False
    states = _STATE.findall(text)
    if any(state in _HOPELESS_STATES for state in states) or _HOPELESS_CAUSES.search(text):
        return True
    return isinstance(error, _HOPELESS_PYTHON) and not states


def whole(error: BaseException) -> str:
    """The messages of an exception and of all its causes, those of the JVM included."""
    java, cause = getattr(error, "java_exception", None), getattr(error, "_cause", None)
    parts = [str(error), str(java.toString()) if java is not None else ""]
    while cause is not None:
        parts.append(str(getattr(cause, "_desc", "") or ""))
        cause = getattr(cause, "_cause", None)
    if error.__cause__ is not None:
        parts.append(whole(error.__cause__))
    return "\n".join(part for part in parts if part)
