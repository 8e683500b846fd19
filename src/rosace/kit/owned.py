"""Settings of an engine that Rosace decides itself, and the refusal of those that a user writes all the same.

Comes in: a table of owned names with the reason of each. Goes out: the reason for one name, or a validator for a
spec. Must not: know a room.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no engine's configuration file can hold as it is, and no reviewer sees: controls, breaks of lines, no text."""


def owner(owned: Mapping[str, str], key: str) -> str | None:
    """Why `key` cannot be chosen by hand, or None where it can. A name owns all below it too (`node` has `node.id`)."""
    for name, why in owned.items():
        if key == name or key.startswith(name if name.endswith(".") else f"{name}."):
            return why
    return None


def free_of(owned: Mapping[str, str]) -> Callable[[dict[str, str]], dict[str, str]]:
    """A validator of settings that refuses the owned ones with their reasons."""

    def free(settings: dict[str, str]) -> dict[str, str]:
        for key, value in settings.items():
            if why := owner(owned, key):
                raise ValueError(f"`{key}` cannot be set here: {why}")
            if found := _CONTROL.search(value):
                raise ValueError(f"`{key}` holds U+{ord(found[0]):04X}: a setting is one line of visible text")
        return settings

    return free
