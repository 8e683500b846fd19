"""Lines as wide as the terminal that shows them, broken between words.

Comes in: text, and the stream that it goes to. Goes out: the same text, with line breaks where that is a terminal.
Must not: touch what goes into a pipe or a file, or break a word: a path or an address stays one that can be copied.
"""

from __future__ import annotations

import os
import re
from typing import TextIO

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
NARROWEST = 20
"""Columns of a terminal below which nothing is gained by breaking lines."""


def columns(stream: TextIO) -> int | None:
    """How many columns the terminal has; None where the stream is none, or nobody knows."""
    try:
        if not stream.isatty():
            return None
        wide = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return None
    return wide if wide >= NARROWEST else None


def wrapped(text: str, indent: int, stream: TextIO) -> str:
    """`text` with each line broken between words; what follows a break is indented by `indent`."""
    width = columns(stream)
    if width is None:
        return text
    return "\n".join(_line(line, indent, width) for line in text.split("\n"))


def _line(text: str, indent: int, width: int) -> str:
    if _length(text) <= width:
        return text
    out, current = list[str](), ""
    for word in re.findall(r"\s*\S+", text):
        if current.strip() and _length(current + word) > width:
            out.append(current)
            current = " " * min(indent, width // 2) + word.lstrip()
        else:
            current += word
    return "\n".join([*out, current])


def _length(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(_ESCAPE.sub("", text))
