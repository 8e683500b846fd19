"""YAML 1.2 in, a `Tree` out.

In: a text, or a file's bytes. Out: a `Tree` whose every value knows its place.
Must not: follow YAML 1.1, or stop at the first problem it could have told
together with others: it raises one `Refused` holding all of them.
"""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse
from rosace.source.reach import NotRegular, Outside, Reach, TooLarge
from rosace.source.span import Lines, file_start
from rosace.source.tree import Tree

if TYPE_CHECKING:
    from rosace.source.yaml_nodes import NodeBuilder

MOST_BYTES = 8 * 2**20
"""More than a platform with thousands of topics has: something else was named."""

_BYTE_ORDER_MARK = "\ufeff"


def parse(text: str, file: str) -> Tree:
    """Read one YAML 1.2 document; `file` is the name to show for it.

    Raises `Refused` with every problem found: syntax, duplicate or non-text
    keys, tags, several documents, an empty text.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    lines = Lines(file, text)
    from rosace.source.yaml_nodes import NodeBuilder
    from rosace.source.yaml_syntax import unreadable_characters

    problems = unreadable_characters(lines)
    builder = NodeBuilder(lines, file)
    if not problems:
        problems = _read(lines, builder)
    if not problems and builder.root is None:
        label = Label(file_start(file))
        hint = "write `{}` to say nothing on purpose"
        empty = Diagnostic("empty-file", f"`{file}` is empty", labels=(label,), hints=(hint,))
        problems = [empty]
    if problems or builder.root is None:
        raise Refused(*problems, sources={file: text})
    return Tree(builder.root, {file: text})


START = "start one with `rosace init`, or name another file"
"""What to do where there is no platform."""


def parse_file(path: pathlib.Path, reach: Reach | None = None, *, instead: str = START) -> Tree:
    """Read the YAML file at `path`, which has to be within `reach`: its own folder where None. `instead` says what to
    do where there is no such file.

    Raises `Refused` when it is missing, a folder, out of reach, unreadable, too
    large, not UTF-8, or when `parse` refuses its text.
    """
    file = display_path(path)
    return parse(_decode(_bytes(path, file, reach or Reach(path.parent), instead), file), file)


def display_path(path: pathlib.Path) -> str:
    """Spell `path` for people: relative inside the current folder, else as given."""
    try:
        return path.absolute().relative_to(pathlib.Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _read(lines: Lines, builder: NodeBuilder) -> list[Diagnostic]:
    from rosace.source.yaml_events import SyntaxProblem, read_events
    from rosace.source.yaml_syntax import explain_syntax

    syntax: list[Diagnostic] = []
    try:
        builder.read(read_events(lines.text, builder.ordinary))
    except SyntaxProblem as error:
        syntax = [explain_syntax(error, lines)]
    return [*builder.problems, *syntax]


def _bytes(path: pathlib.Path, file: str, reach: Reach, instead: str) -> bytes:
    label = Label(file_start(file))
    try:
        return reach.read(path, MOST_BYTES)
    except Outside:
        outside = Diagnostic(
            "file-outside", f"`{file}` leads out of its folder", labels=(label,), hints=(Outside.hint,)
        )
        # Its text is not quoted: nobody said that it may be read.
        raise Refused(outside, sources={file: ""}) from None
    except (NotRegular, TooLarge) as error:
        code = "not-a-file" if isinstance(error, NotRegular) else "file-unreadable"
        wrong = Diagnostic(code, f"`{file}` {error}", labels=(label,))
        raise Refused(wrong, sources={file: ""}) from None
    except FileNotFoundError:
        raise refuse("file-missing", f"there is no file `{file}`", label, hints=(instead,)) from None
    except IsADirectoryError:
        raise refuse("not-a-file", f"`{file}` is a folder", label) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"`{file}` cannot be read: {why.lower()}"
        raise refuse("file-unreadable", message, label) from None


def _decode(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = raw.decode("utf-8", errors="replace")
        before = len(raw[: error.start].decode("utf-8"))
        place = Lines(file, text).span(before, before + 1)
        label = Label(place, f"byte 0x{raw[error.start]:02x}")
        message = f"`{file}` is not UTF-8 text"
        hint = "save it as UTF-8"
        wrong = Diagnostic("not-utf8", message, labels=(label,), hints=(hint,))
        raise Refused(wrong, sources={file: text}) from None
