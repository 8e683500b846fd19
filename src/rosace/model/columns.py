"""Column types: one small closed vocabulary that every engine can hold without loss.

Each engine's room maps it to its own DDL. Timestamps are without zone and mean UTC everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Kind(StrEnum):
    """What a column holds. `INT` is 32 bits, `BIGINT` 64, `DOUBLE` IEEE 754 binary64."""

    STRING = "string"
    INT = "int"
    BIGINT = "bigint"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DECIMAL = "decimal"


_KINDS = tuple(kind.value for kind in Kind)
_LONGEST = 64
"""Characters of any type with all its arguments and then some."""

_GRAMMAR = re.compile(r"(?P<kind>[a-z]+)(?:\((?P<args>\d+(?:\s*,\s*\d+)?)\))?(?P<required>!)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of one column; `string!` is a string that is never null.

    `precision` is digits of a decimal, or fractional digits of a timestamp (3 or 6; 3 when unsaid, which is
    what a Kafka record timestamp and Flink's watermarks carry). `scale` is a decimal's digits after the point.
    """

    kind: Kind
    required: bool = False
    precision: int = 0
    scale: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `decimal(10,2)!`; raises ValueError in words a user can act on, with `hints` where one is near."""
        match = _GRAMMAR.fullmatch(text.strip()) if len(text) <= _LONGEST else None
        if not match or match["kind"] not in _KINDS:
            from rosace.model.foreign_types import UnknownType

            raise UnknownType(text, _KINDS)
        kind = Kind(match["kind"])
        args = [int(part) for part in (match["args"] or "").split(",") if part.strip()]
        if kind is Kind.DECIMAL:
            precision, scale = [*args, 0][:2] if args else (38, 0)
            if not 1 <= precision <= 38 or scale > precision:
                raise ValueError(f"`{text}`: a decimal has 1 to 38 digits and no more decimals than digits")
            return cls(kind, bool(match["required"]), precision, scale)
        if kind is Kind.TIMESTAMP:
            precision = args[0] if args else 3
            if len(args) > 1 or precision not in (3, 6):
                raise ValueError(f"`{text}`: a timestamp has 3 (milliseconds) or 6 (microseconds) fractional digits")
            return cls(kind, bool(match["required"]), precision)
        if args:
            raise ValueError(f"`{text}`: {kind.value} takes no argument")
        return cls(kind, bool(match["required"]))

    def __str__(self) -> str:
        args = {Kind.DECIMAL: f"({self.precision},{self.scale})", Kind.TIMESTAMP: f"({self.precision})"}
        return f"{self.kind.value}{args.get(self.kind, '')}{'!' if self.required else ''}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> ColumnType:
            if isinstance(value, ColumnType):
                return value
            if not isinstance(value, str):
                raise ValueError("expected a column type such as `string!`")
            return _known(value)

        return core_schema.no_info_plain_validator_function(read, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        kinds = "|".join(kind.value for kind in Kind)
        return {
            "type": "string",
            "pattern": rf"^({kinds})(\(\d+(,\s*\d+)?\))?!?$",
            "examples": ["string!", "timestamp(3)"],
        }


@lru_cache(maxsize=4096)
def _known(text: str) -> ColumnType:
    """Large platforms repeat few types."""
    return ColumnType.parse(text)
