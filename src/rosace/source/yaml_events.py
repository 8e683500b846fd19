"""The one place that knows the YAML parsers.

In: a text. Out: typed events with offsets, or `SyntaxProblem`. Must not: give
a value any meaning.

Two parsers: libyaml (by PyYAML) reads ten times faster and is asked first;
ruamel.yaml follows YAML 1.2 and says better what is wrong, so it has the word
on everything that libyaml refuses, and on what YAML 1.1 and 1.2 read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from rosace.source.tree import MAX_DEPTH


class Kind(StrEnum):
    """What an event begins, ends or holds; other events are left out."""

    DOCUMENT = "DocumentStartEvent"
    MAPPING = "MappingStartEvent"
    MAPPING_END = "MappingEndEvent"
    LIST = "SequenceStartEvent"
    LIST_END = "SequenceEndEvent"
    SCALAR = "ScalarEvent"
    ALIAS = "AliasEvent"


class Event(NamedTuple):
    """One event over `text[start:end]`; `anchor` is an alias's target too."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    quoted: bool = False
    tagged: bool = False
    flow: bool = False
    anchor: str | None = None
    foreign_version: bool = False


class SyntaxProblem(Exception):
    """The text is not YAML: the parser's words, where, and what was open then."""

    def __init__(self, problem: str, at: int | None, opened: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.opened = opened


def read_events(text: str) -> Iterator[Event]:
    """Yield the events of `text`; raises `SyntaxProblem` where it stops being YAML."""
    quick = _quickly(text)
    if quick is not None:
        yield from quick
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader: Any = YAML(typ="safe", pure=True)
    kinds = {str(kind): kind for kind in Kind}
    try:
        for event in reader.parse(text):
            if kind := kinds.get(type(event).__name__):
                yield _event(kind, event)
    except MarkedYAMLError as error:
        raise _problem(error) from None
    except (YAMLError, ValueError, OverflowError, IndexError) as error:
        # Some malformed escapes get past ruamel's own checks.
        raise SyntaxProblem(str(error), None, None) from None


_READ_OTHERWISE = re.compile(
    r"""[\t\r\x85\u2028\u2029\ufeff]  # tabs, and line breaks of YAML 1.1
    |^(?:%|---|\.\.\.)                 # directives, bounds of documents
    |(?:^|[\s,{\[:-])(?:
        [?!]                           # complex keys, tags
        |[&*](?![A-Za-z0-9_-]+(?:[\s,\]}]|\Z))  # odd names of anchors
        |[|>](?![+-]?\ *\n)            # odd heads of block texts
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""What the two parsers may read otherwise: ruamel reads it."""


_DEEPER = {Kind.MAPPING: 1, Kind.LIST: 1, Kind.MAPPING_END: -1, Kind.LIST_END: -1}


def _quickly(text: str) -> list[Event] | None:
    """What libyaml reads; None where it is missing, refuses, or might read otherwise."""
    if _READ_OTHERWISE.search(text):
        return None
    try:
        import yaml
        from yaml import CSafeLoader, YAMLError, parse
    except ImportError:
        return None
    kinds = {getattr(yaml, kind): kind for kind in Kind}
    found: list[Event] = []
    depth = 0
    try:
        for event in parse(text, CSafeLoader):
            if kind := kinds.get(type(event)):
                found.append(_plain_event(kind, event))
                depth += _DEEPER.get(kind, 0)
                if depth > MAX_DEPTH:
                    # It is refused there; libyaml itself takes time with the square of the depth.
                    break
    except (YAMLError, ValueError):
        return None
    # The two put a value that is not written at different places.
    return None if any(one.kind is Kind.SCALAR and one.start == one.end for one in found) else found


def _plain_event(kind: Kind, event: Any) -> Event:
    start, end = event.start_mark.index, event.end_mark.index
    if kind is Kind.SCALAR:
        return Event(kind, start, end, event.value, bool(event.style), anchor=event.anchor)
    if kind is Kind.MAPPING or kind is Kind.LIST:
        return Event(kind, start, end, flow=bool(event.flow_style), anchor=event.anchor)
    if kind is Kind.ALIAS:
        return Event(kind, start, end, anchor=event.anchor)
    return Event(kind, start, end)


def _event(kind: Kind, event: Any) -> Event:
    start, end = int(event.start_mark.index), int(event.end_mark.index)
    match kind:
        case Kind.DOCUMENT:
            foreign = event.version not in (None, (1, 2))
            return Event(kind, start, end, foreign_version=foreign)
        case Kind.MAPPING_END | Kind.LIST_END:
            return Event(kind, start, end)
        case Kind.ALIAS:
            return Event(kind, start, end, anchor=str(event.anchor))
        case Kind.SCALAR:
            text, quoted, flow = str(event.value), bool(event.style), False
        case Kind.MAPPING | Kind.LIST:
            text, quoted, flow = "", False, bool(event.flow_style)
    anchor = str(event.anchor) if event.anchor else None
    return Event(kind, start, end, text, quoted, event.ctag is not None, flow, anchor)


def _problem(error: Any) -> SyntaxProblem:
    problem = str(error.problem or error.context or "this is not YAML")
    return SyntaxProblem(problem, _index(error.problem_mark), _index(error.context_mark))


def _index(mark: Any) -> int | None:
    return None if mark is None else int(mark.index)
