"""Records of a topic printed one by one, as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rosace.cli.failures import colored, say
from rosace.cli.streams import unread
from rosace.cli.tables import seen
from rosace.cli.width import wrapped

if TYPE_CHECKING:
    from rosace.observe.topics import Shown


def shown(records: Iterable[Shown], output: str) -> None:
    """Prints each record when it is there: a paragraph for people, JSON for programs. Ends where nobody reads."""
    count = 0
    for count, record in enumerate(records, 1):
        match output:
            case "table":
                _paragraph(record)
            case "jsonl":
                print(record.line, flush=True)
            case _:
                print("[" if count == 1 else ",", record.line, sep="\n" if count > 1 else "", end="")
        if unread():
            return
    if output == "json":
        print("\n]" if count else "[]")
    elif output == "table" and not count:
        say("no records")


def _paragraph(record: Shown) -> None:
    from rosace.observe.topics import text

    place = record.place
    parts = [f"partition {place.partition}, offset {place.offset}", record.time or ""]
    if place.key is not None:
        parts.append(f"key {seen(text(place.key))}")
    head = "  ".join(filter(None, parts))
    print(wrapped(f"\x1b[2m{head}\x1b[0m" if colored(sys.stdout) else head, 2, sys.stdout))
    held = "no value: deletes its key" if place.value is None else seen(_aired(text(place.value)))
    print(wrapped(f"  {held}", 2, sys.stdout), flush=True)


def _aired(value: str) -> str:
    """JSON with a blank behind each comma and colon outside of texts, where a line may be broken."""
    out: list[str] = []
    inside = escaped = False
    for letter in value:
        out.append(letter)
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in ",:":
            out.append(" ")
    return "".join(out)
