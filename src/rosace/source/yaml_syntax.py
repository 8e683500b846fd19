"""YAML syntax errors in the words of somebody who writes a platform.

In: the parser's `SyntaxProblem`. Out: one `Diagnostic` with a place, and a hint where
the usual cause is known. Must not: quote parser vocabulary when it can be avoided.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Lines
from rosace.source.yaml_events import SyntaxProblem

_Told = tuple[str, str]

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_CHARACTERS_TOLD = 5


def unreadable_characters(lines: Lines) -> list[Diagnostic]:
    """Tell the control characters YAML forbids, the first few of them."""
    problems: list[Diagnostic] = []
    for found in _UNPRINTABLE.finditer(lines.text):
        code = ord(found[0])
        name = "NUL (is this a binary file, or UTF-16?)" if code == 0 else f"U+{code:04X}"
        label = Label(lines.span(found.start(), found.end()))
        message = f"the character {name} cannot be written in YAML"
        hint = "in double quotes, write it as an escape such as `\\x1b`"
        problems.append(Diagnostic("bad-character", message, labels=(label,), hints=(hint,) if code else ()))
        if len(problems) == _MOST_CHARACTERS_TOLD:
            break
    return problems


def explain_syntax(error: SyntaxProblem, lines: Lines) -> Diagnostic:
    """Turn a parser's error into a diagnostic at the place to correct."""
    at, opened = error.at, error.opened
    # At the end of the text there is nothing to underline: point at its last character.
    place = at if at is not None else (opened or 0)
    place = min(place, max(len(lines.text.rstrip()) - 1, 0))
    code = "tab-indent" if lines.text[place : place + 1] == "\t" else "bad-yaml"
    message, hint = _tell(error.problem, lines.text, place)
    labels = [Label(lines.span(place, place + 1))]
    if opened is not None and opened != place and _bracketed(lines.text, opened):
        labels.append(Label(lines.span(opened, opened + 1), "opened here", primary=False))
    return Diagnostic(code, message, labels=tuple(labels), hints=(hint,) if hint else ())


def _bracketed(text: str, offset: int) -> bool:
    return text[offset : offset + 1] in ("[", "{", '"', "'")


def _tell(problem: str, text: str, place: int) -> _Told:
    for pattern, tell in _KNOWN:
        if found := re.search(pattern, problem):
            return tell(found, text, place)
    return problem, ""


def _second_colon(_found: re.Match[str], text: str, place: int) -> _Told:
    line = text.rfind("\n", 0, place) + 1
    before = text[line:place]
    if re.search(r":\s", before):
        return (
            "a second `: ` on one line",
            "quote a value that contains `: `, or move the inner key to a line of its own",
        )
    return (
        "`:` is not expected here",
        "the line above may lack its `:`, or this line may be indented too much",
    )


def _cannot_start(_found: re.Match[str], text: str, place: int) -> _Told:
    character = text[place : place + 1]
    if character == "\t":
        return "a tab where YAML wants spaces", "indent and align with spaces"
    return f"a value cannot begin with `{character}`", "quote the value"


def _unexpected_in_block(found: re.Match[str], text: str, place: int) -> _Told:
    line = text.rfind("\n", 0, place) + 1
    if text[line:place].strip():
        return (
            "there is more on this line after the value ended",
            "quote the whole value, or remove what follows it",
        )
    if found[1] == "-":
        return "a list item among the keys of a mapping", "indent it under the key it belongs to"
    if found[1] == "?":
        return "a key among the items of a list", "indent it under its item, or under its own key"
    return (
        "this line's indentation fits none of the lines above",
        "align it with its siblings; every key of one mapping starts in the same column",
    )


def _unclosed(found: re.Match[str], _text: str, _place: int) -> _Told:
    closing = found[1]
    return f"`,` or `{closing}` is missing", "strings that contain `, [ ] { }` need quotes"


def _always(message: str, hint: str = "") -> Callable[[re.Match[str], str, int], _Told]:
    return lambda _found, _text, _place: (message, hint)


_KNOWN: tuple[tuple[str, Callable[[re.Match[str], str, int], _Told]], ...] = (
    (r"mapping values are not allowed", _second_colon),
    (r"that cannot start any token", _cannot_start),
    (r"expected <block end>, but found '?<?([^'>]*)>?'?", _unexpected_in_block),
    (r"expected ',' or '(.)'", _unclosed),
    (
        r"sequence entries are not allowed",
        _always("a list cannot begin on its key's line", "move `- ` to the next line, or use `[]`"),
    ),
    (r"expected the node content", _always("a value is missing")),
    (r"found unexpected end of stream", _always("this quote is never closed")),
    (
        r"found unknown escape character",
        _always("unknown escape in double quotes", "single quotes keep every `\\` as it is"),
    ),
    (
        r"could not find expected ':'",
        _always("a key without `:`", "write `key: value`, with a space after the colon"),
    ),
    (
        r"expected chomping or indentation",
        _always("the text of a `|` or `>` block begins on the next line"),
    ),
)
