"""A user's text inside a message: on one line and not longer than somebody reads."""

from __future__ import annotations

MOST = 40

TAB = "\u2409"
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}
"""Control characters as Unicode draws them."""


def drawn(text: str) -> str:
    """The text with its control characters drawn, line breaks too: `\\r` in double quotes is one of them in YAML."""
    return text.translate(_PICTURES)


def quoted(text: object, most: int = MOST) -> str:
    """The text without line breaks, cut at `most` characters, with three dots where something is left out."""
    line = str(text) if not isinstance(text, str) else text[: 4 * most + 1]
    line = " ".join(line.split("\n"))
    return line if len(line) <= most else f"{line[:most]}..."


def counted(number: int, word: str) -> str:
    """The number and what is counted, in the right form: `1 row`, `1,098 rows`."""
    plural = f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"
