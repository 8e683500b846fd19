"""What was last handed to a platform's supervisor, read back by the verbs.

Comes in: a platform's home. Goes out: the deployment file, or `Damaged`. Must not: change anything.
"""

from __future__ import annotations

from typing import Any

from rosace.local.home import Home
from rosace.local.store import Damaged, of, read_kept
from rosace.plan.machine.deployment import Deployment, from_json


def read_deployed(home: Home) -> dict[str, Any]:
    """The file as it is, empty when nothing was handed over. Raises Damaged."""
    return read_kept(home.deployment, _kept)


def deployed(home: Home) -> Deployment | None:
    """The deployment in the file, None where there is none. Raises Damaged, also for that of another Rosace."""
    from pydantic import ValidationError

    raw = read_deployed(home)
    try:
        return from_json(raw["deployment"]) if raw else None
    except ValidationError as error:
        first = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise Damaged(home.deployment, f"`{first}` is not as this version of Rosace writes it") from None


def previous(home: Home) -> Deployment | None:
    """As `deployed`, to compare with; None also for that of another Rosace, which the next `up` replaces."""
    return _read(home)


def held(home: Home) -> Deployment | None:
    """The same, to tell what topics and tables hold: of that of another Rosace without what it started, which is
    started anew; what was declared, and with it the rows that are there, is still as it says."""
    return _read(home, partly=True)


def _read(home: Home, *, partly: bool = False) -> Deployment | None:
    from pydantic import ValidationError

    raw = read_deployed(home).get("deployment")
    if raw is None:
        return None
    try:
        return from_json(raw)
    except ValidationError as error:
        unread = {str(one["loc"][0]) for one in error.errors(include_url=False)}
    try:
        rest = {name: part for name, part in raw.items() if name not in unread}
        return from_json({**rest, **dict.fromkeys(("processes", "actions", "jobs"), ())}) if partly else None
    except ValidationError:
        return None


def _kept(value: Any) -> bool:
    inner, files = value.get("deployment"), value.get("files")
    texts = isinstance(inner, dict) and all(isinstance(inner.get(name), str) for name in ("platform", "root", "inputs"))
    listed = isinstance(files, list) and all(isinstance(name, str) for name in files)
    return texts and listed and ("source" not in value or _source(value["source"]))


def _source(value: Any) -> bool:
    """Whether this is what `declared.Examined.kept` writes."""
    if not isinstance(value, dict) or not isinstance(value.get("root"), str) or not of(value.get("texts"), str):
        return False
    layers, said = value.get("layers"), value.get("set")
    if not isinstance(layers, list) or not isinstance(said, list):
        return False
    pairs = all(isinstance(x, list) and len(x) == 2 and all(isinstance(text, str) for text in x) for x in layers)
    return bool(layers) and pairs and all(isinstance(text, str) for text in said)
