"""Plain data as YAML that every reader of YAML 1.1 and 1.2 takes for the same thing.

Comes in: mappings, lists, texts, numbers, booleans, None. Goes out: block style, keys in the order they have. A text
that some reader would take for a boolean, a number, a time or nothing is quoted (yaml.org/type: bool, int, float,
timestamp, null, merge, value). Written here and not by a library since ten thousand objects must take about a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@+=-]|:(?=[A-Za-z0-9/]))*(?: [A-Za-z0-9_./@+()-]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", "infinity"})
_LITERAL_LINE = re.compile(r"[\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*[\x21-\x7e\xa1-\ud7ff]|")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump(value: Any) -> str:
    """One document, ending with a line break."""
    lines: list[str] = []
    _block(value, "", lines, "")
    return "\n".join(lines) + "\n"


def dump_all(documents: Iterable[Any]) -> str:
    """Several documents in one file, each after `---`."""
    return "".join(f"---\n{dump(document)}" for document in documents)


@lru_cache(maxsize=65536)
def scalar(text: str) -> str:
    """A text on one line: plain where nobody can misread it, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and len(text) < 4096:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0x20 <= code < 0x7F or (code >= 0xA0 and code not in (0x2028, 0x2029, 0xFEFF) and not 0xD800 <= code < 0xE000):
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _one_line(value: Any) -> str | None:
    """What stands on the line of its key; None for what takes lines of its own."""
    kind = type(value)
    if kind is str:
        return None if "\n" in value and _literal(value) else scalar(value)
    if kind is dict or kind is list or kind is tuple:
        return None if value else ("{}" if kind is dict else "[]")
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    return _of_subclass(value)


def _of_subclass(value: Any) -> str | None:
    """The same for what is a number, a text or a mapping by inheritance."""
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, str):
        return _one_line(str(value))
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    return None


def _block(value: Any, indent: str, lines: list[str], head: str) -> None:
    """Writes `value`; `head` is what its first line begins with (`- ` of a list it stands in)."""
    kind = type(value)
    if value and (kind is dict or isinstance(value, Mapping)):
        _mapping(value, indent, lines, head)
    elif value and (kind is list or kind is tuple):
        for one in value:
            start = f"{head or indent}- "
            head = ""
            short = _one_line(one)
            if short is not None:
                lines.append(start + short)
            elif isinstance(one, str):
                _text(one, start[:-1], indent, lines)
            else:
                _block(one, indent + "  ", lines, start)
    else:
        short = _one_line(value)
        if short is None:
            _text(str(value), head[:-1], indent, lines)
        else:
            lines.append(f"{head or indent}{short}")


def _mapping(value: Mapping[Any, Any], indent: str, lines: list[str], head: str) -> None:
    first, deeper = head or indent, indent + "  "
    for key, one in value.items():
        short = _one_line(one)
        if short is not None:
            lines.append(f"{first}{scalar(str(key))}: {short}")
        elif isinstance(one, str):
            _text(one, f"{first}{scalar(str(key))}:", indent, lines)
        else:
            lines.append(f"{first}{scalar(str(key))}:")
            _block(one, deeper, lines, "")
        first = indent


def _literal(text: str) -> bool:
    """True where `|` shows a text as it is: no line ends in a space, none is empty first, nothing needs escaping."""
    return text[0] not in " \n\t" and all(_LITERAL_LINE.fullmatch(line) for line in text.split("\n"))


def _text(text: str, start: str, indent: str, lines: list[str]) -> None:
    body = text.rstrip("\n")
    trailing = len(text) - len(body)
    mark = "|-" if trailing == 0 else "|" if trailing == 1 else "|+"
    lines.append(f"{start} {mark}".lstrip() if not start.strip() else f"{start} {mark}")
    lines += [f"{indent}  {line}" if line else "" for line in body.split("\n")]
    lines += [""] * (trailing - 1)
