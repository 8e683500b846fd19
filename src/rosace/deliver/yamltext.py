"""Plain data as YAML that every reader of YAML 1.1 and 1.2 takes for the same thing.

Comes in: mappings, lists, texts, numbers, booleans, None. Goes out: block style, keys in the order they have. A text
that some reader would take for a boolean, a number, a time or nothing is quoted (yaml.org/type: bool, int, float,
timestamp, null, merge, value). Written here and not by a library since ten thousand objects must take about a second.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from rosace.kit.alike import AlikeList, AlikeMapping

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+=-]*(?::(?=[A-Za-z0-9/])[A-Za-z0-9_./@+=-]*)*(?: [A-Za-z0-9_./@+()-]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", "infinity"})
HIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
"""What is never written as it is. YAML 1.1 takes U+0085, U+2028, U+2029 and a lone CR for ends of lines (yaml.org,
1.1, 4.2); C0, C1, surrogates, U+FFFE and U+FFFF are not allowed (1.2.2, 5.1), a byte order mark only at the start; the
marks of direction show a reviewer another order than the one that is read (CVE-2021-42574)."""

_LITERAL_LINE = re.compile(rf"(?![^\n]*[{HIDDEN}])[^\n\U00010000-\U0010ffff]*[\x21-\x7e\xa1-\ud7ff]|")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What is hidden of ASCII."""

_SPECIAL = re.compile(rf'[{HIDDEN}\t\n"\\]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_REMEMBERED = 65536
"""Texts of which is remembered how they are shown; those of ten thousand objects are about 25,000."""


def dump(value: Any) -> str:
    """One document, ending with a line break."""
    # A text by itself has no key whose indentation could bound it, hence stays on its line.
    if isinstance(value, str):
        return f"{scalar(value)}\n"
    parts: list[str] = []
    _show(value, "\n", parts.append)
    parts[0] = parts[0][1:]
    parts.append("\n")
    return "".join(parts)


def scalar(text: str) -> str:
    """A text on one line: plain where nobody can misread it, else in double quotes."""
    if len(text) < 4096 and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(special: re.Match[str]) -> str:
    character = special[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class _Remembered(dict[str, str]):
    """What is decided of a text, once: ten thousand objects say a few thousand texts a million times."""

    def __init__(self, decide: Callable[[str], str]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, text: str) -> str:
        if len(self) == _REMEMBERED:
            self.clear()
        found = self[text] = self._decide(text)
        return found


_KEYS = _Remembered(scalar)
"""How a key is shown."""

_INLINE = _Remembered(lambda text: "" if "\n" in text and _literal(text) else f" {scalar(text)}")
"""How a text is shown on the line of its key; empty where it takes lines of its own."""


_Say = Callable[[str], None]
"""Takes the next piece of the document: pieces are joined once, since what may be megabytes is not copied by level."""


def _mapping(value: Mapping[Any, Any], indent: str, say: _Say, first: str = "") -> None:
    """The entries of a mapping, see `_show`; the first begins with `first` where that is said."""
    if not value:
        say(" {}")
        return
    deeper = f"{indent}  "
    begin = first or indent
    for key, one in value.items():
        kind = type(one)
        # Nearly every value is one of these: they are told apart here since a call takes longer than all else.
        if kind is str:
            say(f"{begin}{_KEYS[key]}:{_INLINE[one] or _lines(one, deeper)}")
        else:
            say(f"{begin}{_KEYS[key]}:")
            if kind is dict:
                _mapping(one, deeper, say)
            elif kind is AlikeMapping or kind is AlikeList:
                say(_alike(one, deeper))
            else:
                _show(one, deeper, say)
        begin = indent


def _list(value: Sequence[Any], indent: str, say: _Say, first: str = "") -> None:
    """The items of a list, see `_show`; the first begins with `first` where that is said."""
    if not value:
        say(" []")
        return
    deeper = f"{indent}  "
    begin = first or indent
    for one in value:
        kind = type(one)
        if kind is str:
            say(f"{begin}-{_INLINE[one] or _lines(one, deeper)}")
        elif kind is int:
            say(f"{begin}- {one}")
        elif one and (kind is AlikeMapping or kind is AlikeList):
            say(_alike(one, deeper, f"{begin}- "))
        elif one and isinstance(one, Mapping):
            # What has entries of its own begins on the line of the dash.
            _mapping(cast("Mapping[Any, Any]", one), deeper, say, f"{begin}- ")
        elif one and (kind is list or kind is tuple):
            _list(one, deeper, say, f"{begin}- ")
        else:
            say(f"{begin}-")
            _show(one, deeper, say)
        begin = indent


def _alike(value: AlikeMapping | AlikeList, indent: str, first: str = "") -> str:
    """What stands in many places, made into text once for each depth, see `_show`."""
    shown = value.shown.get((indent, first))
    if shown is None:
        parts: list[str] = []
        if isinstance(value, AlikeMapping):
            _mapping(value, indent, parts.append, first)
        else:
            _list(value, indent, parts.append, first)
        shown = value.shown[indent, first] = "".join(parts)
    return shown


def _show(value: Any, indent: str, say: _Say) -> None:
    """What follows `key:` or `-`: a space and the value, or lines that each begin with `indent`.

    `indent` has the line break before it, so that to indent a text is to replace its line breaks.
    """
    kind = type(value)
    if kind is dict:
        _mapping(value, indent, say)
    elif kind is list or kind is tuple:
        _list(value, indent, say)
    elif kind is bool:
        say(" true" if value else " false")
    elif isinstance(value, int):
        say(f" {int(value)}")
    elif value is None:
        say(" null")
    elif kind is AlikeList:
        _list(value, indent, say)
    elif isinstance(value, float):
        say(f" {_float(float(value))}")
    elif isinstance(value, Mapping):
        # By inheritance; what is none of these is refused.
        _mapping(cast("Mapping[Any, Any]", value), indent, say)
    else:
        text = str.__str__(value)
        say(_INLINE[text] or _lines(text, indent))


def _float(value: float) -> str:
    """A number as YAML 1.1 knows it too: `1e+20` without a point is a text there (yaml.org/type/float)."""
    shown = repr(value)
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else shown.replace("inf", ".inf")
    return shown if "." in shown else shown.replace("e", ".0e")


def _literal(text: str) -> bool:
    """True where `|` shows a text as it is: no line ends in a space, none is empty first, nothing needs escaping."""
    if text[0] in " \n\t":
        return False
    if text.isascii():
        # The same in a few passes of C: orders of jobs have a thousand lines, and a platform a thousand jobs.
        ends = text[-1] in " \t" or " \n" in text or "\t\n" in text
        return not ends and _CONTROL.search(text) is None
    return all(map(_LITERAL_LINE.fullmatch, text.split("\n")))


def _lines(text: str, indent: str) -> str:
    """A text as it is, each line indented but for empty ones; the mark says how many line breaks end it."""
    body = text.rstrip("\n")
    trailing = len(text) - len(body)
    mark = "|-" if trailing == 0 else "|" if trailing == 1 else "|+"
    if "\n\n" in body:
        shown = "".join([f"{indent}{line}" if line else "\n" for line in body.split("\n")])
    else:
        shown = indent + body.replace("\n", indent)
    return f" {mark}{shown}" + "\n" * (trailing - 1)
