"""Packages of Python that jobs ask for: how they are named, and which versions a bare name means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from rosace.model.spelled import Spelled

KNOWN: Mapping[str, str] = {"numpy": "2.3.5", "pandas": "2.3.3", "pyarrow": "22.0.0"}
"""What may be asked for without a version, and which one that is: each has wheels for Python 3.11 to 3.14, and PySpark
4.1.1 takes it (pyspark/sql/pandas/utils.py: pandas >= 2.2.0, pyarrow >= 15.0.0)."""

PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?(\[[A-Za-z0-9,._-]{1,98}\])?(==[0-9][A-Za-z0-9.!+]{0,98})?$"


def _with_version(text: str) -> str:
    if "==" not in text and text not in KNOWN:
        also = ", ".join(f"`{name}`" for name in KNOWN)
        raise ValueError(f"`{text}` has no version: say `{text}==` and which one; only {also} may stand alone")
    return text


Requirement: TypeAlias = Annotated[
    str,
    Spelled(PATTERN, "a package of Python with its version, such as `pandas==2.3.3`"),
    AfterValidator(_with_version),
]
"""One package with its exact version, as pip writes it; of `KNOWN` the name is enough."""
Requirements: TypeAlias = Annotated[tuple[Requirement, ...], Field(max_length=100)]


def distribution(requirement: str) -> str:
    """The package's name in the one spelling that all of its spellings have in common (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=]", requirement, maxsplit=1)[0]).lower()


def pinned(requirement: str) -> str:
    """The same with its version said."""
    return requirement if "==" in requirement else f"{requirement}=={KNOWN[requirement]}"


def together(requirements: Iterable[str]) -> tuple[str, ...]:
    """All of them with their versions, each once, in an order of their own."""
    return tuple(sorted({pinned(one) for one in requirements}, key=str.lower))
