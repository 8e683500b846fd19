"""What the tests of this room share: a platform with every type, as it would be after `check`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rosace.engines.trino import ENGINE
from rosace.local import workbench
from rosace.model.checked import Checked, Fragment, Mention, Ref

WORDS: dict[str, Any] = {
    "platform": "air-lines",
    "topics": {
        "every-type": {
            "columns": {
                "Id": "int!",
                "big": "bigint",
                "ratio": "double",
                "flag": "boolean",
                "day": "date",
                "at": "timestamp(3)",
                "exact_at": "timestamp(6)",
                "amount": "decimal(30,10)",
                "name": "string",
            },
            "key": "Id",
        },
        "plain": {"columns": {"carrier": "string!", "delay": "double", "at": "timestamp(3)!"}, "key": "carrier"},
        "latest": {"columns": {"carrier": "string!", "n": "bigint"}, "key": "carrier", "compact": True},
    },
    "engines": {"trino": {"memory": "768Mi"}},
}


def checked(**changes: Any) -> Checked:
    return replace(workbench.unchecked({**WORDS, **changes}, ENGINE))


def fragment(text: str, *names: str) -> Fragment:
    """A query with each of `names` (`plain`, `lake.delays`) located wherever it stands for a relation."""
    mentions: list[Mention] = []
    for name in names:
        kind, bare = ("table", name.removeprefix("lake.")) if name.startswith("lake.") else ("topic", name)
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            # In `plain.delay` it only says whose column is meant.
            if text[end : end + 1] != ".":
                mentions.append(Mention(Ref(kind, bare), at, end))
            at = text.find(name, end)
    return Fragment(text, tuple(mentions))
