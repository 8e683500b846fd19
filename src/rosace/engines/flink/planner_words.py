"""What Flink's planner says, reduced to what helps: the sentence that says why, its place, what can be done. Pure.

Comes in: the class and message of an error and of each of its causes, the outermost first. The forms are those of
Flink 2.1.3 and its Calcite 1.36 (`CalciteContextException`, `SqlParseException`), as the corpus of broken statements
shows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_VALIDATED = re.compile(r"(?:From|At) line (\d+), column (\d+)(?: to line \d+, column \d+)?: ", re.IGNORECASE)
_PARSED = re.compile(r" at line (\d+), column (\d+)\b")
_PLAN = re.compile(r"\.?\s*The physical plan is:.*", re.DOTALL)
_EXPECTING = re.compile(r"\s*Was expecting(?: one of)?:.*", re.DOTALL)
_PREFIXES = re.compile(r"^(?:SQL validation failed\. |SQL parse failed\. |Failed to execute sql\s*)+")
_GENERAL = re.compile(
    r"^(?:Cannot generate a valid execution plan for the given query|Unexpected error in type inference|"
    r"Error while applying rule|Failed to (?:execute|explain)|Invalid function call:\s*$)"
)
_PLAIN = ("ValidationException", "TableException", "CodeGenException", "SqlValidatorException", "ApiException")
LONGEST = 600
"""Characters of a message: plans and signatures may be long."""


def place_of(causes: Sequence[str]) -> tuple[int, int] | None:
    """Line and column, from 1, in the text that Flink was given; None where it names none."""
    for cause in causes:
        if found := _VALIDATED.search(cause) or _PARSED.search(cause):
            return int(found[1]), int(found[2])
    return None


def reason(causes: Sequence[str]) -> str:
    """The first sentence that is about the statement and not about Flink's stages, in Flink's words."""
    told = [_plain(cause) for cause in causes]
    kinds = [cause.partition(":")[0] for cause in causes]
    found = next((one for one in told if one and not _GENERAL.match(one)), "")
    if told and _GENERAL.match(told[0]):
        inner = (one for kind, one in zip(kinds, told, strict=True) if kind in _PLAIN and not _GENERAL.match(one))
        found = next(inner, told[0].splitlines()[0] or found)
    return (found or "no reason given")[:LONGEST]


def _plain(cause: str) -> str:
    _, _, message = cause.partition(": ")
    if message in ("", "null"):
        return ""
    message = _PLAN.sub("", _EXPECTING.sub("", _PREFIXES.sub("", message)))
    if found := _VALIDATED.search(message):
        message = message[found.end() :]
    message = _PARSED.sub("", message)
    return re.sub(r"\s*\n\s*", " ", message).strip().rstrip(".")


_HINTS = (
    (
        "requires primary key in versioned table",
        ("versions are those of a topic with `compact: true` and `event-time`, or of a view of a topic's newest rows",),
    ),
    ("no row time attribute can be found", ("say `event-time:` of the topic whose versions are joined",)),
    (
        "Processing-time temporal join is not supported",
        ("join as of the rows' event time, or without `FOR SYSTEM_TIME`",),
    ),
    (
        "update changes",
        (
            "write a compacted topic, which keeps the last row of each key: `key:` and `compact: true`",
            "or a table of the lake with a `key:`",
        ),
    ),
    (
        "No match found for function signature",
        ("the functions that Flink has: its page `System (Built-in) Functions`",),
    ),
    (
        "requires the timecol",
        ("a window is over event time: `event-time: {column: ..., delay: ...}` of the topic, unchanged on its way",),
    ),
    (
        "implicit type conversion",
        ("write the conversion: CAST(... AS ...)",),
    ),
)


def hints_for(message: str) -> tuple[str, ...]:
    """What to do about it, where it is known."""
    return next((hints for words, hints in _HINTS if words.casefold() in message.casefold()), ())
