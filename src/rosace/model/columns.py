"""Column types: a kind of value (`model.kinds`) with its arguments, as users write it.

Each engine's room maps it to its own DDL. Timestamps are without zone and mean UTC everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, assert_never

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from rosace.model.kinds import Kind, facts

__all__ = ["ColumnType", "Field", "Kind"]


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of one column; `string!` is a string that is never null.

    `precision` is digits of a decimal, or fractional digits of a time (3 or 6; 3 when unsaid, which is what a Kafka
    record timestamp and Flink's watermarks carry). `scale` is a decimal's digits after the point. `fields` are what a
    row has, by name and in order; an array has one, `element`, a map has two, `key` and `value`. `renamed_from` is what
    the column was called before (`int renamed-from number`); it is no part of what it holds.
    """

    kind: Kind
    required: bool = False
    precision: int = 0
    scale: int = 0
    fields: tuple[Field, ...] = ()
    renamed_from: str = field(default="", compare=False)

    @staticmethod
    def parse(text: str) -> ColumnType:
        """Reads `decimal(10,2)!`; raises ValueError in words a user can act on, with `hints` where one is near."""
        from rosace.model.grammar import read

        return read(text)

    @property
    def element(self) -> ColumnType:
        """What an array holds, or the values of a map."""
        return self.fields[-1].type

    @property
    def arguments(self) -> str:
        """What stands in parentheses or angle brackets, with them: `(10,2)`."""
        arguments = facts(self.kind).arguments
        match arguments:
            case "none":
                return ""
            case "digits":
                return f"({self.precision},{self.scale})"
            case "fraction":
                return f"({self.precision})"
            case "element":
                return f"<{self.element}>"
            case "entry":
                return f"<string, {self.element}>"
            case "fields":
                return f"<{', '.join(f'{field.name} {field.type}' for field in self.fields)}>"
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
        plain = "|".join(kind.value for kind in Kind if facts(kind).family != "nested")
        nested = "|".join(kind.value for kind in Kind if facts(kind).family == "nested")
        renamed = r"(\s+renamed-from\s+[A-Za-z_]\w*)?"
        simple = rf"({plain})(\(\d+(,\s*\d+)?\))?|timestamp(\(\d\))? with time zone"
        return {
            "type": "string",
            "pattern": rf"^({simple}|({nested})<.+>)!?{renamed}$",
            "examples": ["string!", "timestamp(3)", "array<row<sku string!, quantity int>>", "int renamed-from n"],
        }


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a nested type."""

    name: str
    type: ColumnType


@lru_cache(maxsize=4096)
def _known(text: str) -> ColumnType:
    """Large platforms repeat few types."""
    return ColumnType.parse(text)
