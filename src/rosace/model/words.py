"""What all words of `platform.yaml` are made of: closed mappings, and lists that may be written as one word."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict

from rosace.model.names import ColumnName


class Words(BaseModel):
    """A closed mapping: a key that nobody declared is an error, and nothing changes after reading."""

    # Deferred: validators of parts are made once, within the whole, and not for each part again.
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def as_list(value: object) -> object:
    """One text stands for a list of it."""
    return [value] if isinstance(value, str) else value


def as_text(value: object) -> object:
    """YAML reads `true` and `3` as what they are; an engine's own settings file knows only text."""
    if not isinstance(value, dict):
        return value
    return {
        key: str(one).lower() if isinstance(one, bool) else str(one) if isinstance(one, int | float) else one
        for key, one in value.items()
    }


Switch: TypeAlias = Annotated[bool, Strict()]
"""`true` or `false`, as the schema has it; `yes`, `on` and 1 are text and a number in YAML 1.2."""

ColumnList: TypeAlias = Annotated[tuple[ColumnName, ...], BeforeValidator(as_list)]
Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(as_list)]
