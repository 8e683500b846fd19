"""Which keys a mapping of `platform.yaml` may hold: what "did you mean" chooses from.

Comes in: a pydantic model and a path in it. Goes out: names as users write them. Must not: validate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rosace.source.tree import Path


def keys_of(model: type[BaseModel], base: Path = ()) -> Callable[[Path], Iterable[str]]:
    """The keys at a path (counted from the root) of the mapping that `model` types, which starts at `base`."""

    def keys(path: Path) -> Iterable[str]:
        found: list[str] = []
        for inner in _models_at([model], path[len(base) :]):
            found += [field.alias or name for name, field in inner.model_fields.items()]
        return dict.fromkeys(found)

    return keys


def _models_at(types: list[Any], path: Path) -> list[type[BaseModel]]:
    """The models that a value at `path` may be."""
    for step in path:
        following: list[Any] = []
        for one in types:
            following += _inside(one, step)
        types = following
    return [model for one in types for model in _models(one)]


def _inside(one: Any, step: str | int) -> list[Any]:
    found: list[Any] = []
    for model in _models(one):
        found += [field.annotation for name, field in model.model_fields.items() if step in (name, field.alias)]
    for part in (one, *_parts(one)):
        origin = get_origin(part)
        if origin is dict:
            found.append(get_args(part)[1])
        elif origin in (list, tuple) and isinstance(step, int):
            found.append(get_args(part)[0])
    return found


def _models(one: Any) -> list[type[BaseModel]]:
    from pydantic import BaseModel

    return [part for part in (one, *_parts(one)) if isinstance(part, type) and issubclass(part, BaseModel)]


def _parts(one: Any) -> list[Any]:
    """The members of a union or of an annotated type, all the way down; not what containers hold."""
    if get_origin(one) in (dict, list, tuple):
        return []
    found: list[Any] = []
    for part in get_args(one):
        if not isinstance(part, str | int | float | bool):
            found += [part, *_parts(part)]
    return found
