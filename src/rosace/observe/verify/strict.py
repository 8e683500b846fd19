"""One JSON object as RFC 8259 has it, and nothing that only some readers take.

Comes in: bytes. Goes out: Python's values, numbers as they are written. Must not: know columns.
"""

from __future__ import annotations

import json
from typing import Any

DEEPEST, LONGEST_NUMBER, LONGEST_NAME = 100, 500, 1000
"""How deep a value may be nested, and characters of a number and of a name: well below what Jackson, with which all
engines read, takes by default (StreamReadConstraints 2.18: 1,000, 1,000 and 50,000)."""


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Wrong(ValueError):
    """Why a value does not fit."""


def strict_object(value: bytes) -> dict[str, Any]:
    """The members. Raises ValueError or RecursionError."""
    found = _DECODER.decode(value.decode())
    if not isinstance(found, dict):
        raise Wrong("an object was expected")
    _look(found, 0)
    return found  # pyright: ignore[reportUnknownVariableType]


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("a name is there twice")
    return found


def _number(text: str) -> Number:
    if len(text) > LONGEST_NUMBER:
        raise Wrong(f"a number has more than {LONGEST_NUMBER} digits")
    return Number(text)


def _no_number(text: str) -> Any:
    raise Wrong(f"`{text}` is no number of JSON")


_DECODER = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_no_number, object_pairs_hook=_members
)


def _look(value: Any, depth: int) -> None:
    """Refuses what is nested too deep, names that are too long, and halves of characters."""
    if depth > DEEPEST:
        raise Wrong(f"it is nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        members: dict[str, Any] = value
        for name, one in members.items():
            if len(name) > LONGEST_NAME:
                raise Wrong(f"a name has more than {LONGEST_NAME} characters")
            _look(name, 0)
            _look(one, depth + 1)
    elif isinstance(value, list):
        elements: list[Any] = value
        for one in elements:
            _look(one, depth + 1)
    elif isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Wrong("half of a character (a surrogate alone)")
