"""Sizes, durations and rates as users write them (`512Mi`, `15m`, `2000/s`) and as machines need them."""

from __future__ import annotations

import re
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from rosace.source.quoted import quoted

_BINARY = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def _plain(number: float) -> str:
    """A number as `parse` reads it: no exponent, no zeros at its end."""
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


_LONGEST = 64
"""Characters of any quantity: what is longer is no number that a machine has."""


def _short(value: str | int) -> str:
    """The text, or as much of it as a message shows: nothing longer is read, however it looks."""
    text = str(value)
    return text if len(text) <= _LONGEST else quoted(text)


def _bounded(number: float, most: float, text: str, what: str, shown: str) -> float:
    if number > most:
        raise ValueError(f"`{text}` is more than any machine has use for: the most {what} is `{shown}`")
    return number


class _Text:
    """A value written as text whose grammar is `pattern` and whose meaning `parse` gives."""

    pattern: str
    example: str

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> Self:
            if isinstance(value, cls):
                return value
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise ValueError(f"expected text such as `{cls.example}`")
            return cls.parse(_short(value))

        return core_schema.no_info_plain_validator_function(read, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": ["string", "integer"], "pattern": cls.pattern, "examples": [cls.example]}


class Size(int, _Text):
    """An amount of memory or disk in bytes, written with Kubernetes' suffixes (`Mi` = 2^20, `M` = 10^6)."""

    most = 2.0**60

    pattern = r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|K|M|G|T)?$"
    example = "512Mi"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `512Mi`. Raises ValueError in words for anything else, for nothing and for more than `most`."""
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*(Ki|Mi|Gi|Ti|K|M|G|T|)", text.strip())
        if not match:
            raise ValueError(f"`{text}` is not a size: write a number with Ki, Mi, Gi or Ti, such as `{cls.example}`")
        amount = float(match[1]) * _BINARY[match[2]]
        if amount < 1:
            raise ValueError(f"`{text}` is not a size: it is nothing, write some, such as `{cls.example}`")
        return cls(_bounded(amount, cls.most, text, "of a size", "1048576Ti"))

    @classmethod
    def mebibytes(cls, amount: float) -> Self:
        """The size of so many MiB."""
        return cls(amount * 2**20)

    @property
    def mib(self) -> int:
        """Whole mebibytes, rounded down: what JVM and Flink flags take."""
        return int(self) // 2**20

    def __str__(self) -> str:
        for larger, suffix in (("", "Ti"), ("Ti", "Gi"), ("Gi", "Mi"), ("Mi", "Ki")):
            unit = _BINARY[suffix]
            if self >= unit:
                whole = f"{int(self) / unit:.1f}".removesuffix(".0")
                return f"1{larger}" if whole == "1024" and larger else f"{whole}{suffix}"
        return str(int(self))


class Duration(float, _Text):
    """A length of time in seconds, written `500ms`, `15s`, `10m`, `6h`, `7d`, or several in a row (`1h30m`)."""

    most = 1000.0 * 31536000

    pattern = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w|y))+$"
    example = "15s"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `90s` or `1h30m`. Raises ValueError in words for anything else and for more than `most`."""
        parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w|y)", text.strip())
        if not parts or "".join(a + b for a, b in parts) != text.strip():
            raise ValueError(f"`{text}` is not a duration: write a number with ms, s, m, h, d, w or y, such as `15s`")
        seconds = sum(float(amount) * _SECONDS[unit] for amount, unit in parts)
        return cls(_bounded(seconds, cls.most, text, "of a duration", "1000y"))

    @property
    def ms(self) -> int:
        """Whole milliseconds: what Kafka and Flink settings take."""
        return round(float(self) * 1000)

    def __str__(self) -> str:
        if self < 1:
            return f"{self.ms}ms"
        for suffix in ("w", "d", "h", "m"):
            whole = float(self) / _SECONDS[suffix]
            if whole >= 1 and whole == int(whole):
                return f"{whole:.0f}{suffix}"
        return f"{_plain(self)}s"


class Rate(float, _Text):
    """Records per second, written `2000/s`, `120000/m`."""

    pattern = r"^[0-9]+(\.[0-9]+)?/(s|m|h)$"
    example = "2000/s"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `2000/s`. Raises ValueError in words for anything else."""
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*/\s*(s|m|h)", text.strip())
        if not match or not 0 < float(match[1]) <= 1e12:
            raise ValueError(f"`{text}` is not a rate: write records per second, minute or hour, such as `2000/s`")
        return cls(float(match[1]) / _SECONDS[match[2]])

    def __str__(self) -> str:
        return f"{_plain(self)}/s"
