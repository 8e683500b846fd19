"""Packages of Python that jobs ask for: how they are named."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from rosace.model.spelled import Spelled

BARE = ("numpy", "pandas", "pyarrow")
"""What may be asked for without a version: `kit/requirements.py` knows which one that is."""

PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?(\[[A-Za-z0-9,._-]{1,98}\])?(==[0-9][A-Za-z0-9.!+]{0,98})?$"


def _with_version(text: str) -> str:
    if "==" not in text and text not in BARE:
        also = ", ".join(f"`{name}`" for name in BARE)
        raise ValueError(f"`{text}` has no version: say `{text}==` and which one; only {also} may stand alone")
    return text


Requirement: TypeAlias = Annotated[
    str,
    Spelled(PATTERN, "a package of Python with its version, `name==version`"),
    AfterValidator(_with_version),
]
"""One package with its exact version, as pip writes it; of `BARE` the name is enough."""
Requirements: TypeAlias = Annotated[tuple[Requirement, ...], Field(max_length=100)]


def distribution(requirement: str) -> str:
    """The package's name in the one spelling that all of its spellings have in common (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=]", requirement, maxsplit=1)[0]).lower()
