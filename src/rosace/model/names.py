"""Names that hold in every system that will carry them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

NAME_PATTERN = r"^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$"
"""RFC 1123 label, shortened to 48: Kubernetes adds suffixes, S3 buckets and Kafka topics allow it as it is."""

COLUMN_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$"
"""An SQL identifier that needs no quoting, at most 63 characters (PostgreSQL's NAMEDATALEN - 1)."""


_NAME = re.compile(NAME_PATTERN)
_COLUMN = re.compile(COLUMN_PATTERN)


def _label(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(
            f"`{value}` is not a name: use 1 to 48 lower-case letters, digits and dashes, starting with a letter"
        )
    return value


def _column(value: str) -> str:
    if not _COLUMN.fullmatch(value):
        raise ValueError(f"`{value}` is not a column name: use letters, digits and underscores, at most 63")
    return value


Name = Annotated[str, AfterValidator(_label), Field(json_schema_extra={"pattern": NAME_PATTERN})]
ColumnName = Annotated[str, AfterValidator(_column), Field(json_schema_extra={"pattern": COLUMN_PATTERN})]
