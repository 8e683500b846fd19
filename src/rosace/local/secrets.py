"""Secrets of a platform: generated once, kept in one file of mode 0600, shown to nobody."""

from __future__ import annotations

import secrets as random
import string
from collections.abc import Iterable
from pathlib import Path

from rosace.local.store import read_json, write_json

_LETTERS = string.ascii_letters + string.digits


def ensure(path: Path, names: Iterable[str]) -> dict[str, str]:
    """The value of every name: those already in the file, and new ones of 32 letters and digits (190 bits)."""
    known: dict[str, str] = read_json(path) or {}
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: "".join(random.choice(_LETTERS) for _ in range(32)) for name in missing}
        write_json(path, known)
    return known
