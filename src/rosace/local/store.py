"""Files that are whole or absent: written beside, synced, then renamed; readable by their owner only."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rosace.kit import whole


def write_text(path: Path, text: str, mode: int = 0o600) -> None:
    """Replaces `path` by `text` at once: a reader, or a crash, sees the old text or the new one."""
    whole.write(path, text.encode(), mode)


def write_json(path: Path, value: Any) -> None:
    """Replaces `path` by JSON, 0600."""
    write_text(path, json.dumps(value, indent=1, default=str))


class Damaged(Exception):
    """A file of ours that is not what we wrote; `hint` says what can be done without harm."""

    def __init__(self, path: Path, why: str, hint: str = "take the file away: `rosace up` makes it anew") -> None:
        super().__init__(f"{path} is damaged: {why}")
        self.hint = hint


def read_json(path: Path) -> Any:
    """The value, or None when there is no file or a crash of the machine left it unreadable."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None


def read_kept(path: Path, kept: Callable[[Any], bool], hint: str = "") -> dict[str, Any]:
    """The value of a file whose shape `kept` knows, empty when there is none. Raises Damaged, which names the file."""
    more = (hint,) if hint else ()
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise Damaged(path, f"no JSON ({error})", *more) from None
    if not isinstance(value, dict) or not kept(value):
        raise Damaged(path, "not what Rosace keeps in it", *more)
    return value


def of(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether this is a mapping of texts to values of a kind; true and false are no numbers."""
    return isinstance(value, dict) and all(isinstance(x, kind) and not isinstance(x, bool) for x in value.values())


def are_ports(value: Any) -> bool:
    """Whether this is a mapping of names to numbers that a port can have."""
    return of(value, int) and all(0 < port < 65536 for port in value.values())


def is_status(value: Any) -> bool:
    """Whether this is what the supervisor knows of its processes, as far as readers rely on it."""
    processes = value.get("processes", {})
    return of(processes, dict) and all(
        isinstance(item.get("memory") or 0, int)
        and isinstance(item.get("pid") or 0, int)
        and are_ports(item.get("ports") or {})
        for item in processes.values()
    )
