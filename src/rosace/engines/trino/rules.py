"""What Trino cannot show, said before it is asked."""

from __future__ import annotations

from collections.abc import Iterable

from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic
from rosace.source.span import Path

INTERNAL = frozenset(
    {
        "_partition_id",
        "_partition_offset",
        "_message",
        "_message_corrupt",
        "_message_length",
        "_headers",
        "_key",
        "_key_corrupt",
        "_key_length",
        "_timestamp",
    }
)
"""Columns that the connector adds to each topic (trino.io/docs/476/connector/kafka, "Internal columns")."""


def check(checked: Checked) -> list[Diagnostic]:
    """Refuses columns that Trino could not tell apart."""
    found: list[Diagnostic] = []
    for what, path, columns in _declared(checked):
        seen: dict[str, str] = {}
        for column in columns:
            if (other := seen.setdefault(column.lower(), column)) != column:
                found.append(
                    Diagnostic(
                        "trino-same-column",
                        f"{what} has columns `{other}` and `{column}`, which are one to Trino: it ignores case",
                        hints=("rename one of them",),
                        about=(*path, "columns", column),
                    )
                )
            if what.startswith("topic") and column.lower() in INTERNAL:
                found.append(
                    Diagnostic(
                        "trino-internal-column",
                        f"{what} has a column `{column}`, which is what Trino calls a part of every record",
                        hints=(f"rename it, for example `{column.strip('_')}`",),
                        about=(*path, "columns", column),
                    )
                )
    return found


def _declared(checked: Checked) -> Iterable[tuple[str, Path, Iterable[str]]]:
    """What each is called, where it is declared, and its columns."""
    for name, topic in checked.topics.items():
        yield f"topic `{name}`", ("topics", name), topic.columns
    for name, table in checked.tables.items():
        yield f"table `lake.{name}`", ("tables", name), table.columns
