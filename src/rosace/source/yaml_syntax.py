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

# What YAML 1.2 takes (5.1), turned round: a set with an end beyond U+FFFF costs `re` ten times the time to compile.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
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
    code = _CODES.get(error.problem, "bad-yaml")
    if lines.text[place : place + 1] == "\t":
        code = "tab-indent"
    elif code == "bad-character" and opened is not None:
        # The whole text is shown, as for other characters that it cannot hold.
        place = opened
    elif code == "yaml-version":
        place = 0
    message, hint = _tell(error, lines.text, place)
    labels = [Label(lines.span(place, place + 1 if code != "yaml-version" else place))]
    if opened is not None and opened != place and _bracketed(lines.text, opened):
        labels.append(Label(lines.span(opened, opened + 1), "opened here", primary=False))
    return Diagnostic(code, message, labels=tuple(labels), hints=(hint,) if hint else ())


def _bracketed(text: str, offset: int) -> bool:
    return text[offset : offset + 1] in ("[", "{", '"', "'")


def _tell(error: SyntaxProblem, text: str, place: int) -> _Told:
    if text[place : place + 1] == "\t":
        return "a tab where YAML wants spaces", "indent and align with spaces"
    for problem, tell in _KNOWN:
        if problem in (error.problem, error.within):
            return tell(error, text, place)
    return error.problem, ""


def _second_colon(_error: SyntaxProblem, text: str, place: int) -> _Told:
    line = text.rfind("\n", 0, place) + 1
    before = text[line:place]
    if re.search(r":\s", before):
        return (
            "a second `: ` on one line",
            "quote a value that contains `: `, or move the inner key to a line of its own",
        )
    said, place_before = _line_before(text, line)
    missing = f"{place_before} may lack its `:`, or this line may be indented too much"
    return "`:` is not expected here", _slip(said, place_before) or missing


def _more(_error: SyntaxProblem, text: str, place: int) -> _Told:
    hint = _slip(*_line_before(text, place)) or "one file holds one value: indent what belongs to it"
    return "there is more after the value ended", hint


def _keyless(_error: SyntaxProblem, text: str, place: int) -> _Told:
    start = text.rfind("\n", 0, place) + 1
    # What is found is the next key, or the end of this one.
    next_one = text[place : place + 1] == ":" or not text[start:place].strip()
    said, line = _line_before(text, start) if next_one else (text[start:].partition("\n")[0].strip(), "this line")
    also = f"; {line} may be the one" if said and next_one else ""
    return "a key without `:`", _slip(said, line) or f"write `key: value`, with a space after the colon{also}"


def _line_before(text: str, end: int) -> tuple[str, str]:
    """The last line before `end` that holds something, and what it is called. A text goes on until a key follows."""
    lines = text[:end].split("\n")
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return (lines[-1].strip() if lines else ""), f"line {len(lines)}"


def _slip(said: str, place: str) -> str:
    """What is wrong with a line that was to be `key: value`; empty where nothing is seen."""
    if said.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return f"{place} is the mark of a merge that was not finished"
    if glued := re.match(r"[\w-]+:(?=[^\s\u00a0/])", said):
        return f"a space is needed after the colon: `{glued[0]}` in {place}"
    if odd := re.search(r"[\u00a0\u2000-\u200b\u202f\u3000\uff1a]", said):
        sign = "colon" if odd[0] == "\uff1a" else "space"
        return f"{place} holds U+{ord(odd[0]):04X}, which is no {sign} to YAML: type it anew"
    return ""


def _cannot_start(_error: SyntaxProblem, text: str, place: int) -> _Told:
    return f"a value cannot begin with `{text[place : place + 1]}`", "quote the value"


def _unexpected_in_block(error: SyntaxProblem, text: str, place: int) -> _Told:
    line = text.rfind("\n", 0, place) + 1
    if text[line:place].strip():
        return (
            "there is more on this line after the value ended",
            "quote the whole value, or remove what follows it",
        )
    if text[place] == ":":
        return _no_content(error, text, place)
    if error.within == "while parsing a block mapping" and _ITEM.match(text, place):
        return "a list item among the keys of a mapping", "indent it under the key it belongs to"
    if error.within == "while parsing a block collection" and _KEY.match(text, place):
        return "a key among the items of a list", "indent it under its item, or under its own key"
    return (
        "this line's indentation fits none of the lines above",
        "align it with its siblings; every key of one mapping starts in the same column",
    )


def _unclosed(error: SyntaxProblem, _text: str, _place: int) -> _Told:
    closing = error.problem[-2]
    return f"`,` or `{closing}` is missing", "strings that contain `, [ ] { }` need quotes"


def _odd_name(error: SyntaxProblem, text: str, place: int) -> _Told:
    sign = "&" if "anchor" in error.within else "*"
    written = _NAME.match(text, max(text.rfind(sign, 0, place + 1), 0))
    name = written[0] if written else sign
    what = (
        "is no name of a value: letters, digits, `-` and `_` make one" if name != sign else "lacks the name of a value"
    )
    return f"`{name}` {what}", "quote the text"


def _no_content(_error: SyntaxProblem, text: str, place: int) -> _Told:
    return ("the key before this `:` is missing", "") if text[place : place + 1] == ":" else ("a value is missing", "")


def _always(message: str, hint: str = "") -> Callable[[SyntaxProblem, str, int], _Told]:
    return lambda _error, _text, _place: (message, hint)


_ITEM = re.compile(r"-(\s|\Z)")
_KEY = re.compile(r"\?\s|[^\n#]*:(\s|\Z)")
_NAME = re.compile(r"[&*][^\s,\]}]{0,40}")

_CODES = {
    "found invalid Unicode character escape code": "bad-character",
    "found incompatible YAML document": "yaml-version",
}
"""Problems of the parser that are not of syntax for whom they are told to."""

_KNOWN: tuple[tuple[str, Callable[[SyntaxProblem, str, int], _Told]], ...] = (
    ("mapping values are not allowed in this context", _second_colon),
    ("found character that cannot start any token", _cannot_start),
    ("did not find expected key", _unexpected_in_block),
    ("did not find expected '-' indicator", _unexpected_in_block),
    ("did not find expected ',' or ']'", _unclosed),
    ("did not find expected ',' or '}'", _unclosed),
    (
        "block sequence entries are not allowed in this context",
        _always("a list cannot begin on its key's line", "move `- ` to the next line, or use `[]`"),
    ),
    (
        "mapping keys are not allowed in this context",
        _always("`?` is not expected here", "quote a text that begins with `? `"),
    ),
    ("did not find expected node content", _no_content),
    ("found unexpected end of stream", _always("this quote is never closed")),
    (
        "found unexpected document indicator",
        _always("this quote is not closed before the document ends", "close it, or indent what follows"),
    ),
    (
        "found unknown escape character",
        _always("unknown escape in double quotes", "single quotes keep every `\\` as it is"),
    ),
    (
        "did not find expected hexdecimal number",
        _always("an escape in double quotes lacks digits", "single quotes keep every `\\` as it is"),
    ),
    (
        "found invalid Unicode character escape code",
        _always("half a character, or none: `\\ud800`-`\\udfff` escapes and those above `\\U0010ffff` are no text"),
    ),
    ("could not find expected ':'", _keyless),
    (
        "found unexpected ':'",
        _always("`:` cuts this text in two", "write a space after the colon of a key, and quote a text that has one"),
    ),
    (
        "did not find expected comment or line break",
        _always("the text of a `|` or `>` block begins on the next line"),
    ),
    ("did not find expected alphabetic or numeric character", _odd_name),
    ("did not find expected <document start>", _more),
    (
        "found incompatible YAML document",
        _always("this is YAML 1.2; another `%YAML` version would change what words mean"),
    ),
    ("while scanning a directive", _always("`%` at the start of a line is for `%YAML 1.2`", "quote the text")),
)
"""What libyaml 0.2.5 says (scanner.c, parser.c), by its problem or by what it was doing."""
