"""What Flink says of a failure, reduced to the line that says why, and whether trying again can change it.

Comes in: stack traces of Java as the REST API and the SQL gateway give them. Goes out: text for people. Pure.
"""

from __future__ import annotations

import re

LONGEST = 500
"""Characters of a reason."""

_CAUSE = re.compile(r"^(?:Caused by: )?([\w.$]+(?:Exception|Error))(?::? ?([^\n]*))", re.MULTILINE)

HOPELESS = frozenset({
    # SQL and schemas: the planner's, Calcite's, Iceberg's; a null where a column is declared NOT NULL.
    "ValidationException", "SqlParserException", "SqlParserEOFException", "CalciteContextException",
    "TableRuntimeException", "NoSuchColumnException", "UnsupportedOperationException",
    # Classes and packages that are missing, or of another version.
    "ClassNotFoundException", "NoClassDefFoundError", "NoSuchMethodError", "NoSuchFieldError",
    "NoMatchingTableFactoryException", "AbstractMethodError", "IncompatibleClassChangeError",
    # Values: a record that is no JSON or does not fit its columns, a division by zero, a cast.
    "JsonParseException", "JsonEOFException", "JsonParseRuntimeException", "MismatchedInputException",
    "NumberFormatException", "ArithmeticException", "DateTimeException", "DateTimeParseException",
    # Rights.
    "AuthorizationException", "TopicAuthorizationException", "GroupAuthorizationException",
    "ClusterAuthorizationException", "TransactionalIdAuthorizationException", "SaslAuthenticationException",
    "NotAuthorizedException", "ForbiddenException",
})  # fmt: skip
"""Classes of failures that the same job meets again with the same input (Flink 2.1, Kafka's clients 4.1, Iceberg 1.11).
Whatever is not named here is tried again, as often as the job's `retries` allow."""

_RECORD = re.compile(r"Failed to deserialize JSON '(.*)'\.?$")
"""What the JSON format says of the record that it was at (JsonRowDataDeserializationSchema, Flink 2.1.3)."""


def causes(trace: str) -> list[tuple[str, str]]:
    """The chain of a stack trace, outermost first: the class without its package, and the message."""
    found = _CAUSE.findall(trace.replace("\\n", "\n"))
    return [(name.rpartition(".")[2].rpartition("$")[2], message.strip()) for name, message in found]


def reason(trace: str) -> str:
    """The innermost cause, without the trace; behind the record that it is about, where one is."""
    chain = causes(trace)
    if not chain:
        return trace.strip().splitlines()[0][:LONGEST] if trace.strip() else "no reason given"
    name, message = chain[-1]
    # A sentence of its own about processes says all by itself; of a value that does not fit the class says more.
    inner = message if " " in message and name not in HOPELESS else ": ".join(part for part in chain[-1] if part)
    # Operators that are chained to a source run inside its reader, so that what fails there names the record too.
    record = next((found[1] for _, message in chain[:-1] if (found := _RECORD.search(message))), "")
    return (f"{inner}, at the record {record}" if record else inner)[:LONGEST]


def hopeless(trace: str) -> bool:
    """Whether the same job with the same input fails so again."""
    return any(name in HOPELESS for name, _ in causes(trace))
