"""Where a pydantic error happened in the user's tree.

In: an error's `loc` and input. Out: the path of a written value. Must not:
trust `loc`: pydantic inserts union member names into it, and `[key]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rosace.source.tree import Path, Value

_KEY_MARK = "[key]"
_MOST_READINGS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A path; `members` are the union members tried on the way: (path, member name)."""

    path: Path
    members: tuple[tuple[Path, str], ...] = ()
    on_key: bool = False


def locate(loc: Path, given: object, root: Value, at: Path) -> Place:
    """Return where `loc`, counted from `at`, points to in `root`.

    A step of `loc` may be a key or a union member's name, and some names are
    both: the reading whose value is the error's input wins.
    """
    start: Value = root
    for step in at:
        start = _below(start, step)
    on_key = len(loc) > 1 and loc[-1] == _KEY_MARK
    steps = loc[:-1] if on_key else loc
    while True:
        readings = list(islice(_readings(steps, start, at, ()), _MOST_READINGS))
        for place, value in readings:
            wanted = place.path[-1] if on_key and place.path else value
            if wanted is given or (type(wanted) is type(given) and wanted == given):
                return Place(place.path, place.members, on_key)
        if readings:
            place = readings[0][0]
            return Place(place.path, place.members, on_key)
        steps = steps[:-1]


def _readings(
    steps: Path, value: Value, path: Path, members: tuple[tuple[Path, str], ...]
) -> Iterator[tuple[Place, Value]]:
    if not steps:
        yield Place(path, members), value
        return
    step, rest = steps[0], steps[1:]
    if _exists(value, step):
        yield from _readings(rest, _below(value, step), (*path, step), members)
    if isinstance(step, str):
        yield from _readings(rest, value, path, (*members, (path, step)))


def _exists(value: Value, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def _below(value: Value, step: str | int) -> Value:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None
