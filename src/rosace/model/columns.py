"""Column types: a kind of value (`model.kinds`) with its arguments, as users write it.

Each engine's room maps it to its own DDL. Timestamps are without zone and mean UTC everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self, assert_never

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from rosace.model.kinds import Kind, facts

__all__ = ["ColumnType", "Kind"]

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
        return cls(kind, bool(match["required"]), *_digits(kind, args, text))

    @property
    def arguments(self) -> str:
        """What stands in parentheses, with them: `(10,2)`."""
        arguments = facts(self.kind).arguments
        match arguments:
            case "none":
                return ""
            case "digits":
                return f"({self.precision},{self.scale})"
            case "fraction":
                return f"({self.precision})"
            case _:
                assert_never(arguments)

    def __str__(self) -> str:
        return f"{self.kind.value}{self.arguments}{'!' if self.required else ''}"

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


def _digits(kind: Kind, args: list[int], text: str) -> tuple[int, int]:
    """Precision and scale that the arguments of a type say. Raises ValueError."""
    arguments = facts(kind).arguments
    match arguments:
        case "none":
            if args:
                raise ValueError(f"`{text}`: {kind.value} takes no argument")
            return 0, 0
        case "digits":
            precision, scale = [*args, 0][:2] if args else (38, 0)
            if not 1 <= precision <= 38 or scale > precision:
                raise ValueError(f"`{text}`: a {kind.value} has 1 to 38 digits and no more decimals than digits")
            return precision, scale
        case "fraction":
            precision = args[0] if args else 3
            if len(args) > 1 or precision not in (3, 6):
                what = f"a {kind.value} has 3 (milliseconds) or 6 (microseconds) fractional digits"
                raise ValueError(f"`{text}`: {what}")
            return precision, 0
        case _:
            assert_never(arguments)


@lru_cache(maxsize=4096)
def _known(text: str) -> ColumnType:
    """Large platforms repeat few types."""
    return ColumnType.parse(text)
