"""Texts of one form: a pattern for the schema and for the check, and what it means for whoever is refused.

Comes in: text. Goes out: the same text, or ValueError in words a user can act on. Must not: show a pattern to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from rosace.source.quoted import quoted


@dataclass(frozen=True, slots=True)
class Spelled:
    """Annotates a text that has to match a pattern as a whole; `what` says in words, with an example, what does.

    In place of `Field(pattern=...)`, of which Pydantic can only say the pattern.
    """

    pattern: str
    what: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._held, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": self.pattern}

    def _held(self, text: str) -> str:
        # `$` alone would take a line break behind the text.
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"`{quoted(text)}` is not {self.what}")
        return text
