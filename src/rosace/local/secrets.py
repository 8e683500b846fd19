"""Secrets of a platform: generated once, kept in one file of mode 0600, shown to nobody."""

from __future__ import annotations

import secrets as random
import string
from collections.abc import Iterable
from pathlib import Path

from rosace.local.store import of, read_kept, write_json

_LETTERS = string.ascii_letters + string.digits


def read(path: Path) -> dict[str, str]:
    """The secrets in the file. Raises Damaged rather than let others be made: the data was written with these."""
    hint = "put the file back as it was: engines keep data by these; `rosace down --erase` removes both"
    return read_kept(path, lambda value: of(value, str), hint)


def ensure(path: Path, names: Iterable[str]) -> dict[str, str]:
    """The value of every name: those already in the file, and new ones of 32 letters and digits (190 bits)."""
    known = read(path)
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: "".join(random.choice(_LETTERS) for _ in range(32)) for name in missing}
        write_json(path, known)
    return known
