"""Parts of values that many have in common: shown once.

Ten thousand objects are mostly the same few parts again: beside whom a pod would like to be, whom it may talk to. Who
makes such a part marks it by `alike`, and gets the same one for the same content; who shows values shows it once for
each depth it stands at.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, cast

import orjson

_Part = TypeVar("_Part")


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise TypeError("this part stands in many places: change a copy of it")


class AlikeMapping(dict[Any, Any]):
    """A mapping that stands in many places, which nothing changes. `shown` is for who shows it: its text there."""

    __slots__ = ("shown",)
    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def __init__(self, content: dict[Any, Any]) -> None:
        super().__init__({key: _whole(one) for key, one in content.items()})
        self.shown: dict[tuple[str, str], str] = {}


class AlikeList(list[Any]):
    """The same of a list."""

    __slots__ = ("shown",)
    __setitem__ = __delitem__ = __iadd__ = __imul__ = append = extend = insert = _refuse
    pop = remove = clear = sort = reverse = _refuse

    def __init__(self, content: list[Any]) -> None:
        super().__init__([_whole(one) for one in content])
        self.shown: dict[tuple[str, str], str] = {}


def _whole(part: Any) -> Any:
    """A mapping or list that nothing changes, down to its last part; anything else as it is."""
    if isinstance(part, list | tuple):
        return AlikeList(cast("list[Any]", part))
    return AlikeMapping(cast("dict[Any, Any]", part)) if isinstance(part, dict) else part


_KNOWN: dict[bytes, AlikeMapping | AlikeList] = {}
_MOST = 1 << 12
"""Parts that are remembered; those of ten thousand objects are a few dozen."""


def alike(part: _Part) -> _Part:
    """A mapping or list with the content of `part`, keys in its order, the same one each time. Nothing changes it: who
    would gets a TypeError."""
    content = orjson.dumps(part)
    found = _KNOWN.get(content)
    if found is None:
        if len(_KNOWN) == _MOST:
            _KNOWN.clear()
        found = _KNOWN[content] = _whole(part)
    return cast("_Part", found)
