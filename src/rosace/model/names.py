"""Names that hold in every system that will carry them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from rosace.model.spelled import Spelled
from rosace.source.quoted import quoted

NAME_PATTERN = r"^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$"
"""RFC 1123 label, shortened to 48: Kubernetes adds suffixes, S3 buckets and Kafka topics allow it as it is."""

COLUMN_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$"
"""An SQL identifier that needs no quoting, at most 63 characters (PostgreSQL's NAMEDATALEN - 1)."""


_NAME = re.compile(NAME_PATTERN)
_COLUMN = re.compile(COLUMN_PATTERN)


class NotAName(ValueError):
    """A text that cannot be a name; `hints` give the nearest that can."""

    def __init__(self, value: str, what: str, rule: str, near: str) -> None:
        super().__init__(f"`{quoted(value, _SHOWN)}` is not {what}: use {rule}")
        self.hints: tuple[str, ...] = (f"`{near}` is one",) if near else ()


_SHOWN = 70
"""Characters of a wrong name that are shown: more than the longest right one has."""


def _label(value: str) -> str:
    if not _NAME.fullmatch(value):
        near = re.sub(r"[^a-z0-9]+", "-", _plain(value).lower()).strip("-")
        rule = "1 to 48 lower-case letters, digits and dashes, starting with a letter"
        raise NotAName(value, "a name", rule, near if _NAME.fullmatch(near) else "")
    return value


def _plain(value: str) -> str:
    """The text without the accents of its letters."""
    from unicodedata import combining, normalize

    return "".join(sign for sign in normalize("NFKD", value[:_SHOWN]) if not combining(sign))


def _sql_name(value: str, what: str) -> str:
    if not _COLUMN.fullmatch(value):
        near = re.sub(r"[^A-Za-z0-9_]+", "_", _plain(value)).strip("_")
        rule = "letters A to Z, digits and underscores, starting with a letter or underscore, at most 63"
        raise NotAName(value, what, rule, near if _COLUMN.fullmatch(near) else "")
    return value


def is_column_name(value: str) -> bool:
    """Whether a column can be called so."""
    return _COLUMN.fullmatch(value) is not None


def _column(value: str) -> str:
    try:
        return _sql_name(value, "a column name")
    except NotAName as error:
        told = 'if a file calls it so, the source says it: `columns: {<column>: {from: "<name in the file>"}}`'
        error.hints = (*error.hints, told)
        raise


def _table(value: str) -> str:
    return _sql_name(value, "a table's name")


Name = Annotated[str, AfterValidator(_label), Field(json_schema_extra={"pattern": NAME_PATTERN})]
ColumnName = Annotated[str, AfterValidator(_column), Field(json_schema_extra={"pattern": COLUMN_PATTERN})]
TableName = Annotated[str, AfterValidator(_table), Field(json_schema_extra={"pattern": COLUMN_PATTERN})]

LabelKey = Annotated[
    str,
    Spelled(
        r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$",
        "the key of a label, such as `node.example.com/pool`",
    ),
]
