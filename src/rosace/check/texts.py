"""The files that `platform.yaml` names, read once.

Comes in: a path as the user wrote it and where. Goes out: `Text`, or the reason why there is none.
Must not: parse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from rosace.kit.folders import several
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.quoted import drawn
from rosace.source.reach import NotRegular, Outside, Reach, TooLarge
from rosace.source.span import Lines, Span
from rosace.source.yaml import display_path

_NAMED = "named here"

MOST_BYTES = 4 * 2**20
"""More than any SQL or Python file a person wrote: something else was named."""

_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Controls but for tab, form feed and ends of lines; U+2028 and U+2029; marks and non-characters. Of these Helm 3.22
turns U+0085 into a space, and leaves out a whole ConfigMap for U+007F, another of C1, U+FFFE or U+FFFF (measured)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text; `lines` turns offsets into places."""

    path: Path
    text: str
    lines: Lines

    def span(self, start: int, end: int) -> Span:
        """The place of the characters `[start, end)`."""
        return self.lines.span(start, end)


@dataclass(frozen=True, slots=True)
class Texts:
    """Reads the files below `root`."""

    root: Path
    also: Sequence[Path] = ()
    reach: Reach = field(init=False)
    _files: dict[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    _known: dict[Path, Text | _Unread] = field(default_factory=dict[Path, "Text | _Unread"])

    def __post_init__(self) -> None:
        object.__setattr__(self, "reach", Reach(self.root, self.also))

    @classmethod
    def kept(cls, root: Path, texts: Mapping[Path, str]) -> Texts:
        """Files as they were once read: these are not read again."""
        found = cls(root, ())
        found._known.update((path, Text(path, text, Lines(display_path(path), text))) for path, text in texts.items())
        return found

    def held(self) -> dict[Path, str]:
        """The files that were read, with their texts."""
        return {path: text.text for path, text in self._known.items() if isinstance(text, Text)}

    def path(self, written: str) -> Path:
        """Where a file is: relative names start at `platform.yaml`."""
        return self.root / written

    def files(self, written: str) -> tuple[str, ...]:
        """The files that a source's word means: itself, or those in a folder or of a pattern, sorted by name.

        Names are as they could be written. No more than `MOST_FILES` and one; none where nothing is there.
        """
        if written not in self._files:
            self._files[written] = several(self.root, written)
        return self._files[written]

    def read(self, written: str, place: Span) -> Text | Diagnostic:
        """The text of the file that is named at `place`; a diagnostic where there is none to be had."""
        path = self.path(written)
        found = self._known.get(path)
        if found is None:
            read = _read(self.reach, path, written, place)
            found = self._known[path] = read if isinstance(read, Text) else _Unread(read, place)
        return found if isinstance(found, Text) else found.named_at(place)


class _Unread(NamedTuple):
    """Why a file cannot be read, told of the place that named it first."""

    told: Diagnostic
    place: Span

    def named_at(self, place: Span) -> Diagnostic:
        """The same of a file that is named at another place too."""
        labels = (replace(label, span=place) if label.span == self.place else label for label in self.told.labels)
        return replace(self.told, labels=tuple(labels))


def _read(reach: Reach, path: Path, written: str, place: Span) -> Text | Diagnostic:
    try:
        raw = reach.read(path, MOST_BYTES)
    except (Outside, NotRegular, TooLarge, OSError, ValueError) as error:
        return unreadable(error, path, written, Label(place, _NAMED))
    return _decode(raw, path, display_path(path), Label(place, _NAMED))


def unreadable(error: Exception, path: Path, written: str, label: Label) -> Diagnostic:
    """Why the file that was `written` cannot be read, and what to do."""
    if (shown := drawn(written)) != written and isinstance(error, FileNotFoundError):
        hint = "in double quotes a backslash and what is behind it are one character: write `/` between folders"
        return Diagnostic("file-missing", f"there is no file `{shown}`", labels=(label,), hints=(hint,))
    match error:
        case Outside():
            code, why, hint = "file-outside", "leads out of the folder of `platform.yaml`", Outside.hint
        case NotRegular():
            code, why, hint = "not-a-file", str(error), "a pipe or a device has no end that could be read"
        case IsADirectoryError():
            hint = f"name a file in it: `{written.rstrip('/')}/...`" if written else "name a file"
            code, why = "not-a-file", "is a folder"
        case FileNotFoundError():
            hint = f"paths are relative to the folder of `platform.yaml`: this one is {display_path(path)}"
            return Diagnostic("file-missing", f"there is no file `{written}`", labels=(label,), hints=(hint,))
        case TooLarge():
            code, why, hint = "file-unreadable", str(error), ""
        case OSError():
            code, why, hint = "file-unreadable", f"cannot be read: {(error.strerror or str(error)).lower()}", ""
        case _:
            code, why, hint = "file-unreadable", f"cannot be read: {error}", ""
    return Diagnostic(code, f"`{shown}` {why}", labels=(label,), hints=(hint,) if hint else ())


def _decode(raw: bytes, path: Path, shown: str, label: Label) -> Text | Diagnostic:
    try:
        # Without a byte order mark, and with lines ended as a text file has them.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = raw.decode("utf-8", errors="replace")
        before = len(raw[: error.start].decode("utf-8", errors="replace"))
        place = Lines(shown, readable).span(before, before + 1)
        labels = (Label(place, f"byte 0x{raw[error.start]:02x}"), Label(label.span, label.message, primary=False))
        return Diagnostic("not-utf8", f"`{shown}` is not UTF-8 text", labels=labels, hints=("save it as UTF-8",))
    lines = Lines(shown, text)
    if found := _HIDDEN.search(text):
        message = (
            f"`{shown}` holds U+{ord(found[0]):04X}, which editors hide and which some readers take for a new line"
        )
        labels = (Label(lines.span(*found.span()), "here"), Label(label.span, label.message, primary=False))
        return Diagnostic("hidden-character", message, labels=labels, hints=("remove it, or write its escape",))
    return Text(path, text, lines)
